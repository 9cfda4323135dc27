"""What search reads: three statements built once; a fourth only when nothing was found, for slips in names."""

import re
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import and_, bindparam, func, or_, select

from core import clock, search
from core.db import run
from core.forms import tidy
from core.i18n import gettext as _
from core.i18n import short_date
from models.account import User
from models.case import Case, Holding, visible_walk
from models.case_states import LOOKS, STATES
from models.note import KINDS, Note
from models.organisation import Service
from models.person import Person, phone_digits

MOST = 20
LONGEST = 200  # of what is typed
READ = 8_000  # characters of a note in which the words are looked for again, to be shown
YEARS = 15  # back from this one, in which a bare number is looked for
SERIAL = 4  # digits
_held = and_(Holding.case_id == Case.id, Holding.until.is_(None))
_NAMES = (Person.first_name, Person.last_name)


@dataclass
class Wanted:
    """What was typed, as the statements want it."""

    text: str
    words: list  # of a note: all must occur
    names: list  # of a person: each with its alternatives
    years: list  # a case number: of these years,
    serials: tuple = (0, 0, 0)  # this serial, or one from the second to the third

    @classmethod
    def of(cls, typed: str) -> "Wanted":
        text = tidy(typed or "")[:LONGEST]
        words = [part for term in search.terms(text) for part in term.split("_") if part]
        words = [w for w in words if len(w) > 1]  # one letter is in every note
        return cls(text, words, _names(text, words), *_numbers(text))

    @property
    def nothing(self):
        return not (self.words or self.years)


def _names(text, words):
    """Words of a name; a telephone or a tax code is one word, however it is spaced."""
    digits, code = phone_digits(text), re.sub(r"\W", "", search.fold(text))
    if len(digits) >= 5 and not re.search(r"[^\W\d]", text):
        return [[digits, digits[2:]] if digits.startswith("39") and len(digits) > 10 else [digits]]
    if re.fullmatch(r"[a-z]{6}\d{2}\w{0,8}", code):
        return [[code]]
    return [[word] for word in words]


def _numbers(text):
    """The years and serials of "2026-0142", "2026/142", "142"; while it is being typed, those it may become."""
    if full := re.fullmatch(r"((?:19|20)\d\d) ?[-/ ] ?(\d{1,6})", text):
        year, serial = full.groups()
        room = 10 ** max(SERIAL - len(serial), 0)
        return [int(year)], (int(serial), int(serial) * room, (int(serial) + 1) * room - 1)
    if re.fullmatch(r"\d{1,6}", text):
        this = clock.today().year
        return list(range(this - YEARS, this + 1)), (int(text),) * 3
    return [], (0, 0, 0)


def _cases():
    """A line about a person and one of her cases."""
    columns = (Case.id, Case.number, Case.state, Case.is_training, *_NAMES, Person.known_as, Person.born_on)
    return (
        select(*columns, Holding.user_id.label("holder_id"), User.name.label("holder"), Service.name.label("service"))
        .join_from(Case, Person, Person.id == Case.person_id)
        .join(Service, Service.id == Case.service_id)
        .outerjoin(Holding, _held)
        .outerjoin(User, User.id == Holding.user_id)
        .where(visible_walk())
    )


@cache
def people():
    """Cases of people whose name, tax code or telephone match. Parameters: scope, match."""
    return search.joined(_cases(), Person).limit(MOST + 1)


@cache
def numbered():
    """Cases with this number. Parameters: scope, years, serial, low, high."""
    serial = or_(Case.serial == bindparam("serial"), Case.serial.between(bindparam("low"), bindparam("high")))
    query = _cases().where(Case.year.in_(bindparam("years", expanding=True)), serial)
    return query.order_by(Case.year.desc(), Case.serial).limit(MOST + 1)


@cache
def notes(private):
    """Notes in which the words occur, newest first; without `private`, in what may be printed only."""
    text = [func.substr(Note.text, 1, READ).label("text")]
    if private:
        text.append(func.substr(Note.private_text, 1, READ).label("private_text"))
    query = (
        select(Note.id, Note.at, Note.kind, User.name.label("author"), Case.number, *_NAMES, *text)
        .join_from(Note, Case, Case.id == Note.case_id)
        .join(Person, Person.id == Case.person_id)
        .join(User, User.id == Note.author_id)
        .where(visible_walk(), Case.is_training.is_(False))
    )
    return search.joined(query, Note).limit(MOST + 1)


