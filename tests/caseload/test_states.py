"""The life of a case: each guard passes and refuses, and each move is a page with just what it needs (domain 3.1)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from core.errors import Refused
from models.account import User
from models.appointment import Appointment
from models.case import Case
from models.case_states import MOVES, VERBS, Episode, StateChange
from models.organisation import Organisation
from models.person import Person, PrivacyNotice
from models.plan import Action, Goal, Plan
from models.todo import Todo

from .. import people

TODAY = clock.today()
SOON = clock.add_days(TODAY, 10)


@pytest.fixture
def at(giulia):
    """A case brought to a state, inside an open write for Giulia: `at("active")`."""

    def bring(state="reported", **fields):
        id_ = people.make_case(giulia, state=state, **fields)
        return db.session.get(Case, id_)

    with transaction("write", "test"):
        yield bring
        db.session.rollback()


def agree_plan(case, me):
    """An agreed plan with one goal and one open action; the action's id."""
    plan = Plan.draft(case, by=me)
    goal = Goal.add(
        plan, title="Un lavoro", wanted_by="person", indicator="contratto", baseline="0", target="1", due_on=SOON
    )
    action = Action.add(plan, goal, what="Curriculum", owner_kind="person")
    plan.agree(case, by=me, agreed_on=TODAY, agreed_how="spoken")
    db.session.flush()
    return action


def refused(verb, *, about=None, **fields):
    with pytest.raises(Refused) as no:
        verb(**fields)
    assert about is None or no.value.field == about
    return str(no.value.sentence)


def notices():
    return db.session.scalars(select(PrivacyNotice)).all()


# ---- the guards ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [*MOVES])
def test_only_the_moves_of_a_state_can_be_made(at, giulia, state):
    case = at("active")
    case.state = state
    for verb in set(VERBS) - set(MOVES[state]):
        wanted = {
            "receive": {"given_on": TODAY, "language": "Italiano"},
            "refuse": {"reason": "x"},
            "suspend": {"reason": "x", "until": SOON, "checked_by_id": giulia.id},
            "begin_closing": {"outcome": "other", "note": "x"},
            "withdraw_closing": {"reason": "x"},
            "reopen": {"reason": "x"},
        }.get(verb, {})
        assert "da qui questo passo non si può fare" in refused(getattr(case, verb), by=giulia, **wanted)


def test_received_needs_the_notice_its_language_and_a_holder_or_the_queue(at, giulia):
    case = at(holder=giulia)
    case.give_to(None, by=giulia, reason="prova")
    refused(case.receive, by=giulia, given_on=None, language="Italiano", queue=True, about="given_on")
    refused(
        case.receive, by=giulia, given_on=clock.add_days(TODAY, 1), language="Italiano", queue=True, about="given_on"
    )
    refused(case.receive, by=giulia, given_on=TODAY, language=" ", queue=True, about="language")
    refused(case.receive, by=giulia, given_on=TODAY, language="Italiano", about="holder_id")
    assert case.state == "reported"
    case.receive(by=giulia, given_on=TODAY, language="arabo", holder_id=giulia.id)
    (notice,) = notices()
    assert (case.state, notice.language, notice.notice_version, notice.given_by_id) == (
        "received",
        "arabo",
        "1",
        giulia.id,
    )
    assert case.holder().user_id == giulia.id


def test_received_into_the_queue_leaves_no_holder(at, giulia):
    case = at()
    case.receive(by=giulia, given_on=TODAY, language="Italiano", queue=True)
    assert case.holder() is None


def test_the_same_notice_is_recorded_once(at, giulia):
    case = at("received")
    other = Case.open_new(by=giulia, person=db.session.get(Person, case.person_id), service_id=2, team_id=case.team_id)
    other.receive(by=giulia, given_on=TODAY, language="Italiano", holder_id=giulia.id)
    db.session.flush()
    assert len(notices()) == 1


@pytest.mark.parametrize("state", ["reported", "received"])
def test_refused_needs_a_reason_and_ends_the_episode(at, giulia, state):
    case = at(state)
    refused(case.refuse, by=giulia, reason="  ", about="reason")
    case.refuse(by=giulia, reason="Fuori distretto")
    assert (case.state, case.closed_on, case.episode().closed_on) == ("not_taken", TODAY, TODAY)
    assert case.state_row().reason == "Fuori distretto"


