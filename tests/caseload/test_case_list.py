"""The list of cases: chips, filters, search, sorting, pages, and what leaves the house as a file."""

import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from pypdf import PdfReader
from sqlalchemy import event, insert, select, update
from werkzeug.datastructures import MultiDict

from blueprints.caseload import exports
from blueprints.caseload.forms.cases import Filters
from blueprints.caseload.queries import cases
from core import clock, search
from core.audit import Audit
from core.db import db, transaction
from core.jobs import KINDS, Job, Work
from models.appointment import Appointment
from models.case import Case, Holding
from models.case_states import Episode, StateChange
from models.person import Person
from models.todo import Todo

from .. import people
from ..engine import POSTGRES

FIRST = ("Ion", "Samuel", "Teresa", "Chiara", "Mirko", "Nadia")


def many(by, holders, number, start=0, **fields):
    """`number` open cases of `by`'s team with different people and holders, written at once."""
    db.session.rollback()
    with transaction("write", "test"):
        today = clock.today()
        for i in range(start + 1, start + number + 1):
            person = Person.new(
                first_name=FIRST[i % 6], last_name=f"Di Prova {i:03}", born_on=today - timedelta(days=9000 + i)
            )
            row = {
                "year": 2020,
                "serial": i,
                "number": f"2020-{i:04}",
                "person_id": person.id,
                "service_id": 1,
                "team_id": by.team_ids[0],
            }
            row |= {
                "state": "active",
                "opened_on": today - timedelta(days=i % 900),
                "next_on": today + timedelta(days=i - 3),
            }
            row |= {
                "next_kind": "todo",
                "next_text": f"Passo {i}",
                "last_contact_on": today - timedelta(days=i % 40),
            } | fields
            id_ = db.session.execute(insert(Case.__table__).values(row)).inserted_primary_key[0]
            episode = db.session.execute(
                insert(Episode.__table__).values(case_id=id_, number=1, opened_on=today)
            ).inserted_primary_key[0]
            db.session.execute(
                insert(StateChange.__table__).values(
                    case_id=id_, episode_id=episode, state="active", at=clock.now(), by_id=by.id
                )
            )
            if holders:
                who = holders[i % len(holders)]
                db.session.execute(
                    insert(Holding.__table__).values(case_id=id_, user_id=who.id, since=today, given_by_id=by.id)
                )
        db.session.commit()


def written(case, **values):
    """Set columns of a case past its verbs."""
    db.session.rollback()
    with transaction("write", "test"):
        db.session.execute(update(Case).where(Case.id == case).values(**values))
        db.session.commit()


def names(page):
    """The people of the rows, in order."""
    return re.findall(r'<a class="row-name" href="/cases/\d+">([^<]+)</a>', page.text)


def counts(page):
    """The number on each chip."""
    return {
        unescape(label): int(n) for label, n in re.findall(r'>([^<>]+) <span class="n">(\d+)</span></a>', page.text)
    }


def seen(verb):
    rows = db.session.execute(
        select(Audit.actor, Audit.row_id).where(Audit.tbl == "case_file", Audit.verb == verb)
    ).all()
    db.session.rollback()
    return [(int(actor), int(row)) for actor, row in rows]


# ---- what is shown -------------------------------------------------------------------------------------------------


def test_a_cooperative_without_cases_is_told_how_to_begin(as_giulia, as_rita):
    page = as_giulia.get("/cases")
    assert "Un caso comincia da una persona" in page.text
    assert 'href="/people/new"' in page.text
    assert 'href="/people/new"' not in as_rita.get("/cases").text


def test_the_list_shows_who_at_what_point_and_what_next(as_giulia, giulia):
    with transaction("write", str(giulia.id)):
        case = db.session.get(
            Case, people.make_case(giulia, state="received", born_on=clock.add_days(clock.today(), -12500))
        )
        Todo.promise(
            case, by=giulia, what="Sollecitare il CPI", due_on=clock.add_days(clock.today(), 3), owner_id=giulia.id
        )
        db.session.commit()
    written(case.id, next_on=clock.add_days(clock.today(), -3))
    page = as_giulia.get("/cases")
    assert names(page) == ["Amina Haddad"]
    assert "34 anni" in page.text
    assert "Accolto" in page.text
    assert 'Sollecitare il CPI<br><span class="baton">Scaduto da 3 giorni</span>' in page.text
    assert "mai</td>" in page.text


