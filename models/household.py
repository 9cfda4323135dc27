"""Who lives with the person or depends on her."""

from datetime import date

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import db
from core.errors import Refused
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
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def visible_to(cls, user):
        return select(cls).where(cls.person_id.in_(Person.visible_to(user).with_only_columns(Person.id)))

    @classmethod
    def add(cls, person, **fields) -> "HouseholdMember":
        """Somebody joins the household; `since` stays empty when nobody knows it."""
        member = cls(person_id=person.id)
        member.edit(**fields)
        db.session.add(member)
        db.session.flush()
        return member

    def edit(self, **fields) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        if self.born_on and self.born_on > clock.today():
            raise Refused(lazy("La data di nascita non può essere nel futuro."), "born_on")

    def end(self) -> None:
        """No longer part of the household: the row stays, with the date. Twice is once."""
        self.until = self.until or clock.today()

    @property
    def relation_label(self):
        return RELATIONS.get(self.relation, self.relation)
