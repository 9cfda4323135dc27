"""People who work here: accounts, roles, teams. Roles and memberships are dated rows, closed and opened."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import lazy

ROLES = {
    "worker": lazy("Operatore o operatrice"),
    "coordinator": lazy("Coordinamento"),
    "administrator": lazy("Amministrazione del computer"),
    "reader": lazy("Sola lettura"),
}
SENIORITY = {"junior": lazy("Junior"), "senior": lazy("Senior")}
THEMES = {"auto": lazy("Come il dispositivo"), "light": lazy("Chiaro"), "dark": lazy("Scuro")}


class Team(db.Model):
    """An équipe: who follows the same cases together."""

    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def visible_to(cls, _user):
        return select(cls).where(cls.active.is_(True)).order_by(cls.name)


class User(db.Model):
    """An account. The password is an argon2 hash; an account is disabled, never deleted."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    profession: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    seniority: Mapped[str] = mapped_column(String(10), default="senior")
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(String(5), default="it")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    version: Mapped[int] = mapped_column(default=1)
    roles: Mapped[list["UserRole"]] = relationship(lazy="raise", back_populates="user")
    memberships: Mapped[list["Membership"]] = relationship(lazy="raise", back_populates="user")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("seniority IN ('junior', 'senior')", name="seniority"),)

    @classmethod
    def visible_to(cls, _user):
        """Colleagues: everybody may know who works here."""
        return select(cls).where(cls.active.is_(True)).order_by(cls.name)

    @classmethod
    def new(cls, *, username, name, password, roles, teams, seniority="senior", **other):
        """A new account with its roles and teams from today. Raises Refused when the user name is taken."""
        username = username.casefold()
        if db.session.scalar(select(cls.id).where(cls.username == username)):
            raise Refused(lazy("Questo nome utente è già di qualcuno: aggiungi un punto o un numero."), "username")
        user = cls(username=username, name=name, password=password, seniority=seniority, **other)
        db.session.add(user)
        db.session.flush()
        user.set_roles(roles)
        user.set_teams(teams)
        return user

    def set_roles(self, roles):
        """From today these roles and no others; the earlier rows are closed, not erased."""
        self._replace(UserRole, "role", roles)

    def set_teams(self, team_ids):
        self._replace(Membership, "team_id", team_ids)

    def _replace(self, table, column, wanted):
        wanted = set(wanted)
        rows = db.session.scalars(select(table).where(table.user_id == self.id, table.until.is_(None))).all()
        for row in rows:
            if getattr(row, column) not in wanted:
                row.until = clock.today()
        for value in sorted(wanted - {getattr(row, column) for row in rows}, key=str):
            db.session.add(table(**{"user_id": self.id, column: value, "since": clock.today()}))


class UserRole(db.Model):
    """A role somebody had, from when to when (`until` empty: still)."""

    __tablename__ = "user_role"
    __table_args__ = (
        Index(
            "uq_user_role_open",
            "user_id",
            "role",
            unique=True,
            sqlite_where=db.text("until IS NULL"),
            postgresql_where=db.text("until IS NULL"),
        ),
        CheckConstraint("role IN ('worker', 'coordinator', 'administrator', 'reader')", name="role"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    role: Mapped[str] = mapped_column(String(20))
    since: Mapped[date]
    until: Mapped[date | None]
    user: Mapped[User] = relationship(lazy="raise", back_populates="roles")


class Membership(db.Model):
    """Somebody was in a team, from when to when (`until` empty: still)."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_open",
            "user_id",
            "team_id",
            unique=True,
            sqlite_where=db.text("until IS NULL"),
            postgresql_where=db.text("until IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    user: Mapped[User] = relationship(lazy="raise", back_populates="memberships")


def colleagues(team_ids, roles=("worker", "coordinator")):
    """Active accounts of these teams that can hold a case: a Select of id, name, seniority."""
    return (
        select(User.id, User.name, User.seniority)
        .join(UserRole, UserRole.user_id == User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(User.active == true(), UserRole.until.is_(None), Membership.until.is_(None))
        .where(UserRole.role.in_(roles), Membership.team_id.in_(list(team_ids)))
        .distinct()
        .order_by(User.name)
    )


@dataclass(slots=True)
class Me:
    """Who is asking: what a session says of its user, read in one statement. Nobody when `id` is None."""

    id: int | None = None
    name: str = ""
    username: str = ""
    roles: frozenset = frozenset()
    team_ids: tuple = ()
    seniority: str = "senior"
    locale: str = "it"
    theme: str = "auto"
    must_change_password: bool = False
    session_id: str = ""
    scope: dict = field(default_factory=dict)

    def __post_init__(self):
        reads = bool(self.roles & {"worker", "coordinator", "reader"})
        # The parameters of Case.VISIBLE: who only cares for the computer reads no case.
        self.scope = {
            "me": self.id if reads else 0,
            "teams": list(self.team_ids) if reads else [],
            "led": list(self.team_ids) if "coordinator" in self.roles else [],
        }

    @property
    def is_authenticated(self):
        return self.id is not None

    @property
    def is_active(self):
        return self.is_authenticated

    @property
    def is_anonymous(self):
        return not self.is_authenticated

    def get_id(self):
        return str(self.id)

    @property
    def initials(self):
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    @property
    def writes(self):
        return bool(self.roles & {"worker", "coordinator"})

    @property
    def is_coordinator(self):
        return "coordinator" in self.roles

    @property
    def is_administrator(self):
        return "administrator" in self.roles

    @property
    def is_junior(self):
        return self.seniority == "junior" and not self.is_coordinator
