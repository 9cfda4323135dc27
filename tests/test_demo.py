"""The demonstration cooperative: loaded once, into nothing, on both engines; John is there and counts nowhere."""

import re
from datetime import datetime, time, timedelta

import pytest
from click import ClickException
from sqlalchemy import delete, func, select

import demo
from access.passwords import is_right
from core import audit, clock, derived, search
from core.audit import Audit
from core.db import db, transaction
from demo.bulk import Cooperative
from models.account import Membership, Team, User, UserRole
from models.appointment import Appointment
from models.case import Case, Holding
from models.case_states import STATES, StateChange
from models.next_step import next_step
from models.note import WITH_PERSON, Note
from models.organisation import Organisation, Service
from models.person import Person
from models.plan import Plan
from models.todo import Todo
from tests import people
from tests.conftest import Browser

FOUNDED = [Membership, UserRole, User, Team, Service, Organisation]  # what tests/people.py founds, children first
NOON = clock.utc(datetime.combine(clock.today(), time(12)))


@pytest.fixture
def nothing(app):
    """A database with tables and nobody in it, at noon."""
    with transaction("write", "test"):
        for model in FOUNDED:
            db.session.execute(delete(model))
        db.session.commit()
    with clock.at(NOON):
        yield app


@pytest.fixture
def loaded(nothing):
    return demo.load()


def browser(app, name):
    return Browser(app, people.user(name))


def count(model, *where):
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_everybody_can_sign_in_with_what_is_printed(loaded):
    printed = "\n".join(loaded)
    for user in db.session.scalars(select(User)):
        assert user.username in printed and is_right(user.password, demo.PASSWORD)
    assert demo.PASSWORD in printed and count(User) == 8 and count(Team) == 2


def test_there_is_something_of_everything(loaded):
    assert count(Case) >= 60
    states = set(db.session.scalars(select(Case.state)))
    assert states | {"reopened"} == set(STATES)
    assert count(StateChange, StateChange.state == "reopened") and count(Case, Case.confidential.is_(True))
    assert count(Plan, Plan.number == 2) and count(Holding, Holding.until.is_not(None))
    assert count(Note, Note.private_text.is_not(None)) and count(Note) > 120
    today = clock.today()
    assert count(Todo, Todo.due_on == today) and count(Todo, Todo.due_on < today) and count(Todo, Todo.due_on > today)
    unheld = ~select(Holding.id).where(Holding.case_id == Case.id, Holding.until.is_(None)).exists()
    assert count(Case, Case.closed_on.is_(None), unheld) >= 3


def test_nothing_of_it_is_real(loaded):
    for person in db.session.scalars(select(Person)):
        assert not person.phone or "0000" in person.phone or "000" in person.phone[-6:]
        assert not person.email or person.email.endswith("@example.org")
    house = db.session.scalar(select(Organisation))
    assert house.demo and "inventat" in house.letterhead_note


def test_it_was_written_by_the_colleagues_and_the_audit_is_whole(loaded):
    assert audit.verify().broken_at is None
    giulia = str(people.user("giulia").id)
    assert count(Audit, Audit.actor == giulia, Audit.tbl == "note") > 50


def test_the_past_is_in_the_past_and_in_order(loaded):
    now = clock.now()
    assert not count(Note, Note.at > now) and not count(Case, Case.opened_on > clock.today())
    for case in db.session.scalars(select(Case)):
        rows = db.session.scalars(
            select(StateChange).where(StateChange.case_id == case.id).order_by(StateChange.at, StateChange.id)
        ).all()
        assert [row.ended_at for row in rows[:-1]] == [row.at for row in rows[1:]] and rows[-1].ended_at is None
        assert rows[-1].state == case.state
        assert (case.next_on, case.next_at, case.next_kind, case.next_text) == next_step(case)


def test_the_first_page_of_giulia_has_something_of_each(nothing, loaded):
    page = browser(nothing, "giulia").get("/").text
    for words in (
        "In sala dalle",
        "Scade oggi",
        "Scaduto da 3 giorni",
        "verifica del piano",
        "Chiusura da approvare",
        "nota scritta",
        "non presentato",
        "Nessun contatto da",
    ):
        assert words in page, words
    assert "Senza titolare" in browser(nothing, "elena").get("/").text


@pytest.mark.parametrize("at", [time(0, 3), time(23, 58)])
def test_it_loads_at_any_hour_also_on_a_sunday(nothing, at):
    sunday = clock.today() - timedelta(days=clock.today().weekday() + 1)
    with clock.at(clock.utc(datetime.combine(sunday, at))):
        demo.load()
        first, second = clock.day_bounds(sunday)
        assert count(Appointment, Appointment.starts_at >= first, Appointment.starts_at < second) >= 6
        lobby = [row for row in db.session.scalars(select(Appointment)) if row.waiting]
        assert len(lobby) == 1 and first <= lobby[0].arrived_at <= clock.now()


def test_it_is_loaded_once(loaded):
    with pytest.raises(ClickException, match="c'è già"):
        demo.load()
    with pytest.raises(ClickException, match="c'è già"):
        list(demo.load_size("S"))


def test_a_real_cooperative_is_left_alone(app):
    before = count(User)
    db.session.rollback()
    with pytest.raises(ClickException, match="cooperativa vera"):
        demo.load()
    assert count(User) == before and not count(Case)


# John


