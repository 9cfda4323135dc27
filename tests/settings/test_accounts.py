import re

import pytest
from sqlalchemy import select

from core.db import db, transaction
from models.account import Me, User
from models.session import Session
from tests import people
from tests.conftest import Browser

NEW = {
    "name": "Bruna Sala",
    "username": "Bruna.Sala",
    "profession": "Educatrice",
    "role_names": ["worker"],
    "team_ids": ["1"],
    "seniority": "junior",
}


@pytest.fixture
def account(row):
    """What the form of an account sends, unchanged: `account("marco", phone="1")`."""

    def data(username, **values):
        me, found = people.user(username), row("User", username=username)
        kept = {"name": found.name, "seniority": found.seniority, "version": found.version}
        return {**kept, "role_names": sorted(me.roles), "team_ids": [str(t) for t in me.team_ids], **values}

    return data


def url(me, path=""):
    return f"/settings/accounts/{me.id}{path}"


def has(username):
    """Roles and teams as they are now."""
    me = people.user(username)
    return set(me.roles), set(me.team_ids)


def is_in(browser):
    return browser.client.get("/jobs").status_code == 200


def password_on(html):
    return re.search(r"\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b", html)[0]


@pytest.mark.parametrize("who", ["giulia", "rita"])
def test_only_who_manages_the_cooperative_opens_accounts(request, marco, who):
    browser = request.getfixturevalue(f"as_{who}")
    for path in ("/settings/accounts", "/settings/accounts/new", url(marco)):
        browser.get(path, 403)
    for path in ("", "/password", "/suspension", "/return"):
        browser.post(url(marco, path), NEW, expect=403)
    browser.post("/settings/accounts/new", NEW, expect=403)


def test_a_stranger_signs_in_first(as_nobody, marco):
    for path in ("/settings/accounts", "/settings/accounts/new", url(marco)):
        assert as_nobody.get(path, 303).location.startswith("/sign-in")


def test_the_list_says_what_each_does_and_who_is_out(as_elena, change):
    change("User", {"username": "marco"}, active=False)
    html = as_elena.get("/settings/accounts").text
    assert html.index("Sara Lodi") < html.index("Marco Dal Pozzo")
    assert "Coordinamento" in html and "Sola lettura" in html and "Nord" in html and "sospeso" in html


def test_the_list_asks_the_same_queries_whatever_the_accounts(as_elena, queries):
    with queries() as few:
        as_elena.get("/settings/accounts")
    db.session.rollback()
    with transaction("write", "test"):
        for n in range(20):
            User.new(username=f"u{n}", name=f"U {n}", password="x", roles=["worker"], teams=[1, 2])
        db.session.commit()
    with queries() as many:
        as_elena.get("/settings/accounts")
    assert few() == many()


# A new account


def test_a_new_account_gets_a_first_password_that_is_shown_once(as_ada, as_nobody, row):
    keys = as_ada.keys(NEW)
    html = as_ada.post("/settings/accounts/new", keys, expect=200).text
    password, user = password_on(html), row("User", username="bruna.sala")
    assert user.must_change_password and user.active and password not in user.password
    assert has("bruna.sala") == ({"worker"}, {1})
    assert as_ada.post("/settings/accounts/new", keys).location == f"/settings/accounts/{user.id}"
    assert password not in as_ada.get(f"/settings/accounts/{user.id}").text
    from access.passwords import is_right

    assert is_right(user.password, password)


