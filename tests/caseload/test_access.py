"""Who may open what: strangers, other teams, readers, who minds the computer; closed cases."""

import pytest
from sqlalchemy import select

from core.db import db
from models.case import Case
from models.household import HouseholdMember

from .. import people

ABOUT_CASE = ["edit", "moves/refuse", "moves/receive", "release"]


@pytest.fixture
def urls(case, giulia):
    """Every page about Amina and her case."""
    person = db.session.scalar(select(Case.person_id).where(Case.id == case))
    db.session.rollback()
    return [
        *(f"/cases/{case}/{page}" for page in ABOUT_CASE),
        f"/people/{person}/edit",
        f"/people/{person}/cases/new",
        f"/people/{person}/household/new",
    ]


def test_a_stranger_signs_in_first(as_nobody, urls):
    for url in [*urls, "/cases", "/cases/board", "/people/new"]:
        assert as_nobody.get(url, expect=303).location.startswith("/sign-in")


def test_cases_and_people_of_other_teams_do_not_exist(as_sara, urls):
    for url in urls:
        as_sara.get(url, expect=404)
        as_sara.post(url, {"reason": "x"}, expect=404)


def test_a_reader_changes_nothing(as_rita, urls, case):
    for url in [*urls, "/people/new"]:
        as_rita.get(url, expect=403)
        as_rita.post(url, {"reason": "x"}, expect=403)
    as_rita.post(f"/cases/{case}/take", expect=403)
    assert "Amina Haddad" in as_rita.get("/cases").text


def test_who_minds_the_computer_sees_no_case(as_ada, urls, case):
    for url in [*urls, "/people/new", "/cases", "/cases/board"]:
        as_ada.get(url, expect=403)
    for url in ("/cases/export/xlsx", "/cases/export/pdf", f"/cases/{case}/take", "/cases/assignments"):
        as_ada.post(url, expect=403)


def test_only_who_coordinates_assigns(as_giulia, as_elena, as_sara, as_rita, case):
    url = f"/cases/{case}/assignments/new"
    as_giulia.get(url, expect=403)
    as_rita.get(url, expect=403)
    as_sara.get(url, expect=403)
    as_elena.get(url)
    for browser in (as_giulia, as_rita, as_sara):
        browser.get("/cases/assignments/new", expect=403)
        browser.post("/cases/assignments", {"case": case}, expect=403)


def test_other_teams_neither_list_nor_export_nor_take(as_sara, case):
    assert "Amina" not in as_sara.get("/cases?show=all").text
    assert "Amina" not in as_sara.get("/cases?show=all&q=Amina").text.replace("«Amina»", "").replace(
        "q=Amina", ""
    ).replace('value="Amina"', "")
    assert "Amina" not in as_sara.get("/cases/board?show=open").text
    as_sara.post(f"/cases/{case}/take", expect=404)


def test_a_closed_case_is_only_reopened(as_giulia, as_elena, giulia):
    case = people.make_case(giulia, state="closed")
    as_giulia.get(f"/cases/{case}/edit", expect=403)
    as_giulia.get(f"/cases/{case}/release", expect=403)
    as_giulia.post(f"/cases/{case}/take", expect=403)
    as_elena.get(f"/cases/{case}/assignments/new", expect=403)
    as_giulia.get(f"/cases/{case}/moves/reopen")


def test_the_household_follows_the_person(as_giulia, as_sara, as_rita, case, urls):
    as_giulia.post(urls[-1], {"name": "Karim", "relation": "child"})
    member = db.session.scalar(select(HouseholdMember.id))
    db.session.rollback()
    for url in (f"/household/{member}/edit", f"/household/{member}/end"):
        as_sara.post(url, {"name": "x"}, expect=404)
        as_rita.post(url, {"name": "x"}, expect=403)
