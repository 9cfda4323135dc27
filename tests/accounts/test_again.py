"""The password asked in place, while a form is open."""

from ..conftest import Browser
from ..people import PASSWORD


def ended(browser):
    """The session of this browser ends; its pages stay open."""
    Browser(browser.app, browser.me).post("/sign-out")
    other = Browser(browser.app)
    other.client.set_cookie("sid", browser.client.get_cookie("sid").value)
    other.csrf = browser.csrf
    other.post("/sign-out")


def test_expired_fragment_asks_for_the_password_and_the_same_form_goes_through(as_giulia):
    ended(as_giulia)
    form = as_giulia.keys({"locale": "it", "theme": "dark"})
    refused = as_giulia.swap("preferences_form", "/me", form, 401)
    assert "staffetta:signed-out" in refused.headers["HX-Trigger"]
    told = as_giulia.post("/sign-in/again", {"username": "giulia", "password": PASSWORD}, 200).get_json()
    assert list(told) == ["csrf"] and told["csrf"] != as_giulia.csrf
    as_giulia.post("/me", {**form, "csrf": told["csrf"], "version": "1"})
    assert 'data-theme="dark"' in as_giulia.get("/me").text


def test_wrong_password_is_told_in_words(as_giulia):
    ended(as_giulia)
    told = as_giulia.post("/sign-in/again", {"username": "giulia", "password": "x"}, 401).get_json()
    assert told == {"text": "Nome utente e password non corrispondono. Restano 4 tentativi."}
    assert as_giulia.post("/sign-in/again", {"username": "giulia", "password": ""}, 401).get_json()["text"]


def test_too_many_tries_are_told_in_words(as_giulia):
    for _ in range(5):
        as_giulia.post("/sign-in/again", {"username": "giulia", "password": "x"}, 401)
    told = as_giulia.post("/sign-in/again", {"username": "giulia", "password": PASSWORD}, 429).get_json()
    assert told["text"].startswith("Troppi tentativi")


def test_dialog_of_an_older_tab_works_when_another_tab_is_already_in(as_giulia):
    as_giulia.csrf = "of-the-session-before"
    as_giulia.post("/sign-in/again", {"username": "giulia", "password": PASSWORD}, 200)


def test_token_is_new(as_giulia):
    before = as_giulia.client.get_cookie("sid").value
    as_giulia.post("/sign-in/again", {"username": "giulia", "password": PASSWORD}, 200)
    assert as_giulia.client.get_cookie("sid").value != before
