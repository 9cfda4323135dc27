"""The first page: each reason to wait, with who must see it and who must not."""

import re
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from core import audit, clock
from core.db import db, transaction
from models.appointment import Appointment
from models.case import Case, Holding
from models.note import Note
from models.organisation import Organisation
from models.person import Person
from models.plan import Action, Goal, Plan
from models.todo import Todo
from tests import people


def day(ahead):
    return clock.today() + timedelta(days=ahead)


def hour(ahead, at=time(10)):
    """Ten o'clock, Italian, so many days from today."""
    return clock.utc(datetime.combine(day(ahead), at))


@pytest.fixture(autouse=True)
def noon():
    """It is noon in every test of this page."""
    with clock.at(hour(0, time(12))):
        yield


@contextmanager
def doing(by, ago=0):
    """Inside, `by` writes, so many days ago."""
    db.session.rollback()  # a page that was read leaves its reading transaction open here
    with transaction("write", str(by.id)), clock.at(hour(-ago) if ago else clock.now()):
        yield
        db.session.commit()


def case_of(case_id):
    return db.session.get(Case, case_id)


def make(by, ago=0, **kwargs):
    db.session.rollback()
    with clock.at(hour(-ago) if ago else clock.now()):
        return people.make_case(by, **kwargs)


def part(browser, heading):
    """The text of one section of the page, "" when it is not there."""
    found = re.search(rf'aria-labelledby="{heading}".*?</section>', browser.get("/").text, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0].partition(">")[2])) if found else ""


def waits(browser):
    return part(browser, "h-waits")


def book(by, case_id, starts_at, **fields):
    with doing(by, 1):
        row = Appointment.book(case_of(case_id), by=by, starts_at=starts_at, **{"user_id": by.id, **fields})
        db.session.flush()
        id_ = row.id
    return id_


def change(by, model, id_, **fields):
    with doing(by):
        db.session.execute(update(model).where(model.id == id_).values(**fields))


def agree_plan(by, case_id, *, agreed=-100, review=None, action_due=None, owner="user"):
    """A plan with one goal and, when `action_due`, one action; agreed and to be checked so many days from today."""
    agreed_on, review_on = day(agreed), day(review) if review is not None else None
    owner_id, action_on = by.id if owner == "user" else None, day(action_due or 0)
    with doing(by, -agreed):
        case = case_of(case_id)
        plan = Plan.draft(case, by=by, reason="prova")
        goal = Goal.add(
            plan, title="Lavoro", wanted_by="both", indicator="ore", baseline="0", target="20", due_on=day(200)
        )
        if action_due is not None:
            Action.add(plan, goal, what="Chiamare il CPI", owner_kind=owner, owner_id=owner_id, due_on=action_on)
        plan.agree(case, by=by, agreed_on=agreed_on, agreed_how="spoken", review_on=review_on)


# people in the lobby and appointments


def test_who_is_in_the_lobby_waits_first(as_giulia, giulia, case):
    id_ = book(giulia, case, hour(0))
    change(giulia, Appointment, id_, arrived_at=hour(0, time(10, 31)))
    assert "In sala dalle 10:31 Amina Haddad" in waits(as_giulia)
    assert f'action="/appointments/{id_}/start"' in as_giulia.get("/").text


@pytest.mark.parametrize("fields", [{}, {"started_at": 1}, {"outcome": "held"}], ids=["not here", "inside", "done"])
def test_who_is_not_in_the_lobby_does_not_wait(as_giulia, giulia, case, fields):
    id_ = book(giulia, case, hour(0, time(23, 50)))
    here = {"arrived_at": hour(0), **fields} if fields else {}
    change(giulia, Appointment, id_, **{k: hour(0) if v == 1 else v for k, v in here.items()} or {"place": "qui"})
    assert "In sala" not in waits(as_giulia)


def test_who_waits_for_a_colleague_is_hers(as_marco, giulia, case):
    change(giulia, Appointment, book(giulia, case, hour(0)), arrived_at=hour(0))
    assert "Amina" not in as_marco.get("/").text


