"""What the pages of notes read."""

from datetime import timedelta

from sqlalchemy import bindparam, select

from access import may
from core import clock
from core.conflict import runs
from core.db import run
from core.i18n import datetime_text, lazy
from core.i18n import gettext as _
from models.account import User
from models.case import Case
from models.note import KINDS, TEXTS, Note, NoteOriginal
from models.person import Person

WHO = (
    select(Person.first_name, Person.last_name, Case.number)
    .join(Person, Person.id == Case.person_id)
    .where(Case.VISIBLE, Case.id == bindparam("case_id"))
)
_AUTHOR = select(User.name).where(User.id == bindparam("user_id"))
_ORIGINALS = (
    select(NoteOriginal.replaced_at, User.name, *(getattr(NoteOriginal, name) for name in TEXTS))
    .join(User, User.id == NoteOriginal.replaced_by_id)
    .where(NoteOriginal.note_id.in_(bindparam("note_ids", expanding=True)))
    .order_by(NoteOriginal.replaced_at.desc(), NoteOriginal.id.desc())
)
MINUTES = {
    "minutes_direct": lazy("%(n)s min con la persona"),
    "minutes_documentation": lazy("%(n)s min di scrittura"),
    "minutes_coordination": lazy("%(n)s min di coordinamento"),
    "minutes_travel": lazy("%(n)s min di spostamento"),
}


def who(me, case):
    """First and last name of the person and number of the case."""
    return run(WHO, case_id=case.id, **me.scope).one()


def sees_private(me) -> bool:
    """Whether this user reads what is kept inside the team."""
    return may(me, "private", Note())


def start(kind=None, appointment=None) -> dict:
    """What the form of a new note knows by itself: kind and minutes from the appointment, day and hour from the clock."""
    if appointment is None:
        wall = clock.local(clock.now())
        return {"kind": kind if kind in KINDS else "interview", "on": wall.date(), "hour": wall.time()}
    at = appointment.started_at or appointment.starts_at
    wall, elapsed = clock.local(at), (clock.now() - at) // timedelta(minutes=1)
    minutes = elapsed if 5 <= elapsed <= 2 * appointment.minutes else appointment.minutes
    return {"kind": appointment.kind, "on": wall.date(), "hour": wall.time(), "quick": minutes}


def history(me, note) -> dict:
    """A note whole: its author, its minutes in words, and what it said before each correction, beside what came after."""
    private = sees_private(me)
    rows = run(_ORIGINALS, note_ids=[note.id]).all()
    after = [note, *rows]
    return {
        "author": run(_AUTHOR, user_id=note.author_id).scalar(),
        "minutes": [str(say) % {"n": n} for name, say in MINUTES.items() if (n := getattr(note, name))],
        "private": note.private_text if private else None,
        "kind": KINDS[note.kind],
        "before": [_change(row, later, private) for row, later in zip(rows, after, strict=False)],
    }


def _change(old, new, private):
    """One correction: who, when, both texts with what only one of them says, and the other things that changed."""
    other = [
        (label, _said(getattr(old, name)), _said(getattr(new, name)))
        for name, label in _labels().items()
        if getattr(old, name) != getattr(new, name)
    ]
    texts = [(None, old.text, new.text)] if old.text != new.text else []
    if private and (old.private_text or "") != (new.private_text or ""):
        texts.append((_("Parte riservata"), old.private_text or "", new.private_text or ""))
    return {
        "at": old.replaced_at,
        "by": old.name,
        "texts": [(title, runs(was, now, "del"), runs(now, was, "ins")) for title, was, now in texts],
        "other": other,
    }


def _labels():
    return {
        "kind": _("Tipo"),
        "at": _("Quando"),
        "reached": _("Riuscito"),
        "present": _("Chi c'era"),
        "minutes_direct": _("Minuti con la persona"),
        "minutes_documentation": _("Minuti di scrittura"),
        "minutes_coordination": _("Minuti di coordinamento"),
        "minutes_travel": _("Minuti di spostamento"),
    }


def _said(value):
    if isinstance(value, bool):
        return _("sì") if value else _("no")
    if hasattr(value, "hour"):
        return datetime_text(value)
    return KINDS.get(value, value) if value is not None else "–"
