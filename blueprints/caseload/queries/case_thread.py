"""The thread of a case: all that happened, the newest above, and what is still to come.

Each kind of thing is read by a statement of its own, built once, that knows where the page before ended; here they
are put in one order. The case comes from `find`: who may see it is settled before.
"""

import re
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import run
from core.i18n import gettext as _
from core.i18n import lazy, long_date, time_text, weekday
from core.i18n import short_date as short
from models.account import User
from models.appointment import KINDS as MEETINGS
from models.appointment import OUTCOMES, Appointment
from models.case_states import LOOKS, STATES, StateChange
from models.note import KINDS, Note
from models.plan import AGREED_HOW, Plan
from models.todo import Todo

ROWS = 20
AHEAD = 5
CUT = 420  # letters of a note that the thread shows
SHOWS = {
    "": (lazy("Tutto"), "funnel"),
    "notes": (lazy("Solo le note"), "journal-text"),
    "appointments": (lazy("Solo gli appuntamenti"), "calendar-event"),
    "plan": (lazy("Solo il piano"), "signpost-split"),
    "path": (lazy("Solo il percorso"), "arrow-left-right"),
    "todos": (lazy("Solo i promemoria fatti"), "check2-square"),
}
CASE, LAST, BELOW, MOST = bindparam("case_id"), bindparam("last"), bindparam("below"), bindparam("rows")
ALL_IDS = 2**31 - 1
_words = re.compile("«([^«»]*)»")


def _before(query, at, id_):
    """`query` after the row where the page before ended, the newest first."""
    later = and_(at <= LAST, or_(at < LAST, id_ < BELOW))
    return query.where(later).order_by(at.desc(), id_.desc()).limit(MOST)


def _cut(column):
    return func.substr(column, 1, CUT + 1)


_NOTES = _before(
    select(
        Note.id,
        Note.at,
        Note.kind,
        Note.reached,
        Note.addendum,
        Note.corrected_at,
        _cut(Note.text).label("text"),
        Note.minutes_direct,
        Note.minutes_documentation,
        Note.minutes_coordination,
        Note.minutes_travel,
        User.name.label("author"),
    )
    .join(User, User.id == Note.author_id)
    .where(Note.case_id == CASE),
    Note.at,
    Note.id,
)
_NOTES_WHOLE = _NOTES.add_columns(_cut(Note.private_text).label("private"))
_MEETING = (
    select(
        Appointment.id,
        Appointment.starts_at.label("at"),
        Appointment.kind,
        Appointment.minutes,
        Appointment.place,
        Appointment.purpose,
        Appointment.with_whom,
        Appointment.outcome,
        User.name.label("colleague"),
    )
    .join(User, User.id == Appointment.user_id)
    .where(Appointment.case_id == CASE)
)
# What a note tells of stands there once.
_told = select(Note.id).where(Note.case_id == CASE, Note.appointment_id == Appointment.id).exists()
_PAST = _before(
    _MEETING.where(
        or_(
            and_(Appointment.outcome.is_(None), Appointment.starts_at <= bindparam("now")),
            Appointment.outcome.in_(("no_show", "moved", "cancelled")),
            and_(Appointment.outcome == "held", ~_told),
        )
    ),
    Appointment.starts_at,
    Appointment.id,
)
_FUTURE = (
    _MEETING.where(Appointment.outcome.is_(None), Appointment.starts_at > bindparam("now"))
    .order_by(Appointment.starts_at, Appointment.id)
    .limit(MOST)
)
_doer = aliased(User)
_TODOS = _before(
    select(Todo.id, Todo.done_at.label("at"), Todo.what, _doer.name.label("doer"))
    .join(_doer, _doer.id == Todo.done_by_id)
    .where(Todo.case_id == CASE),
    Todo.done_at,
    Todo.id,
)
_STATES = _before(
    select(
        StateChange.id,
        StateChange.at,
        StateChange.state,
        StateChange.reason,
        StateChange.until,
        User.name.label("doer"),
    )
    .join(User, User.id == StateChange.by_id)
    .where(StateChange.case_id == CASE),
    StateChange.at,
    StateChange.id,
)
_PLANS = (
    select(Plan.id, Plan.number, Plan.agreed_on, Plan.agreed_how, Plan.agreed_with, Plan.purpose, Plan.reason)
    .where(Plan.case_id == CASE, Plan.agreed_on.is_not(None))
    .order_by(Plan.number)
)


