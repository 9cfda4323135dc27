"""The diary of a case: what was said and done, by whom, how long it took. A correction keeps the original."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import lazy
from core.search import fold

from .account import User
from .case import Case
from .todo import Todo

KINDS = {
    "interview": lazy("Colloquio"),
    "phone": lazy("Telefonata"),
    "visit": lazy("Visita domiciliare"),
    "message": lazy("Messaggio"),
    "accompaniment": lazy("Accompagnamento"),
    "meeting": lazy("Riunione"),
    "other": lazy("Altro"),
}
WITH_PERSON = {"interview", "phone", "visit", "message", "accompaniment"}
TEXTS = (
    "text",
    "private_text",
    "kind",
    "at",
    "reached",
    "present",
    "minutes_direct",
    "minutes_documentation",
    "minutes_coordination",
    "minutes_travel",
)


class Note(db.Model):
    """One contact or piece of work. `text` may be printed and read to the person; `private_text` never leaves the team."""

    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id))
    author_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    reached: Mapped[bool] = mapped_column(default=True)
    present: Mapped[str | None] = mapped_column(String(200))
    minutes_direct: Mapped[int | None]
    minutes_documentation: Mapped[int | None]
    minutes_coordination: Mapped[int | None]
    minutes_travel: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
    private_text: Mapped[str | None] = mapped_column(Text)
    addendum: Mapped[bool] = mapped_column(default=False)  # written after the case was closed
    corrected_at: Mapped[datetime | None]
    folded: Mapped[str] = mapped_column(Text, default="")
    folded_private: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    case: Mapped[Case] = relationship(lazy="raise")
    author: Mapped[User] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_note_case", "case_id", "at", "id"),
        Index("ix_note_author", "author_id", "at"),
        CheckConstraint(
            "kind IN ('interview', 'phone', 'visit', 'message', 'accompaniment', 'meeting', 'other')", name="kind"
        ),
        {"info": {"search": ("folded", "folded_private")}},
    )

    @classmethod
    def visible_to(cls, user):
        return select(cls).join(Case, Case.id == cls.case_id).where(Case.VISIBLE).params(**user.scope)

    @classmethod
    def write(cls, case, *, by, kind, at=None, text=None, appointment=None, todo=None, **fields) -> "Note":
        """A new note; on a closed case it is an addendum.

        `appointment`, the one it tells of, is ended by it; `todo` (what, due_on, owner_id) is what follows from it.
        """
        at = at or clock.now()
        if at > clock.now() and clock.local(at).date() > clock.today():
            raise Refused(
                lazy("Una nota racconta quello che è già successo: per il futuro fissa un appuntamento."), "on"
            )
        cls._need_text(text, fields.get("private_text"), fields.get("reached", True))
        note = cls(case_id=case.id, author_id=by.id, kind=kind, at=at, text=text or "", addendum=case.closed, **fields)
        note.appointment_id = appointment.id if appointment else None
        note._refold()
        db.session.add(note)
        db.session.flush()
        if note.with_person:
            case.contacted(clock.local(at).date())
        if appointment:
            appointment.told(case, reached=note.reached)
        if todo:
            Todo.promise(case, by=by, note_id=note.id, **todo)
        return note

    @classmethod
    def no_answer(cls, case, *, by) -> "Note":
        """Called, nobody answered: the two-tap note."""
        return cls.write(
            case, by=by, kind="phone", reached=False, text=str(lazy("Chiamata, nessuna risposta.")), minutes_direct=2
        )

    @staticmethod
    def _need_text(text, private_text, reached):
        if not text and not private_text and reached:
            raise Refused(lazy("Scrivi che cosa è successo, anche in una riga."), "text")

    def correct(self, *, by, **fields) -> None:
        """Change the note; what it said before is kept, with who changed it and when."""
        if self.author_id != by.id and not by.is_coordinator:
            raise Refused(lazy("Una nota la corregge chi l'ha scritta. Se serve, scrivine una tu."))
        case = db.session.get(Case, self.case_id)
        if not self.correctable(case):
            raise Refused(lazy("Il caso è chiuso: questa nota resta com'è. Scrivi un'annotazione."))
        was = {name: getattr(self, name) for name in TEXTS}
        now = {**was, **fields, "text": fields.get("text", was["text"]) or ""}
        if now == was:
            return
        self._need_text(now["text"], now["private_text"], now["reached"])
        if clock.local(now["at"]).date() > clock.today():
            raise Refused(lazy("Una nota racconta quello che è già successo."), "on")
        db.session.add(NoteOriginal(note_id=self.id, replaced_at=clock.now(), replaced_by_id=by.id, **was))
        for name, value in now.items():
            setattr(self, name, value)
        self.corrected_at = clock.now()
        self._refold()
        if any(now[name] != was[name] for name in ("kind", "at", "reached")):
            case.contacts_changed()

    def correctable(self, case) -> bool:
        """On a closed case only what was added after the closing may still be put right."""
        return not case.closed or self.addendum

    @property
    def with_person(self) -> bool:
        """Somebody spoke with the person."""
        return self.reached and self.kind in WITH_PERSON

    def _refold(self):
        self.folded, self.folded_private = fold(self.text), fold(self.private_text or "")

    @property
    def minutes(self) -> int:
        """All the minutes of the note."""
        return sum(
            m or 0
            for m in (self.minutes_direct, self.minutes_documentation, self.minutes_coordination, self.minutes_travel)
        )


class NoteOriginal(db.Model):
    """What a note said before it was corrected."""

    __tablename__ = "note_original"
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey(Note.id), index=True)
    replaced_at: Mapped[datetime]
    replaced_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    reached: Mapped[bool]
    present: Mapped[str | None] = mapped_column(String(200))
    minutes_direct: Mapped[int | None]
    minutes_documentation: Mapped[int | None]
    minutes_coordination: Mapped[int | None]
    minutes_travel: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    private_text: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def visible_to(cls, user):
        return select(cls).where(cls.note_id.in_(Note.visible_to(user).with_only_columns(Note.id)))
