"""The page of a case: what happened, what is next, what to know; the same few statements whatever it holds."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.audit import Audit
from core.db import db
from models.account import User
from models.appointment import Appointment
from models.case import Case
from models.note import Note
from models.todo import Todo

from .. import people
from .makers import make_meeting, make_need, make_notes, make_plan, writing


def days_ago(n):
    return clock.at(clock.now() - timedelta(days=n))


def fill(case_id, authors, rounds):
    """Notes, appointments, reminders and members, by different people."""
    for i in range(rounds):
        by = authors[i % len(authors)]
        with days_ago(rounds - i), writing(by):
            case = db.session.get(Case, case_id)
            Note.write(
                case, by=by, kind="interview", text=f"Nota numero {i} «parole» {'lunga ' * 200}", private_text="x"
            )
            meeting = Appointment.book(case, by=by, starts_at=clock.now(), user_id=by.id, purpose=f"Incontro {i}")
            meeting.end(case, "no_show")
            Todo.promise(case, by=by, what=f"Cosa {i}", due_on=clock.today(), owner_id=by.id).finish(case, by=by)
            Appointment.book(case, by=by, starts_at=clock.now() + timedelta(days=rounds + 3), user_id=by.id)
            case.add_member(outsider=f"Medico {i}")
            db.session.commit()


def thread(text):
    """The kinds and dates in the order of the thread."""
    return re.findall(r'<div class="what-kind">(?:<a[^>]*>)?<b>(.*?)</b>', text)


def views(case_id):
    db.session.rollback()
    return db.session.scalars(select(Audit.fields).where(Audit.tbl == "case_file", Audit.verb == "view")).all()


def test_the_head_says_who_what_next_and_what_to_know(as_giulia, giulia, marco, elena):
    with days_ago(100):
        case = people.make_case(
            giulia,
            holder=marco,
            state="assessing",
            born_on=date(1990, 1, 2),
            residence_town="Forlì",
            languages="arabo",
            italian="good",
            phone="+39 333 0000000",
            contact_note="Non chiamare prima delle 9:30",
            to_know="Non dire l'indirizzo",
            permit_expires_on=clock.today() + timedelta(days=150),
            mediator_language="arabo",
        )
    with days_ago(40), writing(elena):
        db.session.get(Case, case).give_to(giulia.id, by=elena, reason="Cambio di équipe")
        db.session.commit()
    page = as_giulia.get(f"/cases/{case}").text
    for words in (
        "Amina Haddad",
        "In valutazione",
        "di Forlì",
        "Parla arabo, italiano: buono",
        "<strong>Giulia Ferraris</strong>",
        "prima Marco Dal Pozzo",
        "Niente in programma.",
        "Permesso di soggiorno: scade il",
        "Non chiamare prima delle 9:30",
        "Non dire l&#39;indirizzo",
        "Serve un mediatore: arabo",
        'href="tel:+393330000000"',
    ):
        assert words in page, words
    assert thread(page)[0] == "Passaggio di consegne" and "Da Marco Dal Pozzo a Giulia Ferraris." in page


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "Permesso di soggiorno scaduto"), (60, "Permesso di soggiorno: scade"), (61, None), (None, None)],
)
def test_a_permit_is_mentioned_sixty_days_before_it_expires(as_giulia, giulia, days, words):
    day = clock.today() + timedelta(days=days) if days is not None else None
    case = people.make_case(giulia, permit_expires_on=day)
    page = as_giulia.get(f"/cases/{case}").text
    assert (words in page) if words else "Permesso" not in page


def test_who_may_not_be_called_has_no_button_to_call(as_giulia, giulia):
    case = people.make_case(giulia, phone="333 0000000", may_call=False)
    page = as_giulia.get(f"/cases/{case}").text
    assert "Non si può chiamare" in page and "tel:" not in page


def test_what_is_due_waits_in_orange_and_what_is_not_does_not(as_giulia, giulia, case):
    with days_ago(5), writing(giulia):
        row = db.session.get(Case, case)
        Todo.promise(
            row, by=giulia, what="Chiamare il CAF", due_on=clock.today() + timedelta(days=2), owner_id=giulia.id
        )
        db.session.commit()
    facts = as_giulia.get(f"/cases/{case}").text.partition('<dl class="facts">')[2].partition("</dl>")[0]
    assert '<span class="baton">Promemoria: era per il' in facts
    other = people.make_case(giulia, first="Sara", last="Rossi")
    make_meeting(other, giulia, days=3, purpose="Colloquio")
    facts = as_giulia.get(f"/cases/{other}").text.partition('<dl class="facts">')[2].partition("</dl>")[0]
    assert "baton" not in facts and "Colloquio" in facts


def test_the_thread_mixes_everything_the_newest_above(as_giulia, giulia):
    with days_ago(30):
        case = people.make_case(giulia, state="assessing")
    make_notes(case, giulia, ["Ha parlato del lavoro"], days_ago=20)
    with days_ago(10):
        make_plan(case, giulia)
    make_meeting(case, giulia, days=7, purpose="Verifica")
    page = as_giulia.get(f"/cases/{case}").text
    assert thread(page) == [
        "Appuntamento",
        "Piano, versione 1",
        "Nota",
        "Titolare",
        "In valutazione",
        "Accolto",
        "Segnalato",
    ]
    assert '<li class="ahead">' in page and 'class="thread-today"' in page


def test_the_time_before_the_present_holder_is_grey(as_giulia, giulia, marco, elena):
    with days_ago(50):
        case = people.make_case(giulia, holder=marco)
    make_notes(case, marco, ["Con Marco"], days_ago=40)
    with days_ago(20), writing(elena):
        db.session.get(Case, case).give_to(giulia.id, by=elena, reason="Marco cambia équipe")
        db.session.commit()
    make_notes(case, giulia, ["Con Giulia"], days_ago=10)
    rows = re.split(r"<li(?=[ >])", as_giulia.get(f"/cases/{case}").text)
    assert next(r for r in rows if "Con Marco" in r).startswith(' class="earlier"')
    assert not next(r for r in rows if "Con Giulia" in r).startswith(' class="earlier"')


def test_the_thread_is_read_to_its_end_without_losing_or_repeating(as_giulia, giulia, marco, case):
    with days_ago(90):
        made = [f"Cosa {i:02}" for i in range(30)]
        with writing(giulia):
            row = db.session.get(Case, case)
            for text in made:  # all at the same instant: the worst for a page that goes on where the last one ended
                with clock.at(clock.now()):
                    Note.write(row, by=giulia, kind="phone", text=text)
            for text in made:
                Todo.promise(row, by=giulia, what=f"Fare {text}", due_on=clock.today(), owner_id=giulia.id).finish(
                    row, by=giulia
                )
            db.session.commit()
    seen, page, fragments = [], as_giulia.get(f"/cases/{case}").text, 0
    while True:
        seen += re.findall(r'<p class="text" dir="auto">((?:Fare )?Cosa \d\d)</p>', page)
        more = re.search(r'id="thread_more"><a class="more" href="([^"]+)"', page)
        if not more:
            break
        page = as_giulia.swap("thread_more", more[1].replace("&amp;", "&")).text
        assert "<html" not in page and page.strip().startswith("<li")
        fragments += 1
    assert fragments == 3 and len(seen) == len(set(seen)) == 60


def test_without_a_script_the_older_part_is_a_page(as_giulia, giulia, case):
    make_notes(case, giulia, [f"Nota {i}" for i in range(30)])
    more = re.search(r'id="thread_more"><a class="more" href="([^"]+)"', as_giulia.get(f"/cases/{case}").text)[1]
    page = as_giulia.get(more.replace("&amp;", "&")).text
    assert "Torna ai più recenti" in page and "Nota 29" in page and "thread-today" not in page


@pytest.mark.parametrize("before", ["x", "2026-01-01~a~b", "~~", "2026-01-01T00:00:00~3"])
def test_a_place_that_is_none_shows_the_beginning(as_giulia, case, before):
    assert "thread-today" in as_giulia.get(f"/cases/{case}?before={before}").text


def test_the_thread_shows_one_kind_when_asked(as_giulia, giulia, case):
    make_notes(case, giulia, ["Una nota"])
    make_meeting(case, giulia, purpose="Colloquio")
    assert set(thread(as_giulia.swap("thread", f"/cases/{case}?show=notes").text)) == {"Nota"}
    assert set(thread(as_giulia.swap("thread", f"/cases/{case}?show=appointments").text)) == {"Appuntamento"}
    assert set(thread(as_giulia.get(f"/cases/{case}?show=path").text)) == {"Segnalato", "Titolare"}
    assert "Qui non c'è ancora niente." in as_giulia.get(f"/cases/{case}?show=todos").text
    assert len(thread(as_giulia.get(f"/cases/{case}?show=cats").text)) == 4


def test_a_long_note_is_shortened_with_a_way_to_the_rest(as_giulia, giulia, case):
    make_notes(case, giulia, ["parola " * 2000, "corta"])
    page = as_giulia.get(f"/cases/{case}").text
    assert page.count("Leggi tutta la nota") == 1 and page.count("parola") < 100


def test_an_appointment_that_a_note_tells_of_stands_there_once(as_giulia, giulia, case):
    with writing(giulia):
        row = db.session.get(Case, case)
        meeting = Appointment.book(row, by=giulia, starts_at=clock.now(), user_id=giulia.id)
        Note.write(row, by=giulia, kind="interview", text="Detto tutto", appointment=meeting)
        db.session.commit()
    assert sorted(thread(as_giulia.get(f"/cases/{case}").text)) == ["Nota", "Segnalato", "Titolare"]


def test_an_empty_case_says_what_to_do(as_giulia, case):
    page = as_giulia.get(f"/cases/{case}").text
    assert "Niente in programma." in page and "Nulla di particolare" in page and "Scrivi una nota" in page


def test_opening_a_case_is_recorded_once_and_its_panels_are_not(as_giulia, giulia, case):
    as_giulia.get(f"/cases/{case}")
    assert views(case) == ["caseload.case_show"]
    for target, leaf in (
        ("appointments_glance", "appointments"),
        ("todos_glance", "todos"),
        ("care_glance", "care-team"),
    ):
        fragment = as_giulia.swap(target, f"/cases/{case}/{leaf}").text
        assert f'id="{target}"' in fragment and "<html" not in fragment
    as_giulia.swap("plan_glance", f"/cases/{case}/plan/glance")
    assert views(case) == ["caseload.case_show"]
    as_giulia.get(f"/cases/{case}/todos")
    assert views(case) == ["caseload.case_show", "caseload.todo_index"]


def test_the_page_costs_the_same_with_one_row_and_with_thirty(as_giulia, giulia, marco, elena, case, queries):
    def cost(number):
        with queries() as count:
            as_giulia.get(f"/cases/{number}")
        return count()

    rich = people.make_case(giulia, first="Rosa", last="Neri", holder=marco)
    fill(case, [giulia], 1)
    fill(rich, [giulia, marco, elena], 30)
    make_need(rich, giulia)
    cost(case)
    assert cost(case) == cost(rich) <= 15


def test_panels_cost_few_statements(as_giulia, giulia, marco, case, queries):
    fill(case, [giulia, marco], 12)
    for target, leaf in (
        ("appointments_glance", "appointments"),
        ("todos_glance", "todos"),
        ("care_glance", "care-team"),
    ):
        with queries() as count:
            as_giulia.swap(target, f"/cases/{case}/{leaf}")
        assert count() <= 6


def test_a_closed_case_is_read_and_only_added_to(as_giulia, giulia):
    case = people.make_case(giulia, state="closed", phone="333 0000000")
    page = as_giulia.get(f"/cases/{case}").text
    assert "Il caso è chiuso dal" in page and "annotazione" in page and f"/cases/{case}/moves/reopen" in page
    for gone in ("appointments/new", "todos/new", f"/cases/{case}/edit", "tel:", "/calls"):
        assert gone not in page, gone


def test_a_reader_sees_no_buttons_and_no_private_parts(as_rita, giulia, case):
    make_notes(case, giulia, ["Si legge"], private="Non si legge")
    page = as_rita.get(f"/cases/{case}").text
    assert "Si legge" in page and "Non si legge" not in page
    for gone in ("notes/new", "appointments/new", "moves/", "/calls", f"/cases/{case}/edit"):
        assert gone not in page, gone


def test_cases_of_other_teams_do_not_exist(as_sara, as_ada, as_nobody, case):
    for leaf in ("", "/path"):
        as_sara.get(f"/cases/{case}{leaf}", expect=404)
        as_ada.get(f"/cases/{case}{leaf}", expect=403)
        assert as_nobody.get(f"/cases/{case}{leaf}", expect=303).location.startswith("/sign-in")


def test_the_way_of_a_case_names_states_holders_and_team(as_giulia, giulia, sara, case):
    with writing(giulia):
        row = db.session.get(Case, case)
        row.add_member(user_id=sara.id, role="Sportello casa")
        row.receive(by=giulia, given_on=clock.today(), language="Italiano")
        db.session.commit()
    page = as_giulia.get(f"/cases/{case}/path").text
    for words in ("Segnalato", "Accolto", "Giulia Ferraris", "Sara Lodi", "Sportello casa", "Percorso 1"):
        assert words in page
    assert "Chi ha aperto il fascicolo" not in page


def test_who_coordinates_sees_who_opened_the_file(as_elena, as_giulia, case):
    as_giulia.get(f"/cases/{case}")
    as_giulia.get(f"/cases/{case}")
    page = as_elena.get(f"/cases/{case}/path").text
    assert "Giulia Ferraris ha aperto" in page and "2 volte" in page


def test_hostile_words_stay_words(as_giulia, giulia):
    case = people.make_case(giulia, first="<img src=x>", last="{{ 7*7 }}", to_know='"><script>alert(1)</script>')
    make_notes(case, giulia, ['«<b hx-get="/x">»' + "\u202e" + "a" * 5000], private="<i>x</i>")
    for leaf in ("", "/path", "/notes/new", "/appointments", "/todos", "/care-team"):
        page = as_giulia.get(f"/cases/{case}{leaf}").text
        for markup in ("<img src", "<b hx-get", "<script>alert", "<i>x"):
            assert markup not in page
    assert db.session.scalar(select(User.id).where(User.id == giulia.id))
