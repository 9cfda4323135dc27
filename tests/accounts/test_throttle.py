"""Thirty wrong guesses cost five hashes a minute, wherever a password is asked; nobody else is kept out."""

from datetime import timedelta

import pytest
import time_machine

from access import passwords
from core import clock

from ..conftest import Browser
from ..people import PASSWORD

WRONG = "sbagliata di molto"


def guess_sign_in(browser, password=WRONG):
    return browser.client.post("/sign-in", data=browser.keys({"username": "giulia", "password": password}))


def guess_again(browser, password=WRONG):
    return browser.client.post("/sign-in/again", data=browser.keys({"username": "giulia", "password": password}))


def guess_change(browser, password=WRONG):
    new = "una frase tutta nuova"
    data = {"password_now": password, "password": new, "password_again": new}
    return browser.client.post("/me/password", data=browser.keys(data))


GUESSES = [guess_sign_in, guess_again, guess_change]


@pytest.mark.parametrize("guess", GUESSES, ids=lambda guess: guess.__name__)
def test_thirty_wrong_guesses_cost_five_hashes_a_minute(as_giulia, guess):
    before = passwords.hashed
    statuses = [guess(as_giulia).status_code for _ in range(30)]
    assert passwords.hashed - before == 5
    assert statuses[5:] == [429] * 25 and 429 not in statuses[:5]
    assert guess(as_giulia, PASSWORD).status_code == 429
    with time_machine.travel(clock.now() + timedelta(minutes=1, seconds=1), tick=True):
        assert guess(as_giulia, PASSWORD).status_code in (200, 303)


def test_guesses_at_different_doors_count_together(as_giulia):
    before = passwords.hashed
    for _ in range(10):
        for guess in GUESSES:
            guess(as_giulia)
    assert passwords.hashed - before == 5


def test_colleague_is_not_kept_out(as_giulia, app):
    for _ in range(10):
        guess_sign_in(as_giulia)
    colleague = Browser(app)
    colleague.post("/sign-in", {"username": "marco", "password": PASSWORD})


def test_throttled_page_says_to_wait_and_keeps_the_name(as_nobody):
    for _ in range(5):
        guess_sign_in(as_nobody)
    text = guess_sign_in(as_nobody).text
    assert "Aspetta un minuto e riprova: nessun altro è bloccato." in text and 'value="giulia"' in text


def test_right_guess_forgives_the_wrong_ones(as_nobody):
    for _ in range(3):
        for _ in range(4):
            guess_sign_in(as_nobody)
        assert guess_sign_in(as_nobody, PASSWORD).status_code == 303


def test_one_address_cannot_try_many_names(as_nobody):
    before = passwords.hashed
    for n in range(40):
        as_nobody.client.post("/sign-in", data=as_nobody.keys({"username": f"name{n}", "password": WRONG}))
    assert passwords.hashed - before == 30
