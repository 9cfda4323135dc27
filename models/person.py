"""The person: identity as Italian offices need it, how she may be reached, and how doubles are found."""

import re
from datetime import date, datetime

from codicefiscale import codicefiscale
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, and_, select
from sqlalchemy.orm import Mapped, mapped_column, validates

from core import clock, search
from core.db import db
from core.errors import Refused
from core.i18n import lazy
from core.search import fold

GENDERS = {"f": lazy("Donna"), "m": lazy("Uomo"), "x": lazy("Altro"), "n": lazy("Non indicato")}
ITALIAN_LEVELS = {
    "native": lazy("Madrelingua"),
    "good": lazy("Buono"),
    "fair": lazy("Sufficiente"),
    "little": lazy("Poco"),
    "none": lazy("Nessuno"),
}
PERMIT_KINDS = {
    "work": lazy("Lavoro"),
    "family": lazy("Famiglia"),
    "study": lazy("Studio"),
    "asylum": lazy("Richiesta di asilo"),
    "refugee": lazy("Asilo o protezione"),
    "long_term": lazy("Lungo soggiorno UE"),
    "other": lazy("Altro"),
}


class Person(db.Model):
    """One human being; her cases are apart. Nothing but the name is compulsory: offices ask, people may not have."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    known_as: Mapped[str | None] = mapped_column(String(80))
    tax_code: Mapped[str | None] = mapped_column(String(16))
    born_on: Mapped[date | None]
    birth_place: Mapped[str | None] = mapped_column(String(80))
    gender: Mapped[str | None] = mapped_column(String(1))
    citizenship: Mapped[str | None] = mapped_column(String(80))
    permit_kind: Mapped[str | None] = mapped_column(String(20))
    permit_expires_on: Mapped[date | None]
    residence: Mapped[str | None] = mapped_column(
        String(200)
    )  # where she is registered: decides which office is competent
    residence_town: Mapped[str | None] = mapped_column(String(80))
    domicile: Mapped[str | None] = mapped_column(String(200))  # where she lives, when it is elsewhere
    domicile_town: Mapped[str | None] = mapped_column(String(80))
    languages: Mapped[str | None] = mapped_column(String(120))
    italian: Mapped[str | None] = mapped_column(String(10))
    mediator_language: Mapped[str | None] = mapped_column(String(60))  # filled: a mediator is needed
    phone: Mapped[str | None] = mapped_column(String(40))
    phone_2: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(120))
    may_call: Mapped[bool] = mapped_column(default=True)
    may_write: Mapped[bool] = mapped_column(default=True)
    may_leave_message: Mapped[bool] = mapped_column(default=False)
    contact_note: Mapped[str | None] = mapped_column(String(200))
    is_training: Mapped[bool] = mapped_column(default=False)  # a made-up person: never counted, never exported
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    folded: Mapped[str] = mapped_column(String(400), default="")
    double_key: Mapped[str] = mapped_column(String(20), default="", info={"derived": True})
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_person_tax_code", "tax_code"),
        Index("ix_person_double_key", "double_key"),
        Index("ix_person_name", "last_name", "first_name", "id"),
        CheckConstraint("gender IN ('f', 'm', 'x', 'n')", name="gender"),
        {"info": {"search": ("folded",)}},
    )

    @classmethod
    def visible_to(cls, user):
        """People with at least one case the user may see."""
        from .case import Case

        return select(cls).where(cls.id.in_(select(Case.person_id).where(Case.VISIBLE))).params(**user.scope)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def age(self) -> int | None:
        return clock.years_between(self.born_on, clock.today()) if self.born_on else None

    @validates("tax_code")
    def _upper(self, _key, value):
        return re.sub(r"\s", "", value).upper() if value else None

    @classmethod
    def new(cls, **fields) -> "Person":
        """A new person, findable at once. Raises Refused for a tax code that cannot be."""
        person = cls(**fields)
        person._refresh()
        db.session.add(person)
        db.session.flush()
        return person

    def edit(self, **fields) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        self._refresh()

    def _refresh(self):
        """Check the tax code and make what search and doubles look at."""
        if self.tax_code and not valid_tax_code(self.tax_code):
            raise Refused(
                lazy("Questo codice fiscale non torna: controlla lettere e cifre, o lascialo vuoto."), "tax_code"
            )
        digits = " ".join(phone_digits(p) for p in (self.phone, self.phone_2) if p)
        names = f"{self.first_name} {self.last_name} {self.known_as or ''}"
        self.folded = fold(f"{names} {self.tax_code or ''} {digits}")[:400]
        self.double_key = double_key(self.last_name, self.born_on)
        search.remember(names)


def valid_tax_code(code: str) -> bool:
    """Whether the check character of a codice fiscale is right (also for omocodia and provisional 11-digit codes)."""
    if re.fullmatch(r"\d{11}", code):
        total = sum(int(d) if i % 2 == 0 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(code))
        return total % 10 == 0
    return codicefiscale.is_valid(code)


def double_key(last_name: str, born_on: date | None) -> str:
    """The blocking key of doubles: first letters of the surname and year of birth, so that few rows are compared."""
    return f"{fold(last_name).replace(' ', '')[:3]}{born_on.year if born_on else ''}"


def phone_digits(phone: str | None) -> str:
    """The digits of a telephone number without Italy's prefix, so that +39 347 1234567 and 3471234567 are one."""
    return re.sub(r"^(00|\+)39", "", re.sub(r"[^\d+]", "", phone or "")).replace("+", "")


