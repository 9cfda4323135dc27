"""What comes next for a case: the nearest promise that is still open."""

from datetime import date, datetime

from sqlalchemy import Date, DateTime, String, bindparam, cast, exists, literal, null, select, union_all

from core import clock
from core.db import run

from .appointment import Appointment
from .case_states import CLOSED, StateChange
from .plan import Action, Goal, Plan
from .todo import Todo

CASE = bindparam("case_id")


def _first(kind, when, text, *conditions, instant=False, joins=()):
    """The earliest open thing of one kind: (kind, instant or null, day or null, text)."""
    at, on = (when, cast(null(), Date)) if instant else (cast(null(), DateTime), when)
    query = select(literal(kind, String).label("kind"), at.label("at"), on.label("day"), text.label("text"))
    for table, link in joins:
        query = query.join(table, link)
    found = query.where(when.is_not(None), *conditions).order_by(when).limit(1).subquery()
    return select(found)


# One statement, built once: every note with a follow-up, every appointment and every reminder asks it.
_OPEN = union_all(
    _first(
        "appointment",
        Appointment.starts_at,
        Appointment.purpose,
        Appointment.case_id == CASE,
        Appointment.outcome.is_(None),
        instant=True,
    ),
    _first("todo", Todo.due_on, Todo.what, Todo.case_id == CASE, Todo.done_at.is_(None), Todo.dropped_at.is_(None)),
    _first(
        "action",
        Action.due_on,
        Action.what,
        Plan.case_id == CASE,
        Plan.current.is_(True),
        Action.state == "open",
        joins=((Goal, Goal.id == Action.goal_id), (Plan, Plan.id == Goal.plan_id)),
    ),
    _first("review", Plan.review_on, Plan.purpose, Plan.case_id == CASE, Plan.current.is_(True)),
    _first(
        "check",
        StateChange.until,
        StateChange.reason,
        StateChange.case_id == CASE,
        StateChange.ended_at.is_(None),
        StateChange.emergency.is_(False),
    ),
    _first(  # in corso for an emergency: the plan is owed until one is agreed
        "emergency",
        StateChange.until,
        cast(null(), String),  # why it was an emergency is not what there is to do
        StateChange.case_id == CASE,
        StateChange.ended_at.is_(None),
        StateChange.emergency.is_(True),
        ~exists().where(Plan.case_id == CASE, Plan.current.is_(True)),
    ),
)


def next_step(case) -> tuple[date | None, datetime | None, str | None, str | None]:
    """(day, instant of an appointment, kind, text) of the earliest open thing; all None when nothing is planned."""
    found = [] if case.state in CLOSED else run(_OPEN, case_id=case.id).all()
    if not found:
        return None, None, None, None
    # A date comes at the end of its day: an appointment of that day is first.
    first = min(found, key=lambda row: row.at or clock.day_bounds(row.day)[1])
    return first.day or clock.local(first.at).date(), first.at, first.kind, (first.text or "")[:200] or None
