"""Reads of the pages that change a state: what stands in the way, and what is about to be approved."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from core.db import run
from models.account import User
from models.case import Case
from models.case_states import OUTCOMES, STATES, Episode, StateChange

from . import people

NEED_ALL_DONE = ("refuse", "begin_closing", "approve_closing")


def move_page(case, verb, me) -> dict:
    """What a page about a move shows besides its form. Read before the form is sent, while the row is at hand."""
    return {
        "possible": case.may_move(verb),
        "state": STATES[case.state],
        "left": case.left_open() if verb in NEED_ALL_DONE else [],
        "has_plan": verb == "activate" and case.has_agreed_plan(),
        "closing": _closing(case.id, me) if verb in ("approve_closing", "withdraw_closing") else None,
        "waits_for_other": verb == "approve_closing" and me.is_junior,
    }


def fill(form, verb, case, me):
    """The choices and first answers of a move's form: colleagues, the holder, the notice that was given already."""
    if verb in ("receive", "suspend"):
        held = case.holder()
        form.offer(people.holders([case.team_id], me), held.user_id if held else None)
    if verb == "receive" and not form.language.raw_data and (given := people.last_notice(case.person_id, me)):
        form.given_on.data, form.language.data = given.given_on, given.language
    if verb == "approve_closing" and not form.asked.raw_data:
        form.asked.data = str(case.state_row().id)
    return form


_ASKED = aliased(User)
_CLOSING = (
    select(Episode.outcome, Episode.closing_note, StateChange.at, _ASKED.name.label("asked_by"))
    .join(StateChange, StateChange.episode_id == Episode.id)
    .join(Case, Case.id == Episode.case_id)
    .outerjoin(_ASKED, _ASKED.id == Episode.closing_by_id)
    .where(Case.VISIBLE, Case.id == bindparam("case"), StateChange.ended_at.is_(None))
)


def _closing(case_id, me):
    row = run(_CLOSING, **me.scope, case=case_id).first()
    return row and {**row._mapping, "outcome": OUTCOMES.get(row.outcome, "")}
