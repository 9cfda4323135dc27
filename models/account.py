"""People who work here: accounts, roles, teams. Roles and memberships are dated rows, closed and opened."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, func, select, true
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from core import clock
from core.db import db, serialize
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

HOLDING = {"worker", "coordinator"}  # roles that can hold a case


def managed(model, user):
    """All rows for who manages the cooperative, inactive ones too; none for others."""
    return select(model) if user.is_coordinator or user.is_administrator else select(model).where(false())


def refuse_taken(model, row, name) -> None:
    """Two services, or two teams, do not have the same name, in any case of letters."""
    same = select(model.id).where(func.lower(model.name) == name.lower(), model.id != (row.id or 0))
    if db.session.scalar(same):
        raise Refused(lazy("C'è già, magari tra quelli non più attivi: usa un altro nome."), "name")


def cases_left(n):
    """Why a service or a team cannot be put away."""
    if n == 1:
        return lazy("C'è ancora un caso aperto: prima chiudilo o spostalo.")
    return lazy("Ci sono ancora %(n)s casi aperti: prima chiudili o spostali.", n=n)


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

    @classmethod
    def managed_by(cls, user):
        """All of them, for who keeps the list: also those that are no more."""
        return managed(cls, user).order_by(cls.name)

    @classmethod
    def new(cls, *, name) -> "Team":
        row = cls()
        row.rename(name)
        db.session.add(row)
        return row

    def rename(self, name) -> None:
        refuse_taken(Team, self, name)
        self.name = name

    def open_cases(self) -> int:
        from .case import Case

        return db.session.scalar(
            select(func.count()).select_from(Case).where(Case.team_id == self.id, Case.closed_on.is_(None))
        )

    def deactivate(self) -> None:
        """No new cases and no new members; old cases stay with it. Raises Refused while a case is open."""
        if n := self.open_cases():
            raise Refused(cases_left(n))
        self.active = False

    def activate(self) -> None:
        self.active = True


class User(db.Model):
    """An account. The password is an argon2 hash; an account is disabled, never deleted."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    profession: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(120))
    hours: Mapped[str | None] = mapped_column(String(120))  # when she answers, in words: for the person's papers
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

    @classmethod
    def managed_by(cls, user):
        """All accounts, for who keeps them: also the disabled ones, last."""
        return managed(cls, user).order_by(cls.active.desc(), cls.name, cls.id)

    @classmethod
    def invite(cls, *, by, role_names, team_ids, **fields) -> "User":
        """A new account made by a colleague; its first password is changed at the first sign-in."""
        _refuse_roles(by, set(), set(role_names))
        return cls.new(roles=role_names, teams=team_ids, must_change_password=True, **fields)

    @property
    def role_names(self) -> list[str]:
        """Today's roles, read now."""
        return list(
            db.session.scalars(select(UserRole.role).where(UserRole.user_id == self.id, UserRole.until.is_(None)))
        )

    @property
    def team_ids(self) -> list[int]:
        """Today's teams, read now."""
        rows = select(Membership.team_id).where(Membership.user_id == self.id, Membership.until.is_(None))
        return list(db.session.scalars(rows))

    def edit(self, *, by, role_names, team_ids, **fields) -> None:
        """Change the account. Other roles or teams end its sessions, so that they hold from now."""
        serialize(7003)  # two administrators must not take each other's role at once
        had, roles = set(self.role_names), set(role_names)
        _refuse_roles(by, had, roles)
        if "administrator" in had - roles:
            self._refuse_last_administrator()
        if had & HOLDING and not roles & HOLDING:
            self._refuse_holder()
        moved = had != roles or set(self.team_ids) != set(team_ids)
        for name, value in fields.items():
            setattr(self, name, value)
        if moved:
            flag_modified(self, "name")  # a new version, though only other tables change: two edits must not mix
            self.set_roles(roles)
            self.set_teams(team_ids)
            self._end_sessions()

    def give_password(self, password, *, by) -> None:
        """A new first password (its hash), to be changed at the next sign-in; whoever is signed in is out."""
        self._refuse_not_mine_to_touch(by)
        self.password, self.must_change_password = password, True
        self._end_sessions()

    def disable(self, *, by) -> None:
        """No more sign-in. Raises Refused for oneself, the last administrator, and who still holds open cases."""
        serialize(7003)
        if by.id == self.id:
            raise Refused(lazy("Il tuo account non lo puoi sospendere tu: chiedilo a un altro amministratore."))
        self._refuse_not_mine_to_touch(by)
        if "administrator" in self.role_names:
            self._refuse_last_administrator()
        self._refuse_holder()
        self.active = False
        self._end_sessions()

    def enable(self, *, by) -> None:
        self._refuse_not_mine_to_touch(by)
        self.active = True

    def held_cases(self) -> int:
        """How many open cases it holds."""
        from .case import Case, Holding

        held = select(func.count()).select_from(Holding).join(Case, Case.id == Holding.case_id)
        return db.session.scalar(
            held.where(Holding.user_id == self.id, Holding.until.is_(None), Case.closed_on.is_(None))
        )

    def _refuse_holder(self):
        n = self.held_cases()
        if n == 1:
            raise Refused(lazy("%(name)s segue ancora un caso aperto: prima riassegnalo.", name=self.name))
        if n:
            raise Refused(lazy("%(name)s segue ancora %(n)s casi aperti: prima riassegnali.", name=self.name, n=n))

    def _refuse_last_administrator(self):
        others = (
            select(User.id)
            .join(UserRole, UserRole.user_id == User.id)
            .where(
                UserRole.role == "administrator", UserRole.until.is_(None), User.active == true(), User.id != self.id
            )
        )
        if db.session.scalar(others.limit(1)) is None:
            raise Refused(lazy("È l'ultimo account di amministrazione: prima danne il ruolo a qualcun altro."))

    def _refuse_not_mine_to_touch(self, by):
        """Whoever could give an administrator a password could sign in as one."""
        if not by.is_administrator and "administrator" in self.role_names:
            raise Refused(lazy("È un account di amministrazione: lo cambia solo chi amministra il computer."))

    def choose_password(self, password, *, session_id) -> None:
        """Her own new password (its hash); every other device is out."""
        from .session import Session

        self.password, self.must_change_password = password, False
        db.session.flush()
        Session.revoke_all(self.id, but=session_id)

    def prefer(self, *, locale, theme) -> None:
        self.locale, self.theme = locale, theme

    def _end_sessions(self):
        from .session import Session

        db.session.flush()
        Session.revoke_all(self.id)

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


def _refuse_roles(by, had, wanted):
    if not wanted:
        raise Refused(lazy("Scegli almeno un ruolo: senza, l'account non apre nessuna pagina."), "role_names")
    if "administrator" in had ^ wanted and not by.is_administrator:
        raise Refused(
            lazy("Il ruolo di amministrazione lo dà e lo toglie solo chi amministra il computer."), "role_names"
        )


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
