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
    not_,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from core import clock
from core.db import db, dialect, serialize
from core.errors import Refused
from core.i18n import lazy

from .account import Team, User, UserRole
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
    "emergency": lazy("Piano da concordare"),  # in corso for an emergency: the plan is owed
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

    @classmethod
    def visible_to(cls, user):
        return select(cls).join(Case, Case.id == cls.case_id).where(Case.VISIBLE).params(**user.scope)

    def end(self) -> None:
        """No longer of the care team, from today. Twice is once."""
        self.until = self.until or clock.today()


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
        # Wide enough that the counts of the list's chips read the index alone.
        Index(
            "ix_case_file_team",
            "team_id",
            "closed_on",
            "state",
            "confidential",
            "is_training",
            "last_contact_on",
            "opened_on",
            "id",
        ),
        CheckConstraint("priority BETWEEN 1 AND 3 AND complexity BETWEEN 1 AND 3", name="levels"),
    )

    @classmethod
    def visible_to(cls, user):
        """Cases the user may know of. Every read of cases starts here (or from its parts, `VISIBLE` and `user.scope`)."""
        return select(cls).where(cls.VISIBLE).params(**user.scope)

    @classmethod
    def open_new(cls, *, by, person, service_id, team_id, opened_on=None, holder_id=None, **fields) -> "Case":
        """A new case in state "segnalato", first episode. Refuses a second open case of the person in the same service."""
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
        case._need_no_double(by)
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
        if self.closed and user_id:
            raise Refused(lazy("Il caso è chiuso: riaprilo prima di assegnarlo."))
        now = db.session.scalar(select(Holding).where(Holding.case_id == self.id, Holding.until.is_(None)))
        if (now.user_id if now else None) == user_id:
            return
        if now and not reason:
            raise Refused(
                lazy("Scrivi perché il caso cambia titolare: lo leggerà chi lo lascia e chi lo prende."), "reason"
            )
        if user_id and not db.session.scalar(can_hold(user_id)):
            raise Refused(lazy("Non può essere titolare: scegli chi lavora sui casi."), "holder_id")
        if now:
            now.until = clock.today()
            db.session.flush()
        if user_id:
            db.session.add(
                Holding(case_id=self.id, user_id=user_id, since=clock.today(), reason=reason, given_by_id=by.id)
            )
        flag_modified(self, "state")  # who holds it is part of the case: a form opened before shows the conflict
        db.session.flush()

    def take(self, *, by) -> None:
        """Somebody takes a case that nobody holds."""
        holding = self.holder()
        if holding and holding.user_id != by.id:
            raise Refused(lazy("Il titolare c'è già: %(name)s.", name=holding.user.name))
        self.give_to(by.id, by=by, reason=None)

    def release(self, *, by, reason) -> None:
        """Back among the cases without a holder: by who holds it or who coordinates."""
        holding = self.holder()
        if holding is None:
            raise Refused(lazy("Il caso è già senza titolare."))
        if holding.user_id != by.id and not by.is_coordinator:
            raise Refused(lazy("Lo può lasciare il titolare, oppure chi coordina."))
        self.give_to(None, by=by, reason=reason)

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
            self._derive(last_contact_on=day)

    def contacts_changed(self) -> None:
        """A note was put right: work out again when somebody last spoke with the person."""
        from .appointment import Appointment
        from .note import WITH_PERSON, Note

        db.session.flush()
        notes = select(func.max(Note.at)).where(
            Note.case_id == self.id, Note.reached.is_(True), Note.kind.in_(WITH_PERSON)
        )
        held = select(func.max(Appointment.starts_at)).where(
            Appointment.case_id == self.id, Appointment.outcome == "held"
        )
        instants = [at for at in (db.session.scalar(notes), db.session.scalar(held)) if at]
        self._derive(last_contact_on=clock.local(max(instants)).date() if instants else None)

    def refresh_next(self) -> None:
        """Work out again what comes next: the nearest of appointments, reminders, plan actions and reviews still open."""
        from .next_step import next_step

        db.session.flush()
        day, at, kind, text = next_step(self)
        self._derive(next_on=day, next_at=at, next_kind=kind, next_text=text)

    def _derive(self, **values):
        """Write what repeats other rows, leaving the version: a note written meanwhile is no conflict for who edits."""
        changed = {name: value for name, value in values.items() if getattr(self, name) != value}
        if changed:
            db.session.flush()
            db.session.execute(update(Case.__table__).where(Case.__table__.c.id == self.id).values(**changed))
            for name, value in changed.items():
                set_committed_value(self, name, value)


def can_hold(user_id):
    """A Select with a row when this account works on cases."""
    return (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.id == user_id, User.active.is_(True))
        .where(UserRole.role.in_(("worker", "coordinator")), UserRole.until.is_(None))
        .limit(1)
    )


def _by_team(team):
    """A team's cases: the confidential ones only for who leads it (`led` is part of `teams`)."""
    teams, led = bindparam("teams", expanding=True), bindparam("led", expanding=True)
    return and_(team.in_(teams), or_(Case.confidential == false(), team.in_(led)))


_BY_NAME = Case.id.in_(
    union_all(
        select(Holding.case_id).where(Holding.user_id == bindparam("me"), Holding.until.is_(None)),
        select(CareMember.case_id).where(CareMember.user_id == bindparam("me"), CareMember.until.is_(None)),
    )
)
# The one rule of who may see a case: the team's, unless confidential; then who holds it, the care team, who leads the team.
Case.VISIBLE = or_(_by_team(Case.team_id), _BY_NAME)
# The same rule in two parts without a case in common, each read from its own index: for counts.
Case.VISIBLE_PARTS = (_by_team(Case.team_id), and_(_BY_NAME, not_(_by_team(Case.team_id))))
# `visible_to` for one case, built once: the page of a case is opened all day.
Case.READY = select(Case).where(Case.VISIBLE, Case.id == bindparam("id"))
# The same rule for lists that walk an index newest first: without the "+ 0" SQLite gathers and sorts a whole team.
_WALK = or_(_by_team(Case.team_id + 0), _BY_NAME)


def visible_walk():
    return _WALK if dialect() == "sqlite" else Case.VISIBLE