COMPARED = (
    Person.id,
    Person.first_name,
    Person.last_name,
    Person.born_on,
    Person.tax_code,
    Person.phone,
    Person.phone_2,
)


def possible_doubles(first_name, last_name, born_on=None, tax_code=None, phone=None, but=None):
    """People who may be the same: a list of (row of `COMPARED`, reasons), the surest first, at most ten.

    Reads few rows in at most five statements whatever the size: by tax code, by blocking key (surname and year of
    birth), by words of the name and their slips, by telephone. Training people are nobody's double.
    """
    typed = _Typed(first_name, last_name, born_on, tax_code, phone)
    found = {}

    def gather(condition, **values):
        query = select(*COMPARED).where(condition, Person.is_training.is_(False)).limit(60)
        for row in db.session.execute(query, values):
            if row.id != but:
                found[row.id] = row

    if typed.code:
        gather(Person.tax_code == typed.code)
    if born_on and typed.last:
        gather(and_(Person.double_key == double_key(last_name, born_on), Person.born_on == born_on))
    if typed.first and typed.last:
        match, _order = search.matching(Person)
        gather(match, match=search.expression(_with_slips(typed)))
    if len(typed.digits) >= 8:
        match, _order = search.matching(Person)
        gather(match, match=search.expression([[typed.digits]]))
    rated = [(row, typed.reasons(row)) for row in found.values()]
    rated = [(row, why) for row, why in rated if sum(weight for weight, _ in why) >= 3]
    return sorted(rated, key=lambda pair: -sum(weight for weight, _ in pair[1]))[:10]


def _with_slips(typed):
    """Every word of the surname and any first name, each with the known words one slip away, in one statement."""
    keys = [k for w in typed.words if len(w) > 3 for k in search.keys_of(w)]
    known = db.session.scalars(select(search.NameKey.word).where(search.NameKey.key.in_(keys)).distinct()).all()

    def alternatives(word):
        return [word, *[k for k in known if k != word and len(word) > 3 and search.near(k, word)][: search.SIMILAR]]

    return [*map(alternatives, typed.last), [a for word in typed.first for a in alternatives(word)]]


class _Typed:
    """What is known of the person being entered, ready to be compared."""

    def __init__(self, first_name, last_name, born_on, tax_code, phone):
        self.first, self.last = search.terms(first_name or ""), search.terms(last_name or "")
        self.words, self.born_on = (self.first + self.last)[: search.MAX_TERMS], born_on
        self.code = re.sub(r"\s", "", tax_code or "").upper() or None
        self.digits = phone_digits(phone)

    def reasons(self, row):
        """Why `row` may be the one typed, as (weight, sentence); three and more is worth a question."""
        why = []
        if self.code and row.tax_code == self.code:
            why.append((10, lazy("stesso codice fiscale")))
        theirs = search.terms(f"{row.first_name} {row.last_name}")
        if self.first and self.last:
            near = sum(any(search.near(w, t) for t in theirs) for w in self.words)
            if sorted(self.words) == sorted(theirs) or "".join(self.words) == "".join(theirs):
                why.append((5, lazy("stesso nome e cognome")))
            elif near >= 2 and near in (len(self.words), len(theirs)):
                why.append((3, lazy("nome e cognome quasi uguali")))
            elif near:
                why.append((1, lazy("un nome in comune")))
        if self.born_on and row.born_on == self.born_on:
            why.append((2, lazy("stessa data di nascita")))
        if len(self.digits) >= 8 and self.digits in (phone_digits(row.phone), phone_digits(row.phone_2)):
            why.append((4, lazy("stesso telefono")))
        return why


class PrivacyNotice(db.Model):
    """The privacy notice was given to the person (GDPR art. 13): when, which version, in which language."""

    __tablename__ = "privacy_notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    given_on: Mapped[date]
    notice_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(60))
    given_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
