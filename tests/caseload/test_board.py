"""The board: the same cases as lanes, three cards each, moves that lead to the same pages."""

import re

from core import clock
from core.db import db, transaction
from models.case import Case

from .. import people
from .test_case_list import many, names, written


def lanes(page):
    """(lane, number, people on its cards) in order."""
    found = []
    for lane in page.text.split('<section class="lane"')[1:]:
        label = re.search(r"</i>([^<]+)<span class=\"count\">(\d+)</span>", lane)
        found.append((label[1], int(label[2]), re.findall(r'class="row-name" href="/cases/\d+">([^<]+)<', lane)))
    return found


def test_cases_stand_in_the_lane_of_their_state(as_giulia, giulia):
    for i, state in enumerate(("reported", "received", "assessing", "active", "suspended", "closing", "closed")):
        people.make_case(giulia, first=f"N{i}", last=state, state=state)
    board = lanes(as_giulia.get("/cases/board"))
    assert [(lane, n) for lane, n, _ in board] == [
        ("Segnalato", 1), ("Accolto", 1), ("In valutazione", 1), ("In corso", 1), ("Sospeso", 1), ("In chiusura", 1),
    ]  # fmt: skip
    assert [cards for _, _, cards in board][3] == ["N3 active"]


def test_a_lane_shows_three_and_leads_to_the_others(as_giulia, giulia):
    many(giulia, [giulia], 5)
    page = as_giulia.get("/cases/board")
    active = next(lane for lane in lanes(page) if lane[0] == "In corso")
    assert (active[1], len(active[2])) == (5, 3)
    assert "Altri 2 in elenco" in page.text
    link = re.search(r'class="more" href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert len(names(as_giulia.get(link))) == 5


def test_the_most_urgent_stand_first(as_giulia, giulia):
    for i, days in enumerate((9, -2, 4, None, 1)):
        case = people.make_case(giulia, first=f"N{i}", last="X")
        written(case, next_on=days and clock.add_days(clock.today(), days), next_kind="todo", next_text="x")
    page = as_giulia.get("/cases/board")
    assert lanes(page)[0][2] == ["N1 X", "N4 X", "N2 X"]
    assert '<div class="baton">Scaduto da 2 giorni</div>' in page.text


def test_only_allowed_moves_are_offered(as_giulia, as_marco, as_rita, giulia):
    case = people.make_case(giulia, state="closing")
    offered = lambda page: set(re.findall(rf'href="/cases/{case}/moves/(\w+)"', page.text))  # noqa: E731
    assert offered(as_giulia.get("/cases/board?show=open")) == {"approve_closing", "withdraw_closing"}
    assert offered(as_marco.get("/cases/board?show=open")) == {"withdraw_closing"}
    assert offered(as_rita.get("/cases/board")) == set()
    for verb in offered(as_giulia.get("/cases/board?show=open")):
        as_giulia.get(f"/cases/{case}/moves/{verb}")


def test_a_reopened_case_has_its_lane(as_giulia, giulia):
    case = people.make_case(giulia, state="closed")
    with transaction("write", "test"):
        db.session.get(Case, case).reopen(by=giulia, reason="È tornata")
        db.session.commit()
    page = as_giulia.get("/cases/board")
    assert ("Riaperto", 1, ["Amina Haddad"]) in lanes(page)
    assert "percorso 2" in page.text


def test_chips_narrow_the_board_and_training_stays_out(as_giulia, giulia, marco):
    people.make_case(giulia, first="Mio", last="A")
    people.make_case(giulia, first="Suo", last="B", holder=marco)
    people.make_case(giulia, first="Finto", last="C", is_training=True)
    assert lanes(as_giulia.get("/cases/board"))[0][1:] == (1, ["Mio A"])
    assert lanes(as_giulia.get("/cases/board?show=open"))[0][1] == 2


def test_the_board_takes_the_same_statements_whatever_the_cards(as_giulia, queries, giulia, marco):
    many(giulia, [giulia], 1)
    as_giulia.get("/cases/board?show=open")
    with queries() as one:
        as_giulia.get("/cases/board?show=open")
    many(giulia, [giulia, marco], 30, start=1)
    with queries() as thirty:
        as_giulia.get("/cases/board?show=open")
    assert one() == thirty() <= 6
