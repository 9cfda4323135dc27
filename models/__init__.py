"""Every table, imported so that the metadata is whole. Nouns with their behaviour; never request, commit, forms, HTML."""

from core import audit, files, jobs, once, search  # noqa: F401  (tables of the kernel)

from . import account, appointment, case, dossier, household, note, organisation, person, plan, session, todo

__all__ = [
    "account",
    "appointment",
    "case",
    "dossier",
    "household",
    "note",
    "organisation",
    "person",
    "plan",
    "session",
    "todo",
]