def test_a_past_appointment_without_outcome_asks_how_it_went(as_giulia, giulia, case):
    id_ = book(giulia, case, hour(-2))
    assert "Senza esito da 2 giorni" in waits(as_giulia)
    change(giulia, Appointment, id_, outcome="no_show")
    assert "Senza esito" not in waits(as_giulia)


def test_the_day_tells_what_became_of_each_appointment(as_giulia, giulia, case):
    early = hour(0, time(0, 5))
    held, unwritten, absent = (book(giulia, case, early + timedelta(minutes=n)) for n in (0, 1, 2))
    for id_, outcome in ((held, "held"), (unwritten, "held"), (absent, "no_show")):
        change(giulia, Appointment, id_, outcome=outcome)
    with doing(giulia):
        note = Note.write(case_of(case), by=giulia, kind="interview", text="Fatto.")
        db.session.flush()
        note.appointment_id = held
    text = part(as_giulia, "h-day")
    assert "3 appuntamenti" in text
    assert "nota scritta" in text and "svolto, manca la nota" in text and "non presentato" in text


def test_the_next_appointment_can_begin_and_the_others_cannot(as_giulia, giulia, case):
    later = hour(0, time(23, 30))
    first, second = book(giulia, case, later), book(giulia, case, later + timedelta(minutes=10))
    text = as_giulia.get("/").text
    assert f"/appointments/{first}/start" in text and f"/appointments/{second}/start" not in text
    assert f"/appointments/{second}/arrival" in text


def test_a_call_has_a_number_to_tap_unless_she_does_not_want_calls(as_giulia, giulia):
    case_id = people.make_case(giulia, phone="333 0000142")
    book(giulia, case_id, hour(0, time(23, 40)), kind="phone")
    assert 'href="tel:3330000142"' in as_giulia.get("/").text
    with doing(giulia):
        db.session.execute(update(Person).values(may_call=False))
    assert "tel:" not in as_giulia.get("/").text


def test_moved_and_cancelled_appointments_and_those_of_tomorrow_are_not_in_the_day(as_giulia, giulia, case):
    moved, cancelled = book(giulia, case, hour(0)), book(giulia, case, hour(0))
    change(giulia, Appointment, moved, outcome="moved")
    change(giulia, Appointment, cancelled, outcome="cancelled")
    book(giulia, case, hour(1))
    assert "Amina" not in part(as_giulia, "h-day")


# reminders, plans, suspensions, closings, holders


def promise(by, case_id, ahead, owner=None):
    due_on = day(ahead)
    with doing(by, 10):
        row = Todo.promise(case_of(case_id), by=by, what="Chiamare la scuola", due_on=due_on, owner_id=(owner or by).id)
        db.session.flush()
        id_ = row.id
    return id_


@pytest.mark.parametrize(
    ("ahead", "words"), [(0, "Scade oggi"), (-1, "Scaduto da 1 giorno"), (-3, "Scaduto da 3 giorni")]
)
def test_a_reminder_waits_from_its_day_on(as_giulia, giulia, case, ahead, words):
    promise(giulia, case, ahead)
    assert f"{words} Amina Haddad Chiamare la scuola" in waits(as_giulia)


def test_a_reminder_of_tomorrow_or_of_a_colleague_does_not_wait(as_giulia, giulia, marco, case):
    promise(giulia, case, 1)
    promise(giulia, case, 0, owner=marco)
    assert "Chiamare" not in waits(as_giulia)


def test_done_in_one_tap_and_back_on_the_first_page(as_giulia, giulia, case):
    id_ = promise(giulia, case, 0)
    answer = as_giulia.post(f"/todos/{id_}/done", {"back": "/"})
    assert answer.location == "/"
    assert "Chiamare" not in waits(as_giulia)


def test_my_step_of_the_plan_waits_the_person_s_own_does_not(as_giulia, giulia):
    mine, hers = people.make_case(giulia, state="active"), people.make_case(giulia, last="Rossi", state="active")
    agree_plan(giulia, mine, action_due=-2)
    agree_plan(giulia, hers, action_due=-2, owner="person")
    text = waits(as_giulia)
    assert "Scaduto da 2 giorni Amina Haddad Chiamare il CPI, nel piano" in text and "Rossi" not in text


