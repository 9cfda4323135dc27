"""Getting in: who may, who may not, what the page says, where it leads."""

import logging
import re

import pytest
from sqlalchemy import select

from access import passwords
from core.audit import Audit
from core.db import db, transaction
from models.account import User
from models.session import Session

from ..conftest import Browser
from ..people import PASSWORD


def sign_in(browser, username="giulia", password=PASSWORD, expect=303, **more):
    return browser.post("/sign-in", {"username": username, "password": password, **more}, expect)


def audit_rows(verb):
    rows = db.session.execute(
        select(Audit.actor, Audit.tbl, Audit.row_id, Audit.fields).where(Audit.verb == verb)
    ).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def disable(me):
    with transaction("write", "test"):
        db.session.get(User, me.id).active = False
        db.session.commit()


def test_right_password_opens_a_session(app, as_nobody):
    response = sign_in(as_nobody)
    assert response.location == "/"
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("sid=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Giulia Ferraris" in as_nobody.get("/me").text


def test_names_are_the_same_in_capitals(as_nobody):
    sign_in(as_nobody, username="GIULIA ")


def test_wrong_password_says_how_many_tries_are_left_and_keeps_the_name(as_nobody):
    for left in (
        "Restano 4 tentativi",
        "Restano 3 tentativi",
        "Restano 2 tentativi",
        "Resta 1 tentativo",
        "Aspetta un minuto",
    ):
        text = sign_in(as_nobody, password="sbagliata di molto", expect=422).text
        assert left in text and 'value="giulia"' in text and "sbagliata" not in text


@pytest.mark.parametrize("username", ["nessuno", "giulia", "marco"], ids=["unknown", "known", "disabled"])
def test_unknown_known_and_disabled_accounts_get_the_same_answer_for_the_same_work(as_nobody, marco, username):
    disable(marco)
    before = passwords.hashed
    text = sign_in(as_nobody, username=username, password="sbagliata di molto", expect=422).text
    assert passwords.hashed == before + 1
    text = re.sub(r'(nonce|name="once" value)="[^"]*"', "", text).replace(username, "")
    assert "Nome utente e password non corrispondono. Restano 4 tentativi." in text
    known = sign_in(as_nobody, username="sara", password="sbagliata di molto", expect=422).text
    assert text == re.sub(r'(nonce|name="once" value)="[^"]*"', "", known).replace("sara", "")


def test_disabled_account_does_not_get_in_with_its_password(as_nobody, marco):
    disable(marco)
    sign_in(as_nobody, username="marco", expect=422)


def test_empty_fields_are_told_and_nothing_is_hashed(as_nobody):
    before = passwords.hashed
    assert "Serve una risposta qui." in sign_in(as_nobody, username=" ", password="", expect=422).text
    assert passwords.hashed == before


def test_token_is_new_at_each_sign_in_and_the_old_one_is_dead(app, as_nobody, giulia):
    as_nobody.client.set_cookie("sid", "chosen-by-somebody-else")
    sign_in(as_nobody)
    first = as_nobody.client.get_cookie("sid").value
    assert first != "chosen-by-somebody-else"
    sign_in(as_nobody)
    assert as_nobody.client.get_cookie("sid").value != first
    other = Browser(app)
    other.client.set_cookie("sid", first)
    other.get("/me", 303)


def test_colleague_who_signs_in_on_the_same_tablet_ends_the_session_there(app, as_giulia):
    token = as_giulia.client.get_cookie("sid").value
    sign_in(as_giulia, username="elena")
    assert "Elena Bassi" in as_giulia.get("/me").text
    other = Browser(app)
    other.client.set_cookie("sid", token)
    other.get("/me", 303)


def test_page_of_another_tab_may_be_older_than_the_session(as_giulia):
    as_giulia.csrf = ""
    sign_in(as_giulia)


def test_another_site_cannot_sign_anybody_in(as_nobody):
    data = {"username": "giulia", "password": PASSWORD}
    as_nobody.post("/sign-in", data, 400, headers={"Sec-Fetch-Site": "cross-site"})
    as_nobody.post("/sign-in", data, 400, headers={"Origin": "https://elsewhere.example"})


def test_who_is_in_is_led_on(as_giulia):
    assert as_giulia.get("/sign-in?next=/me", 303).location == "/me"
    assert as_giulia.get("/sign-in", 303).location == "/"


def test_next_leads_back(as_nobody):
    location = as_nobody.get("/me?x=1", 303).location
    page = as_nobody.get(location).text
    assert 'name="next" value="/me?x=1"' in page
    assert sign_in(as_nobody, next="/me?x=1").location == "/me?x=1"


@pytest.mark.parametrize(
    "next_",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "javascript:alert(1)",
        "me",
        "/" + "a" * 3000,
        "",
    ],
)
def test_next_never_leads_to_another_site(as_nobody, next_):
    assert sign_in(as_nobody, next=next_).location == "/"
    assert as_nobody.get("/sign-in", 303, query_string={"next": next_}).location == "/"