def test_in_course_needs_a_plan_or_an_emergency(at, giulia):
    case = at("assessing")
    refused(case.activate, by=giulia, about="emergency")
    refused(case.activate, by=giulia, emergency="  ", about="emergency")
    Plan.draft(case, by=giulia)
    refused(case.activate, by=giulia, about="emergency")
    case.activate(by=giulia, emergency="Sfratto domani")
    row = case.state_row()
    assert (case.state, row.emergency, row.until) == ("active", True, clock.add_days(TODAY, 30))
    assert (case.next_kind, case.next_on) == ("emergency", row.until)


def test_with_an_agreed_plan_there_is_no_emergency(at, giulia):
    case = at("assessing")
    agree_plan(case, giulia)
    case.activate(by=giulia, emergency="scritto per sbaglio")
    assert (case.state, case.state_row().emergency, case.state_row().until) == ("active", False, None)


def test_a_plan_agreed_later_settles_the_emergency(at, giulia):
    case = at("active")
    assert case.next_kind == "emergency"
    agree_plan(case, giulia)
    assert case.next_kind is None


def test_suspended_needs_why_until_when_and_who_checks(at, giulia):
    case = at("active")
    whole = {"reason": "Ricovero", "until": SOON, "checked_by_id": giulia.id}
    refused(case.suspend, by=giulia, **(whole | {"reason": ""}), about="reason")
    refused(case.suspend, by=giulia, **(whole | {"until": TODAY}), about="until")
    refused(case.suspend, by=giulia, **(whole | {"until": None}), about="until")
    refused(case.suspend, by=giulia, **(whole | {"checked_by_id": None}), about="checked_by_id")
    case.suspend(by=giulia, **whole)
    assert (case.state, case.next_kind, case.next_on) == ("suspended", "check", SOON)
    case.resume(by=giulia)
    assert (case.state, case.next_on) == ("active", None)


def test_closing_needs_an_outcome_and_a_note(at, giulia):
    case = at("active")
    refused(case.begin_closing, by=giulia, outcome="niente", note="x", about="outcome")
    refused(case.begin_closing, by=giulia, outcome="permanent", note=" ", about="note")
    case.begin_closing(by=giulia, outcome="permanent", note="Assunta")
    episode = case.episode()
    assert (case.state, case.closed_on, episode.outcome, episode.closing_by_id) == (
        "closing",
        None,
        "permanent",
        giulia.id,
    )


def test_closing_leaves_nothing_open(at, giulia):
    case = at("assessing")
    action = agree_plan(case, giulia)
    meeting = Appointment.book(case, by=giulia, starts_at=clock.now() + timedelta(days=1), user_id=giulia.id)
    todo = Todo.promise(case, by=giulia, what="Chiamare", due_on=SOON, owner_id=giulia.id)
    close = {"by": giulia, "outcome": "other", "note": "x"}
    said = refused(case.begin_closing, **close)
    assert "un appuntamento senza esito, un promemoria, un'azione del piano" in said
    meeting.end(case, "cancelled")
    assert "promemoria" in refused(case.begin_closing, **close)
    todo.drop(case, by=giulia)
    assert "azione" in refused(case.begin_closing, **close)
    action.set_state(case, "dropped")
    case.begin_closing(**close)
    assert case.state == "closing"


def test_a_case_is_not_refused_over_an_open_appointment(at, giulia):
    case = at("received")
    Appointment.book(case, by=giulia, starts_at=clock.now() + timedelta(days=1), user_id=giulia.id)
    assert "appuntamento" in refused(case.refuse, by=giulia, reason="x")


def test_a_withdrawn_closing_goes_back_to_where_it_was(at, giulia):
    for start, back in (("active", "active"), ("assessing", "assessing"), ("suspended", "active")):
        case = at(start, first=start)
        case.begin_closing(by=giulia, outcome="gave_up", note="x")
        refused(case.withdraw_closing, by=giulia, reason=None, about="reason")
        case.withdraw_closing(by=giulia, reason="Ci ripensa")
        assert (case.state, case.episode().outcome) == (back, None)


def test_a_juniors_closing_waits_for_a_senior(at, giulia, marco, elena):
    case = at("active")
    case.begin_closing(by=marco, outcome="other", note="x")
    assert "visto" in refused(case.approve_closing, by=marco)
    case.approve_closing(by=giulia)
    episode = case.episode()
    assert (case.state, case.closed_on, episode.closed_on) == ("closed", TODAY, TODAY)
    assert (episode.closing_by_id, episode.approved_by_id) == (marco.id, giulia.id)


