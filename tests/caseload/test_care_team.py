"""The care team: colleagues who so may open the case, and people outside who may not."""

import pytest
from sqlalchemy import select

from core import clock
from core.db import db
from models.case import CareMember, Case

from .. import people
from .makers import writing


def join(case_id, by, **fields):
    with writing(by):
        row = db.session.get(Case, case_id).add_member(**fields)
        db.session.commit()
        return row.id


def members():
    db.session.rollback()
    return db.session.scalars(select(CareMember).order_by(CareMember.id)).all()


def test_a_colleague_of_another_team_joins_and_may_then_open_the_case(as_giulia, as_sara, sara, case):
    as_sara.get(f"/cases/{case}", expect=404)
    as_giulia.get(f"/cases/{case}/care-team/new")
    answer = as_giulia.post(f"/cases/{case}/care-team/new", {"user_id": str(sara.id), "role": "Sportello casa"})
    assert answer.location == f"/cases/{case}/care-team"
    as_sara.get(f"/cases/{case}")
    assert "Sportello casa" in as_giulia.get(f"/cases/{case}/care-team").text


def test_somebody_outside_is_named_and_sees_nothing(as_giulia, case):
    as_giulia.post(f"/cases/{case}/care-team/new", {"outsider": "dott.ssa Riva, CSM", "role": "Psichiatra"})
    assert "non vede il fascicolo" in as_giulia.get(f"/cases/{case}/care-team").text
    (row,) = members()
    assert (row.user_id, row.outsider) == (None, "dott.ssa Riva, CSM")


def test_the_form_is_a_fragment_too(as_giulia, case):
    fragment = as_giulia.swap("care_form", f"/cases/{case}/care-team/new").text
    assert fragment.strip().startswith("<form") and "<html" not in fragment
    as_giulia.swap("care_form", f"/cases/{case}/care-team/new", {"outsider": "Il medico"}, expect=204)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "Scegli un collega oppure scrivi il nome"),
        ({"user_id": "sara", "outsider": "Il medico"}, "Scegli un collega oppure scrivi il nome"),
        ({"user_id": "999"}, "Scegli una delle voci."),
        ({"outsider": "x" * 121}, "È troppo lungo"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(as_giulia, sara, case, wrong, said):
    typed = {"role": "Tutor", **wrong}
    if typed.get("user_id") == "sara":
        typed["user_id"] = str(sara.id)
    for page in (
        as_giulia.post(f"/cases/{case}/care-team/new", typed, expect=422).text,
        as_giulia.swap("care_form", f"/cases/{case}/care-team/new", typed, expect=422).text,
    ):
        assert said in page and 'value="Tutor"' in page
    assert not members()


def test_nobody_joins_twice(as_giulia, giulia, sara, case):
    join(case, giulia, user_id=sara.id)
    assert f'value="{sara.id}"' not in as_giulia.get(f"/cases/{case}/care-team/new").text
    as_giulia.post(f"/cases/{case}/care-team/new", {"user_id": str(sara.id)}, expect=422)
    assert len(members()) == 1


def test_who_leaves_is_remembered_and_no_longer_sees_the_case(as_giulia, as_sara, giulia, sara, case):
    row = join(case, giulia, user_id=sara.id, role="Sportello casa")
    fragment = as_giulia.swap("care_list", f"/care-team/{row}/end", {}).text
    assert "Chi c'era" in fragment and "<html" not in fragment
    assert members()[0].until == clock.today()
    as_sara.get(f"/cases/{case}", expect=404)
    as_giulia.post(f"/care-team/{row}/end")
    assert "Sara Lodi" in as_giulia.get(f"/cases/{case}/path").text


def test_who_leaves_by_themselves_goes_to_the_list(as_sara, giulia, sara, case):
    row = join(case, giulia, user_id=sara.id)
    assert as_sara.post(f"/care-team/{row}/end").location == "/cases"


def test_a_closed_case_keeps_its_team(as_giulia, giulia):
    case = people.make_case(giulia, state="active")
    row = join(case, giulia, outsider="Il medico")
    with writing(giulia):
        people.bring_to_end(db.session.get(Case, case), giulia)
        db.session.commit()
    as_giulia.post(f"/cases/{case}/care-team/new", {"outsider": "Il tutor"}, expect=403)
    as_giulia.post(f"/care-team/{row}/end", expect=403)
    assert [m.until for m in members()] == [None]


@pytest.mark.parametrize(("who", "status"), [("rita", 403), ("sara", 404), ("ada", 403)])
def test_who_may_not_write_changes_nothing(request, giulia, case, who, status):
    row = join(case, giulia, outsider="Il medico")
    browser = request.getfixturevalue(f"as_{who}")
    browser.get(f"/cases/{case}/care-team/new", expect=status)
    browser.post(f"/cases/{case}/care-team/new", {"outsider": "Io"}, expect=status)
    browser.post(f"/care-team/{row}/end", expect=status)
    assert [m.until for m in members()] == [None]


def test_a_reader_reads_the_team_without_buttons(as_rita, as_sara, giulia, case):
    join(case, giulia, outsider="Il medico")
    page = as_rita.get(f"/cases/{case}/care-team").text
    assert "Il medico" in page and "/end" not in page
    as_sara.get(f"/cases/{case}/care-team", expect=404)
