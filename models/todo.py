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
    """Something to do about a case (seguito di una nota): done, dropped, or still open."""

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
        """A new reminder of an open case, from today on."""
        if case.closed:
            raise Refused(lazy("Il caso è chiuso: riaprilo prima di aggiungere un promemoria."))
        row = cls(case_id=case.id, created_by_id=by.id, note_id=note_id)
        row._set(what, due_on, owner_id)
        db.session.add(row)
        case.refresh_next()
        return row

    def edit(self, case, *, what, due_on, owner_id) -> None:
        """Other words, another day, another owner; what is done stays as it was."""
        if not self.open:
            raise Refused(lazy("Questo promemoria non è più aperto: riaprilo prima di cambiarlo."))
        self._set(what, due_on, owner_id)
        case.refresh_next()

    def _set(self, what, due_on, owner_id):
        if not what:
            raise Refused(lazy("Scrivi che cosa c'è da fare."), "what")
        if not due_on:
            raise Refused(lazy("Scrivi entro quando."), "due_on")
        if due_on < clock.today() and due_on != self.due_on:
            raise Refused(lazy("Scegli un giorno da oggi in poi."), "due_on")
        if not owner_id:
            raise Refused(lazy("Scegli chi se ne occupa."), "owner_id")
        self.what, self.due_on, self.owner_id = what, due_on, owner_id

    def finish(self, case, *, by) -> None:
        """Done. Twice is once."""
        if self.open:
            self.done_at, self.done_by_id = clock.now(), by.id
        case.refresh_next()

    def drop(self, case, *, by) -> None:
        """No longer needed."""
        if self.open:
            self.dropped_at, self.done_by_id = clock.now(), by.id
        case.refresh_next()

    def reopen(self, case) -> None:
        """It was not done after all: still to do."""
        if case.closed:
            raise Refused(lazy("Il caso è chiuso: riaprilo prima di cambiare i promemoria."))
        self.done_at = self.dropped_at = self.done_by_id = None
        case.refresh_next()

    @property
    def open(self) -> bool:
        return not self.done_at and not self.dropped_at