def test_a_step_of_a_plan_that_was_replaced_does_not_wait(as_giulia, giulia):
    case_id = people.make_case(giulia, state="active")
    agree_plan(giulia, case_id, agreed=-100, action_due=-2)
    with doing(giulia):
        plan = Plan.draft(case_of(case_id), by=giulia, reason="si cambia")
        for action in db.session.scalars(select(Action).join(Goal).where(Goal.plan_id == plan.id)):
            action.due_on = day(5)
        plan.agree(case_of(case_id), by=giulia, agreed_on=day(0), agreed_how="spoken")
    assert "Chiamare il CPI" not in waits(as_giulia)


@pytest.mark.parametrize(("review", "waiting"), [(0, True), (-4, True), (1, False), (None, False)])
def test_the_check_of_a_plan_waits_when_its_day_has_come(as_giulia, giulia, review, waiting):
    agree_plan(giulia, people.make_case(giulia, state="active"), review=review)
    assert ("verifica del piano" in waits(as_giulia)) is waiting


def test_the_check_of_a_colleague_s_plan_is_hers(as_elena, giulia):
    agree_plan(giulia, people.make_case(giulia, state="active"), review=0)
    assert "verifica del piano" not in waits(as_elena)


@pytest.mark.parametrize(("ago", "waiting"), [(30, True), (31, True), (29, False)])
def test_a_suspension_waits_for_who_checks_it_when_its_date_has_come(as_giulia, as_marco, giulia, ago, waiting):
    make(giulia, ago=ago, state="suspended")  # for thirty days
    assert ("sospensione" in waits(as_giulia).lower()) is waiting
    assert "sospensione" not in waits(as_marco).lower()


def test_an_emergency_without_plan_waits_after_its_days(as_giulia, giulia):
    case_id = make(giulia, ago=35, state="active")
    assert "Piano da concordare, scaduto da 5 giorni" in waits(as_giulia)
    agree_plan(giulia, case_id, agreed=0)
    assert "Piano da concordare" not in waits(as_giulia)


def test_a_junior_s_closing_waits_for_seniors_and_coordinators(as_giulia, as_marco, as_elena, as_sara, marco):
    people.make_case(marco, state="closing")
    assert "l'ha chiesta Marco Dal Pozzo" in waits(as_giulia).replace("&#39;", "'")
    assert "Chiusura da approvare" in waits(as_elena)
    assert "Chiusura" not in waits(as_marco) and "Chiusura" not in waits(as_sara)


def test_one_s_own_closing_waits_unless_the_house_wants_two(as_giulia, giulia):
    people.make_case(giulia, state="closing")
    assert "Chiusura da approvare" in waits(as_giulia)
    with doing(giulia):
        db.session.scalar(select(Organisation)).two_for_closing = True
    assert "Chiusura da approvare" not in waits(as_giulia)


def drop_holder(by, case_id):
    with doing(by):
        db.session.execute(update(Holding).where(Holding.case_id == case_id).values(until=day(0)))


def test_a_case_without_holder_waits_for_who_coordinates_its_team(as_elena, as_marco, giulia, sara):
    drop_holder(giulia, make(giulia, ago=3))
    drop_holder(sara, make(sara, ago=3, last="Altrove"))
    text = waits(as_elena)
    assert "Senza titolare da 3 giorni Amina Haddad" in text and "Altrove" not in text
    assert "Senza titolare" not in waits(as_marco)


def test_a_held_or_closed_case_does_not_wait_for_a_holder(as_elena, giulia):
    people.make_case(giulia)
    drop_holder(giulia, people.make_case(giulia, last="Chiusi", state="closed"))
    assert "Senza titolare" not in waits(as_elena)


# silence, what was opened, who is asking


@pytest.mark.parametrize(("ago", "quiet"), [(30, True), (45, True), (29, False)])
def test_thirty_days_without_contact_are_silence(as_giulia, giulia, ago, quiet):
    case_id = make(giulia, ago=60, state="assessing")
    with doing(giulia, ago):
        Note.write(case_of(case_id), by=giulia, kind="phone", text="Parlato.")
    assert (f"Nessun contatto da {ago} giorni" in part(as_giulia, "h-silent")) is quiet


