"""Every page there is: whole on every screen, in both themes, for every kind of colleague, with no complaint of the browser."""

import pytest

from core.db import db, transaction
from models.account import User
from tests import people
from tests.test_access import build, routes

from .eyes import axe, flaws, listen, settled, sizes
from .test_bad_network import end_sessions_of

HEAPS = 4  # so that two processes share the work


def pages_of(app, page, live, endpoints=None):
    """The addresses that answer this colleague with a page: (endpoint, path)."""
    arguments = build("open")
    for rule, method in routes(app):
        if method == "GET" and (endpoints is None or rule.endpoint in endpoints):
            with app.test_request_context():
                path = app.url_for(rule.endpoint, **{name: arguments[name] for name in rule.arguments})
            answer = page.request.get(live + path, max_redirects=0)
            if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
                yield rule.endpoint, path


def look(page, complaints, live, paths):
    """Go to each of (name, path) and fail with all that is wrong on any of them."""
    found = []
    for name, path in paths:
        page.goto(live + path)
        found += [f"{name}: {flaw}" for flaw in flaws(page, complaints)]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


@pytest.mark.parametrize("heap", range(HEAPS))
def test_every_page_is_whole_for_the_coordinator(app, enter, live, complaints, heap):
    page = enter("elena")
    paths = [*pages_of(app, page, live)][heap::HEAPS]
    assert len(paths) > 10
    look(page, complaints, live, paths)


DIFFERENT = {  # pages that show something else, or less, to who may only read or only cares for the computer
    "rita": ["home.today_show", "caseload.case_index", "caseload.case_board", "caseload.case_show", "caseload.note_show",
             "caseload.plan_show", "caseload.appointment_show", "caseload.appointment_index", "search.search_index"],
    "ada": ["home.today_show", "settings.settings_show", "settings.account_index", "settings.account_edit",
            "settings.audit_index", "accounts.me_show", "accounts.help_show"],
    "giulia": ["home.today_show", "caseload.case_index", "caseload.case_show", "caseload.todo_index"],
}  # fmt: skip


@pytest.mark.parametrize("who", DIFFERENT)
def test_pages_are_whole_for_other_colleagues(app, enter, live, complaints, who):
    page = enter(who)
    paths = [*pages_of(app, page, live, DIFFERENT[who])]
    assert {name for name, _path in paths} == set(DIFFERENT[who])
    look(page, complaints, live, paths)


def test_empty_lists_are_whole(enter, live, complaints, case):
    empty = ["/", "/cases", "/cases/board", "/jobs", "/search?q=nessuno"]
    look(enter("sara"), complaints, live, zip(empty, empty, strict=True))
    filtered = ["/cases?show=all&q=nessuno", f"/cases/{case}?show=notes", f"/cases/{case}/plan"]
    look(enter("giulia"), complaints, live, zip(filtered, filtered, strict=True))


def test_pages_in_english_are_whole_and_in_english(app, enter, live, complaints, case):
    with transaction("write", "test"):
        db.session.get(User, people.user("giulia").id).locale = "en"
        db.session.commit()
    page = enter("giulia")
    assert page.locator("html").get_attribute("lang") == "en"
    paths = ["/", "/cases", f"/cases/{case}", f"/cases/{case}/notes/new"]
    look(page, complaints, live, zip(paths, paths, strict=True))
    page.goto(f"{live}/cases/{case}/notes/new")
    assert page.get_by_role("button", name="Save").is_visible()


def test_the_door_is_whole(live, page, complaints):
    listen(page, complaints)
    page.goto(live + "/")
    page.get_by_role("heading", name="Entra").wait_for()
    assert flaws(page, complaints) == []
    page.reload()  # without the marks of axe
    page.get_by_label("Nome utente").fill("giulia")
    page.get_by_label("Password").fill("non è questa")
    page.get_by_role("button", name="Entra", exact=True).click()
    page.locator("#password-e, .said-wrong").first.wait_for()
    assert flaws(page, complaints) == []


@pytest.mark.parametrize("who, path, title", [
    ("giulia", "/cases/9999", "Qui non c'è nulla"),
    ("giulia", "/nessuna-pagina", "Qui non c'è nulla"),
    ("rita", "/cases/{case}/notes/new", "Questa azione non è tra quelle che puoi fare"),
    ("giulia", "/cases/export/pdf", "Questa pagina non si apre così"),
])  # fmt: skip
def test_pages_that_say_no_are_whole(enter, complaints, case, who, path, title):
    page = enter(who, path.format(case=case))
    page.get_by_role("heading", name=title).wait_for()
    assert flaws(page, complaints) == []


