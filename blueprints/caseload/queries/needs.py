"""What the leaf of needs reads."""

from sqlalchemy import bindparam, case, select

from core.db import run
from models.case import Case
from models.plan import Need

SETTLED = case((Need.state.in_(("met", "unmet")), 1), else_=0)  # what is over stands below
NEEDS = (
    select(Need.id, Need.category, Need.description, Need.priority, Need.direction, Need.state, Need.found_on)
    .join(Case, Case.id == Need.case_id)
    .where(Case.VISIBLE, Need.case_id == bindparam("case_id"))
    .order_by(SETTLED, Need.priority, Need.id)
)
TOP = NEEDS.where(SETTLED == 0).limit(3)


def needs_of(me, case_id) -> list:
    """The needs of a case: those still open first, the most urgent above."""
    return run(NEEDS, case_id=case_id, **me.scope).all()


def top_needs(me, case_id) -> list:
    """The three most urgent needs that are still open."""
    return run(TOP, case_id=case_id, **me.scope).all()
