"""What the leaf of the plan reads."""

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import selectinload

from core.db import db, run
from core.i18n import lazy
from models.account import User, colleagues
from models.case import Case
from models.person import Person
from models.plan import (
    AGREED_HOW,
    NEED_CATEGORIES,
    NEED_PRIORITIES,
    NEED_STATES,
    Action,
    Goal,
    Plan,
)

from .case_page import head
from .needs import needs_of, top_needs

WHOSE = (
    select(Person.first_name, Person.last_name, Case.number, Case.state)
    .join(Person, Person.id == Case.person_id)
    .where(Case.VISIBLE, Case.id == bindparam("case_id"))
)
VERSIONS = (
    select(
        Plan.id,
        Plan.number,
        Plan.current,
        Plan.agreed_on,
        Plan.agreed_how,
        Plan.purpose,
        Plan.reason,
        Plan.created_at,
        User.name.label("author"),
    )
    .join(Case, Case.id == Plan.case_id)
    .join(User, User.id == Plan.created_by_id)
    .where(Case.VISIBLE, Plan.case_id == bindparam("case_id"))
    .order_by(Plan.number.desc())
)
STEPS = (  # open actions of every version, those of the plan that holds first, the nearest first in each goal
    select(
        Plan.number,
        Plan.agreed_on,
        Goal.id,
        Goal.title,
        Action.what,
        Action.due_on,
        Action.owner_kind,
        Action.owner_name,
        User.name.label("colleague"),
    )
    .join(Case, Case.id == Plan.case_id)
    .join(Goal, Goal.plan_id == Plan.id)
    .outerjoin(Action, and_(Action.goal_id == Goal.id, Action.state == "open"))
    .outerjoin(User, User.id == Action.owner_id)
    .where(Case.VISIBLE, Plan.case_id == bindparam("case_id"))
    .order_by(Plan.current.desc(), Plan.number.desc(), Goal.position, Action.due_on.is_(None), Action.due_on, Action.id)
)
HELP_FROM = {  # the directions of a need inside a sentence
    "inner": lazy("lavorare su di sé"),
    "outer": lazy("servizi, imprese, rete"),
    "both": lazy("lavorare su di sé e servizi, imprese, rete"),
}
LABELS = {
    "categories": NEED_CATEGORIES,
    "priorities": NEED_PRIORITIES,
    "help_from": HELP_FROM,
    "need_states": NEED_STATES,
    "need_marks": {  # how a state of a need looks: class and icon
        "open": ("", "circle"),
        "working": ("state-moving", "play-circle"),
        "met": ("state-done", "check-circle"),
        "unmet": ("state-done", "slash-circle"),
    },
    "agreed_how": AGREED_HOW,
}


def whose(me, case_id):
    """First and last name of the person, number and state of the case."""
    return run(WHOSE, case_id=case_id, **me.scope).one()


def versions_of(me, case_id) -> list:
    """The versions of the plan, the newest first."""
    return run(VERSIONS, case_id=case_id, **me.scope).all()


def whole_plan(me, case_id, number) -> Plan | None:
    """One version with its goals, their actions and owners."""
    query = Plan.visible_to(me).where(Plan.case_id == case_id, Plan.number == number)
    with_all = selectinload(Plan.goals).selectinload(Goal.actions).joinedload(Action.owner)
    return db.session.scalar(query.options(with_all).execution_options(populate_existing=True))


def leaf(me, case, number=None) -> dict:
    """What the leaf shows of a case: needs, versions, and one of them whole (by default what holds, else the draft)."""
    versions = versions_of(me, case.id)
    current = next((v for v in versions if v.current), None)
    shown = next((v for v in versions if v.number == number), None) if number else current or next(iter(versions), None)
    return LABELS | {
        "case": case,
        "head": head(case),
        "whose": whose(me, case.id),
        "needs": needs_of(me, case.id),
        "versions": versions,
        "current": current,
        "draft": next((v for v in versions if not v.agreed_on), None),
        "plan": whole_plan(me, case.id, shown.number) if shown else None,
    }


def next_steps(me, case_id) -> list:
    """The goals of the plan that holds (else of the draft), each with the action that comes first, if any."""
    rows = run(STEPS, case_id=case_id, **me.scope).all()
    first = {row.id: row for row in reversed(rows) if row.number == rows[0].number}
    return sorted(first.values(), key=rows.index)


def glance(me, case_id) -> dict:
    """The leaf in a few lines: the needs that come first, the goals with what is to do now."""
    top, steps = top_needs(me, case_id), next_steps(me, case_id)
    return LABELS | {"top": top, "steps": steps, "whose": whose(me, case_id)}


def owners(me, case, action=None) -> list[tuple]:
    """Who can own an action: the person, the colleagues of the team, somebody else by name."""
    found = [(f"user:{row.id}", row.name) for row in db.session.execute(colleagues([case.team_id]))]
    gone = action and action.owner_id and f"user:{action.owner_id}" not in dict(found)
    if gone:
        found.append(
            (f"user:{action.owner_id}", db.session.scalar(select(User.name).where(User.id == action.owner_id)))
        )
    person = whose(me, case.id)
    return [("", lazy("Scegli")), ("person", person.first_name), *found, ("other", lazy("Qualcun altro"))]


def need_choices(me, case_id) -> list[tuple]:
    """The needs a goal can answer to."""
    return [("", lazy("Nessuno in particolare")), *((n.id, n.description) for n in needs_of(me, case_id))]
