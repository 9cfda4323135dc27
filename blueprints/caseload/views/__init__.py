"""One module a noun."""

from . import (
    appointments,
    assignments,
    board,
    care_team,
    case_page,
    cases,
    needs,
    notes,
    people,
    plans,
    prints,
    states,
    todos,
)

__all__ = [
    "appointments",
    "assignments",
    "board",
    "care_team",
    "case_page",
    "cases",
    "needs",
    "notes",
    "people",
    "plans",
    "prints",
    "states",
    "todos",
]