def test_two_people_close_where_the_cooperative_wants_it(at, giulia, elena):
    alone, together = at("active", first="Una"), at("active", first="Due")
    alone.begin_closing(by=giulia, outcome="other", note="x")
    alone.approve_closing(by=giulia)
    db.session.execute(update(Organisation).values(two_for_closing=True))
    together.begin_closing(by=giulia, outcome="other", note="x")
    assert "qualcun altro" in refused(together.approve_closing, by=giulia)
    together.approve_closing(by=elena)
    assert alone.closed and together.closed


def test_what_was_booked_after_the_request_stops_the_closing(at, giulia):
    case = at("closing")
    Todo.promise(case, by=giulia, what="Chiamare", due_on=SOON, owner_id=giulia.id)
    assert "promemoria" in refused(case.approve_closing, by=giulia)


def test_a_closing_changed_meanwhile_is_read_again(at, giulia):
    case = at("closing")
    read = case.state_row().id
    case.withdraw_closing(by=giulia, reason="x")
    case.begin_closing(by=giulia, outcome="died", note="y")
    assert "rileggila" in refused(case.approve_closing, by=giulia, asked=str(read))
    case.approve_closing(by=giulia, asked=str(case.state_row().id))
    assert case.closed


def test_reopening_starts_a_new_episode_and_keeps_the_old_figures(at, giulia):
    case = at("closed")
    refused(case.reopen, by=giulia, reason="", about="reason")
    case.reopen(by=giulia, reason="È tornata")
    episodes = db.session.scalars(select(Episode).where(Episode.case_id == case.id).order_by(Episode.number)).all()
    assert [(e.number, e.outcome, e.closed_on) for e in episodes] == [(1, "other", TODAY), (2, None, None)]
    assert (case.state, case.closed_on, case.holder().user_id) == ("reopened", None, giulia.id)
    case.assess(by=giulia)
    assert case.state_row().episode_id == episodes[1].id


def test_a_reopened_case_goes_on_with_the_plan_it_had(at, giulia):
    case = at("assessing")
    action = agree_plan(case, giulia)
    action.set_state(case, "done")
    case.begin_closing(by=giulia, outcome="other", note="x")
    case.approve_closing(by=giulia)
    case.reopen(by=giulia, reason="È tornata")
    case.activate(by=giulia)
    assert case.state == "active"


def test_a_case_is_not_reopened_beside_another_of_the_same_service(at, giulia):
    case = at("closed")
    person = db.session.get(Person, case.person_id)
    other = Case.open_new(by=giulia, person=person, service_id=case.service_id, team_id=case.team_id)
    assert other.number in refused(case.reopen, by=giulia, reason="x")


def test_who_has_left_is_not_the_holder_of_a_reopened_case(at, giulia, marco):
    case = at("closed", holder=marco)
    db.session.execute(update(User).where(User.id == marco.id).values(active=False))
    case.reopen(by=giulia, reason="È tornata")
    assert case.holder() is None


def test_states_are_dated_rows(at, giulia):
    case = at("suspended")
    rows = db.session.scalars(select(StateChange).where(StateChange.case_id == case.id).order_by(StateChange.id)).all()
    assert [r.state for r in rows] == ["reported", "received", "assessing", "active", "suspended"]
    assert [r.ended_at is None for r in rows] == [False] * 4 + [True]


def test_a_note_or_an_appointment_is_no_conflict_for_who_edits_the_case(at, giulia):
    case = at("active")
    db.session.flush()
    before = case.version
    Appointment.book(case, by=giulia, starts_at=clock.now() + timedelta(days=1), user_id=giulia.id)
    case.contacted(TODAY)
    db.session.flush()
    db.session.refresh(case)
    assert (case.version, case.last_contact_on, case.next_kind) == (before, TODAY, "appointment")
    case.give_to(None, by=giulia, reason="prova")
    assert case.version == before + 1


# ---- the pages -----------------------------------------------------------------------------------------------------

ANSWERS = {  # verb: (state to begin from, what is sent, what is refused, state reached)
    "receive": (
        "reported",
        {"given_on": TODAY.isoformat(), "language": "Italiano", "holder_id": "1"},
        {"language": ""},
        "received",
    ),
    "refuse": ("reported", {"reason": "Fuori distretto"}, {"reason": " "}, "not_taken"),
    "assess": ("received", {}, None, "assessing"),
    "activate": ("assessing", {"emergency": "Sfratto domani"}, {"emergency": ""}, "active"),
    "suspend": (
        "active",
        {"reason": "Ricovero", "until": SOON.isoformat(), "checked_by_id": "1"},
        {"until": TODAY.isoformat()},
        "suspended",
    ),
    "resume": ("suspended", {}, None, "active"),
    "begin_closing": ("active", {"outcome": "permanent", "note": "Assunta a Forlì"}, {"outcome": ""}, "closing"),
    "withdraw_closing": ("closing", {"reason": "Ci ripensa"}, {"reason": ""}, "active"),
    "approve_closing": ("closing", {}, {"asked": "999"}, "closed"),
    "reopen": ("closed", {"reason": "È tornata"}, {"reason": ""}, "reopened"),
}


