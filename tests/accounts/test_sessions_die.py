"""A cookie that was good a moment ago opens nothing on the very next request."""

import re
from datetime import timedelta

import pytest
import time_machine

from core import clock
from core.db import db, transaction
from models.account import User
from models.session import Session

from ..conftest import Browser
from ..people import PASSWORD, sign_in


def sign_out(browser):
    browser.post("/sign-out")


def change_password(browser):
    """On another device."""
    other = Browser(browser.app, browser.me)
    new = "una frase tutta nuova"
    other.post("/me/password", {"password_now": PASSWORD, "password": new, "password_again": new})


def change_role(browser):
    db.session.rollback()
    with transaction("write", "test"):
        db.session.get(User, browser.me.id).set_roles(["reader"])
        Session.revoke_all(browser.me.id)
        db.session.commit()


def disable(browser):
    db.session.rollback()
    with transaction("write", "test"):
        db.session.get(User, browser.me.id).active = False
        db.session.commit()


def sign_out_from_another_device(browser):
    other = Browser(browser.app, browser.me)
    sessions = re.findall(r"/me/devices/(\w{64})/sign-out", other.get("/me").text)
    other.post(f"/me/devices/{sessions[0]}/sign-out")


ENDS = [sign_out, change_password, change_role, disable, sign_out_from_another_device]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_cookie_replayed_after_the_end_is_refused(as_giulia, end):
    as_giulia.get("/me")
    token = as_giulia.client.get_cookie("sid").value
    end(as_giulia)
    thief = Browser(as_giulia.app)
    thief.client.set_cookie("sid", token)
    assert thief.get("/me", 303).location.startswith("/sign-in")
    assert thief.post("/me", {"csrf": as_giulia.csrf, "locale": "en", "theme": "dark"}, 401)
    assert thief.swap("devices", "/me", expect=401).headers["HX-Reswap"] == "none"


def test_cookie_without_any_end_still_opens(as_giulia):
    thief = Browser(as_giulia.app)
    thief.client.set_cookie("sid", as_giulia.client.get_cookie("sid").value)
    thief.get("/me")


def test_session_left_alone_ends(as_giulia):
    idle = timedelta(minutes=as_giulia.app.config["SESSION_IDLE_MINUTES"])
    with time_machine.travel(clock.now() + idle - timedelta(minutes=2), tick=True):
        as_giulia.get("/me")
    with time_machine.travel(clock.now() + idle * 2 - timedelta(minutes=4), tick=True):
        as_giulia.get("/me")
    with time_machine.travel(clock.now() + idle * 3, tick=True):
        as_giulia.get("/me", 303)


def test_session_ends_after_a_working_day_however_busy(as_giulia):
    start, hours = clock.now(), as_giulia.app.config["SESSION_HOURS"]
    for quarter in range(1, hours * 4):
        with time_machine.travel(start + timedelta(minutes=15 * quarter), tick=True):
            as_giulia.get("/sign-in", 303)
    with time_machine.travel(start + timedelta(hours=hours, seconds=1), tick=True):
        as_giulia.get("/me", 303)


def test_password_change_leaves_this_device_in(as_giulia):
    change_password(as_giulia)
    other = Browser(as_giulia.app)
    other.csrf = sign_in(other.client, as_giulia.me)
    new = "un'altra frase nuova"
    other.post("/me/password", {"password_now": "una frase tutta nuova", "password": new, "password_again": new})
    other.get("/me")


def test_sign_out_clears_the_cookie_and_tells_the_browser_to_forget(as_giulia, monkeypatch):
    response = as_giulia.post("/sign-out")
    assert response.location == "/sign-in" and "Clear-Site-Data" not in response.headers
    assert re.search(r"sid=;.*(Max-Age=0|1970)", response.headers["Set-Cookie"])
    assert "no-store" in response.headers["Cache-Control"]
    monkeypatch.setitem(as_giulia.app.config, "HTTPS", True)
    response = as_giulia.post("/sign-out")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert response.headers["Set-Cookie"].startswith("__Host-sid=;") and "Secure" in response.headers["Set-Cookie"]


def test_sign_out_twice_is_once(as_giulia):
    as_giulia.post("/sign-out")
    assert as_giulia.post("/sign-out").location == "/sign-in"


def test_pages_of_a_session_are_not_stored(as_giulia):
    assert "no-store" in as_giulia.get("/me").headers["Cache-Control"]


def test_sign_out_needs_the_token_of_the_session(as_giulia):
    as_giulia.post("/sign-out", {"csrf": "x"}, 400)
    as_giulia.get("/me")


def test_sign_out_is_no_link(as_giulia):
    as_giulia.get("/sign-out", 405)
