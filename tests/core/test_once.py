"""A form that is sent twice is saved once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from core.db import db
from models.note import Note
from tests import people

NOTE = people.note_form()


def how_many():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Note))


def test_a_repeat_gets_the_first_answer_and_writes_nothing(as_giulia, case):
    form = as_giulia.keys(NOTE)
    first = as_giulia.post(f"/cases/{case}/notes/new", form)
    again = as_giulia.post(f"/cases/{case}/notes/new", {**form, "text": "altro"})
    assert first.location == again.location and how_many() == 1


def test_two_at_the_same_instant_make_one(app, as_giulia, case):
    form, barrier = as_giulia.keys(NOTE), threading.Barrier(8)
    db.session.rollback()

    def tap():
        client = app.test_client()
        client.set_cookie("sid", as_giulia.client.get_cookie("sid").value)
        barrier.wait(30)
        return client.post(f"/cases/{case}/notes/new", data=form)

    with ThreadPoolExecutor(8) as pool:
        answers = [f.result() for f in [pool.submit(tap) for _ in range(8)]]
    assert {a.status_code for a in answers} == {303} and len({a.location for a in answers}) == 1
    assert how_many() == 1


def test_the_key_of_another_opens_nothing(as_giulia, as_elena, case):
    form = as_giulia.keys(NOTE)
    as_giulia.post(f"/cases/{case}/notes/new", form)
    as_elena.post(f"/cases/{case}/notes/new", {**NOTE, "once": form["once"]}, 409)
    assert how_many() == 1


def test_a_form_that_was_refused_may_be_sent_again_with_its_key(as_giulia, case):
    form = as_giulia.keys(NOTE)
    as_giulia.post(f"/cases/{case}/notes/new", {**form, "text": ""}, 422)
    as_giulia.post(f"/cases/{case}/notes/new", form)
    assert how_many() == 1


@pytest.mark.parametrize("key", ["", "short", "é" * 20, "x" * 65])
def test_a_form_without_a_good_key_is_refused(as_giulia, case, key):
    as_giulia.post(f"/cases/{case}/notes/new", {**NOTE, "once": key}, 400)
    assert how_many() == 0


def test_the_message_is_shown_once_and_only_to_its_author(as_giulia, as_elena, case):
    as_giulia.post(f"/cases/{case}/notes/new", NOTE)
    as_elena.client.set_cookie("said", as_giulia.client.get_cookie("said").value)
    assert "Nota salvata" not in as_elena.get(f"/cases/{case}").text
    assert "Nota salvata" in as_giulia.get(f"/cases/{case}").text
    assert "Nota salvata" not in as_giulia.get(f"/cases/{case}").text