@cache
def held():
    """My open cases, what comes first above: for choosing one before anything is typed."""
    query = _cases().where(Holding.user_id == bindparam("me"), Case.closed_on.is_(None))
    return query.order_by(Case.next_on.nulls_last(), Case.id).limit(MOST)


@dataclass
class Found:
    """What the page shows: lines of cases, lines of notes, and what was probably meant."""

    wanted: Wanted
    people: list = field(default_factory=list)
    training: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    more_people: bool = False
    more_notes: bool = False
    meant: str = ""


def find(typed, me, *, with_notes=True) -> Found:
    """Everything the user may see that matches; slips in names are thought of only when nothing does."""
    found = Found(Wanted.of(typed))
    wanted, lines = found.wanted, Lines(me)
    if wanted.nothing:
        return found
    rows = []
    if wanted.years:
        serial, low, high = wanted.serials
        rows += run(numbered(), **me.scope, years=wanted.years, serial=serial, low=low, high=high).all()
    if wanted.names:
        rows += run(people(), **me.scope, match=search.expression(wanted.names)).all()
    if wanted.words and with_notes:
        match = search.expression([[word] for word in wanted.words], public_only=not me.writes)
        told = run(notes(me.writes), **me.scope, match=match).all()
        found.more_notes = len(told) > MOST
        found.notes = [lines.note(row, wanted.words) for row in told[:MOST]]
    if not rows and not found.notes:
        rows, found.meant = _nearly(wanted, me)
    rows = list({row.id: row for row in rows}.values())
    found.more_people = len(rows) > MOST
    found.people = [lines.case(row) for row in rows[:MOST] if not row.is_training]
    found.training = [lines.case(row) for row in rows[:MOST] if row.is_training]
    return found


def mine(me):
    """Lines of the cases the user holds."""
    lines = Lines(me)
    return [lines.case(row) for row in run(held(), **me.scope).all()]


def _nearly(wanted, me):
    """People whose name is one slip away, and the name as it is written; only of cases the user may see."""
    likely = [[word, *search.similar(word)] for word in wanted.words]
    if not any(len(alternatives) > 1 for alternatives in likely):
        return [], ""
    rows = run(people(), **me.scope, match=search.expression(likely)).all()
    written = {}
    for row in rows:
        for word in f"{row.first_name} {row.last_name} {row.known_as or ''}".split():
            written.setdefault(search.fold(word), word)
    meant = [next((written[a] for a in alternatives if a in written), alternatives[0]) for alternatives in likely]
    return rows, " ".join(meant) if rows else ""


class Lines:
    """Rows as the template writes them; words are looked up once, not for each row."""

    def __init__(self, me):
        self.me, self.today = me, clock.today()
        self.states = {state: (str(word), *LOOKS[state]) for state, word in STATES.items()}
        self.kinds = {kind: str(word) for kind, word in KINDS.items()}
        self.years, self.you, self.nobody = _("%s anni"), _("Tu"), _("Senza titolare")
        self.exercise, self.kept = _("caso di prova"), _("Parte riservata:")

    def case(self, row):
        known = f" ({row.known_as})" if row.known_as else ""
        state, look, icon = self.states[row.state]
        age = self.years % clock.years_between(row.born_on, self.today) if row.born_on else ""
        holder = self.you if row.holder_id == self.me.id else row.holder or self.nobody
        return {
            "id": row.id,
            "name": f"{row.first_name} {row.last_name}{known}",
            "about": ", ".join(
                part for part in (age, row.number, row.service, row.is_training and self.exercise) if part
            ),
            "state": state,
            "look": look,
            "icon": icon,
            "holder": holder,
        }

    def note(self, row, words):
        pieces, kept = search.snippet(row.text, words), ""
        if self.me.writes and row.private_text and not any(hit for _piece, hit in pieces):
            pieces, kept = search.snippet(row.private_text, words), self.kept
        about = f"{self.kinds[row.kind]}, {short_date(row.at)}, {row.author}"
        name = f"{row.first_name} {row.last_name}"
        return {"id": row.id, "name": name, "number": row.number, "about": about, "pieces": pieces, "kept": kept}
