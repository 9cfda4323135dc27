"""The person: identity as Italian offices need it, how she may be reached, and how doubles are found."""

import re
from datetime import date, datetime

from codicefiscale import codicefiscale
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
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
        digits = " ".join(re.sub(r"\D", "", p) for p in (self.phone, self.phone_2) if p)
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


def possible_doubles(first_name, last_name, born_on=None, tax_code=None, phone=None, but=None):
    """People who may be the same: a list of (person, reasons), the surest first, at most ten.

    Reads few rows whatever the size: by tax code, by blocking key, by words of the name and their slips.
    """
    words = search.terms(f"{first_name or ''} {last_name or ''}")
    code = re.sub(r"\s", "", tax_code or "").upper() or None
    digits = re.sub(r"\D", "", phone or "")
    found = {}

    def gather(condition, **values):
        query = select(Person).where(condition).limit(60)
        for person in db.session.scalars(query, values):
            if person.id != but:
                found[person.id] = person

    if code:
        gather(Person.tax_code == code)
    if last_name and len(fold(last_name)) > 1:
        keys = [double_key(last_name, born_on)] if born_on else []
        gather(Person.double_key.in_([*keys, double_key(last_name, None)]))
    if words:
        match, _order = search.matching(Person)
        gather(match, match=search.expression([[w, *search.similar(w)] for w in words]))
    if len(digits) >= 8:
        match, _order = search.matching(Person)
        gather(match, match=search.expression([[digits]]))
    rated = [(p, _reasons(p, words, born_on, code, digits)) for p in found.values()]
    rated = [(p, why) for p, why in rated if why]
    return sorted(rated, key=lambda pair: -sum(weight for weight, _ in pair[1]))[:10]


def _reasons(person, words, born_on, code, digits):
    """Why `person` may be the one typed, as (weight, sentence); empty when it is only a name in common."""
    why = []
    if code and person.tax_code == code:
        why.append((10, lazy("stesso codice fiscale")))
    theirs = search.terms(f"{person.first_name} {person.last_name}")
    if words and sorted(words) == sorted(theirs):
        why.append((5, lazy("stesso nome e cognome")))
    elif words and all(any(search.near(w, t) for t in theirs) for w in words):
        why.append((3, lazy("nome e cognome quasi uguali")))
    if born_on and person.born_on == born_on:
        why.append((4, lazy("stessa data di nascita")))
    if len(digits) >= 8 and digits in person.folded:
        why.append((4, lazy("stesso telefono")))
    return why if sum(weight for weight, _ in why) >= 3 else []


class PrivacyNotice(db.Model):
    """The privacy notice was given to the person (GDPR art. 13): when, which version, in which language."""

    __tablename__ = "privacy_notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    given_on: Mapped[date]
    notice_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(60))
    given_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
