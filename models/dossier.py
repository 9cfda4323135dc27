"""One list says what a case file holds. The case page, the printed summary, the export, the merge and the erasure walk it.

A table that points at a person or a case and stands in no section makes a test fail: nothing about a person can be
forgotten by a print, an export or an erasure.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.audit import Audit
from core.i18n import lazy

from .appointment import Appointment
from .case import CareMember, Case, Holding
from .case_states import Episode, StateChange
from .household import HouseholdMember
from .note import Note, NoteOriginal
from .person import Person, PrivacyNotice
from .plan import Action, Goal, Need, Plan
from .todo import Todo


@dataclass(frozen=True)
class Section:
    """A part of the file: which tables, how to read them for a case, who may see it, what erasure does with it."""

    name: str
    title: object
    tables: tuple
    rows: Callable  # case -> Select of the leading table, with what its readers show of it
    also: dict = field(default_factory=dict)  # name -> (case -> Select) of the other tables that `rows` does not bring
    dated: object = None  # the column of `rows` by which a stretch of time is chosen; None: always whole
    readers: Callable = field(default=lambda _user: True)  # besides seeing the case
    erase: str = "delete"  # "delete": the rows go; "blank": rows stay for the counts, words about the person go
    printed: bool = True
    kept_back: tuple = ()  # columns that leave the team on no paper


def _of_case(model, *order, load=()):
    return lambda c: select(model).where(model.case_id == c.id).order_by(*order).options(*load)


def _of_person(model, *order):
    return lambda c: select(model).where(model.person_id == c.person_id).order_by(*order)


SECTIONS = [
    Section(
        "identity",
        lazy("Anagrafica"),
        (Person,),
        lambda c: select(Person).where(Person.id == c.person_id),
        erase="blank",
    ),
    Section(
        "household",
        lazy("Famiglia"),
        (HouseholdMember,),
        _of_person(HouseholdMember, HouseholdMember.id),
    ),
    Section(
        "path",
        lazy("Percorso"),
        (StateChange, Case, Episode, Holding, CareMember),
        _of_case(StateChange, StateChange.at, StateChange.id),
        also={
            "file": lambda c: select(Case).where(Case.id == c.id).options(joinedload(Case.service)),
            "episodes": _of_case(Episode, Episode.number),
            "holders": _of_case(Holding, Holding.since, Holding.id, load=(joinedload(Holding.user),)),
            "members": _of_case(CareMember, CareMember.since, CareMember.id, load=(joinedload(CareMember.user),)),
        },
        erase="blank",
    ),
    Section("needs", lazy("Bisogni"), (Need,), _of_case(Need, Need.priority, Need.id)),
    Section(
        "plan",
        lazy("Piano"),
        (Plan, Goal, Action),
        _of_case(
            Plan,
            Plan.number,
            load=(selectinload(Plan.goals).selectinload(Goal.actions).joinedload(Action.owner),),
        ),
    ),
    Section(
        "contacts",
        lazy("Contatti"),
        (Note, NoteOriginal),
        _of_case(Note, Note.at, Note.id, load=(joinedload(Note.author),)),
        also={
            "originals": lambda c: (
                select(NoteOriginal)
                .join(Note, Note.id == NoteOriginal.note_id)
                .where(Note.case_id == c.id)
                .order_by(NoteOriginal.id)
            )
        },
        dated=Note.at,
        erase="blank",
        kept_back=(Note.private_text, Note.folded, Note.folded_private, NoteOriginal.private_text),
    ),
    Section(
        "appointments",
        lazy("Appuntamenti"),
        (Appointment,),
        _of_case(Appointment, Appointment.starts_at, Appointment.id, load=(joinedload(Appointment.user),)),
        dated=Appointment.starts_at,
        erase="blank",
    ),
    Section(
        "todos",
        lazy("Promemoria"),
        (Todo,),
        _of_case(Todo, Todo.due_on, Todo.id, load=(joinedload(Todo.owner),)),
        dated=Todo.due_on,
    ),
    Section(
        "privacy",
        lazy("Informativa privacy"),
        (PrivacyNotice,),
        _of_person(PrivacyNotice, PrivacyNotice.given_on, PrivacyNotice.id),
    ),
    Section(
        "accesses",
        lazy("Chi ha aperto il fascicolo"),
        (Audit,),
        lambda c: (
            select(Audit)
            .where(Audit.tbl == "case_file", Audit.row_id == str(c.id), Audit.verb.in_(("view", "print", "export")))
            .order_by(Audit.seq)
        ),
        readers=lambda user: user.is_coordinator,
        erase="keep",
        printed=False,
    ),
]
# Tables that hold something of a person or a case and are no section of the file, each with its reason.
OUTSIDE = {
    "name_key": "words of all names, without whose they are",
    "job": "asks for a print by the number of the case's row; forgotten after a week",
    "stored_file": "the result of a job, forgotten with it; else the logo of the cooperative",
    "once": "where a form led; forgotten after a day",
}


def section(name: str) -> Section:
    return next(s for s in SECTIONS if s.name == name)


def for_user(user) -> list[Section]:
    """The sections this user may read in a case he may see."""
    return [s for s in SECTIONS if s.readers(user)]


def tables_about_people(metadata) -> set[str]:
    """Names of the tables that point at a person or a case, however many steps away, and of those two."""
    found = {Person.__tablename__, Case.__tablename__}
    while (
        more := {t.name for t in metadata.sorted_tables if any(k.column.table.name in found for k in t.foreign_keys)}
        - found
    ):
        found |= more
    return found


def forgotten(metadata) -> set[str]:
    """Tables about people that are in no section and not outside for a reason: a print or an erasure would miss them."""
    held = {t.__tablename__ for s in SECTIONS for t in s.tables}
    return tables_about_people(metadata) - held - OUTSIDE.keys()
