"""Lines of the audit made into sentences. A person's name is said only to who may see her case."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Integer, String, cast, literal, null, select, union_all

from core import clock
from core.db import db, run
from core.i18n import gettext as _
from models.case import Case
from models.person import Person

from . import audit_words as words

NAMED = ("service", "team")  # tables whose rows are called by their name
FEW = 4  # changed fields that are said; of more, the number


@dataclass(slots=True)
class Line:
    """A sentence: when (with the zone of Italy), who, what."""

    at: datetime
    symbol: str
    who: str
    did: str

    @property
    def day(self):
        return self.at.date()

    @property
    def hour(self):
        return f"{self.at.hour}:{self.at.minute:02}"


def tell(rows, me, names) -> list[Line]:
    """The rows as sentences for `me`, in three queries; `names` are those of the accounts, by id."""
    about = _about(rows)
    cases = _cases(me, {row.about for row in about.values() if row.kind == "case"})
    people = _people(me, {row.about for row in about.values() if row.kind == "person"})
    lines = []
    for row in rows:
        at = clock.local(datetime.fromisoformat(row.at).replace(tzinfo=None))
        what = _what(row, about.get((row.tbl, row.row_id)), cases, people, names)
        lines.append(Line(at, words.SYMBOLS.get(row.verb, "dot"), _who(row.actor, names), _did(row, what)))
    return lines


def _who(actor, names):
    if actor.isdecimal():
        return names.get(int(actor)) or str(words.GONE)
    return str(words.A_JOB if actor.startswith("job:") else words.WHO.get(actor, words.WHO["system"]))


def _did(row, what):
    did = words.DID.get(row.verb)
    sentence = str(did) % {"what": what} if did else _("ha fatto «%(verb)s»: %(what)s", verb=row.verb, what=what)
    if row.verb == "update" and (changed := words.fields_of(row.tbl, row.fields)):
        said = ", ".join(changed) if len(changed) <= FEW else _("%(n)s cose", n=len(changed))
        return f"{sentence}: {said}"
    if row.verb.startswith("sign-") and row.fields:
        return _("%(sentence)s, da %(device)s", sentence=sentence, device=row.fields)
    return sentence


def _what(row, about, cases, people, names):
    """What the row is about, as far as who reads may know: "la nota nel fascicolo 2026-0142 di Amina Haddad"."""
    first, known = words.NOUNS.get(row.tbl, words.SOMETHING)
    noun = str(first if row.verb == "insert" else known)
    if about is None:
        return str(first)
    if about.kind == "case":
        seen = cases.get(about.about)
        if row.tbl == "case_file":
            return f"{noun} {seen}" if seen else str(first)
        if not seen:
            return _("%(noun)s in un fascicolo", noun=noun)
        return _("%(noun)s nel fascicolo %(case)s", noun=noun, case=seen)
    if about.kind == "person":
        return _("%(noun)s di %(name)s", noun=noun, name=people.get(about.about) or _("una persona"))
    if about.kind == "user":
        owned = known if row.tbl == "user_account" else noun
        return _("%(noun)s di %(name)s", noun=owned, name=names.get(about.about) or words.GONE)
    return f"{noun} «{about.label}»"


def _about(rows):
    """For each (table, row id) still there: whether it is about a case, a person or an account, and which."""
    wanted = {}
    for row in rows:
        if row.row_id.isdecimal():
            wanted.setdefault(row.tbl, set()).add(int(row.row_id))
    parts = [
        select(
            literal(name).label("tbl"),
            cast(db.metadata.tables[name].c.id, String).label("row_id"),
            literal(kind).label("kind"),
            cast(about, Integer).label("about"),
            cast(label, String).label("label"),
        ).where(db.metadata.tables[name].c.id.in_(ids))
        for name, ids in sorted(wanted.items())
        for kind, about, label in [_subject(name)]
        if kind
    ]
    return {(row.tbl, row.row_id): row for row in run(union_all(*parts))} if parts else {}


@cache
def _subject(name):
    """What a row of this table is about, as (kind, its id, its name): found by following the foreign keys."""
    t = db.metadata.tables.get(name)
    own = {"case_file": "case", "person": "person", "user_account": "user"}
    if t is None or "id" not in t.c:
        return None, null(), null()
    if name in NAMED:
        return "name", null(), t.c.name
    if name in own:
        return own[name], t.c.id, null()
    for column, kind in (("case_id", "case"), ("person_id", "person")):
        if column in t.c:
            return kind, t.c[column], null()
    for key in (key for column in t.c for key in column.foreign_keys):
        parent = key.column.table
        kind, about, _label = _subject(parent.name) if parent is not t else (None, None, None)
        if kind in ("case", "person"):
            return kind, select(about).where(parent.c.id == key.parent).scalar_subquery(), null()
    return ("user", t.c.user_id, null()) if "user_id" in t.c else (None, null(), null())


def _cases(me, ids):
    """Number and person of the cases `me` may see: "2026-0142 di Amina Haddad"."""
    if not ids:
        return {}
    query = Case.visible_to(me).join(Person, Person.id == Case.person_id).where(Case.id.in_(ids))
    found = run(query.with_only_columns(Case.id, Case.number, Person.first_name, Person.last_name))
    return {r.id: _("%(number)s di %(name)s", number=r.number, name=f"{r.first_name} {r.last_name}") for r in found}


def _people(me, ids):
    if not ids:
        return {}
    found = run(
        Person.visible_to(me)
        .where(Person.id.in_(ids))
        .with_only_columns(Person.id, Person.first_name, Person.last_name)
    )
    return {r.id: f"{r.first_name} {r.last_name}" for r in found}
