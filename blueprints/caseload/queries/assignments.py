"""Reads of assignments: the cases to give together."""

from sqlalchemy import false

from core.db import db
from models.case import Case
from models.person import Person


def to_assign(ids, me):
    """The open cases among `ids` that `me` may give: entities, with the person's name beside each."""
    query = (
        Case.visible_to(me)
        .join(Person, Person.id == Case.person_id)
        .add_columns(Person.first_name, Person.last_name)
        .where(Case.id.in_(ids) if ids else false(), Case.closed_on.is_(None))
        .order_by(Person.last_name, Person.first_name, Case.id)
    )
    return db.session.execute(query).all()


def names(rows):
    """(id, name, number) of those cases, read before the form is sent."""
    return [(row.Case.id, f"{row.first_name} {row.last_name}", row.Case.number) for row in rows]
