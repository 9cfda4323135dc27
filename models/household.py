"""Who lives with the person or depends on her."""

from datetime import date

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.db import db
from core.i18n import lazy

from .person import Person

RELATIONS = {
    "partner": lazy("Coniuge o compagno"),
    "child": lazy("Figlio o figlia"),
    "parent": lazy("Genitore"),
    "sibling": lazy("Fratello o sorella"),
    "other_relative": lazy("Altro parente"),
    "cohabitant": lazy("Convivente"),
    "other": lazy("Altro"),
}


class HouseholdMember(db.Model):
    """One member of the household; `until` empty: still part of it."""

    __tablename__ = "household_member"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    name: Mapped[str] = mapped_column(String(120))
    relation: Mapped[str] = mapped_column(String(20))
    born_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(200))
    lives_with: Mapped[bool] = mapped_column(default=True)
    since: Mapped[date | None]
    until: Mapped[date | None]

    @classmethod
    def visible_to(cls, user):
        return select(cls).where(cls.person_id.in_(Person.visible_to(user).with_only_columns(Person.id)))
