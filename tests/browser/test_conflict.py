"""Two colleagues, one note: the second sees both texts and saves what is right, with and without scripts."""

import pytest
from sqlalchemy import select

from core.db import db, transaction
from models.case import Case
from models.note import Note

from .eyes import flaws, settled

FIRST = "Il corso comincia lunedì alle nove.\nPorta il libretto."
ELENA = "Il corso comincia lunedì alle dieci.\nPorta il libretto."
GIULIA = "Il corso comincia lunedì alle nove.\nPorta il libretto e la penna."
MERGED = "Il corso comincia lunedì alle dieci.\nPorta il libretto e la penna."


@pytest.fixture
def note(giulia, case):
    with transaction("write", str(giulia.id)):
        row = Note.write(db.session.get(Case, case), by=giulia, kind="phone", text=FIRST)
        db.session.commit()
        id_ = row.id
        db.session.rollback()
    return id_


def saved_text(note):
    text = db.session.scalar(select(Note.text).where(Note.id == note))
    db.session.rollback()
    return text


def save(page):
    page.get_by_role("button", name="Salva la correzione").click()


def both_edit(first, second):
    """Both open the note; the first saves, then the second."""
    for page, text in ((first, ELENA), (second, GIULIA)):
        page.locator("textarea[name=text]").fill(text)
    save(first)
    first.wait_for_url("**/notes/*")
    save(second)
    second.get_by_role("heading", name="Due testi, nessuno perso").wait_for()


def sees_both_and_saves(page, note):
    sheets = page.locator(".two-texts .sheet .text")
    assert [s.replace("\r", "") for s in sheets.all_inner_texts()] == [ELENA, GIULIA]
    assert page.locator("ins").all_inner_texts() == ["dieci", "nove", " e la penna"]
    assert saved_text(note) == ELENA  # nothing was overwritten
    box = page.get_by_label("Testo della nota")
    assert box.input_value() == GIULIA  # and nothing typed was lost
    box.fill(MERGED)
    page.get_by_role("button", name="Salva questo testo").click()
    page.wait_for_url(f"**/notes/{note}")
    assert saved_text(note) == MERGED
    assert "dieci" in page.locator("main").inner_text()


def test_the_second_sees_both_texts_in_place(enter, another, note, complaints):
    path = f"/notes/{note}/edit"
    second = enter("giulia", path)
    both_edit(enter("elena", path, context=another()), second)
    assert second.url.endswith(path)  # in place: the page was not left
    assert second.locator("#main .two-texts").count() == 1 and second.locator("#foot").count() == 1
    sees_both_and_saves(second, note)
    assert complaints == []


def test_the_page_with_both_texts_is_whole(enter, another, note, complaints):
    path = f"/notes/{note}/edit"
    second = enter("giulia", path)
    both_edit(enter("elena", path, context=another()), second)
    assert flaws(second, complaints) == []


def test_the_second_sees_both_texts_without_javascript(enter, another, note):
    path = f"/notes/{note}/edit"
    second = enter("giulia", path, context=another(java_script_enabled=False))
    both_edit(enter("elena", path, context=another()), second)
    sees_both_and_saves(second, note)


def test_a_third_save_meanwhile_is_shown_again(enter, another, note):
    path = f"/notes/{note}/edit"
    second, elena = enter("giulia", path), another()
    both_edit(enter("elena", path, context=elena), second)
    third = enter("elena", path, context=elena)
    settled(third)
    third.locator("textarea[name=text]").fill("Il corso è rimandato.")
    save(third)
    third.wait_for_url("**/notes/*")
    second.get_by_label("Testo della nota").fill(MERGED)
    second.get_by_role("button", name="Salva questo testo").click()
    second.locator(".two-texts", has_text="rimandato").wait_for()
    assert second.get_by_label("Testo della nota").input_value() == MERGED
    assert saved_text(note) == "Il corso è rimandato."
