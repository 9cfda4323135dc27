"""Reads of the board: the first cards of each lane and how many there are, in one statement."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import bindparam, func, select

from core.db import run
from models.case import Case
from models.case_states import LOOKS, MOVES, STATES, VERBS

from . import cases

LANES = ("reported", "received", "assessing", "reopened", "active", "suspended", "closing")
ALWAYS = {*LANES} - {"reopened"}  # a lane that is rarely used shows itself when somebody stands in it
CARDS = 3
WIDER = {  # a verb that needs more said is followed by dots
    "receive",
    "refuse",
    "activate",
    "suspend",
    "begin_closing",
    "withdraw_closing",
    "reopen",
}


@dataclass(frozen=True)
class Lane:
    """A state with its first cards; `more` are those that only the list shows."""

    state: str
    label: str
    icon: str
    total: int
    cards: list
    moves: list

    @property
    def more(self):
        return self.total - len(self.cards)


@cache
def _cards(key):
    """Places are given to ids alone, and only the cards that are shown are read whole."""
    place = func.row_number().over(partition_by=Case.state, order_by=cases.SORTS["next"][0]).label("place")
    total = func.count().over(partition_by=Case.state).label("lane_total")
    placed = cases.narrowed(select(Case.id, place, total), key).where(Case.closed_on.is_(None)).subquery()
    shown = cases.whole().join(placed, placed.c.id == Case.id).add_columns(placed.c.lane_total)
    return shown.where(placed.c.place <= bindparam("cards")).order_by(placed.c.place)


def lanes(filters, me) -> list[Lane]:
    """The lanes of the board, each with the moves that may be offered."""
    rows = run(_cards(cases.key_of(filters)), **cases.parameters(filters, me), cards=CARDS).all()
    words, by_state, totals = cases.Words(me), {}, {}
    for row in rows:
        by_state.setdefault(row.state, []).append(words.line(row))
        totals[row.state] = row.lane_total
    return [
        Lane(
            state,
            str(STATES[state]),
            LOOKS[state][1],
            totals.get(state, 0),
            by_state.get(state, []),
            _moves(state, me),
        )
        for state in LANES
        if state in ALWAYS or state in totals
    ]


def _moves(state, me):
    """(verb, words) of what can be done from a state by `me`; nothing for who only reads."""
    verbs = [v for v in MOVES[state] if me.writes and not (v == "approve_closing" and me.is_junior)]
    return [(v, f"{VERBS[v]}…" if v in WIDER else str(VERBS[v])) for v in verbs]
