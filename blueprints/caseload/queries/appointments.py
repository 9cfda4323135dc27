"""What the pages of appointments read. Cases come from `find`: who may see them is settled before."""

from sqlalchemy import bindparam, select

from core import clock
from core.db import run
from core.forms import instant
from core.i18n import gettext as _
from core.i18n import long_date, time_text
from models.account import User
from models.appointment import KINDS, LONGEST, OUTCOMES, Appointment
from models.note import Note

_COLUMNS = (
    Appointment.id,
    Appointment.kind,
    Appointment.starts_at,
    Appointment.minutes,
    Appointment.place,
    Appointment.link,
    Appointment.with_whom,
    Appointment.purpose,
    Appointment.user_id,
    Appointment.arrived_at,
    Appointment.started_at,
    Appointment.outcome,
    User.name.label("colleague"),
)
_OF_CASE = (
    select(*_COLUMNS)
    .join(User, User.id == Appointment.user_id)
    .where(Appointment.case_id == bindparam("case_id"))
    .limit(bindparam("rows"))
)
_OPEN = _OF_CASE.where(Appointment.outcome.is_(None)).order_by(Appointment.starts_at, Appointment.id)
_ENDED = _OF_CASE.where(Appointment.outcome.is_not(None)).order_by(Appointment.starts_at.desc(), Appointment.id.desc())
_NOTES = (
    select(Note.id, Note.at, User.name.label("author"))
    .join(User, User.id == Note.author_id)
    .where(Note.appointment_id == bindparam("appointment_id"), Note.case_id == bindparam("case_id"))
    .order_by(Note.id)
)
_ONE = select(*_COLUMNS).join(User, User.id == Appointment.user_id).where(Appointment.id == bindparam("appointment_id"))
_NAME = select(User.name).where(User.id == bindparam("user_id"))
OUTCOME_LOOKS = {
    "held": (" state-moving", "check-circle"),
    "no_show": (" state-wrong", "person-x"),
    "moved": (" state-done", "arrow-right-circle"),
    "cancelled": (" state-done", "slash-circle"),
}


def coming(case, rows=4) -> list[dict]:
    """The appointments without an outcome, the oldest first: what waits for an answer, then what will be."""
    return [_open_row(row) for row in run(_OPEN, case_id=case.id, rows=rows)]


def ended(case, rows=50) -> list[dict]:
    """The latest appointments that have an outcome."""
    words = {name: str(word) for name, word in OUTCOMES.items()}
    return [
        {"row": row, "word": words[row.outcome], "look": OUTCOME_LOOKS[row.outcome], "kind": KINDS[row.kind]}
        for row in run(_ENDED, case_id=case.id, rows=rows)
    ]


def _open_row(row):
    """An open appointment with the words of its row and what can be done with it now."""
    today, day = clock.today(), clock.local(row.starts_at).date()
    hour = time_text(row.starts_at)
    return {
        "row": row,
        "when": _("Oggi, %(hour)s", hour=hour) if day == today else f"{long_date(day)}, {hour}",
        "kind": KINDS[row.kind],
        "today": day == today,
        "late": day < today,
        "waiting": bool(row.arrived_at and not row.started_at),
    }


def notes_of(appointment) -> list:
    """The notes that tell of an appointment."""
    return run(_NOTES, appointment_id=appointment.id, case_id=appointment.case_id).all()


def whole(appointment) -> dict:
    """An appointment with its words, its colleague and the notes that tell of it."""
    row = run(_ONE, appointment_id=appointment.id).one()
    look = OUTCOME_LOOKS.get(row.outcome)
    word = OUTCOMES[row.outcome] if row.outcome else None
    return {"shown": _open_row(row), "look": look, "outcome": word, "notes": notes_of(appointment)}


def clash(form, but=None) -> str:
    """A sentence when the chosen colleague is already busy at that time, "" otherwise: it warns, it does not refuse."""
    user_id, minutes = form.user_id.data, form.minutes.data
    starts_at = instant(form.on.data, form.hour.data) if form.on.data and form.hour.data else None
    if not user_id or not starts_at or not minutes or not 5 <= minutes <= LONGEST:
        return ""
    name = dict((c.value, c.label) for c in form.user_id.choices).get(user_id)
    return _sentence(Appointment.clashes(user_id, starts_at, minutes, but), name) if name else ""


def clash_of(appointment) -> str:
    """The same for an appointment that was just moved."""
    busy = Appointment.clashes(appointment.user_id, appointment.starts_at, appointment.minutes, appointment.id)
    return _sentence(busy, run(_NAME, user_id=appointment.user_id).scalar()) if busy else ""


def _sentence(busy, name):
    if not busy:
        return ""
    times = ", ".join(_("dalle %(start)s alle %(end)s", start=time_text(a), end=time_text(b)) for a, b in busy[:3])
    return _("%(name)s ha già un altro appuntamento %(times)s.", name=name, times=times)
