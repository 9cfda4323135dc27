"""The cooperative, its services, its letterhead."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from core.db import db
from core.files import StoredFile


class Organisation(db.Model):
    """The one cooperative of this installation: what stands on its letterhead and its privacy notice's version."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(200))
    town: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(120))
    letterhead_note: Mapped[str | None] = mapped_column(String(200))
    privacy_notice_version: Mapped[str] = mapped_column(String(20), default="1")
    privacy_notice: Mapped[str | None] = mapped_column(Text)
    logo_id: Mapped[int | None] = mapped_column(ForeignKey(StoredFile.id))
    demo: Mapped[bool] = mapped_column(default=False)  # the demonstration cooperative: nothing here is real
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def visible_to(cls, _user):
        return select(cls)

    @property
    def address_lines(self):
        """The letterhead's lines, without the name."""
        contact = ", ".join(x for x in (self.phone, self.email) if x)
        return [x for x in (self.address, self.town, contact, self.letterhead_note) if x]


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