def test_the_baton_is_for_whose_hand_it_waits(as_giulia, as_marco, case):
    written(case, next_on=clock.today(), next_kind="todo", next_text="Richiamare")
    assert '<span class="baton">Scade oggi</span>' in as_giulia.get("/cases?show=open").text
    assert '<span class="small strong">Scade oggi</span>' in as_marco.get("/cases?show=open").text


def test_an_appointment_says_its_hour_and_who_is_in_the_lobby(as_giulia, giulia, case):
    with transaction("write", str(giulia.id)):
        row = db.session.get(Case, case)
        today = clock.utc(clock.local(clock.now()).replace(tzinfo=None, hour=0, minute=30, second=0, microsecond=0))
        meeting = Appointment.book(row, by=giulia, starts_at=today, purpose="Colloquio", user_id=giulia.id)
        db.session.commit()
    assert "Oggi alle 0:30" in as_giulia.get("/cases").text
    db.session.rollback()
    with transaction("write", str(giulia.id)):
        meeting = db.session.get(Appointment, meeting.id)
        meeting.arrive()
        db.session.commit()
    assert "In sala dalle" in as_giulia.get("/cases").text


def test_each_chip_counts_what_it_shows(as_giulia, as_elena, giulia, marco, app):
    people.make_case(giulia, first="Una", last="Segnalata")
    people.make_case(giulia, first="Due", last="In Corso", state="active")
    people.make_case(giulia, first="Tre", last="Di Marco", state="active", holder=marco)
    people.make_case(giulia, first="Quattro", last="Chiusa", state="closed")
    people.make_case(giulia, first="Cinque", last="Di Prova", is_training=True)
    quiet = people.make_case(giulia, first="Sei", last="Silenziosa", state="active")
    written(quiet, last_contact_on=clock.add_days(clock.today(), -30))
    queued = people.make_case(giulia, first="Sette", last="Senza Titolare")
    with transaction("write", "test"):
        db.session.get(Case, queued).give_to(None, by=giulia, reason="prova")
        db.session.commit()
    shows = {
        "I miei": "mine",
        "Senza titolare": "unheld",
        "Lista d'attesa": "waiting",
        "In silenzio": "silent",
        "Tutti aperti": "open",
        "Chiusi": "closed",
    }
    for browser, mine in ((as_giulia, 3), (as_elena, 0)):
        chips = counts(browser.get("/cases"))
        assert chips == {
            "I miei": mine,
            "Senza titolare": 1,
            "Lista d'attesa": 2,
            "In silenzio": 1,
            "Tutti aperti": 5,
            "Chiusi": 1,
        }
        for label, show in shows.items():
            assert len(names(browser.get(f"/cases?show={show}"))) == chips[label], label
    assert names(as_giulia.get("/cases?show=open&training=1")) == ["Cinque Di Prova"]
    assert len(names(as_giulia.get("/cases?show=all"))) == 6


def test_a_worker_begins_with_her_own_cases_the_others_with_the_open_ones(as_giulia, as_elena, as_rita, marco, giulia):
    people.make_case(giulia, holder=marco)
    assert names(as_giulia.get("/cases")) == []
    assert names(as_elena.get("/cases")) == names(as_rita.get("/cases")) == ["Amina Haddad"]


@pytest.mark.parametrize(
    "typed", ["amina", "HADDÀD", "had ami", "2026", "{number}", "RSSMRA80A01", "347 123", "+39 3471234567", "4567"]
)
def test_people_are_found_by_what_one_has_at_hand(as_giulia, giulia, typed):
    number = "2026-0007"
    case = people.make_case(giulia, tax_code="RSSMRA80A01H501U", phone="+39 347 1234567")
    people.make_case(giulia, first="Zeno", last="Altri", phone="055 987654")
    written(case, number=number)
    if typed == "4567":  # the end of a telephone is nobody's
        assert names(as_giulia.get("/cases?q=4567")) == []
        return
    page = as_giulia.get("/cases", query_string={"q": typed.format(number=number), "show": "all"})
    assert "Amina Haddad" in names(page)
    assert ("Zeno Altri" in names(page)) == (typed == "2026")


def test_when_nobody_is_found_the_list_says_where_else_to_look(as_giulia, case):
    page = as_giulia.swap("results", "/cases?q=Nessuno&show=mine")
    assert "Nessun caso con «Nessuno» tra questi." in page.text
    assert "/cases?show=all&amp;q=Nessuno" in page.text
    assert "Togli i filtri" in page.text


