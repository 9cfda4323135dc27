"""The rules: one line for each noun and verb. Who may *see* a row is the model's `visible_to`."""

from models.appointment import Appointment
from models.case import CareMember, Case
from models.household import HouseholdMember
from models.note import Note
from models.person import Person
from models.plan import Action, Goal, Need, Plan
from models.todo import Todo


def _writes(user, _row):
    return user.writes


RULES = {
    (Case, "edit"): lambda user, case: user.writes and not case.closed,
    (Case, "note"): _writes,  # on a closed case it is an addendum
    (Case, "move"): _writes,  # each move has its own guard in the model
    (Case, "take"): lambda user, case: user.writes and not case.closed,
    (Case, "release"): lambda user, case: user.writes and not case.closed,  # the model knows the holder
    (Case, "assign"): lambda user, case: user.is_coordinator and not case.closed,
    (Case, "protect"): lambda user, case: user.is_coordinator,
    (Person, "edit"): _writes,
    (HouseholdMember, "edit"): _writes,
    (Note, "correct"): lambda user, note: user.writes and (note.author_id == user.id or user.is_coordinator),
    (Note, "private"): _writes,  # the private part is for who works on cases
    (Appointment, "edit"): _writes,
    (Todo, "edit"): _writes,
    (CareMember, "edit"): _writes,
    (Need, "edit"): _writes,
    (Plan, "edit"): _writes,
    (Goal, "edit"): _writes,
    (Action, "edit"): _writes,
}


def may(user, verb, row):
    """Whether `user` may do `verb` with a row he may see."""
    return RULES[type(row), verb](user, row)
