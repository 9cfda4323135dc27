"""Appointments of a case: from the promise of a time to what came of it."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import lazy

from .account import User
from .case import Case

OUTCOMES = {
    "held": lazy("Svolto"),
    "no_show": lazy("Non presentato"),
    "moved": lazy("Spostato"),
    "cancelled": lazy("Annullato"),
}
ENDS = ("held", "no_show", "cancelled")  # what people say; "moved" is said by moving it
LONGEST = 720  # minutes
KINDS = {
    "interview": lazy("Colloquio"),
    "phone": lazy("Telefonata"),
    "visit": lazy("Visita domiciliare"),
    "accompaniment": lazy("Accompagnamento"),
    "meeting": lazy("Riunione"),
    "other": lazy("Altro"),
}


def need_open(case):
    if case.closed:
        raise Refused(lazy("Il caso è chiuso: riaprilo prima di fissare un appuntamento."))


class Appointment(db.Model):
    """When, where, with whom; arrival and start are kept so that waiting can be measured."""

    __tablename__ = "appointment"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id))
    kind: Mapped[str] = mapped_column(String(20), default="interview")
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=45)
    place: Mapped[str | None] = mapped_column(String(120))
    link: Mapped[str | None] = mapped_column(String(300))
    with_whom: Mapped[str | None] = mapped_column(String(120))
    purpose: Mapped[str | None] = mapped_column(String(200))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))  # the colleague who meets the person
    arrived_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    version: Mapped[int] = mapped_column(default=1)
    case: Mapped[Case] = relationship(lazy="raise")
    user: Mapped[User] = relationship(lazy="raise", foreign_keys=[user_id])
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_appointment_case", "case_id", "starts_at"),
        Index("ix_appointment_user", "user_id", "starts_at"),
        CheckConstraint("outcome IN ('held', 'no_show', 'moved', 'cancelled')", name="outcome"),
        CheckConstraint("minutes BETWEEN 5 AND 720", name="minutes"),
    )

    @classmethod
    def visible_to(cls, user):
        return select(cls).join(Case, Case.id == cls.case_id).where(Case.VISIBLE).params(**user.scope)

    @classmethod
    def book(cls, case, *, by, **fields) -> "Appointment":
        """A new appointment of an open case."""
        need_open(case)
        row = cls(case_id=case.id, created_by_id=by.id, **{"minutes": 45, "kind": "interview", **fields})
        row._check()
        db.session.add(row)
        case.refresh_next()
        return row

    def edit(self, case, **fields) -> None:
        """Change what was agreed; once it has an outcome it is history."""
        self._open()
        for name, value in fields.items():
            setattr(self, name, value)
        self._check()
        case.refresh_next()

    def _check(self):
        if not self.starts_at:
            raise Refused(lazy("Scrivi il giorno e l'ora."), "on")
        if self.link and not self.link.startswith(("https://", "http://")):
            raise Refused(lazy("Il collegamento deve cominciare con https://"), "link")
        if self.minutes is None or not 5 <= self.minutes <= 720:
            raise Refused(lazy("La durata va da 5 a 720 minuti."), "minutes")

    def arrive(self) -> None:
        """The person is in the waiting room. Twice is once."""
        self._open()
        self.arrived_at = self.arrived_at or clock.now()

    def start(self) -> None:
        """The conversation begins. Not days before: then it is another appointment."""
        self._open()
        if clock.local(self.starts_at).date() > clock.today():
            raise Refused(lazy("Questo appuntamento deve ancora venire: spostalo a oggi, oppure scrivi una nota."))
        self.started_at = self.started_at or clock.now()
        self.arrived_at = self.arrived_at or self.started_at

    def end(self, case, outcome) -> None:
        """What came of it: held, not shown, cancelled. What is still to come can only be cancelled."""
        self._open()
        if outcome not in ENDS:
            raise Refused(lazy("Scegli com'è andata."), "outcome")
        if outcome != "cancelled" and clock.local(self.starts_at).date() > clock.today():
            raise Refused(lazy("Questo appuntamento deve ancora venire: puoi spostarlo o annullarlo."), "outcome")
        self.outcome = outcome
        if outcome == "held":
            case.contacted(clock.local(self.starts_at).date())
        case.refresh_next()

    def told(self, case, *, reached) -> None:
        """A note tells of it: it was held, or the person was not there."""
        if self.outcome:
            return
        if reached:
            self.start()
        self.end(case, "held" if reached else "no_show")

    def move(self, case, *, by, starts_at) -> "Appointment":
        """The same appointment at another time; the old row stays, marked as moved."""
        need_open(case)
        self._open()
        kept = {n: getattr(self, n) for n in ("kind", "minutes", "place", "link", "with_whom", "purpose", "user_id")}
        new = Appointment(case_id=self.case_id, created_by_id=by.id, starts_at=starts_at, **kept)
        new._check()
        if starts_at == self.starts_at:
            raise Refused(lazy("È già a quell'ora: scegli un altro momento."), "on")
        db.session.add(new)
        db.session.flush()
        self.outcome, self.moved_to_id = "moved", new.id
        case.refresh_next()
        return new

    def _open(self):
        if self.outcome:
            raise Refused(lazy("L'esito di questo appuntamento c'è già: %(outcome)s.", outcome=OUTCOMES[self.outcome]))

    @classmethod
    def clashes(cls, user_id, starts_at, minutes, but=None) -> list[tuple[datetime, datetime]]:
        """When a colleague is busy with somebody in that time: (from, to) instants, of any case, with no other word."""
        ends_at = starts_at + timedelta(minutes=minutes)
        query = select(cls.starts_at, cls.minutes).where(
            cls.user_id == user_id,
            cls.outcome.is_(None),
            cls.id != (but or 0),
            cls.starts_at < ends_at,
            cls.starts_at > starts_at - timedelta(minutes=LONGEST),
        )
        found = [(s, s + timedelta(minutes=m)) for s, m in db.session.execute(query.order_by(cls.starts_at))]
        return [(start, end) for start, end in found if end > starts_at]

    @property
    def ends_at(self):
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def waiting(self) -> bool:
        """In the lobby: arrived, not yet called in."""
        return bool(self.arrived_at and not self.started_at and not self.outcome)