def test_the_first_password_is_stored_nowhere(as_ada, app):
    from core.once import Once

    password = password_on(as_ada.post("/settings/accounts/new", NEW, expect=200).text)
    db.session.rollback()
    assert not [row for row in db.session.scalars(select(Once)) if password in str(row.said) + row.location]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "Serve una risposta"),
        ({"username": "bruna sala"}, "Solo lettere"),
        ({"username": "MARCO"}, "già di qualcuno"),
        ({"role_names": []}, "almeno un ruolo"),
        ({"role_names": ["king"]}, "Scegli una delle voci"),
        ({"team_ids": ["99"]}, "Scegli una delle voci"),
        ({"seniority": ""}, "Serve una risposta"),
        ({"email": "x"}, "nome@esempio.it"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(as_ada, row, values, sentence):
    html = as_ada.post("/settings/accounts/new", {**NEW, **values}, expect=422).text
    assert sentence in html and "Educatrice" in html
    assert row("User", profession="Educatrice") is None


def test_a_coordinator_is_not_offered_the_role_of_administrator(as_elena, as_ada):
    assert 'value="administrator"' not in as_elena.get("/settings/accounts/new").text
    assert 'value="administrator"' in as_ada.get("/settings/accounts/new").text


def test_a_coordinator_cannot_make_an_administrator(as_elena, elena, account, row):
    as_elena.post("/settings/accounts/new", {**NEW, "role_names": ["administrator"]}, expect=422)
    as_elena.post(url(elena), account("elena", role_names=["coordinator", "administrator"]), expect=422)
    assert row("User", username="bruna.sala") is None
    assert has("elena")[0] == {"coordinator"}


def test_the_model_too_refuses_a_coordinator_who_gives_that_role(elena, app):
    from core.errors import Refused

    with pytest.raises(Refused, match="solo chi amministra"):
        User.invite(by=elena, username="x", name="X", password="x", role_names=["administrator"], team_ids=[])


# An account that is there


def test_an_account_is_changed(as_elena, marco, account, row):
    as_elena.post(url(marco), account("marco", phone="0543 9", seniority="senior", role_names=["worker", "reader"]))
    saved = row("User", username="marco")
    assert (saved.phone, saved.seniority) == ("0543 9", "senior")
    assert has("marco") == ({"worker", "reader"}, {1})


def test_it_is_changed_from_a_fragment_too(as_elena, marco, account, row):
    answer = as_elena.swap("account_form", url(marco), account("marco", phone="1"), expect=204)
    assert answer.headers["HX-Redirect"] == "/settings/accounts"
    assert row("User", username="marco").phone == "1"


def test_a_wrong_change_is_said_in_the_fragment(as_elena, marco, account, row):
    html = as_elena.swap("account_form", url(marco), account("marco", name="", phone="77"), expect=422).text
    assert "<html" not in html and "Serve una risposta" in html and 'value="77"' in html
    assert row("User", username="marco").phone is None


def test_old_roles_are_closed_and_not_erased(as_ada, marco, account):
    as_ada.post(url(marco), account("marco", role_names=["reader"]))
    with transaction("read"):
        from models.account import UserRole

        db.session.rollback()
        rows = db.session.execute(select(UserRole.role, UserRole.until).where(UserRole.user_id == marco.id)).all()
    assert {role: until is None for role, until in rows} == {"worker": False, "reader": True}


@pytest.mark.parametrize("values", [{"role_names": ["worker", "reader"]}, {"team_ids": ["1", "2"]}])
def test_other_roles_or_teams_end_the_sessions(as_ada, as_marco, marco, account, values):
    assert is_in(as_marco)
    as_ada.post(url(marco), account("marco", **values))
    assert not is_in(as_marco)


def test_a_new_telephone_does_not_end_the_sessions(as_ada, as_marco, marco, account):
    as_ada.post(url(marco), account("marco", phone="1"))
    assert is_in(as_marco)


@pytest.mark.parametrize("first", [{"phone": "111"}, {"role_names": ["worker", "reader"]}, {"team_ids": ["1", "2"]}])
def test_a_stale_save_shows_both_and_changes_nothing(as_ada, as_elena, marco, account, first):
    old = account("marco", phone="222", role_names=["worker", "coordinator"])
    as_elena.post(url(marco), account("marco", **first))
    after = has("marco")
    html = as_ada.post(url(marco), old, expect=409).text
    assert "222" in html and "Coordinamento" in html
    assert has("marco") == after


def test_a_conflict_can_be_settled_from_its_page(as_ada, as_elena, marco, account, row):
    old = account("marco", phone="222", role_names=["worker", "coordinator"])
    as_elena.post(url(marco), account("marco", phone="111"))
    html = as_ada.post(url(marco), old, expect=409).text
    version = re.search(r'name="version" value="(\d+)"', html)[1]
    for value in ("worker", "coordinator"):
        assert re.search(rf'name="role_names" value="{value}" checked', html)
    as_ada.post(url(marco), {**old, "version": version})
    assert row("User", username="marco").phone == "222"
    assert has("marco")[0] == {"worker", "coordinator"}


def test_a_team_that_was_put_away_stays_on_its_members(as_ada, marco, account, change):
    change("Team", {"name": "Nord"}, active=False)
    as_ada.post(url(marco), account("marco", phone="1"))
    assert has("marco")[1] == {1}
    assert 'name="team_ids" value="1"' not in as_ada.get("/settings/accounts/new").text


# Administrators


def test_the_last_administrator_keeps_the_role(as_ada, ada, account):
    html = as_ada.post(url(ada), account("ada", role_names=["reader"]), expect=422).text
    assert "ultimo account di amministrazione" in html
    assert has("ada")[0] == {"administrator"}


def test_with_another_one_the_role_can_be_left(as_ada, ada, elena, account):
    as_ada.post(url(elena), account("elena", role_names=["coordinator", "administrator"]))
    as_ada.post(url(ada), account("ada", role_names=["reader"]))
    assert has("ada")[0] == {"reader"}


def test_a_disabled_administrator_does_not_count(as_ada, ada, elena, account, change):
    as_ada.post(url(elena), account("elena", role_names=["coordinator", "administrator"]))
    change("User", {"username": "elena"}, active=False)
    as_ada.post(url(ada), account("ada", role_names=["reader"]), expect=422)


def test_a_coordinator_does_not_take_the_role_away(as_elena, ada, account):
    as_elena.post(url(ada), account("ada", role_names=["reader"]), expect=422)
    assert has("ada")[0] == {"administrator"}


@pytest.mark.parametrize("path", ["/password", "/suspension", "/return"])
def test_a_coordinator_cannot_become_an_administrator_through_her_account(as_elena, as_ada, ada, row, path):
    before = row("User", username="ada")
    assert "solo chi amministra" in as_elena.post(url(ada, path), expect=422).text
    after = row("User", username="ada")
    assert (after.password, after.active) == (before.password, before.active)
    assert is_in(as_ada)


# Passwords and suspension


def test_a_new_password_is_shown_once_and_ends_the_sessions(as_elena, as_marco, marco, row):
    old, keys = row("User", username="marco").password, as_elena.keys()
    html = as_elena.post(url(marco, "/password"), keys, expect=200).text
    assert password_on(html) and "Marco Dal Pozzo" in html
    user = row("User", username="marco")
    assert user.password != old and user.must_change_password
    assert not is_in(as_marco)
    assert as_elena.post(url(marco, "/password"), keys).location == url(marco)


def test_the_page_with_the_password_is_not_kept_by_the_browser(as_elena, marco):
    assert "no-store" in as_elena.post(url(marco, "/password"), expect=200).headers["Cache-Control"]


def test_a_suspended_account_is_out_and_comes_back(as_elena, as_marco, marco, row):
    as_elena.post(url(marco, "/suspension"))
    assert not row("User", username="marco").active
    assert not is_in(as_marco)
    assert "Fallo rientrare" in as_elena.get(url(marco)).text
    as_elena.post(url(marco, "/return"))
    assert row("User", username="marco").active
    assert is_in(Browser(as_elena.app, people.user("marco")))


def test_nobody_suspends_oneself(as_ada, ada, row):
    assert "Il tuo account" in as_ada.post(url(ada, "/suspension"), expect=422).text
    assert row("User", username="ada").active


def test_the_last_administrator_is_not_suspended(ada, app):
    from core.errors import Refused

    other = Me(id=999, name="X", roles=frozenset({"administrator"}))
    with pytest.raises(Refused, match="ultimo account"):
        db.session.get(User, ada.id).disable(by=other)


def test_who_holds_open_cases_is_not_suspended(as_elena, as_ada, marco, row):
    people.make_case(marco)
    people.make_case(marco, first="Bruna", last="Sala")
    db.session.rollback()
    html = as_elena.swap("account_form", url(marco, "/suspension"), {}, expect=422).text
    assert "segue ancora 2 casi aperti" in html
    assert f"holder={marco.id}" in html
    assert row("User", username="marco").active
    assert "holder=" not in as_ada.get(url(marco)).text  # she may not open the list


def test_the_link_leads_to_the_cases_that_are_held(as_elena, marco, case):
    people.make_case(marco, first="Bruna", last="Sala")
    db.session.rollback()
    link = re.search(r'href="([^"]*holder=[^"]*)"', as_elena.get(url(marco)).text)[1].replace("&amp;", "&")
    html = as_elena.get(link).text
    assert "Bruna" in html and "Amina" not in html


def test_closed_cases_do_not_hold_an_account_back(as_elena, giulia, marco, row):
    people.make_case(giulia, state="closed", holder=marco)
    db.session.rollback()
    as_elena.post(url(marco, "/suspension"))
    assert not row("User", username="marco").active


def test_who_holds_open_cases_keeps_a_role_that_can(as_elena, marco, account):
    people.make_case(marco)
    db.session.rollback()
    html = as_elena.post(url(marco), account("marco", role_names=["reader"]), expect=422).text
    assert "segue ancora un caso aperto" in html
    assert has("marco")[0] == {"worker"}


def test_an_account_that_is_not_there_is_not_found(as_ada):
    as_ada.get("/settings/accounts/999", 404)
    for path in ("", "/password", "/suspension", "/return"):
        as_ada.post(f"/settings/accounts/999{path}", expect=404)


def test_sessions_of_others_stay(as_ada, as_giulia, marco, account):
    as_ada.post(url(marco), account("marco", role_names=["reader"]))
    assert is_in(as_giulia)
    db.session.rollback()
    assert db.session.scalars(select(Session).where(Session.revoked_at.is_not(None))).all() == []
