"""Thirty colleagues correct one note at once: every save is either there whole or was told of the clash."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core import forms
from core.db import db, transaction
from models.case import Case
from models.note import Note, NoteOriginal
from tests import people
from tests.conftest import Browser

EDITORS, ROUNDS = 30, 4


@pytest.fixture
def note(giulia, case):
    with transaction("write", str(giulia.id)):
        row = Note.write(db.session.get(Case, case), by=giulia, kind="phone", text="inizio")
        db.session.commit()
        return row.id


def edit_together(app, me, note):
    """Everybody opens the note, then everybody saves; returns what was acknowledged and the clashes."""
    browsers = [Browser(app, me) for _ in range(EDITORS)]
    barrier, saved, clashes = threading.Barrier(EDITORS), [], []

    def work(browser, name):
        for round_ in range(ROUNDS):
            with app.app_context(), transaction("read"):
                opened = db.session.get(Note, note)
                version, text = opened.version, opened.text
                db.session.remove()
            barrier.wait(60)
            token = f"<{name}.{round_}>"
            data = browser.keys(people.note_form(text + token, version=version))
            answer = browser.client.post(f"/notes/{note}/edit", data=data)
            if answer.status_code == 303:
                saved.append(token)
            else:
                clashes.append((answer.status_code, token in answer.text.replace("&lt;", "<").replace("&gt;", ">")))
            barrier.wait(60)

    with ThreadPoolExecutor(EDITORS) as pool:
        for done in [pool.submit(work, b, i) for i, b in enumerate(browsers)]:
            done.result()
    return saved, clashes


def text_of(note):
    db.session.rollback()
    return db.session.scalar(select(Note.text).where(Note.id == note))


def test_no_correction_is_lost_and_every_clash_shows_both_texts(app, giulia, note):
    db.session.rollback()
    saved, clashes = edit_together(app, giulia, note)
    assert len(saved) + len(clashes) == EDITORS * ROUNDS
    assert len(saved) >= ROUNDS and clashes
    assert all(token in text_of(note) for token in saved)
    assert {status for status, _ in clashes} == {409} and all(shown for _, shown in clashes)
    assert db.session.scalar(select(db.func.count()).select_from(NoteOriginal)) == len(saved)


def test_without_the_version_a_correction_would_be_lost(app, giulia, note, monkeypatch):
    """The control: the same storm with the comparison taken out loses some."""
    monkeypatch.setattr(forms.Form, "is_stale", lambda self: False)
    db.session.rollback()
    saved, _clashes = edit_together(app, giulia, note)
    assert any(token not in text_of(note) for token in saved)
