"""The cooperative, its services, its letterhead."""

from base64 import b64encode
from datetime import date

from sqlalchemy import ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import db, serialize
from core.errors import Refused
from core.files import StoredFile
from core.i18n import lazy

from .account import Team, User, cases_left, managed, refuse_taken


class Organisation(db.Model):
    """The one cooperative of this installation: what stands on its letterhead and its privacy notice's version."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(200))
    town: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(120))
    hours: Mapped[str | None] = mapped_column(String(120))  # when somebody answers, in words: for the person's papers
    letterhead_note: Mapped[str | None] = mapped_column(String(200))
    privacy_notice_version: Mapped[str] = mapped_column(String(20), default="1")
    privacy_notice: Mapped[str | None] = mapped_column(Text)
    logo_id: Mapped[int | None] = mapped_column(ForeignKey(StoredFile.id))
    two_for_closing: Mapped[bool] = mapped_column(default=False)  # who asks for a closing may not approve it
    demo: Mapped[bool] = mapped_column(default=False)  # the demonstration cooperative: nothing here is real
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def visible_to(cls, _user):
        return select(cls)

    @classmethod
    def found(
        cls,
        *,
        services,
        team,
        admin_name,
        admin_username,
        admin_password,
        worker_name,
        worker_username,
        worker_password,
        coordinates,
        logo=None,
        **letterhead,
    ) -> "Organisation":
        """The first day: the cooperative, its services, a team, who minds the computer, the first worker.

        Passwords are hashes. Raises Refused when there is a cooperative already, or both user names are the same.
        """
        serialize(7005)
        if db.session.scalar(select(cls.id).limit(1)):
            raise Refused(lazy("La cooperativa c'è già: qualcuno ha finito prima. Vai alla pagina di accesso."))
        if admin_username.casefold() == worker_username.casefold():
            raise Refused(
                lazy("Servono due nomi utente diversi: uno per il computer, uno per i casi."), "worker_username"
            )
        row = cls(**letterhead)
        db.session.add(row)
        row.set_logo(logo)
        for name in services:
            Service.new(name=name)
        first_team = Team.new(name=team)
        db.session.flush()
        User.new(username=admin_username, name=admin_name, password=admin_password, roles=["administrator"], teams=[])
        User.new(
            username=worker_username,
            name=worker_name,
            password=worker_password,
            roles=["worker", "coordinator"] if coordinates else ["worker"],
            teams=[first_team.id],
            must_change_password=True,
        )
        return row

    def edit(self, *, privacy_notice, privacy_notice_version, **fields) -> None:
        """Change letterhead and notice. A notice that was given to people changes only with a new version."""
        rewritten = (privacy_notice or "") != (self.privacy_notice or "")
        if rewritten and privacy_notice_version == self.privacy_notice_version and self._notice_given():
            raise Refused(
                lazy("Questa versione è già stata consegnata: se cambi il testo, dagli un nuovo numero di versione."),
                "privacy_notice_version",
            )
        self.privacy_notice, self.privacy_notice_version = privacy_notice, privacy_notice_version
        for name, value in fields.items():
            setattr(self, name, value)

    def _notice_given(self) -> bool:
        from .person import PrivacyNotice

        given = select(PrivacyNotice.id).where(PrivacyNotice.notice_version == self.privacy_notice_version)
        return db.session.scalar(given.limit(1)) is not None

    def logo(self) -> StoredFile | None:
        """The picture of the letterhead."""
        return db.session.get(StoredFile, self.logo_id) if self.logo_id else None

    def set_logo(self, picture: StoredFile | None) -> None:
        """Another picture on the letterhead, or none; the earlier one is erased."""
        earlier = self.logo()
        self.logo_id = picture.id if picture else None
        db.session.flush()
        if earlier:
            db.session.delete(earlier)

    @property
    def address_lines(self):
        """The letterhead's lines, without the name."""
        contact = ", ".join(x for x in (self.phone, self.email) if x)
        return [x for x in (self.address, self.town, contact, self.letterhead_note) if x]

    @property
    def logo_data(self) -> str | None:
        """The logo as a `data:` URI, which is how paper takes pictures; None without one."""
        file = db.session.get(StoredFile, self.logo_id) if self.logo_id else None
        return f"data:{file.mime};base64,{b64encode(file.content).decode()}" if file else None


class Service(db.Model):
    """What the cooperative offers: a person has at most one open episode in each."""

    __tablename__ = "service"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    since: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def visible_to(cls, _user):
        return select(cls).where(cls.active.is_(True)).order_by(cls.name)

    @classmethod
    def managed_by(cls, user):
        """All of them, for who keeps the list: also those no longer offered."""
        return managed(cls, user).order_by(cls.name)

    @classmethod
    def new(cls, *, name) -> "Service":
        row = cls(since=clock.today())
        row.rename(name)
        db.session.add(row)
        return row

    def rename(self, name) -> None:
        refuse_taken(Service, self, name)
        self.name = name

    def open_cases(self) -> int:
        from .case import Case

        return db.session.scalar(
            select(func.count()).select_from(Case).where(Case.service_id == self.id, Case.closed_on.is_(None))
        )

    def deactivate(self) -> None:
        """No new cases; the old ones keep its name. Raises Refused while a case is open."""
        if n := self.open_cases():
            raise Refused(cases_left(n))
        self.active = False

    def activate(self) -> None:
        self.active = True