def test_the_page_of_our_own_mistake_is_whole(app, enter, live, complaints, case, monkeypatch):
    def broken():
        raise RuntimeError("broken")

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "accounts.help_show", broken)
    broken.allow = lambda _me: True
    page = enter("giulia", "/help")
    page.get_by_role("heading", name="Qualcosa si è rotto da parte nostra").wait_for()
    assert flaws(page, complaints) == []


def test_a_refused_form_is_whole(enter, live, complaints, case):
    page = enter("giulia", f"/cases/{case}/appointments/new")
    settled(page)
    page.get_by_label("Durata in minuti").fill("9000")
    page.locator("#appointment_form").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    page.locator(".field-error").first.wait_for()
    assert flaws(page, complaints) == []


def test_the_list_with_chosen_rows_and_the_call_that_was_made_are_whole(enter, live, complaints, giulia):
    case = people.make_case(giulia, phone="333 0000111")
    page = enter("giulia", "/cases")
    page.locator("td.pick label.tick").click()
    page.get_by_role("button", name="Nessuna risposta").wait_for()
    assert flaws(page, complaints) == []
    page.goto(f"{live}/cases/{case}")
    page.get_by_role("link", name="Chiama").first.click()
    page.get_by_role("button", name="Nessuna risposta").wait_for()
    assert flaws(page, complaints) == []


def test_the_dialog_of_an_ended_session_is_whole(enter, complaints, case):
    page = enter("giulia", f"/cases/{case}/notes/new")
    page.locator("#text").fill("Ha firmato.")
    end_sessions_of("giulia")
    page.get_by_role("button", name="Salva la nota").click()
    page.get_by_role("dialog").wait_for()
    assert flaws(page, complaints) == []


@pytest.mark.parametrize("html, eye", [
    ("<button style='width: 30px'>x</button>", sizes),
    ("<p><a href=/>una strada stretta</a></p>", sizes),
    ("<details><summary style='display: block; padding: 1rem'>Altro</summary><a href=/>x</a></details>", sizes),
    ("<pre>" + "lungo" * 400 + "</pre>", sizes),
    ("<p style='color: #999'>grigio su bianco</p>", axe),
    ("<input style='height: 44px'>", axe),
])  # fmt: skip
def test_the_eyes_see(page, html, eye):
    """The control: each eye finds what is wrong in front of it."""
    page.set_content(f"<!doctype html><html lang=it><title>x</title><main><h1>x</h1>{html}</main>")
    assert eye(page) != []


def test_the_first_start_is_whole(empty, page, live, complaints):
    code = empty.extensions["setup_code"]()
    listen(page, complaints)
    page.goto(live)
    page.get_by_role("heading", name="Il codice").wait_for()
    assert flaws(page, complaints) == []
    page.get_by_label("Codice").fill(code)
    page.get_by_role("button", name="Comincia").click()
    page.get_by_role("heading", name="La vostra cooperativa").wait_for()
    assert flaws(page, complaints) == []
    page.reload()
    house = {
        "name": "Cooperativa Il Filo", "admin_name": "Ada Conti", "admin_username": "ada.conti",
        "admin_password": "tre gatti sul tetto", "worker_name": "Giulia Ferraris", "worker_username": "giulia",
        "worker_password": "tre gatti",
    }  # fmt: skip
    for name, value in house.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Crea la cooperativa").click()
    page.locator(".field-error").wait_for()  # a short password; the rest of what was typed is still there
    assert page.locator("[name=admin_name]").input_value() == "Ada Conti"
    assert flaws(page, complaints) == []
    page.locator("[name=admin_password]").fill("tre gatti sul tetto")
    page.locator("[name=worker_password]").fill("quattro cani in cortile")
    page.get_by_role("button", name="Crea la cooperativa").click()
    page.get_by_role("heading", name="La cooperativa è pronta").wait_for()
    assert flaws(page, complaints) == []
    page.get_by_role("button", name="entra").click()
    page.get_by_role("heading", name="Entra").wait_for()