def state_of(case):
    state = db.session.scalar(select(Case.state).where(Case.id == case))
    db.session.rollback()
    return state


@pytest.mark.parametrize("verb", [*VERBS])
def test_each_move_has_its_page(as_giulia, giulia, verb):
    start, sent, bad, reached = ANSWERS[verb]
    case = people.make_case(giulia, state=start)
    url = f"/cases/{case}/moves/{verb}"
    assert str(VERBS[verb]) in as_giulia.get(url).text
    assert 'id="state_form"' in as_giulia.swap("state_form", url).text
    if bad:
        again = as_giulia.swap("state_form", url, sent | bad, expect=422)
        for typed in set(sent) - set(bad):
            assert sent[typed].replace("'", "&#39;") in again.text
        assert state_of(case) == start
    assert as_giulia.post(url, sent).location == f"/cases/{case}"
    assert state_of(case) == reached


@pytest.mark.parametrize("verb", [*VERBS])
def test_a_move_that_cannot_be_made_says_so(as_giulia, giulia, verb):
    start = "closed" if verb != "reopen" else "active"
    case = people.make_case(giulia, state=start)
    url = f"/cases/{case}/moves/{verb}"
    assert "da qui questo passo non si può fare" in as_giulia.get(url).text
    as_giulia.post(url, ANSWERS[verb][1], expect=422)
    assert state_of(case) == start


def test_the_second_of_two_who_move_a_case_is_told(as_giulia, as_marco, giulia):
    case = people.make_case(giulia, state="active")
    url = f"/cases/{case}/moves/suspend"
    as_marco.get(url)
    as_giulia.post(url, ANSWERS["suspend"][1])
    told = as_marco.post(url, ANSWERS["suspend"][1] | {"reason": "Altro motivo"}, expect=422)
    assert "Il caso è «Sospeso»" in told.text


def test_a_closing_says_beforehand_what_is_left(as_giulia, giulia):
    case = people.make_case(giulia, state="active")
    with transaction("write", "test"):
        Todo.promise(db.session.get(Case, case), by=giulia, what="Chiamare", due_on=SOON, owner_id=giulia.id)
        db.session.commit()
    assert "un promemoria" in as_giulia.get(f"/cases/{case}/moves/begin_closing").text
    as_giulia.post(f"/cases/{case}/moves/begin_closing", ANSWERS["begin_closing"][1], expect=422)


def test_a_junior_sees_that_the_sign_off_is_not_hers(as_marco, giulia):
    case = people.make_case(giulia, state="closing")
    url = f"/cases/{case}/moves/approve_closing"
    page = as_marco.get(url)
    assert "Il visto lo mette chi coordina" in page.text
    assert "Approva la chiusura</button>" not in page.text
    as_marco.post(url, {}, expect=422)
    assert state_of(case) == "closing"


def test_the_sign_off_shows_what_is_approved(as_elena, giulia):
    case = people.make_case(giulia, state="active")
    with transaction("write", "test"):
        db.session.get(Case, case).begin_closing(by=giulia, outcome="permanent", note="Assunta dai Frutteti")
        db.session.commit()
    page = as_elena.get(f"/cases/{case}/moves/approve_closing")
    for words in ("Lavoro a tempo indeterminato", "Assunta dai Frutteti", "Giulia Ferraris"):
        assert words in page.text


def test_the_notice_given_before_is_proposed_again(as_giulia, giulia):
    case = people.make_case(giulia, state="received")
    with transaction("write", "test"):
        first = db.session.get(Case, case)
        person = db.session.get(Person, first.person_id)
        notices()[0].language = "urdu"
        other = Case.open_new(by=giulia, person=person, service_id=2, team_id=first.team_id).id
        db.session.commit()
    assert 'value="urdu"' in as_giulia.get(f"/cases/{other}/moves/receive").text


def test_an_unknown_move_is_no_page(as_giulia, case):
    as_giulia.get(f"/cases/{case}/moves/edit", expect=404)
