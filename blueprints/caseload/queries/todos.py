"""What the pages of reminders read. Cases come from `find`: who may see them is settled before."""

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import run
from core.i18n import gettext as _
from core.i18n import long_date, short_date
from models.account import User
from models.todo import Todo

_doer = aliased(User)
_COLUMNS = select(
    Todo.id,
    Todo.what,
    Todo.due_on,
    Todo.owner_id,
    Todo.done_at,
    Todo.dropped_at,
    User.name.label("owner"),
    _doer.name.label("doer"),
)
_OF_CASE = (
    _COLUMNS.join(User, User.id == Todo.owner_id)
    .outerjoin(_doer, _doer.id == Todo.done_by_id)
    .where(Todo.case_id == bindparam("case_id"))
    .limit(bindparam("rows"))
)
_OPEN = _OF_CASE.where(Todo.done_at.is_(None), Todo.dropped_at.is_(None)).order_by(Todo.due_on, Todo.id)
_ENDED = _OF_CASE.where(or_(Todo.done_at.is_not(None), Todo.dropped_at.is_not(None))).order_by(Todo.id.desc())


def still_open(case, rows=100) -> list[dict]:
    """The reminders to do, the nearest first, each with its day in words and whether it waits for a hand."""
    today = clock.today()
    return [
        {"row": row, "when": _when(row.due_on, today), "due": row.due_on <= today}
        for row in run(_OPEN, case_id=case.id, rows=rows)
    ]


def ended(case, rows=50) -> list:
    """The latest reminders done or dropped."""
    return run(_ENDED, case_id=case.id, rows=rows).all()


def _when(day, today):
    if day == today:
        return _("per oggi")
    return _("era per il %(day)s", day=short_date(day)) if day < today else _("entro %(day)s", day=long_date(day))
