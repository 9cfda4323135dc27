"""One list says what a case file holds. The case page, the printed summary, the export, the merge and the erasure walk it.

A table that points at a person or a case and stands in no section makes a test fail: nothing about a person can be
forgotten by a print, an export or an erasure.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from core.audit import Audit
from core.i18n import lazy

from . import appointment, case, case_states, household, note, person, plan, todo


@dataclass(frozen=True)
class Section:
    """A part of the file: which tables, how to read them for a case, who may see it, what erasure does with it."""

    name: str
    title: object
    tables: tuple
    rows: Callable  # case -> Select
    readers: Callable = field(default=lambda _user: True)  # besides seeing the case
    erase: str = "delete"  # "delete": the rows go; "blank": rows stay for the counts, words about the person go
    printed: bool = True


def _of_case(model, *order):
    return lambda file: select(model).where(model.case_id == file.id).order_by(*order)


SECTIONS = [
    Section(
        "identity",
        lazy("Anagrafica"),
        (person.Person,),
        lambda c: select(person.Person).where(person.Person.id == c.person_id),
        erase="blank",
    ),
    Section(
        "household",
        lazy("Famiglia"),
        (household.HouseholdMember,),
        lambda c: (
            select(household.HouseholdMember)
            .where(household.HouseholdMember.person_id == c.person_id)
            .order_by(household.HouseholdMember.id)
        ),
    ),
    Section(
        "path",
        lazy("Percorso"),
        (case.Case, case_states.Episode, case_states.StateChange, case.Holding, case.CareMember),
        _of_case(case_states.StateChange, case_states.StateChange.at),
        erase="blank",
    ),
    Section("needs", lazy("Bisogni"), (plan.Need,), _of_case(plan.Need, plan.Need.priority, plan.Need.id)),
    Section("plan", lazy("Piano"), (plan.Plan, plan.Goal, plan.Action), _of_case(plan.Plan, plan.Plan.number)),
    Section(
        "contacts",
        lazy("Contatti"),
        (note.Note, note.NoteOriginal),
        _of_case(note.Note, note.Note.at, note.Note.id),
        erase="blank",
    ),
    Section(
        "appointments",
        lazy("Appuntamenti"),
        (appointment.Appointment,),
        _of_case(appointment.Appointment, appointment.Appointment.starts_at),
        erase="blank",
    ),
    Section("todos", lazy("Promemoria"), (todo.Todo,), _of_case(todo.Todo, todo.Todo.due_on)),
    Section(
        "privacy",
        lazy("Informativa privacy"),
        (person.PrivacyNotice,),
        lambda c: (
            select(person.PrivacyNotice)
            .where(person.PrivacyNotice.person_id == c.person_id)
            .order_by(person.PrivacyNotice.given_on)
        ),
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
# Tables that point at a person or a case and hold nothing of their own about them, each with its reason.
OUTSIDE = {"name_key": "words of all names, without whose they are"}


def section(name: str) -> Section:
    return next(s for s in SECTIONS if s.name == name)


def for_user(user) -> list[Section]:
    """The sections this user may read in a case he may see."""
    return [s for s in SECTIONS if s.readers(user)]
