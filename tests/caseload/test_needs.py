"""Needs of a case: found, changed, in order of urgency."""

import re

import pytest
from sqlalchemy import select

from core.db import db
from models.plan import Need

from .. import people
from .makers import make_need, make_plan

TYPED = {"description": "Patente B, per i turni delle 6", "category": "mobility", "priority": "1", "direction": "outer"}


def needs():
    return db.session.scalars(select(Need).order_by(Need.id).execution_options(populate_existing=True)).all()


def test_a_need_is_added_and_stands_on_the_leaf(as_giulia, giulia, case):
    as_giulia.get(f"/cases/{case}/needs/new")
    answer = as_giulia.post(f"/cases/{case}/needs/new", TYPED)
    assert answer.location == f"/cases/{case}/plan"
    assert "Patente B, per i turni delle 6" in as_giulia.get(f"/cases/{case}/plan").text
    assert [(n.priority, n.direction, n.found_by_id) for n in needs()] == [(1, "outer", giulia.id)]


def test_the_form_comes_as_a_fragment_and_goes_on_to_the_leaf(as_giulia, case):
    page = as_giulia.swap("need_form", f"/cases/{case}/needs/new")
    assert page.text.strip().startswith("<form") and "<html" not in page.text
    answer = as_giulia.swap("need_form", f"/cases/{case}/needs/new", TYPED, expect=204)
    assert answer.headers["HX-Redirect"] == f"/cases/{case}/plan"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"description": "  "}, "Serve una risposta qui."),
        ({"category": ""}, "Serve una risposta qui."),
        ({"priority": "9"}, "Scegli una delle voci."),
        ({"description": "x" * 301}, "È troppo lungo"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(as_giulia, case, wrong, said):
    page = as_giulia.swap("need_form", f"/cases/{case}/needs/new", TYPED | wrong, expect=422)
    assert said in page.text
    assert (TYPED | wrong)["description"].strip() in page.text
    assert not needs()


def test_a_need_changes_its_state(as_giulia, giulia, case):
    need = make_need(case, giulia)
    assert 'value="Patente B"' in as_giulia.get(f"/needs/{need}/edit").text
    as_giulia.post(f"/needs/{need}/edit", TYPED | {"state": "met", "version": "1"})
    assert [(n.state, n.description) for n in needs()] == [("met", TYPED["description"])]


def test_two_who_change_the_same_need_see_both_texts(as_giulia, as_marco, giulia, case):
    need = make_need(case, giulia)
    as_marco.post(f"/needs/{need}/edit", TYPED | {"description": "Di Marco", "state": "open", "version": "1"})
    clash = {"description": "Di Giulia", "state": "open", "version": "1"}
    page = as_giulia.post(f"/needs/{need}/edit", TYPED | clash, expect=409)
    assert "Marco</ins>" in page.text and "Di Giulia" in page.text
    assert needs()[0].description == "Di Marco"


def test_open_needs_stand_first_the_most_urgent_above(as_giulia, giulia, case):
    for text, priority, state in [
        ("Ultimo", 1, "met"),
        ("Terzo", 3, "open"),
        ("Primo", 1, "open"),
        ("Secondo", 2, "working"),
    ]:
        make_need(case, giulia, text, priority=priority, state=state)
    found = re.findall("Primo|Secondo|Terzo|Ultimo", as_giulia.get(f"/cases/{case}/plan").text)
    assert found == ["Primo", "Secondo", "Terzo", "Ultimo"]


@pytest.mark.parametrize("who", ["sara", "ada", "rita"])
def test_others_neither_add_nor_change(request, giulia, case, who):
    need, browser = make_need(case, giulia), request.getfixturevalue(f"as_{who}")
    expect = 404 if who == "sara" else 403
    for url in (f"/cases/{case}/needs/new", f"/needs/{need}/edit"):
        browser.get(url, expect)
        browser.post(url, TYPED | {"state": "open", "version": "1"}, expect)
    assert [n.description for n in needs()] == ["Patente B"]


def test_a_stranger_is_asked_to_sign_in(as_nobody, giulia, case):
    assert "/sign-in" in as_nobody.get(f"/cases/{case}/needs/new", 303).location
    as_nobody.post(f"/needs/{make_need(case, giulia)}/edit", TYPED, 401)


def test_a_closed_case_keeps_its_needs_as_they_are(as_giulia, giulia):
    closed = people.make_case(giulia, first="Omar", last="Saïd", state="closed")
    need = make_need(closed, giulia)
    as_giulia.get(f"/cases/{closed}/needs/new", 403)
    as_giulia.post(f"/needs/{need}/edit", TYPED | {"state": "met", "version": "1"}, 403)
    page = as_giulia.get(f"/cases/{closed}/plan").text
    assert "Patente B" in page and "Aggiungi un bisogno" not in page


def test_needs_of_other_teams_do_not_exist(as_sara, giulia, case):
    need = make_need(case, giulia)
    make_plan(case, giulia)
    as_sara.get(f"/cases/{case}/plan", 404)
    as_sara.get(f"/needs/{need}/edit", 404)


def test_hostile_words_come_out_as_words(as_giulia, case):
    hostile = '<script>x</script><b hx-get="/x">{{ 7*7 }}\u202e'
    as_giulia.post(f"/cases/{case}/needs/new", TYPED | {"description": hostile})
    for url in (f"/cases/{case}/plan", f"/cases/{case}/plan/glance", "/needs/1/edit"):
        page = as_giulia.get(url).text
        assert "&lt;script&gt;x&lt;/script&gt;" in page and "<script>x" not in page and "{{ 7*7 }}" in page
