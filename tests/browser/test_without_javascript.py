"""The main path with scripts switched off: every step is a plain link or a plain form."""

import pytest

from core import clock
from tests import people


@pytest.fixture
def page(another, live):
    """A browser that runs no script at all."""
    page = another(java_script_enabled=False).new_page()
    page.goto(live)
    return page


def sign_in(page, username="giulia"):
    page.get_by_label("Nome utente").fill(username)
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Entra", exact=True).click()


def test_a_working_day_without_javascript(page, live, case):
    sign_in(page)
    assert page.url == live + "/"
    page.get_by_role("link", name="Cerca una persona").click()
    page.get_by_role("searchbox").fill("hadad")  # a slip: she is found all the same
    page.get_by_role("button", name="Cerca").click()
    page.get_by_role("link", name="Amina Haddad").first.click()
    assert page.url == f"{live}/cases/{case}"

    page.get_by_role("link", name="Scrivi una nota").click()
    page.locator("textarea[name=text]").fill("Ha trovato l'asilo per la mattina.")
    page.locator("label.key", has_text="Telefonata").click()
    page.get_by_role("button", name="Salva la nota").click()
    assert page.url == f"{live}/cases/{case}"
    assert "Nota salvata" in page.locator("#flash").inner_text()
    assert "Ha trovato l'asilo per la mattina." in page.locator("ol.thread").inner_text()

    page.get_by_role("link", name="Fissa un appuntamento").first.click()
    tomorrow = clock.add_days(clock.today(), 1)
    page.get_by_label("Giorno").fill(tomorrow.isoformat())
    page.get_by_label("Ora", exact=True).fill("09:30")
    page.get_by_label("Per che cosa").fill("Vedere insieme l'orario dell'asilo")
    page.get_by_role("button", name="Fissa l'appuntamento").click()
    assert page.url == f"{live}/cases/{case}"
    assert "9:30" in page.locator("dl.facts").inner_text()

    page.get_by_role("link", name="Bisogni e piano").first.click()
    assert page.url.endswith(f"/cases/{case}/plan")
    page.get_by_role("link", name="profilo").click()
    page.get_by_role("button", name="Esci").first.click()
    assert page.get_by_role("heading", name="Entra").is_visible()
    page.goto(f"{live}/cases/{case}")
    assert page.get_by_role("heading", name="Entra").is_visible()


def test_the_list_filters_and_turns_pages_without_javascript(page, live, giulia):
    for number in range(51):
        people.make_case(giulia, first=f"Persona{number:02}", last="Prova")
    sign_in(page)
    page.get_by_role("link", name="Casi", exact=True).click()
    assert page.locator("table.grid tbody tr").count() == 50
    page.get_by_role("link", name="Successivi").click()
    assert page.locator("table.grid tbody tr").count() == 1
    page.get_by_role("searchbox").fill("Persona07")
    page.get_by_role("button", name="Cerca").click()
    assert page.locator("table.grid tbody tr").count() == 1
    page.get_by_role("link", name="Chiusi").click()
    assert page.locator("table.grid").count() == 0


def test_a_refused_form_comes_back_whole_without_javascript(page, live, case):
    sign_in(page)
    page.goto(f"{live}/cases/{case}/notes/new")
    page.locator("textarea[name=text]").fill("Non ha risposto nessuno, riprovo.")
    page.locator("label.key", has_text="Altra data").click()
    page.get_by_role("button", name="Salva la nota").click()  # another day, but which, and to do what?
    assert page.locator(".field-error").first.is_visible()
    assert page.locator("textarea[name=text]").input_value() == "Non ha risposto nessuno, riprovo."


def test_menus_open_without_javascript(page, live, case):
    sign_in(page)
    page.goto(f"{live}/cases/{case}")
    page.locator("summary", has_text="Altre azioni sul caso").click()
    page.get_by_role("link", name="Accogli…", exact=True).click()
    page.get_by_role("button", name="Accogli").click()
    assert page.locator(".folder-head .state").inner_text().strip() == "Accolto"


def test_calls_without_an_answer_are_one_tap_from_the_menu_without_javascript(page, live, case):
    sign_in(page)
    page.goto(f"{live}/cases/{case}")
    page.locator("summary", has_text="Altre azioni sul caso").click()
    page.get_by_role("button", name="Chiamata senza risposta").click()
    assert "Chiamata registrata" in page.locator("#flash").inner_text()
    assert "Chiamata, nessuna risposta." in page.locator("ol.thread").inner_text()
