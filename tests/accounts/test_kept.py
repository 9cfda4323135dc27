"""A form that was being sent when the session ended is neither lost nor shown to somebody else."""

import re
from html import unescape

import pytest

from core.db import db
from models.account import User

from ..people import PASSWORD
from .test_again import ended

TEXT = "Ha detto: «torno lunedì»\r\n<b>e poi</b> {{ 7*7 }}"
FORM = {"locale": "it", "theme": "dark", "version": "1", "text": TEXT}


def hidden(text):
    """The fields of the page's forms that carry what was kept, as a browser would send them."""
    areas = re.findall(r'<textarea hidden name="(\w+)"[^>]*>\n(.*?)</textarea>', text, re.S)
    inputs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
    return [(name, unescape(value)) for name, value in [*inputs, *areas]]


def refused(browser, form=FORM, url="/me?from=here"):
    """What the sign-in page carries after a form could not be sent."""
    ended(browser)
    page = browser.post(url, form, 401)
    pairs = [pair for pair in hidden(page.text) if pair[0].startswith("kept_")]
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return page, data


def test_writer_sees_the_text_again_and_one_button_saves_it(as_giulia):
    key = "k" * 20
    page, kept = refused(as_giulia, {**FORM, "once": key})
    assert "Quello che hai scritto è qui" in page.text
    shown = as_giulia.post("/sign-in", {"username": "giulia", "password": PASSWORD, **kept}, 200)
    assert "torno lunedì" in shown.text and "&lt;b&gt;e poi&lt;/b&gt; {{ 7*7 }}" in shown.text
    assert 'action="/me?from=here"' in shown.text
    fields = hidden(shown.text.partition('id="kept_form"')[2].partition("</form>")[0])
    sent = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    assert key in sent["once"] and sent["text"] == [TEXT]
    assert shown.text.index(f">\n{key}<") < shown.text.index('name="once" value')  # the first one counts
    as_giulia.post("/me?from=here", {**sent, "once": [key, *sent["once"]]})
    assert 'data-theme="dark"' in as_giulia.get("/me").text


def test_wrong_password_does_not_lose_the_text(as_giulia):
    _page, kept = refused(as_giulia)
    again = as_giulia.post("/sign-in", {"username": "giulia", "password": "x", **kept}, 422)
    assert ("kept_value", TEXT) in hidden(again.text)
    assert "torno lunedì" in as_giulia.post("/sign-in", {"username": "giulia", "password": PASSWORD, **kept}, 200).text


def test_somebody_else_neither_sees_nor_sends_it(as_giulia, giulia):
    _page, kept = refused(as_giulia)
    shown = as_giulia.post("/sign-in", {"username": "marco", "password": PASSWORD, **kept}, 200).text
    assert "torno lunedì" not in shown and "kept_form" not in shown and "testo di un'altra persona" in unescape(shown)
    assert "Marco Dal Pozzo" in as_giulia.get("/me").text
    assert db.session.get(User, giulia.id).theme == "auto"


@pytest.mark.parametrize("by", ["", "invented"])
def test_text_of_nobody_known_is_shown_to_nobody(as_giulia, by):
    _page, kept = refused(as_giulia)
    shown = as_giulia.post("/sign-in", {"username": "giulia", "password": PASSWORD, **kept, "kept_by": by}, 200).text
    assert "torno lunedì" not in shown


def test_text_is_sent_to_this_site_only(as_giulia):
    _page, kept = refused(as_giulia)
    data = {"username": "giulia", "password": PASSWORD, **kept, "kept_url": "//elsewhere.example/"}
    assert as_giulia.post("/sign-in", data).location == "/"


def test_a_button_without_text_can_be_pressed_again(as_giulia):
    _page, kept = refused(as_giulia, {}, "/me/devices/x/sign-out")
    assert kept["kept_name"] == ["once"]
    shown = as_giulia.post("/sign-in", {"username": "giulia", "password": PASSWORD, **kept}, 200).text
    assert "premi il pulsante per ripeterlo" in shown


def test_passwords_are_not_kept(as_giulia):
    secret = "violino-canarino-77"
    ended(as_giulia)
    data = {"password_now": secret, "password": secret, "password_again": secret, "password_username": "giulia"}
    response = as_giulia.post("/me/password", data)
    assert response.location == "/sign-in?next=/me/password"
    kept = as_giulia.post("/me", {**FORM, "password": secret}, 401).text
    assert secret not in kept and "torno lunedì" in kept


def test_kept_page_is_not_stored_and_its_cookie_holds_no_text(as_giulia):
    page, _kept = refused(as_giulia)
    assert "no-store" in page.headers["Cache-Control"] and "Set-Cookie" not in page.headers
