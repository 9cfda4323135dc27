"""Reminders: what was promised and by when, with one owner."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import lazy

from .account import User
from .case import Case


class Todo(db.Model):
    """Something to do about a case (seguito di una nota): done, dropped with its reason, or still open."""

    __tablename__ = "todo"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"))
    what: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    owner_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    created_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    dropped_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    case: Mapped[Case] = relationship(lazy="raise")
    owner: Mapped[User] = relationship(lazy="raise", foreign_keys=[owner_id])
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_todo_case", "case_id", "due_on"),
        Index("ix_todo_owner", "owner_id", "done_at", "due_on"),
    )

    @classmethod
    def visible_to(cls, user):
        return select(cls).join(Case, Case.id == cls.case_id).where(Case.VISIBLE).params(**user.scope)

    @classmethod
    def promise(cls, case, *, by, what, due_on, owner_id, note_id=None) -> "Todo":
        if not what:
            raise Refused(lazy("Scrivi che cosa c'è da fare."), "todo_what")
        if not due_on:
            raise Refused(lazy("Scrivi entro quando."), "todo_due_on")
        row = cls(case_id=case.id, what=what, due_on=due_on, owner_id=owner_id, created_by_id=by.id, note_id=note_id)
        db.session.add(row)
        case.refresh_next()
        return row

    def finish(self, case, *, by) -> None:
        """Done. Twice is once."""
        if not self.done_at:
            self.done_at, self.done_by_id = clock.now(), by.id
        case.refresh_next()

    def drop(self, case, *, by) -> None:
        """No longer needed."""
        if not self.done_at and not self.dropped_at:
            self.dropped_at, self.done_by_id = clock.now(), by.id
        case.refresh_next()
