"""What comes next for a case: the nearest promise that is still open."""

from datetime import date, datetime

from sqlalchemy import select

from core import clock
from core.db import db

from .appointment import Appointment
from .case_states import CLOSED, StateChange
from .plan import Action, Goal, Plan
from .todo import Todo


def next_step(case) -> tuple[date | None, datetime | None, str | None, str | None]:
    """(day, instant of an appointment, kind, text) of the earliest open thing; all None when nothing is planned."""
    if case.state in CLOSED:
        return None, None, None, None
    found = []

    def first(query, kind):
        row = db.session.execute(query.limit(1)).first()
        if row:
            found.append((row[0], kind, row[1]))

    first(
        select(Appointment.starts_at, Appointment.purpose)
        .where(Appointment.case_id == case.id, Appointment.outcome.is_(None))
        .order_by(Appointment.starts_at),
        "appointment",
    )
    first(
        select(Todo.due_on, Todo.what)
        .where(Todo.case_id == case.id, Todo.done_at.is_(None), Todo.dropped_at.is_(None))
        .order_by(Todo.due_on),
        "todo",
    )
    actions = (
        select(Action.due_on, Action.what).join(Goal, Goal.id == Action.goal_id).join(Plan, Plan.id == Goal.plan_id)
    )
    first(
        actions.where(
            Plan.case_id == case.id, Plan.current.is_(True), Action.state == "open", Action.due_on.is_not(None)
        ).order_by(Action.due_on),
        "action",
    )
    first(
        select(Plan.review_on, Plan.purpose)
        .where(Plan.case_id == case.id, Plan.current.is_(True), Plan.review_on.is_not(None))
        .order_by(Plan.review_on),
        "review",
    )
    first(
        select(StateChange.until, StateChange.reason).where(
            StateChange.case_id == case.id, StateChange.ended_at.is_(None), StateChange.until.is_not(None)
        ),
        "check",
    )
    if not found:
        return None, None, None, None
    when, kind, text = min(found, key=lambda row: _as_instant(row[0]))
    at = when if isinstance(when, datetime) else None
    return (clock.local(at).date() if at else when), at, kind, (text or "")[:200] or None


def _as_instant(when):
    """Dates come at the end of their day: an appointment of that day is first."""
    return when if isinstance(when, datetime) else clock.day_bounds(when)[1]
