"""Who works on a case. Cases come from `find`: who may see them is settled before."""

from sqlalchemy import bindparam, or_, select, union_all

from core import clock
from core.db import run
from models.account import Membership, User, UserRole
from models.case import CareMember, Holding

CASE = bindparam("case_id")
_granted = union_all(
    select(Holding.user_id).where(Holding.case_id == CASE, Holding.until.is_(None)),
    select(CareMember.user_id).where(
        CareMember.case_id == CASE, CareMember.until.is_(None), CareMember.user_id.is_not(None)
    ),
)
_team = (
    select(Membership.user_id)
    .join(UserRole, UserRole.user_id == Membership.user_id)
    .where(Membership.team_id == bindparam("team_id"), Membership.until.is_(None))
    .where(UserRole.role.in_(bindparam("roles", expanding=True)), UserRole.until.is_(None))
)
_COLLEAGUES = (
    select(User.id, User.name)
    .where(or_(User.active.is_(True), User.id == bindparam("also")))
    .where(or_(User.id.in_(_granted), User.id.in_(_team), User.id == bindparam("also")))
    .order_by(User.name)
)
_OTHERS = (
    select(User.id, User.name)
    .where(
        User.active.is_(True),
        User.id.in_(
            select(UserRole.user_id).where(UserRole.role.in_(("worker", "coordinator")), UserRole.until.is_(None))
        ),
    )
    .where(User.id.not_in(_granted))
    .order_by(User.name)
)
_MEMBERS = (
    select(
        CareMember.id,
        CareMember.user_id,
        CareMember.outsider,
        CareMember.role,
        CareMember.since,
        CareMember.until,
        User.name,
        User.profession,
    )
    .outerjoin(User, User.id == CareMember.user_id)
    .where(CareMember.case_id == CASE)
    .order_by(CareMember.since, CareMember.id)
)
_HOLDERS = (
    select(Holding.user_id, Holding.since, Holding.until, Holding.reason, User.name, User.profession)
    .join(User, User.id == Holding.user_id)
    .where(Holding.case_id == CASE)
    .order_by(Holding.since, Holding.id)
)


def colleagues_of(me, case, also=None) -> list[tuple[int, str]]:
    """(id, name) of who may take something on in a case, the user first: all of them may open it.

    The team, whoever holds the case and its care team; of a confidential case only its own circle. `also` is the
    colleague who has it now.
    """
    roles = ["coordinator"] if case.confidential else ["worker", "coordinator"]
    found = run(_COLLEAGUES, case_id=case.id, team_id=case.team_id, roles=roles, also=also or 0).all()
    return sorted(((row.id, row.name) for row in found), key=lambda pair: pair[0] != me.id)


def others(case) -> list[tuple[int, str]]:
    """(id, name) of the colleagues who could join the care team."""
    return [(row.id, row.name) for row in run(_OTHERS, case_id=case.id)]


def holders(case) -> list:
    """Who held the case, the first one first; `until` is empty for who holds it today."""
    return run(_HOLDERS, case_id=case.id).all()


def members(case) -> dict:
    """The care team: who is in it now, and who was."""
    rows = run(_MEMBERS, case_id=case.id).all()
    shown = [{"row": row, "name": row.name or row.outsider, "role": row.role or row.profession or ""} for row in rows]
    return {"now": [m for m in shown if not m["row"].until], "before": [m for m in shown if m["row"].until]}


def relay(rows) -> list[dict]:
    """Who held the case as the bar shows it: name, times in words, share of the time (1 to 8), whether it is now."""
    today = clock.today()
    days = [max(((row.until or today) - row.since).days, 1) for row in rows]
    shown = list(zip(rows, days, strict=True))[-6:]
    whole = sum(n for _row, n in shown) or 1
    return [
        {
            "name": row.name,
            "now": row.until is None,
            "since": row.since,
            "until": row.until,
            "share": min((1, 2, 3, 5, 8), key=lambda size, n=n: abs(size - 10 * n / whole)),
        }
        for row, n in shown
    ]