class Marks:
    """What every row of one page shares, worked out once: today, the words of kinds, the day the present holder began."""

    def __init__(self, case, held, prefix):
        self.today, self.prefix, self.case = clock.today(), prefix, case
        self.kinds = {name: str(word).lower() for name, word in {**MEETINGS, **KINDS}.items()}
        self.since = held[-1].since if len(held) > 1 and held[-1].until is None else None
        self.days = {0: _("oggi"), 1: _("ieri")}

    def row(self, at, rank, id_, *, kind, icon, detail="", text="", ahead=False, knot="", **more):
        """One knot of the thread, ready to be written; first its place in the order."""
        wall = clock.local(at)
        day = wall.date()
        days = (self.today - day).days
        shown = {
            "css": "ahead" if ahead else "earlier" if self.since and day < self.since else "",
            "day": self.days.get(days) or short(day),
            "sub": weekday(day),
            "knot": knot,
            "icon": icon,
            "kind": kind,
            "detail": detail,
            "text": text,
            "pieces": None,
            "href": "",
            "more": False,
            "private": "",
            "baton": "",
            **more,
        }
        if "«" in text:
            shown["pieces"] = _words.split(text)
        return (at, rank, id_), shown


def _end_of(day):
    """A thing of which only the day is known stands at the end of it."""
    return clock.day_bounds(day)[1] - timedelta(microseconds=1)


def thread(case, held, prefix, *, show="", before="", private=False) -> dict:
    """One page of the thread: `ahead` (first page only), `rows`, and `next`, where the page after begins ("" at the end).

    `held` is who held the case; `prefix` goes before the addresses of rows; `private` lets the team's parts through.
    """
    show = show if show in SHOWS else ""
    cursor, marks = _place(before), Marks(case, held, prefix)
    last, rank = cursor[:2] if cursor else (_end_of(marks.today), 0)
    found = []
    for number, (name, read) in enumerate(SOURCES, 1):
        if not show or show == name:
            below = ALL_IDS if not cursor or number < rank else cursor[2] if number == rank else 0
            place = {"case_id": case.id, "last": last, "below": below, "rows": ROWS + 1}
            found += read(marks, number, place, held, private)
    if cursor:
        found = [pair for pair in found if pair[0] < cursor]
    found.sort(key=lambda pair: pair[0], reverse=True)
    ahead = _ahead(marks) if not cursor and show in ("", "appointments") else []
    at, source, id_ = found[ROWS - 1][0] if len(found) > ROWS else (None, 0, 0)
    return {
        "show": show,
        "ahead": ahead,
        "rows": [row for _place, row in found[:ROWS]],
        "next": f"{at.isoformat()}~{source}~{id_}" if at else "",
        "last": found[min(len(found), ROWS) - 1][1]["css"] if found else "",
        "first": not cursor,
        "today": _("Oggi, %(day)s", day=long_date(marks.today)),
    }


def _place(text):
    """Where the page before ended, (instant, number of its source, id), or None for what is no place."""
    try:
        at, rank, id_ = text.split("~")
        return datetime.fromisoformat(at), int(rank), int(id_)
    except (ValueError, AttributeError):
        return None


def _notes(marks, rank, place, _held, private):
    note, addendum, missed, corrected = _("Nota"), _("Annotazione"), _("non riuscito"), _("corretta")
    for row in run(_NOTES_WHOLE if private else _NOTES, **place):
        minutes = (
            (row.minutes_direct or 0)
            + (row.minutes_documentation or 0)
            + (row.minutes_coordination or 0)
            + (row.minutes_travel or 0)
        )
        detail = [marks.kinds[row.kind]]
        if not row.reached:
            detail.append(missed)
        if minutes:
            detail.append(f"{minutes} min")
        if row.corrected_at:
            detail.append(corrected)
        kept = (row.private or "") if private else ""
        yield marks.row(
            row.at,
            rank,
            row.id,
            kind=addendum if row.addendum else note,
            icon="journal-text",
            detail=f", {', '.join(detail)}. {row.author}",
            text=_shorten(row.text),
            more=len(row.text) > CUT or len(kept) > CUT,
            private=_shorten(kept),
            href=f"{marks.prefix}notes/{row.id}",
        )


def _shorten(text):
    """The beginning of a text, cut between two words."""
    if len(text) <= CUT:
        return text
    head = text[:CUT]
    return (head.rpartition(" ")[0] or head) + "…"