def test_get_writes_no_cookie_of_the_session(as_nobody, as_giulia):
    for browser in (as_nobody, as_giulia):
        for url in ("/sign-in", "/me", "/me/password", "/help", "/logo"):
            response = browser.client.get(url)
            assert not [c for c in response.headers.getlist("Set-Cookie") if c.startswith("sid=")]


def test_page_says_whom_to_ask_and_whose_house_it_is(as_nobody):
    text = as_nobody.get("/sign-in").text
    assert "Chiedi a Elena Bassi, del coordinamento" in text and "Cooperativa sociale La Spola, 47121 Forlì" in text
    assert "no-store" in as_nobody.get("/sign-in").headers["Cache-Control"]


def test_page_speaks_english_when_asked(as_nobody):
    assert as_nobody.post("/language", {"locale": "en", "next": "//elsewhere.example"}).location == "/sign-in"
    assert '<html lang="en"' in as_nobody.get("/sign-in").text
    as_nobody.post("/language", {"locale": "xx"})
    assert '<html lang="en"' in as_nobody.get("/sign-in").text


def test_first_password_has_to_be_changed_before_anything_else(as_nobody, marco):
    with transaction("write", "test"):
        db.session.get(User, marco.id).must_change_password = True
        db.session.commit()
    sign_in(as_nobody, username="marco")
    for url in ("/", "/me", "/jobs"):
        assert as_nobody.get(url, 303).location == "/me/password"
    assert "Scegli la tua password" in as_nobody.get("/me/password").text
    as_nobody.csrf = re.search(r'name="csrf" value="([^"]+)"', as_nobody.get("/me/password").text)[1]
    as_nobody.post("/sign-out")


def test_audit_tells_who_came_in_went_out_and_was_refused(as_nobody, giulia):
    sign_in(as_nobody, password="sbagliata di molto", expect=422)
    sign_in(as_nobody, username="nessuno", password="sbagliata di molto", expect=422)
    sign_in(as_nobody)
    as_nobody.csrf = re.search(r'name="csrf" value="([^"]+)"', as_nobody.get("/me").text)[1]
    as_nobody.post("/sign-out")
    me = str(giulia.id)
    assert audit_rows("sign-in-refused") == [
        ("anonymous", "user_account", me, "127.0.0.1"),
        ("anonymous", "user_account", "", "127.0.0.1"),
    ]
    assert audit_rows("sign-in") == audit_rows("sign-out") == [(me, "user_account", me, "127.0.0.1")]


def test_password_stands_nowhere(as_nobody, caplog):
    caplog.set_level(logging.DEBUG)
    secret = "violino-canarino-77"
    pages = [
        sign_in(as_nobody, password=secret, expect=422),
        sign_in(as_nobody, username=secret, password="x", expect=422),
        as_nobody.post("/sign-in/again", {"username": "giulia", "password": secret}, 401),
    ]
    assert secret not in pages[0].text and secret not in pages[2].text and secret not in caplog.text
    for table in db.metadata.sorted_tables:
        assert secret not in str(db.session.execute(select(table)).all())


def test_hostile_names_come_out_as_text(as_nobody, giulia, elena):
    evil = '"><img src=x onerror=alert(1)>{{ 7*7 }}'
    with transaction("write", "test"):
        for me in (giulia, elena):
            db.session.get(User, me.id).name = evil
        db.session.commit()
    text = as_nobody.get("/sign-in").text
    assert "<img src=x" not in text and "&lt;img src=x onerror=alert(1)&gt;{{ 7*7 }}" in text
    sign_in(as_nobody)
    assert "<img src=x" not in as_nobody.get("/me").text
    assert "<img src=x" not in sign_in(Browser(as_nobody.app), username=evil, expect=422).text


def test_session_row_does_not_hold_the_cookie(as_nobody):
    sign_in(as_nobody)
    token = as_nobody.client.get_cookie("sid").value
    assert token not in str(db.session.execute(select(Session.__table__)).all())
