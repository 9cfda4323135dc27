"""Who holds a case: taken, given with a reason, put back; several at once; confidential ones; the case's own fields."""

import re

import pytest
from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from core.errors import Refused
from models.account import User
from models.case import Case, Holding

from .. import people


def holdings(case):
    rows = db.session.execute(
        select(Holding.user_id, Holding.until, Holding.reason).where(Holding.case_id == case).order_by(Holding.id)
    ).all()
    db.session.rollback()
    return [tuple(r) for r in rows]


def version(page):
    return re.search(r'name="version" value="(\d+)"', page.text)[1]


@pytest.fixture
def queued(giulia):
    """A case that nobody holds."""
    id_ = people.make_case(giulia)
    with transaction("write", "test"):
        db.session.get(Case, id_).give_to(None, by=giulia, reason="in coda")
        db.session.commit()
    return id_


def test_who_works_takes_a_case_nobody_holds(as_marco, marco, queued):
    assert as_marco.post(f"/cases/{queued}/take").location == f"/cases/{queued}"
    assert holdings(queued)[-1] == (marco.id, None, None)


def test_a_held_case_is_not_taken(as_marco, giulia, case):
    assert "già: Giulia Ferraris" in as_marco.post(f"/cases/{case}/take", expect=409).text
    assert holdings(case) == [(giulia.id, None, None)]


def test_the_coordinator_gives_a_case_with_a_reason(as_elena, giulia, marco, case):
    url = f"/cases/{case}/assignments/new"
    page = as_elena.get(url)
    assert "Giulia Ferraris (un caso aperto)" in page.text
    assert "Marco Dal Pozzo, junior (0 casi aperti)" in page.text
    sent = {"holder_id": marco.id, "reason": "", "version": version(page)}
    again = as_elena.swap("assignment_form", url, sent, expect=422)
    assert f'value="{marco.id}" checked' in again.text
    as_elena.post(url, sent | {"reason": "Giulia cambia zona"})
    assert holdings(case) == [(giulia.id, clock.today(), None), (marco.id, None, "Giulia cambia zona")]


def test_a_case_may_come_back_to_who_had_it(as_elena, giulia, marco, case):
    url = f"/cases/{case}/assignments/new"
    for who in (marco, giulia):
        as_elena.post(url, {"holder_id": who.id, "reason": "prova", "version": version(as_elena.get(url))})
    assert [h[0] for h in holdings(case)] == [giulia.id, marco.id, giulia.id]


def test_a_case_given_meanwhile_is_a_conflict(as_elena, giulia, marco, elena, case):
    url = f"/cases/{case}/assignments/new"
    seen = version(as_elena.get(url))
    as_elena.post(url, {"holder_id": marco.id, "reason": "uno", "version": seen})
    as_elena.post(url, {"holder_id": elena.id, "reason": "due", "version": seen}, expect=409)
    assert holdings(case)[-1][0] == marco.id


def test_only_who_works_on_cases_can_hold_one(as_elena, giulia, sara, rita, ada, case):
    url = f"/cases/{case}/assignments/new"
    for who in (rita, ada, sara):  # Sara works in another team
        as_elena.post(url, {"holder_id": who.id, "reason": "x", "version": version(as_elena.get(url))}, expect=422)
    with transaction("write", "test"):
        for who in (rita, ada):
            with pytest.raises(Refused):
                db.session.get(Case, case).give_to(who.id, by=giulia, reason="x")
        db.session.execute(update(User).where(User.id == sara.id).values(active=False))
        with pytest.raises(Refused):
            db.session.get(Case, case).give_to(sara.id, by=giulia, reason="x")
        db.session.rollback()


def test_the_holder_puts_a_case_back_with_a_reason(as_giulia, as_marco, giulia, case):
    url = f"/cases/{case}/release"
    as_marco.post(url, {"reason": "x", "version": version(as_marco.get(url))}, expect=422)
    as_giulia.post(url, {"reason": " ", "version": version(as_giulia.get(url))}, expect=422)
    as_giulia.post(url, {"reason": "Troppi casi", "version": version(as_giulia.get(url))})
    assert holdings(case) == [(giulia.id, clock.today(), None)]
    assert (
        "già senza titolare"
        in as_giulia.post(url, {"reason": "x", "version": version(as_giulia.get(url))}, expect=422).text
    )


def test_several_cases_are_given_together(as_elena, giulia, marco, sara):
    one, two = people.make_case(giulia, first="Una"), people.make_case(giulia, first="Due")
    closed, foreign = (
        people.make_case(giulia, first="Tre", state="closed"),
        people.make_case(sara, team_id=sara.team_ids[0]),
    )
    answer = as_elena.post("/cases/assignments", {"case": [one, two, closed, foreign]})
    page = as_elena.get(answer.location)
    assert "Assegna 2 casi" in page.text
    sent = {"case": [one, two, closed, foreign], "holder_id": marco.id}
    as_elena.post("/cases/assignments/new", sent | {"reason": ""}, expect=422)
    as_elena.post("/cases/assignments/new", sent | {"reason": "Nuova zona"})
    assert [holdings(c)[-1][0] for c in (one, two, closed, foreign)] == [marco.id, marco.id, giulia.id, sara.id]


def test_choosing_nothing_gives_nothing(as_elena):
    page = as_elena.get(as_elena.post("/cases/assignments", {}).location)
    assert "Nessun caso da assegnare" in page.text
    as_elena.post("/cases/assignments/new", {"holder_id": "1", "reason": "x"}, expect=200)


def test_the_fields_of_a_case_are_edited(as_giulia, case):
    url = f"/cases/{case}/edit"
    sent = {"source": "CPI", "request": "Un lavoro", "to_know": "Diabetica", "priority": 1, "complexity": 3}
    as_giulia.swap("case_form", url, sent | {"to_know": "x" * 301, "version": version(as_giulia.get(url))}, expect=422)
    as_giulia.post(url, sent | {"version": version(as_giulia.get(url)), "confidential": "y"})
    row = db.session.get(Case, case)
    assert (row.source, row.request, row.to_know, row.priority, row.complexity) == (
        "CPI",
        "Un lavoro",
        "Diabetica",
        1,
        3,
    )
    assert not row.confidential  # that is for who coordinates
    db.session.rollback()


def test_two_who_edit_a_case_see_both_texts(as_giulia, as_marco, case):
    url = f"/cases/{case}/edit"
    seen = version(as_giulia.get(url))
    fields = {"priority": 2, "complexity": 2, "version": seen}
    as_giulia.post(url, fields | {"request": "Un lavoro vicino"})
    page = (
        as_marco.post(url, fields | {"request": "Una casa"}, expect=409).text.replace("<ins>", "").replace("</ins>", "")
    )
    assert "Un lavoro vicino" in page
    assert "Una casa" in page


def test_a_confidential_case_has_its_own_circle(as_elena, as_giulia, as_marco, case):
    url = f"/cases/{case}/edit"
    as_marco.get(url)
    as_elena.post(url, {"priority": 2, "complexity": 2, "confidential": "y", "version": version(as_elena.get(url))})
    as_marco.get(url, expect=404)
    assert "Amina" not in as_marco.get("/cases?show=open").text
    assert "Amina" not in as_marco.get("/cases/board?show=open").text
    assert "riservato" in as_giulia.get("/cases").text
