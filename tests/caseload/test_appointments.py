"""Appointments: fixed, moved, arrived, started, and what came of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import db
from models.appointment import Appointment
from models.case import Case

from .. import people
from .makers import writing


def tomorrow():
    return clock.today() + timedelta(days=1)


def form(by, day=None, **other):
    return {
        "on": (day or tomorrow()).isoformat(),
        "hour": "09:30",
        "minutes": "45",
        "kind": "interview",
        "user_id": str(by.id),
        "purpose": "Colloquio",
        **other,
    }


def book(case_id, by, starts_at=None, **fields):
    with writing(by):
        row = Appointment.book(
            db.session.get(Case, case_id), by=by, starts_at=starts_at or clock.now(), **{"user_id": by.id, **fields}
        )
        db.session.commit()
        return row.id


def rows():
    db.session.rollback()
    return db.session.scalars(select(Appointment).order_by(Appointment.id)).all()


def step(case_id):
    db.session.rollback()
    case = db.session.get(Case, case_id, populate_existing=True)
    return case.next_on, case.next_kind, case.next_text


def test_an_appointment_is_fixed_and_is_the_next_step(as_giulia, giulia, case):
    as_giulia.get(f"/cases/{case}/appointments/new")
    answer = as_giulia.post(f"/cases/{case}/appointments/new", form(giulia, link="https://meet.example/x"))
    assert answer.location == f"/cases/{case}"
    (row,) = rows()
    wall = clock.local(row.starts_at)
    assert (wall.date(), wall.hour, wall.minute, row.link) == (tomorrow(), 9, 30, "https://meet.example/x")
    assert step(case) == (tomorrow(), "appointment", "Colloquio")
    assert "Appuntamento fissato." in as_giulia.get(f"/cases/{case}").text


def test_the_form_is_a_fragment_too(as_giulia, giulia, case):
    fragment = as_giulia.swap("appointment_form", f"/cases/{case}/appointments/new").text
    assert fragment.strip().startswith("<form") and "<html" not in fragment
    answer = as_giulia.swap("appointment_form", f"/cases/{case}/appointments/new", form(giulia), expect=204)
    assert answer.headers["HX-Redirect"] == f"/cases/{case}"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": ""}, "Serve una risposta qui."),
        ({"hour": "9 e mezza"}, "ora non esiste"),
        ({"minutes": "2"}, "da 5 a 720"),
        ({"kind": "seance"}, "Scegli una delle voci."),
        ({"link": "javascript:alert(1)"}, "deve cominciare con https://"),
        ({"user_id": "999"}, "Scegli una delle voci."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(as_giulia, giulia, case, wrong, said):
    typed = form(giulia, purpose="Parlare della patente", place="Stanza piccola") | wrong
    for page in (
        as_giulia.post(f"/cases/{case}/appointments/new", typed, expect=422).text,
        as_giulia.swap("appointment_form", f"/cases/{case}/appointments/new", typed, expect=422).text,
    ):
        assert said in page and "Parlare della patente" in page and "Stanza piccola" in page
    assert not rows()


def test_a_busy_colleague_is_said_and_not_refused(as_giulia, giulia, case):
    other = people.make_case(giulia, first="Segreta", last="Persona")
    noon = clock.utc(clock.local(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None))
    book(other, giulia, noon + timedelta(days=1), purpose="Cosa segreta", minutes=60)
    ask = {"on": tomorrow().isoformat(), "hour": "09:30", "minutes": "45", "user_id": str(giulia.id)}
    hint = as_giulia.client.get(
        f"/cases/{case}/appointments/new",
        query_string=ask,
        headers={"HX-Request": "true", "HX-Target": "div#appointment_clash"},
    ).text
    assert "Giulia Ferraris ha già un altro appuntamento dalle 9:00 alle 10:00." in hint
    assert "Segreta" not in hint and "segreta" not in hint and "<form" not in hint
    as_giulia.post(f"/cases/{case}/appointments/new", form(giulia))
    assert len(rows()) == 2
    assert "ha già un altro appuntamento" in as_giulia.get(f"/cases/{case}").text


@pytest.mark.parametrize("hour", ["08:15", "10:00"])
def test_before_and_after_is_not_a_clash(as_giulia, giulia, case, hour):
    nine = clock.utc(clock.local(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None))
    book(case, giulia, nine + timedelta(days=1), minutes=60)
    as_giulia.post(f"/cases/{case}/appointments/new", form(giulia, hour=hour))
    assert "ha già" not in as_giulia.get(f"/cases/{case}").text


def test_an_appointment_is_changed_and_a_stale_change_shows_both(as_giulia, as_marco, giulia, marco, case):
    row = book(case, giulia, clock.now() + timedelta(days=2))
    as_marco.post(f"/appointments/{row}/edit", form(marco, place="Comune", version="1"))
    page = as_giulia.post(f"/appointments/{row}/edit", form(giulia, place="Sede", version="1"), expect=409).text
    assert "Comune" in page and "Sede" in page and rows()[0].place == "Comune"
    assert rows()[0].user_id == marco.id
    as_giulia.get(f"/appointments/{row}/edit")


def test_arrived_and_started_are_kept_and_twice_is_once(as_giulia, giulia, case):
    row = book(case, giulia)
    listed = as_giulia.post(f"/appointments/{row}/arrival")
    assert listed.location == f"/cases/{case}/appointments"
    arrived = rows()[0].arrived_at
    fragment = as_giulia.swap("appointments_glance", f"/appointments/{row}/arrival", {}).text
    assert "È qui dalle" in fragment and "<html" not in fragment
    assert rows()[0].arrived_at == arrived
    as_giulia.post(f"/appointments/{row}/start")
    as_giulia.post(f"/appointments/{row}/start")
    assert rows()[0].started_at and not rows()[0].outcome


@pytest.mark.parametrize("outcome", ["held", "no_show", "cancelled"])
def test_an_outcome_closes_it(as_giulia, giulia, case, outcome):
    row = book(case, giulia)
    back = f"/appointments/{row}"
    page = as_giulia.swap("appointment_sheet", f"/appointments/{row}/outcome", {"outcome": outcome, "back": back}).text
    assert 'id="appointment_sheet"' in page and "<html" not in page
    assert rows()[0].outcome == outcome and step(case)[0] is None
    assert (db.session.get(Case, case).last_contact_on is not None) == (outcome == "held")
    as_giulia.post(f"/appointments/{row}/outcome", {"outcome": "held"}, expect=409)
    as_giulia.post(f"/appointments/{row}/edit", form(giulia, version=str(rows()[0].version)), expect=422)
    assert rows()[0].outcome == outcome


@pytest.mark.parametrize("outcome", ["moved", "", "lost"])
def test_an_outcome_that_is_none_is_refused(as_giulia, giulia, case, outcome):
    row = book(case, giulia)
    as_giulia.post(f"/appointments/{row}/outcome", {"outcome": outcome}, expect=409)
    assert rows()[0].outcome is None


def test_what_is_still_to_come_can_only_be_cancelled_or_moved(as_giulia, giulia, case):
    row = book(case, giulia, clock.now() + timedelta(days=3))
    for do in ("held", "no_show"):
        as_giulia.post(f"/appointments/{row}/outcome", {"outcome": do}, expect=409)
    as_giulia.post(f"/appointments/{row}/start", expect=409)
    page = as_giulia.get(f"/appointments/{row}").text
    assert "Non si è presentata" not in page and 'value="cancelled"' in page
    as_giulia.post(f"/appointments/{row}/outcome", {"outcome": "cancelled"})
    assert rows()[0].outcome == "cancelled"


def test_moving_keeps_the_old_one_marked(as_giulia, giulia, case):
    row = book(case, giulia, clock.now() + timedelta(days=1), purpose="Colloquio")
    as_giulia.get(f"/appointments/{row}/move")
    day = clock.today() + timedelta(days=5)
    as_giulia.post(f"/appointments/{row}/move", {"on": day.isoformat(), "hour": "15:00"})
    old, new = rows()
    assert (old.outcome, old.moved_to_id, new.purpose) == ("moved", new.id, "Colloquio")
    assert step(case)[0] == day
    as_giulia.post(f"/appointments/{row}/move", {"on": day.isoformat(), "hour": "16:00"}, expect=422)
    wall = clock.local(new.starts_at)
    same = {"on": wall.date().isoformat(), "hour": wall.strftime("%H:%M")}
    assert "È già a quell" in as_giulia.post(f"/appointments/{new.id}/move", same, expect=422).text


def test_the_list_says_what_lacks_its_outcome(as_giulia, giulia, case):
    with clock.at(clock.now() - timedelta(days=3)):
        book(case, giulia, purpose="Vecchio")
    book(case, giulia, clock.now() + timedelta(days=3), purpose="Nuovo")
    page = as_giulia.get(f"/cases/{case}/appointments").text
    assert page.index("Vecchio") < page.index("Nuovo") and page.count("Manca l'esito") == 1


def test_a_closed_case_takes_no_appointments(as_giulia, giulia):
    case = people.make_case(giulia, state="closed")
    as_giulia.get(f"/cases/{case}/appointments/new", expect=403)
    as_giulia.post(f"/cases/{case}/appointments/new", form(giulia), expect=403)
    assert not rows()


@pytest.mark.parametrize(("who", "status"), [("rita", 403), ("sara", 404), ("ada", 403)])
def test_who_may_not_write_changes_nothing(request, giulia, case, who, status):
    row = book(case, giulia)
    browser = request.getfixturevalue(f"as_{who}")
    for url in (f"/cases/{case}/appointments/new", f"/appointments/{row}/edit", f"/appointments/{row}/move"):
        browser.get(url, expect=status)
        browser.post(url, form(giulia), expect=status)
    for verb in ("arrival", "start", "outcome"):
        browser.post(f"/appointments/{row}/{verb}", {"outcome": "held"}, expect=status)
    assert [(r.arrived_at, r.outcome) for r in rows()] == [(None, None)]


def test_a_reader_reads_appointments_without_buttons(as_rita, giulia, case):
    row = book(case, giulia, purpose="Colloquio")
    for url in (f"/cases/{case}/appointments", f"/appointments/{row}"):
        page = as_rita.get(url).text
        assert "Colloquio" in page and "/start" not in page and "/outcome" not in page and "/edit" not in page


def test_appointments_of_other_teams_do_not_exist(as_sara, as_nobody, giulia, case):
    row = book(case, giulia)
    as_sara.get(f"/appointments/{row}", expect=404)
    as_sara.get(f"/cases/{case}/appointments", expect=404)
    as_nobody.get(f"/appointments/{row}", expect=303)