def test_more_filters_narrow_together(as_giulia, giulia, marco):
    people.make_case(giulia, first="Una", last="A", priority=1)
    people.make_case(giulia, first="Due", last="B", priority=1, service="Sportello casa", holder=marco)
    people.make_case(giulia, first="Tre", last="C", state="active")
    for query, expected in {
        "priority=1": {"Una A", "Due B"},
        "priority=1&service=2": {"Due B"},
        f"holder={marco.id}": {"Due B"},
        "state=active": {"Tre C"},
        f"team={giulia.team_ids[0]}": {"Una A", "Due B", "Tre C"},
        "state=niente&priority=x&service=-1&page=0&sort=;drop": {"Una A", "Due B", "Tre C"},
    }.items():
        assert set(names(as_giulia.get(f"/cases?show=open&{query}"))) == expected, query


@pytest.mark.parametrize("sort", ["person", "state", "next", "contact", "opened"])
def test_the_list_is_sorted_both_ways(as_giulia, giulia, marco, sort):
    many(giulia, [giulia, marco], 7)
    there, back = (names(as_giulia.get(f"/cases?show=open&sort={s}")) for s in (sort, f"-{sort}"))
    assert len(there) == len(back) == 7
    if sort not in ("state", "contact"):
        assert there == back[::-1]
    if sort != "opened":  # its link stands above the table
        assert 'aria-sort="descending"' in as_giulia.get(f"/cases?show=open&sort=-{sort}").text


def test_who_has_no_next_step_comes_last(as_giulia, giulia):
    people.make_case(giulia, first="Senza", last="Passo")
    late = people.make_case(giulia, first="Con", last="Passo")
    written(late, next_on=clock.today(), next_kind="todo", next_text="x")
    assert names(as_giulia.get("/cases")) == ["Con Passo", "Senza Passo"]


def test_fifty_rows_a_page(as_giulia, giulia, marco):
    many(giulia, [giulia, marco], 53)
    page = as_giulia.get("/cases?show=open")
    assert len(names(page)) == 50
    assert "1–50 di 53" in page.text
    rest = as_giulia.swap("results", "/cases?show=open&page=2")
    assert len(names(rest)) == 3
    assert "51–53 di 53" in rest.text
    assert set(names(rest)).isdisjoint(names(page))


def test_only_the_results_are_swapped(as_giulia, case):
    block = as_giulia.swap("results", "/cases?show=open&sort=person").text
    assert block.lstrip().startswith('<div id="results"')
    assert "<html" not in block
    assert 'name="sort" value="person" form="finder"' in block


def test_hostile_names_are_text(as_giulia, giulia):
    people.make_case(giulia, first='<img src=x onerror="a">', last="{{ 7*7 }}")
    page = as_giulia.get("/cases")
    assert "&lt;img src=x" in page.text
    assert "{{ 7*7 }}" in page.text


def test_names_and_texts_may_hold_a_percent_sign(as_giulia, giulia):
    case = people.make_case(giulia, first="100%", last="%s")
    written(case, next_on=clock.today(), next_kind="todo", next_text="Fino al 50%s")
    assert names(as_giulia.get("/cases?q=100%25")) == ["100% %s"]


# ---- what it costs -------------------------------------------------------------------------------------------------


def test_the_list_takes_eight_statements_whatever_the_rows(as_giulia, queries, giulia, marco, elena):
    many(giulia, [giulia], 1)
    as_giulia.get("/cases?show=open")
    with queries() as one:
        as_giulia.get("/cases?show=open")
    with queries() as one_found:
        as_giulia.get("/cases?show=open&q=prova&priority=2")
    many(giulia, [giulia, marco, elena], 30, start=1)
    with queries() as thirty:
        as_giulia.get("/cases?show=open")
    with queries() as thirty_found:
        assert len(names(as_giulia.get("/cases?show=open&q=prova&priority=2"))) == 31
    assert one() == thirty() <= 8
    assert one_found() == thirty_found() <= 8


def test_fifty_rows_weigh_at_most_forty_kilobytes(as_elena, giulia, marco, elena):
    many(giulia, [giulia, marco, elena], 120)
    page = as_elena.get("/cases?show=open&page=2")
    assert len(names(page)) == 50
    assert len(page.data) <= 40_000


