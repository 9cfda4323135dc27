"""A save that is cut loses no letter and makes no second note, wherever it is cut; nothing personal stays behind."""

import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import select

from core import once
from core.db import db, transaction
from models.note import Note
from models.session import Session
from tests import people

from .proxy import CUTS, Proxy

TEXT = (
    "Ha portato il contratto.\nVuole lavorare in cucina: «questa volta la finisco», dice. Perché no? €380 in tre rate."
)


@pytest.fixture
def network(live):
    proxy = Proxy(live)
    yield proxy
    proxy.close()


def notes_of(case):
    """The texts saved so far; the look ends here, so that the next one sees what came after."""
    texts = db.session.scalars(select(Note.text).where(Note.case_id == case)).all()
    db.session.rollback()
    return texts


def write_and_save(page, network, case, cut):
    page.goto(f"{network.url}/cases/{case}/notes/new")
    page.locator("textarea[name=text]").fill(TEXT)
    network.cut = cut
    page.get_by_role("button", name="Salva la nota").click()
    page.locator("#flash", has_text="Senza rete").wait_for()
    network.cut = None
    assert network.broken >= 1  # a browser may try again by itself
    assert page.locator("textarea[name=text]").input_value() == TEXT


def save_again(page, case):
    page.get_by_role("button", name="Salva la nota").click()
    page.wait_for_url(f"**/cases/{case}")
    page.locator("#flash", has_text="Nota salvata").wait_for()


@pytest.mark.parametrize("cut", CUTS)
def test_a_save_that_is_cut_makes_one_note_with_every_letter(enter, network, case, cut):
    page = enter("giulia")
    write_and_save(page, network, case, cut)
    assert len(notes_of(case)) == (1 if cut == "after" else 0)
    save_again(page, case)
    assert notes_of(case) == [TEXT]


def test_without_the_key_a_lost_answer_would_make_two_notes(enter, network, case, monkeypatch):
    """The control: the same cut after the commit, with the key of the form taken out."""
    monkeypatch.setattr(once, "sent_key", once.new_key)
    page = enter("giulia")
    write_and_save(page, network, case, "after")
    save_again(page, case)
    assert len(notes_of(case)) >= 2


def test_two_quick_taps_make_one_note(enter, live, case):
    page = enter("giulia", f"/cases/{case}/notes/new")
    page.locator("textarea[name=text]").fill(TEXT)
    page.get_by_role("button", name="Salva la nota").dblclick()
    expect(page).to_have_url(f"{live}/cases/{case}")  # twice told to go there
    page.locator("ol.thread", has_text="Ha portato il contratto.").wait_for()
    assert notes_of(case) == [TEXT]


def test_a_cut_without_javascript_is_saved_once_by_sending_again(another, enter, network, case):
    context = another(java_script_enabled=False)
    page = enter("giulia", f"/cases/{case}/notes/new", context=context)
    page.goto(f"{network.url}/cases/{case}/notes/new")
    page.locator("textarea[name=text]").fill(TEXT)
    network.cut = "after"
    with pytest.raises(Error, match="ERR_EMPTY_RESPONSE"), page.expect_navigation():
        page.get_by_role("button", name="Salva la nota").click()
    page.wait_for_url("chrome-error://**")
    network.cut = None
    assert network.broken >= 1 and notes_of(case) == [TEXT]
    page.reload()  # what a person does: the browser sends the same form again
    page.wait_for_url(f"**/cases/{case}")
    assert notes_of(case) == [TEXT]


def end_sessions_of(username):
    user = people.user(username).id
    with transaction("write", "test"):
        Session.revoke_all(user)
        db.session.commit()


def test_a_session_that_ended_asks_for_the_password_in_place_and_saves(enter, live, case):
    page = enter("giulia", f"/cases/{case}/notes/new")
    page.locator("textarea[name=text]").fill(TEXT)
    end_sessions_of("giulia")
    page.get_by_role("button", name="Salva la nota").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Password").fill("sbagliata di certo")
    dialog.get_by_role("button", name="Entra e salva").click()
    dialog.get_by_role("alert").filter(has_text="password").wait_for()
    assert notes_of(case) == []
    dialog.get_by_label("Password").fill(people.PASSWORD)
    dialog.get_by_role("button", name="Entra e salva").click()
    page.wait_for_url(f"**/cases/{case}")
    page.locator("#flash", has_text="Nota salvata").wait_for()
    assert notes_of(case) == [TEXT]


def test_a_session_that_ended_without_javascript_keeps_the_text_for_its_writer(another, enter, live, case):
    context = another(java_script_enabled=False)
    page = enter("giulia", f"/cases/{case}/notes/new", context=context)
    page.locator("textarea[name=text]").fill(TEXT)
    end_sessions_of("giulia")
    page.get_by_role("button", name="Salva la nota").click()
    page.get_by_label("Nome utente").fill("giulia")
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Entra", exact=True).click()
    assert notes_of(case) == []
    page.get_by_role("button", name="Salva adesso").click()
    page.wait_for_url(f"**/cases/{case}")
    assert notes_of(case) == [TEXT]


def test_nothing_personal_stays_in_the_browser(page, live, case):
    page.goto(f"{live}/cases/{case}/notes/new")
    page.get_by_label("Nome utente").fill("giulia")
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Entra", exact=True).click()
    page.locator("textarea[name=text]").fill("Parola-canarino")
    page.get_by_role("button", name="Salva la nota").click()
    page.wait_for_url(f"**/cases/{case}")
    page.goto(live + "/search?q=haddad")
    page.get_by_role("link", name="Amina Haddad").first.wait_for()
    kept = page.evaluate(
        "async () => JSON.stringify([{...localStorage}, {...sessionStorage}, await indexedDB.databases(), await caches.keys()])"
    )
    assert kept == "[{},{},[],[]]"
    cookies = page.context.cookies()
    assert {"sid"} <= {c["name"] for c in cookies} <= {"sid", "said"}
    assert all(c["httpOnly"] and c["sameSite"] in ("Lax", "Strict") for c in cookies)
    assert not any("anarino" in c["value"] or "addad" in c["value"] for c in cookies)


def test_back_after_signing_out_shows_the_door(enter, live, case):
    page = enter("giulia", f"/cases/{case}")
    page.get_by_role("heading", name="Amina Haddad").wait_for()
    page.goto(live + "/me")
    page.get_by_role("button", name="Esci").first.click()
    page.get_by_role("heading", name="Entra").wait_for()
    for _step in range(2):
        page.go_back()
        page.get_by_role("heading", name="Entra").wait_for()
        assert page.get_by_text("Haddad").count() == 0
