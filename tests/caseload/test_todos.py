"""Reminders: promised, done, dropped, taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import db
from models.case import Case
from models.todo import Todo

from .. import people
from .makers import writing


def soon(days=2):
    return clock.today() + timedelta(days=days)


def form(by, **other):
    return {"what": "Chiamare il CAF", "due_on": soon().isoformat(), "owner_id": str(by.id), **other}


def promise(case_id, by, what="Chiamare il CAF", due_on=None):
    with writing(by):
        row = Todo.promise(db.session.get(Case, case_id), by=by, what=what, due_on=due_on or soon(), owner_id=by.id)
        db.session.commit()
        return row.id


def rows():
    db.session.rollback()
    return db.session.scalars(select(Todo).order_by(Todo.id)).all()


def next_on(case_id):
    db.session.rollback()
    return db.session.get(Case, case_id, populate_existing=True).next_on


def test_a_reminder_is_promised_and_is_the_next_step(as_giulia, giulia, marco, case):
    as_giulia.get(f"/cases/{case}/todos/new")
    assert as_giulia.post(f"/cases/{case}/todos/new", form(marco)).location == f"/cases/{case}"
    (row,) = rows()
    assert (row.what, row.owner_id, row.created_by_id) == ("Chiamare il CAF", marco.id, giulia.id)
    assert next_on(case) == soon()
    assert "Chiamare il CAF" in as_giulia.get(f"/cases/{case}/todos").text


def test_the_form_is_a_fragment_too(as_giulia, giulia, case):
    fragment = as_giulia.swap("todo_form", f"/cases/{case}/todos/new").text
    assert fragment.strip().startswith("<form") and "<html" not in fragment
    as_giulia.swap("todo_form", f"/cases/{case}/todos/new", form(giulia), expect=204)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what": "  "}, "Serve una risposta qui."),
        ({"due_on": "ieri"}, "Questa data non esiste"),
        ({"due_on": "2020-01-01"}, "Scegli un giorno da oggi in poi."),
        ({"owner_id": "999"}, "Scegli una delle voci."),
        ({"what": "x" * 201}, "È troppo lungo"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(as_giulia, giulia, case, wrong, said):
    typed = form(giulia) | wrong
    for page in (
        as_giulia.post(f"/cases/{case}/todos/new", typed, expect=422).text,
        as_giulia.swap("todo_form", f"/cases/{case}/todos/new", typed, expect=422).text,
    ):
        assert said in page and typed["what"].strip() in page
    assert not rows()


def test_done_from_the_panel_gives_the_panel_back_with_a_way_to_undo(as_giulia, giulia, case):
    first, second = promise(case, giulia, "Prima cosa"), promise(case, giulia, "Seconda cosa")
    answer = as_giulia.swap("todos_glance", f"/todos/{first}/done", {})
    panel = answer.text.partition('id="flash"')[0]
    assert 'id="todos_glance"' in panel and "Seconda cosa" in panel and "Prima cosa" not in panel
    assert "Fatto: Prima cosa" in answer.text and f"/todos/{first}/reopen" in answer.text
    assert answer.headers["HX-Trigger"] == "case-changed"
    assert rows()[0].done_at and rows()[0].done_by_id == giulia.id and not rows()[1].done_at
    as_giulia.post(f"/todos/{first}/reopen")
    assert not rows()[0].done_at and second


def test_done_twice_is_once_and_stays_with_who_did_it(as_giulia, as_marco, giulia, case):
    row = promise(case, giulia)
    as_giulia.post(f"/todos/{row}/done")
    at = rows()[0].done_at
    as_marco.post(f"/todos/{row}/done")
    as_marco.post(f"/todos/{row}/drop")
    assert (rows()[0].done_at, rows()[0].done_by_id, rows()[0].dropped_at) == (at, giulia.id, None)
    assert next_on(case) is None


def test_what_is_no_longer_needed_is_dropped(as_giulia, giulia, case):
    row = promise(case, giulia)
    as_giulia.post(f"/todos/{row}/drop")
    assert rows()[0].dropped_at and not rows()[0].done_at
    page = as_giulia.get(f"/cases/{case}/todos").text
    assert "Tolto il" in page and "Niente da ricordare." in page
    assert "Promemoria fatto" not in as_giulia.get(f"/cases/{case}").text


def test_done_from_another_page_goes_back_there(as_giulia, giulia, case):
    row = promise(case, giulia)
    assert as_giulia.post(f"/todos/{row}/done", {"back": "/"}).location == "/"


def test_a_reminder_is_changed_and_a_stale_change_shows_both(as_giulia, as_marco, giulia, marco, case):
    row = promise(case, giulia)
    as_marco.post(f"/todos/{row}/edit", form(marco, what="Scrivere al CAF", version="1"))
    page = as_giulia.post(f"/todos/{row}/edit", form(giulia, what="Andare al CAF", version="1"), expect=409).text
    assert "Scrivere" in page and "Andare" in page and rows()[0].what == "Scrivere al CAF"
    as_giulia.get(f"/todos/{row}/edit")
    as_giulia.post(f"/todos/{row}/done")
    late = form(giulia, version=str(rows()[0].version))
    assert "non è più aperto" in as_giulia.post(f"/todos/{row}/edit", late, expect=422).text


def test_what_is_late_waits_in_orange(as_giulia, giulia, case):
    with clock.at(clock.now() - timedelta(days=9)):
        promise(case, giulia, "Tardi", due_on=soon(6))
    promise(case, giulia, "Presto", due_on=soon(5))
    page = as_giulia.get(f"/cases/{case}/todos").text
    assert page.count('class="baton"') == 1 and page.index("Tardi") < page.index("Presto")


def test_a_closed_case_takes_no_reminders(as_giulia, giulia):
    case = people.make_case(giulia, state="closed")
    as_giulia.post(f"/cases/{case}/todos/new", form(giulia), expect=403)
    assert not rows()


@pytest.mark.parametrize(("who", "status"), [("rita", 403), ("sara", 404), ("ada", 403)])
def test_who_may_not_write_changes_nothing(request, giulia, case, who, status):
    row = promise(case, giulia)
    browser = request.getfixturevalue(f"as_{who}")
    for url in (f"/cases/{case}/todos/new", f"/todos/{row}/edit"):
        browser.get(url, expect=status)
        browser.post(url, form(giulia), expect=status)
    for verb in ("done", "drop", "reopen"):
        browser.post(f"/todos/{row}/{verb}", expect=status)
    assert [(r.done_at, r.dropped_at) for r in rows()] == [(None, None)]


def test_a_reader_reads_reminders_without_buttons(as_rita, as_sara, giulia, case):
    promise(case, giulia)
    page = as_rita.get(f"/cases/{case}/todos").text
    assert "Chiamare il CAF" in page and "/done" not in page and "/edit" not in page
    as_sara.get(f"/cases/{case}/todos", expect=404)