@pytest.mark.parametrize("show", ["show=open", "show=all", "show=open&sort=contact", "show=closed"])
def test_lists_in_the_order_of_an_index_are_not_sorted(app, giulia, show):
    if POSTGRES:
        assert cases.visible_walk() is Case.VISIBLE
        return
    many(giulia, [giulia], 60)
    filters = Filters.of(MultiDict(pair.split("=") for pair in show.split("&")), giulia)
    sent = []
    listener = lambda *args: sent.append(args[2:4])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    with transaction("read"):
        cases.case_rows(filters, giulia)
        event.remove(db.engine, "before_cursor_execute", listener)
        statement, values = sent[-1]
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        db.session.rollback()
    assert not [row for row in plan if "TEMP B-TREE" in row[3]]


# ---- what leaves the house -----------------------------------------------------------------------------------------


def sheet(answer):
    """(xml of the sheet, all texts) of a workbook."""
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    return book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/sharedStrings.xml").decode()


def test_the_spreadsheet_holds_exactly_what_the_filters_show(as_giulia, giulia, marco):
    mine = people.make_case(giulia, first="Amina", last="Haddad")
    people.make_case(giulia, first="Ion", last="Munteanu", holder=marco)
    answer = as_giulia.post("/cases/export/xlsx", {"show": "mine"}, expect=200)
    assert "attachment" in answer.headers["Content-Disposition"]
    rows, texts = sheet(answer)
    assert rows.count("<row ") == 2
    assert "Haddad" in texts
    assert "Munteanu" not in texts
    assert seen("export") == [(giulia.id, mine)]


def test_texts_that_look_like_formulas_stay_texts(as_giulia, giulia):
    for i, first in enumerate(("=1+1", "+39", "-1", "@SUM(A1)", "＝1", "http://esempio.it")):
        people.make_case(giulia, first=first, last=f"N{i}")
    rows, texts = sheet(as_giulia.post("/cases/export/xlsx", {"show": "open"}, expect=200))
    assert "<f>" not in rows
    assert "hyperlink" not in rows.lower()
    assert "=1+1" in texts


def test_the_paper_list_is_recorded_as_print(as_giulia, giulia, case):
    answer = as_giulia.post("/cases/export/pdf", {"show": "open"}, expect=200)
    text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "Amina Haddad" in text
    assert "Tutti aperti" in text
    assert "Giulia Ferraris" in text  # on paper nobody is "you"
    assert seen("print") == [(giulia.id, case)]


def test_only_the_chosen_cases_leave(as_giulia, giulia, sara):
    chosen = people.make_case(giulia, first="Amina", last="Haddad")
    people.make_case(giulia, first="Ion", last="Munteanu")
    foreign = people.make_case(sara, first="Zeno", last="Altrove", team_id=sara.team_ids[0])
    _rows, texts = sheet(as_giulia.post("/cases/export/xlsx", {"show": "open", "case": [chosen, foreign]}, expect=200))
    assert "Haddad" in texts
    assert "Munteanu" not in texts
    assert "Altrove" not in texts


def test_a_long_list_is_a_job_with_what_its_owner_may_see(as_giulia, giulia, marco, sara, monkeypatch):
    monkeypatch.setattr(exports, "DIRECT", 3)
    many(giulia, [giulia, marco], 5)
    people.make_case(sara, first="Zeno", last="Altrove", team_id=sara.team_ids[0])
    answer = as_giulia.post("/cases/export/xlsx", {"show": "open"})
    job = db.session.scalar(select(Job))
    assert answer.location == f"/jobs/{job.id}"
    job.state = "running"
    work = Work(job.id, giulia, job.args)
    with transaction("write", "test"):
        db.session.commit()
    result = KINDS["case_list"](work)
    book = zipfile.ZipFile(io.BytesIO(result.content))
    assert book.read("xl/worksheets/sheet1.xml").decode().count("<row ") == 6
    assert "Altrove" not in book.read("xl/sharedStrings.xml").decode()
    assert len(seen("export")) == 5


def test_hidden_tokens_of_search_do_not_break(as_giulia, case):
    for q in ("'", '"', "NEAR(", "a:b", "*", "-", "%", "\\", "&|!", "(" * 50, "x" * 300, "😀", "\x00"):
        as_giulia.get("/cases", query_string={"q": q})
    assert search.terms("'") == []