def test_in_corso_without_an_agreed_goal_is_silence(as_giulia, giulia):
    case_id = make(giulia, ago=10, state="active")
    assert "In corso da 10 giorni, nessun obiettivo" in part(as_giulia, "h-silent")
    agree_plan(giulia, case_id, agreed=0)
    assert "nessun obiettivo" not in part(as_giulia, "h-silent")


def test_suspended_closed_and_colleagues_cases_are_not_in_silence(as_giulia, as_marco, giulia):
    for state in ("suspended", "closed"):
        make(giulia, ago=20, last=state, state=state)
    with doing(giulia):
        db.session.execute(update(Case).values(opened_on=day(-90), last_contact_on=day(-90)))
    assert "contatto da" not in part(as_giulia, "h-silent")
    make(giulia, ago=50)
    assert "Amina Haddad" not in part(as_marco, "h-silent")


def test_a_training_case_is_counted_nowhere(as_giulia, as_elena, giulia):
    case_id = make(giulia, ago=60, state="active", is_training=True)
    promise(giulia, case_id, -1)
    agree_plan(giulia, case_id, review=-1)
    change(giulia, Appointment, book(giulia, case_id, hour(0)), arrived_at=hour(0))
    drop_holder(giulia, case_id)
    for browser in (as_giulia, as_elena):
        assert "Amina" not in browser.get("/").text


def look_at(me, case_id):
    audit.witness([("view", "case_file", case_id, "caseload.case_show")], str(me.id))


def test_the_last_eight_cases_opened_newest_first(as_giulia, giulia):
    ids = [people.make_case(giulia, last=f"Persona{n}") for n in range(10)]
    for id_ in (*ids, ids[5]):
        look_at(giulia, id_)
    names = re.findall(r"Persona\d", part(as_giulia, "h-recent"))
    assert names == [f"Persona{n}" for n in (5, 9, 8, 7, 6, 4, 3, 2)]


def test_what_may_no_longer_be_seen_is_not_among_the_recent(as_giulia, giulia, sara, case):
    look_at(giulia, case)
    with doing(giulia):
        db.session.execute(update(Case).values(team_id=sara.team_ids[0]))
        db.session.execute(update(Holding).values(until=day(0)))
    assert "Amina" not in as_giulia.get("/").text


def test_the_tab_shows_how_many_wait(as_giulia, giulia, case):
    assert "spine-count" not in as_giulia.get("/").text
    promise(giulia, case, 0)
    promise(giulia, case, -1)
    text = as_giulia.get("/").text
    assert re.search(r'spine-count">2<', text) and "is-waiting" in text


def test_a_new_colleague_is_taught_and_begins_from_a_person(as_giulia):
    text = as_giulia.get("/").text
    assert "Qui comincia la giornata" in text and 'href="/people/new"' in text


def test_a_reader_finds_what_she_opened_and_nothing_to_do(as_rita, rita, giulia, case):
    promise(giulia, case, 0)
    text = as_rita.get("/").text
    assert "Aspettano" not in text and "/people/new" not in text
    look_at(rita, case)
    assert "Amina Haddad" in part(as_rita, "h-recent")


def test_the_administrator_of_the_machine_sees_no_case(as_ada, giulia, case):
    promise(giulia, case, 0)
    text = as_ada.get("/").text
    assert "Amina" not in text and 'href="/settings"' in text


def test_a_stranger_must_sign_in(as_nobody):
    assert "/sign-in" in as_nobody.get("/", 303).location


def fill(by, n):
    db.session.rollback()
    for i in range(n):
        case_id = make(by, ago=40, first=f"Nome{i}", last="Prova", state="active")
        promise(by, case_id, -1)
        book(by, case_id, hour(0, time(23, i)))
        drop_holder(by, make(by, ago=2, first=f"Senza{i}", last="Mani"))
        make(by, first=f"Fine{i}", last="Chiusura", state="closing")


def test_the_number_of_statements_does_not_grow_with_the_rows(as_elena, elena, queries):
    fill(elena, 1)
    as_elena.get("/")
    with queries() as one:
        as_elena.get("/")
    fill(elena, 12)
    with queries() as many:
        assert "Nome11" in as_elena.get("/").text
    assert one() == many() <= 12
