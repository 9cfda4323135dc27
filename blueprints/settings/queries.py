"""What the pages of the cooperative read."""

from sqlalchemy import bindparam, case, func, literal, select, union_all

from core.audit import Audit
from models.account import Membership, Team, User, UserRole
from models.organisation import Service

LINES = 50  # of the audit on a page


def counts():
    """How many services, teams and accounts are active: one row."""
    return select(
        *(
            select(func.count(model.id)).where(model.active.is_(True)).scalar_subquery().label(name)
            for name, model in (("services", Service), ("teams", Team), ("accounts", User))
        )
    )


def accounts(user):
    """All accounts, the disabled ones last; roles and names of teams joined by commas."""
    roles = (
        select(func.aggregate_strings(UserRole.role, ","))
        .where(UserRole.user_id == User.id, UserRole.until.is_(None))
        .scalar_subquery()
    )
    teams = (
        select(func.aggregate_strings(Team.name, ", "))
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.user_id == User.id, Membership.until.is_(None))
        .scalar_subquery()
    )
    return User.managed_by(user).with_only_columns(
        User.id,
        User.name,
        User.username,
        User.profession,
        User.active,
        User.must_change_password,
        roles.label("roles"),
        teams.label("teams"),
    )


def everybody():
    """Names of all accounts, disabled ones too: whoever did something did it."""
    return select(User.id, User.name).order_by(User.name, User.id)


COLUMNS = (Audit.seq, Audit.at, Audit.actor, Audit.verb, Audit.tbl, Audit.row_id, Audit.fields)


def audit_lines(verbs=None, actor=None):
    """A page of the audit and one row more, newest first, between `low` and `high` (a keyset: fast at any size).

    Few verbs without an actor are read apart, each along its own index, and merged: an IN would be gathered and sorted.
    """
    newest = select(*COLUMNS).where(Audit.seq >= bindparam("low"), Audit.seq < bindparam("high"))
    newest = newest.order_by(Audit.seq.desc()).limit(LINES + 1)
    if actor:
        newest = newest.where(Audit.actor == actor)
        return newest.where(Audit.verb.in_(verbs)) if verbs else newest
    if not verbs:
        return newest
    parts = (newest.where(Audit.verb == verb).subquery() for verb in verbs)
    merged = union_all(*(select(part) for part in parts)).subquery()
    return select(merged).order_by(merged.c.seq.desc()).limit(LINES + 1)


def first_since():
    """The first row of the audit written at or after `at`: found by halving, because `seq` and time grow together."""
    last = select(func.max(Audit.seq)).scalar_subquery()
    halves = select(literal(0).label("low"), (func.coalesce(last, 0) + 1).label("high")).cte("halves", recursive=True)
    middle = (halves.c.low + halves.c.high) // 2
    there = select(Audit.at).where(Audit.seq >= middle).order_by(Audit.seq).limit(1).correlate(halves).scalar_subquery()
    earlier = there < bindparam("at")
    halves = halves.union_all(
        select(case((earlier, middle + 1), else_=halves.c.low), case((earlier, halves.c.high), else_=middle)).where(
            halves.c.low < halves.c.high
        )
    )
    return select(func.max(halves.c.low))


def audit_length():
    """How many rows the audit has: they are numbered without gaps."""
    return select(func.coalesce(func.max(Audit.seq), 0))