def _meetings(marks, rank, place, _held, _private):
    outcomes = {name: str(word).lower() for name, word in OUTCOMES.items()}
    for row in run(_PAST, now=clock.now(), **place):
        open_ = row.outcome is None
        detail = f", {marks.kinds[row.kind]}{'' if open_ else ', ' + outcomes[row.outcome]}. {row.colleague}"
        baton = _("Manca l'esito") if open_ and not marks.case.closed else ""
        yield _meeting(marks, rank, row, detail, baton=baton)


def _ahead(marks):
    rows = run(_FUTURE, case_id=marks.case.id, now=clock.now(), rows=AHEAD).all()
    found = []
    for row in reversed(rows):
        hour, place = time_text(row.at), f", {row.place}" if row.place else ""
        is_today = clock.local(row.at).date() == marks.today
        when = {"sub": hour} if is_today else {}
        detail = f"{'' if is_today else ', ' + _('ore %(hour)s', hour=hour)}, {row.minutes} min{place}. {row.colleague}"
        found.append(_meeting(marks, 0, row, detail, ahead=True, **when)[1])
    return found


def _meeting(marks, rank, row, detail, **more):
    text = row.purpose or ""
    if row.with_whom:
        text = ". ".join(filter(None, (text.rstrip("."), _("Con %(who)s", who=row.with_whom))))
    href = f"{marks.prefix}appointments/{row.id}"
    return marks.row(
        row.at, rank, row.id, kind=_("Appuntamento"), icon="calendar-event", detail=detail, text=text, href=href, **more
    )


def _plans(marks, rank, place, _held, _private):
    for row in run(_PLANS, case_id=place["case_id"]):
        how = str(AGREED_HOW[row.agreed_how]).lower() if row.agreed_how else ""
        who = f" {_('con %(who)s', who=row.agreed_with)}" if row.agreed_with else ""
        yield marks.row(
            _end_of(row.agreed_on),
            rank,
            row.id,
            kind=_("Piano, versione %(n)s", n=row.number),
            icon="signpost-split",
            knot=" knot-turn",
            detail=". " + _("Concordato %(how)s", how=how) + who,
            text=row.reason or row.purpose or "",
            href=f"{marks.prefix}cases/{marks.case.id}/plan/{row.number}",
        )


def _states(marks, rank, place, _held, _private):
    for row in run(_STATES, **place):
        until = _("Fino al %(day)s", day=short(row.until)) if row.until else ""
        yield marks.row(
            row.at,
            rank,
            row.id,
            kind=str(STATES[row.state]),
            icon=LOOKS[row.state][1],
            detail=f". {row.doer}",
            text=". ".join(filter(None, ((row.reason or "").rstrip("."), until))),
        )


def _hands(marks, rank, _place, held, _private):
    """Who took the case from whom; nobody, when it went back to the queue."""
    for number, row in enumerate(held):
        before = held[number - 1] if number else None
        follows = before is not None and before.until == row.since
        text = (
            _("Da %(before)s a %(name)s.", before=before.name, name=row.name)
            if follows
            else _("A %(name)s.", name=row.name)
        )
        kind = _("Passaggio di consegne") if before else _("Titolare")
        why = f" {row.reason}" if row.reason else ""
        knot = {"kind": kind, "icon": "arrow-left-right", "knot": " knot-hand", "text": text + why}
        yield marks.row(_end_of(row.since), rank, 2 * number + 1, **knot)
        after = held[number + 1] if number + 1 < len(held) else None
        if row.until and (after is None or after.since > row.until):
            lost = {"kind": _("Senza titolare"), "icon": "person-dash", "text": _("Lo lascia %(name)s.", name=row.name)}
            yield marks.row(_end_of(row.until), rank, 2 * number + 2, **lost)


def _done(marks, rank, place, _held, _private):
    for row in run(_TODOS, **place):
        detail = f". {row.doer}"
        yield marks.row(
            row.at, rank, row.id, kind=_("Promemoria fatto"), icon="check2-square", detail=detail, text=row.what
        )


# In this order what happened at the same instant is told: the later source stands above.
SOURCES = (
    ("path", _states),
    ("path", _hands),
    ("plan", _plans),
    ("appointments", _meetings),
    ("notes", _notes),
    ("todos", _done),
)