def test_john_is_there_with_the_facts_of_the_workbook(loaded):
    john = db.session.scalar(select(Person).where(Person.is_training.is_(True)))
    case = db.session.scalar(select(Case).where(Case.person_id == john.id))
    assert (john.first_name, john.gender, john.citizenship, john.born_on) == ("John", "m", "Cipro", None)
    told = " ".join(db.session.scalars(select(Note.text).where(Note.case_id == case.id))).lower()
    for fact in (
        "sposato",
        "cipro",
        "due figli",
        "11 anni",
        "femmina di 8",
        "licenziato",
        "12 mesi",
        "venditore di mobili",
        "tre anni",
        "a piedi",
        "nessuna formazione",
        "contatto con le persone",
        "lavorare il legno",
        "bottega dietro casa",
        "sei mesi",
        "troppo vecchio",
        "senza competenze",
    ):
        assert fact in told, fact
    for missing in ("età", "guida", "titoli di studio", "bisogni speciali", "altri interessi"):
        assert missing in told, missing


def test_john_is_counted_nowhere(nothing, loaded):
    for name in ("giulia", "elena"):
        page = browser(nothing, name).get("/").text
        assert "John" not in page
    giulia = browser(nothing, "giulia")
    page = giulia.get("/search?q=john").text
    assert "Casi di prova" in page and "Persone e casi" not in page
    assert "/notes/" not in giulia.get("/search?q=legno").text


# volumes


@pytest.fixture
def volumes(nothing, monkeypatch):
    monkeypatch.setitem(demo.SIZES, "S", demo.Volume(users=12, teams=3, persons=150, open_cases=40, notes=1_500))
    with clock.at(NOON):
        return list(demo.load_size("S"))


def test_the_volumes_are_what_was_asked_for(volumes):
    assert volumes[-1] == "Volumi di prova S: caricati."
    stories = len(demo.STORIES)
    assert count(User) == 12 and count(Team) == 3
    assert count(Person) == 150 + stories
    assert 40 <= count(Case, Case.closed_on.is_(None)) <= 40 + stories
    assert 1_200 <= count(Note) <= 2_100 and count(Appointment) > 0.4 * count(Note)
    lengths = [
        len(t)
        for t in db.session.scalars(select(Note.text).where(Note.reached.is_(True)).order_by(Note.id.desc()).limit(500))
    ]
    assert min(lengths) >= 200 and sum(lengths) / len(lengths) < 600


def test_the_volumes_say_what_the_verbs_would_have_said(volumes):
    for person in db.session.scalars(select(Person)):
        written = (person.folded, person.double_key)
        with db.session.no_autoflush:
            digits_and_names = person.edit() or (person.folded, person.double_key)
        assert search.terms(digits_and_names[0]) == search.terms(written[0]) and digits_and_names[1] == written[1]
    db.session.rollback()
    for note in db.session.scalars(select(Note)):
        assert note.folded == search.fold(note.text) and note.folded_private == search.fold(note.private_text or "")
    for case in db.session.scalars(select(Case)):
        open_rows = db.session.scalars(
            select(StateChange.state).where(StateChange.case_id == case.id, StateChange.ended_at.is_(None))
        ).all()
        assert open_rows == [case.state]
        assert (case.next_on, case.next_at, case.next_kind) == next_step(case)[:3], case.number
        talks = (Note.case_id == case.id, Note.reached.is_(True), Note.kind.in_(WITH_PERSON))
        last = db.session.scalar(select(func.max(Note.at)).where(*talks))
        assert case.last_contact_on == (clock.local(last).date() if last else None)


def test_the_newest_note_has_the_highest_number_and_new_rows_come_after(nothing, volumes):
    told = db.session.execute(select(Note.at).order_by(Note.id).where(Note.id > 200)).scalars().all()
    assert told == sorted(told)
    giulia = people.user("giulia")
    people.make_case(giulia, first="Dopo", last="Tutti")
    assert "Dopo Tutti" in browser(nothing, "giulia").get("/search?q=dopo").text


def test_triggers_and_search_are_there_again_and_one_row_says_so(nothing, volumes):
    with transaction("read"), db.engine.connect() as connection:
        assert derived.missing(connection) == []
    last = db.session.scalar(select(Audit).order_by(Audit.seq.desc()).limit(1))
    assert (last.verb, last.tbl, last.actor) == ("load", "organisation", "demo")
    assert audit.verify().broken_at is None
    name = db.session.scalar(
        select(Person.last_name)
        .join(Case, Case.person_id == Person.id)
        .join(Team, Team.id == Case.team_id)
        .where(Team.name == "Città", Case.confidential.is_(False), func.length(Person.last_name) > 6)
        .order_by(Person.id.desc())
        .limit(1)
    )
    db.session.rollback()
    page = browser(nothing, "giulia").get(f"/search?q={name[:-2]}{name[-1]}").text
    assert name in page


def test_the_same_size_is_the_same_cooperative(nothing):
    def some():
        first = dict.fromkeys(("person", "case_file", "case_episode", "plan", "goal", "note", "appointment"), 0)
        made = Cooperative("S", demo.Volume(1, 1, 50, 10, 200), {1: [1, 2]}, [1], first, {})
        people_ids = iter(range(1, 100))
        rows = [made.person() for _ in range(50)], [made.case_rows(t, people_ids) for t in made.plan_files()]
        return rows, list(made.diary())

    assert some() == some()


def test_names_of_the_volumes_come_from_many_places(volumes):
    names = " ".join(db.session.scalars(select(Person.last_name).where(Person.id > len(demo.STORIES))))
    origins = set(db.session.scalars(select(Person.citizenship)))
    assert len(origins) > 8 and re.search(r"[^a-zA-Z' ]", names)
