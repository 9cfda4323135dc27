"""The case: one person, one service, one or more episodes; who holds it and who may see it."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import db, dialect, serialize
from core.errors import Refused
from core.i18n import lazy

from .account import Team, User
from .case_states import CLOSED, States
from .organisation import Service
from .person import Person

PRIORITIES = {1: lazy("Alta"), 2: lazy("Media"), 3: lazy("Bassa")}
COMPLEXITIES = {1: lazy("Bassa"), 2: lazy("Media"), 3: lazy("Alta")}
NEXT_KINDS = {
    "appointment": lazy("Appuntamento"),
    "todo": lazy("Promemoria"),
    "action": lazy("Azione del piano"),
    "review": lazy("Verifica del piano"),
    "check": lazy("Controllo della sospensione"),
}
ONE_OPEN = {"sqlite_where": db.text("until IS NULL"), "postgresql_where": db.text("until IS NULL")}


class Holding(db.Model):
    """Who held the case (titolare), from when to when; never updated in place. No open row: without a holder."""

    __tablename__ = "case_holder"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    since: Mapped[date]
    until: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(String(300))
    given_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    user: Mapped[User] = relationship(lazy="raise", foreign_keys=[user_id])
    __table_args__ = (
        Index("uq_case_holder_open", "case_id", unique=True, **ONE_OPEN),
        Index("ix_case_holder_user", "user_id", "until", "case_id"),
    )


class CareMember(db.Model):
    """Somebody of the care team: a colleague (who so may see the case, also a confidential one) or an outsider by name."""

    __tablename__ = "care_member"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    outsider: Mapped[str | None] = mapped_column(String(120))
    role: Mapped[str | None] = mapped_column(String(80))
    since: Mapped[date]
    until: Mapped[date | None]
    user: Mapped[User | None] = relationship(lazy="raise")
    __table_args__ = (
        Index("ix_care_member_user", "user_id", "until", "case_id"),
        CheckConstraint("(user_id IS NULL) <> (outsider IS NULL)", name="one_kind"),
    )


class Case(States, db.Model):
    """A case file. `state` repeats the open row of `case_state`, `next_*` and `last_contact_on` what the rows say: for lists."""

    __tablename__ = "case_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    service_id: Mapped[int] = mapped_column(ForeignKey(Service.id))
    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id))
    state: Mapped[str] = mapped_column(String(12))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    source: Mapped[str | None] = mapped_column(String(120))  # who sent the person
    request: Mapped[str | None] = mapped_column(Text)  # what she asks for
    to_know: Mapped[str | None] = mapped_column(String(300))  # what whoever opens the folder must know at once
    priority: Mapped[int] = mapped_column(default=2)
    complexity: Mapped[int] = mapped_column(default=2)
    confidential: Mapped[bool] = mapped_column(default=False)
    is_training: Mapped[bool] = mapped_column(default=False)
    last_contact_on: Mapped[date | None] = mapped_column(info={"derived": True})
    next_on: Mapped[date | None] = mapped_column(info={"derived": True})
    next_at: Mapped[datetime | None] = mapped_column(info={"derived": True})
    next_kind: Mapped[str | None] = mapped_column(String(12), info={"derived": True})
    next_text: Mapped[str | None] = mapped_column(String(200), info={"derived": True})
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(lazy="raise")
    service: Mapped[Service] = relationship(lazy="raise")
    team: Mapped[Team] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("uq_case_file_serial", "year", "serial", unique=True),
        Index("ix_case_file_recent", "opened_on", "id", "team_id", "closed_on", "state", "confidential"),
        Index("ix_case_file_next", "next_on", "id", "team_id", "closed_on", "state", "confidential"),
        Index("ix_case_file_contact", "last_contact_on", "id", "team_id", "closed_on", "state", "confidential"),
        Index("ix_case_file_team", "team_id", "closed_on", "state", "confidential", "id"),
        CheckConstraint("priority BETWEEN 1 AND 3 AND complexity BETWEEN 1 AND 3", name="levels"),
    )

    @classmethod
    def visible_to(cls, user):
        """Cases the user may know of. Every read of cases starts here (or from its parts, `VISIBLE` and `user.scope`)."""
        return select(cls).where(cls.VISIBLE).params(**user.scope)

    @classmethod
    def open_new(cls, *, by, person, service_id, team_id, opened_on=None, holder_id=None, **fields) -> "Case":
        """A new case in state "segnalato", first episode. Refuses a second open case of the person in the same service."""
        double = select(cls.number).where(
            cls.person_id == person.id, cls.service_id == service_id, cls.closed_on.is_(None)
        )
        if number := db.session.scalar(double):
            raise Refused(
                lazy("La persona ha già un caso aperto in questo servizio: %(number)s.", number=number), "service_id"
            )
        opened_on = opened_on or clock.today()
        if opened_on > clock.today():
            raise Refused(lazy("La data di segnalazione non può essere nel futuro."), "opened_on")
        case = cls(
            person_id=person.id,
            service_id=service_id,
            team_id=team_id,
            opened_on=opened_on,
            state="reported",
            is_training=person.is_training,
            **fields,
        )
        case._number()
        db.session.add(case)
        db.session.flush()
        case._start_episode(by, opened_on)
        if holder_id:
            case.give_to(holder_id, by=by, reason=None)
        return case

    def _number(self):
        serialize(7002)
        self.year = self.opened_on.year
        last = db.session.scalar(select(func.max(Case.serial)).where(Case.year == self.year))
        self.serial = (last or 0) + 1
        self.number = f"{self.year}-{self.serial:04}"

    def edit(self, **fields) -> None:
        for name, value in fields.items():
            setattr(self, name, value)

    @property
    def closed(self) -> bool:
        return self.state in CLOSED

    def holder(self) -> Holding | None:
        """Who holds it today, with the user loaded."""
        from sqlalchemy.orm import joinedload

        return db.session.scalar(
            select(Holding).where(Holding.case_id == self.id, Holding.until.is_(None)).options(joinedload(Holding.user))
        )

    def give_to(self, user_id, *, by, reason) -> None:
        """Assign directly (no acceptance): the holder's row is closed and a new one opened; None puts it in the queue."""
        now = db.session.scalar(select(Holding).where(Holding.case_id == self.id, Holding.until.is_(None)))
        if now and now.user_id == user_id:
            return
        if now and not reason:
            raise Refused(
                lazy("Scrivi perché il caso cambia titolare: lo leggerà chi lo lascia e chi lo prende."), "reason"
            )
        if now:
            now.until = clock.today()
            db.session.flush()
        if user_id:
            db.session.add(
                Holding(case_id=self.id, user_id=user_id, since=clock.today(), reason=reason, given_by_id=by.id)
            )
            db.session.flush()

    def add_member(self, *, user_id=None, outsider=None, role=None) -> CareMember:
        if bool(user_id) == bool(outsider):
            raise Refused(lazy("Scegli un collega oppure scrivi il nome di chi è fuori dalla cooperativa."), "outsider")
        already = select(CareMember.id).where(
            CareMember.case_id == self.id, CareMember.user_id == user_id, CareMember.until.is_(None)
        )
        if user_id and db.session.scalar(already):
            raise Refused(lazy("È già nell'équipe di questo caso."), "user_id")
        member = CareMember(case_id=self.id, user_id=user_id, outsider=outsider, role=role, since=clock.today())
        db.session.add(member)
        return member

    def contacted(self, day) -> None:
        """Somebody spoke with the person that day."""
        if self.last_contact_on is None or day > self.last_contact_on:
            self.last_contact_on = day

    def refresh_next(self) -> None:
        """Work out again what comes next: the nearest of appointments, reminders, plan actions and reviews still open."""
        from .next_step import next_step

        db.session.flush()
        self.next_on, self.next_at, self.next_kind, self.next_text = next_step(self)


def _visible(team):
    granted = union_all(
        select(Holding.case_id).where(Holding.user_id == bindparam("me"), Holding.until.is_(None)),
        select(CareMember.case_id).where(CareMember.user_id == bindparam("me"), CareMember.until.is_(None)),
    )
    return or_(
        and_(team.in_(bindparam("teams", expanding=True)), Case.confidential == false()),
        team.in_(bindparam("led", expanding=True)),
        Case.id.in_(granted),
    )


# The one rule of who may see a case: the team's, unless confidential; then who holds it, the care team, who leads the team.
Case.VISIBLE = _visible(Case.team_id)
# The same rule for lists that walk an index newest first: without the "+ 0" SQLite gathers and sorts a whole team.
_WALK = _visible(Case.team_id + 0)


def visible_walk():
    return _WALK if dialect() == "sqlite" else Case.VISIBLE
