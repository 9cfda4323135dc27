"""One's own page."""

import re

import pytest

from access.passwords import is_right
from core.db import db, transaction
from models.account import User
from models.session import Session

from ..conftest import Browser
from ..people import PASSWORD

NEW = "una frase tutta nuova"


def password_form(now=PASSWORD, new=NEW, again=None):
    return {"password_now": now, "password": new, "password_again": again or new}


def stored(me):
    db.session.expire_all()
    return db.session.get(User, me.id)


def test_it_says_who_one_is(as_elena):
    text = as_elena.get("/me").text
    assert "Elena Bassi" in text and "Coordinamento" in text and "Nord" in text
    assert 'href="/jobs"' in text and 'href="/help"' in text and 'action="/sign-out"' in text


@pytest.mark.parametrize("who", ["giulia", "elena", "ada", "rita"])
def test_everybody_has_it_and_only_one_s_own(app, request, who):
    browser = Browser(app, request.getfixturevalue(who))
    assert browser.me.name in browser.get("/me").text
    browser.get("/help")


def test_strangers_have_none(as_nobody):
    for url in ("/me", "/me/password", "/help"):
        assert as_nobody.get(url, 303).location.startswith("/sign-in?next=")


def test_it_works_as_a_fragment(as_giulia):
    text = as_giulia.swap("devices", "/me").text
    assert text.lstrip().startswith('<section id="devices"') and "<html" not in text
    assert as_giulia.swap("preferences_form", "/me").text.lstrip().startswith('<form id="preferences_form"')
    assert as_giulia.swap("password_form", "/me/password").text.lstrip().startswith('<form id="password_form"')


def test_language_and_theme_are_kept(as_giulia, giulia):
    response = as_giulia.post("/me", {"locale": "en", "theme": "dark"})
    assert "lang=en" in str(response.headers.getlist("Set-Cookie"))
    text = as_giulia.get("/me").text
    assert '<html lang="en" data-theme="dark" data-bs-theme="dark"' in text
    assert (stored(giulia).locale, stored(giulia).theme) == ("en", "dark")


@pytest.mark.parametrize("bad", [{"locale": "xx", "theme": "dark"}, {"locale": "it", "theme": "pink"}, {}])
def test_unknown_preferences_are_refused(as_giulia, giulia, bad):
    as_giulia.post("/me", bad, 422)
    assert (stored(giulia).locale, stored(giulia).theme) == ("it", "auto")


def test_stale_preferences_are_a_conflict(as_giulia, giulia):
    with transaction("write", "test"):
        stored(giulia).prefer(locale="en", theme="light")
        db.session.commit()
    as_giulia.post("/me", {"locale": "it", "theme": "dark", "version": "1"}, 409)
    assert stored(giulia).theme == "light"


def test_preferences_change_nothing_else(as_giulia, giulia):
    as_giulia.post(
        "/me", {"locale": "it", "theme": "dark", "name": "X", "password": "x", "active": "", "roles": "administrator"}
    )
    assert stored(giulia).name == "Giulia Ferraris" and is_right(stored(giulia).password, PASSWORD)


def test_password_is_changed(as_giulia, giulia):
    as_giulia.post("/me/password", password_form())
    assert is_right(stored(giulia).password, NEW)
    assert "Password cambiata" in as_giulia.get("/me").text
    Browser(as_giulia.app).post("/sign-in", {"username": "giulia", "password": NEW})
    Browser(as_giulia.app).post("/sign-in", {"username": "giulia", "password": PASSWORD}, 422)


def test_first_password_gives_way(as_marco, marco):
    with transaction("write", "test"):
        stored(marco).must_change_password = True
        db.session.commit()
    as_marco.post("/me/password", password_form())
    assert not stored(marco).must_change_password
    as_marco.get("/me")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (password_form(now="sbagliata di molto"), "La password di adesso non è giusta. Restano 4 tentativi."),
        (password_form(new="corta"), "La password è corta"),
        (password_form(new="giulia1234"), "scegline una meno comune"),
        (password_form(new="aaaaaaaaaaaa"), "scegline una meno comune"),
        (password_form(new="cooperativa"), "scegline una meno comune"),
        (password_form(new=PASSWORD), "È la password di adesso"),
        (password_form(again="un'altra frase nuova"), "Le due password nuove sono diverse."),
        ({}, "Serve una risposta qui."),
    ],
)
def test_bad_passwords_are_refused_in_words(as_giulia, giulia, form, sentence):
    page = as_giulia.post("/me/password", form, 422).text
    assert sentence in page
    for typed in form.values():
        assert f'value="{typed}"' not in page
    assert is_right(stored(giulia).password, PASSWORD)
    fragment = as_giulia.swap("password_form", "/me/password", {**form, "password_now": "x"}, 422).text
    assert fragment.lstrip().startswith('<form id="password_form"')


def test_devices_are_listed_with_the_one_at_hand_on_top(as_giulia, app):
    tablet = Browser(app)
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    tablet.post("/sign-in", {"username": "giulia", "password": PASSWORD}, headers={"User-Agent": agent})
    text = as_giulia.get("/me").text
    assert "Chrome, Android, 127.0.0.1" in text
    assert text.index("Questo") < text.index("Chrome, Android")
    fragment = re.search(r"/me/devices/\w{64}/sign-out", text)[0]
    assert "Quel dispositivo è uscito." in as_giulia.swap("devices", fragment, {}).text
    tablet.get("/me", 303)


def test_device_of_a_colleague_does_not_exist(as_giulia, as_marco):
    with transaction("read"):
        theirs = db.session.scalar(db.select(Session.id).where(Session.user_id == as_marco.me.id))
        db.session.rollback()
    as_giulia.post(f"/me/devices/{theirs}/sign-out", expect=404)
    as_marco.get("/me")


def test_hostile_browser_name_comes_out_as_text(as_giulia, app):
    other = Browser(app)
    other.post("/sign-in", {"username": "giulia", "password": PASSWORD}, headers={"User-Agent": "<script>Chrome"})
    assert "<script>Chrome" not in as_giulia.get("/me").text
