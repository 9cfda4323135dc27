"""Who may reach what: every route, method and kind of person against a checked-in table.

`access_matrix.csv` says for each endpoint and method what each person is told: `yes` (an answer, or a form sent back),
`no` (403), `hidden` (404), `sign-in`. A route that is not in the table fails; a difference fails. To see the table as
the program is now: `python -m tests.test_access` (read every changed line before you check it in).
"""

import csv
from pathlib import Path

import pytest
from flask import Blueprint
from sqlalchemy import bindparam, select

import access
from app import create_app
from core import clock
from core.config import CannotStart
from core.db import db, transaction
from core.files import StoredFile
from core.jobs import Job
from models.account import User
from models.appointment import Appointment
from models.case import Case
from models.household import HouseholdMember
from models.note import Note
from models.plan import Action, Goal, Need, Plan
from models.session import Session
from models.todo import Todo

from . import people
from .conftest import Browser

TABLE = Path(__file__).with_name("access_matrix.csv")
# column: who asks, and of which case
PEOPLE = {
    "nobody": (None, "open"),
    "administrator": ("ada", "open"),
    "reader": ("rita", "open"),
    "holder": ("giulia", "open"),
    "junior_of_team": ("marco", "open"),
    "other_team": ("sara", "open"),
    "coordinator": ("elena", "open"),
    "holder_closed": ("giulia", "closed"),
    "holder_confidential": ("giulia", "confidential"),
    "junior_confidential": ("marco", "confidential"),
}


def build(kind):
    """One case of Giulia's with one row of everything; returns the URL arguments."""
    giulia = people.user("giulia")
    case_id = people.make_case(giulia, state="active", born_on=clock.today().replace(year=1990))
    with transaction("write", str(giulia.id)):
        case = db.session.get(Case, case_id)
        note = Note.write(case, by=giulia, kind="phone", text="Ha chiamato.")
        meeting = Appointment.book(case, by=giulia, starts_at=clock.now(), user_id=giulia.id)
        todo = Todo.promise(case, by=giulia, what="Richiamare", due_on=clock.today(), owner_id=giulia.id)
        need = Need.find_out(case, by=giulia, category="work", description="Un lavoro vicino")
        plan = Plan.draft(case, by=giulia)
        goal = Goal.add(plan, title="Patente B")
        action = Action.add(plan, goal, what="Iscriversi", owner_kind="person")
        member = case.add_member(outsider="Fatima, mediatrice")
        relative = HouseholdMember(person_id=case.person_id, name="Karim", relation="child")
        file = StoredFile.keep("x.pdf", "application/pdf", b"%PDF")
        job = Job(kind="test", title="prova", args={}, user_id=giulia.id, state="done", result_id=file.id)
        db.session.add_all([relative, job])
        db.session.flush()
        arguments = {
            "case_id": case.id, "person_id": case.person_id, "note_id": note.id, "appointment_id": meeting.id, "todo_id": todo.id, "need_id": need.id,
            "plan_id": plan.id, "number": plan.number, "goal_id": goal.id, "action_id": action.id, "member_id": member.id, "relative_id": relative.id,
            "household_member_id": relative.id, "job_id": job.id, "verb": "suspend", "user_id": db.session.scalar(select(User.id).where(User.username == "marco")),
            "team_id": 1, "service_id": 1, "session_id": "0" * 64, "filename": "app.css", "state": "done", "kind": "xlsx",
        }  # fmt: skip
        if kind == "closed":
            meeting.outcome, todo.done_at = "held", clock.now()
            people.bring_to_end(case, giulia)
        if kind == "confidential":
            case.edit(confidential=True)
        db.session.commit()
    return arguments


def routes(app):
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.endpoint):
        if rule.endpoint != "static":
            for method in sorted(rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                yield rule, method


def word(response):
    if response.status_code == 401 or (response.status_code == 303 and response.location.startswith("/sign-in")):
        return "sign-in"
    return {403: "no", 404: "hidden"}.get(response.status_code, "yes" if response.status_code < 500 else "broken")


def ask(app, engine, column):
    """What one person is told by every route: {(endpoint, method): word}."""
    who, kind = PEOPLE[column]
    told, arguments = {}, None
    for rule, method in routes(app):
        if arguments is None:
            engine.reset()
            arguments = build(kind)
            browser = Browser(app, people.user(who) if who else None)
        values = {name: arguments[name] for name in rule.arguments}
        with app.test_request_context():
            url = app.url_for(rule.endpoint, **values)
        response = browser.client.open(url, method=method, data=browser.keys() if method == "POST" else None)
        told[rule.endpoint, method] = max(told.get((rule.endpoint, method), ""), word(response))
        if method == "POST" and response.status_code < 400:  # it may have changed the world: make it anew
            arguments = None
    return told


def table():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(r["endpoint"], r["method"]): r for r in csv.DictReader(file)}


@pytest.mark.parametrize("column", PEOPLE)
def test_everybody_is_told_what_the_table_says(app, engine, column):
    wanted = {key: row[column] for key, row in table().items()}
    told = ask(app, engine, column)
    assert {k: (wanted.get(k), v) for k, v in told.items() if wanted.get(k) != v} == {}
    assert not set(wanted) - set(told), "rows of routes that no longer exist"


def test_a_view_that_says_nothing_stops_the_start(tmp_path, monkeypatch):
    rogue = Blueprint("rogue", __name__)
    rogue.add_url_rule("/rogue", "silent", lambda: "secrets")
    import blueprints

    kept = blueprints.init_app
    monkeypatch.setattr(blueprints, "init_app", lambda app: (kept(app), app.register_blueprint(rogue)))
    with pytest.raises(CannotStart, match=r"rogue\.silent"):
        create_app({"INSTANCE": str(tmp_path), "TESTING": True})


def test_missing_and_hidden_answer_alike(as_sara, case):
    hidden, missing = as_sara.get(f"/cases/{case}", 404), as_sara.get("/cases/999999", 404)
    plain = lambda r: [line for line in r.text.splitlines() if "nonce" not in line and 'name="once"' not in line]  # noqa: E731
    assert plain(hidden) == plain(missing)


def test_the_ready_statement_is_the_rule(giulia):
    asked = Case.visible_to(giulia).where(Case.id == bindparam("id"))
    assert str(Case.READY) == str(asked)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_open_nothing(as_sara, as_nobody, case, method):
    for browser in (as_sara, as_nobody):
        response = browser.client.open(f"/cases/{case}", method=method)
        assert response.status_code in (303, 401, 404, 405) or (method == "OPTIONS" and not response.data)
        assert b"Haddad" not in response.data


def test_reading_changes_nothing(app, engine, as_elena, case):
    """Every GET of every route: nothing in the database changes but the audit, sessions' last use, and nothing else."""
    arguments = build("open")
    before = fingerprint()
    for rule, method in routes(app):
        if method == "GET":
            with app.test_request_context():
                url = app.url_for(rule.endpoint, **{name: arguments[name] for name in rule.arguments})
            as_elena.client.get(url)
    assert fingerprint() == before


def fingerprint():
    db.session.rollback()
    skip = {"audit", Session.__tablename__}
    return {
        t.name: [tuple(r) for r in db.session.execute(select(t).order_by(*t.primary_key))]
        for t in db.metadata.sorted_tables
        if t.name not in skip
    }


def test_every_post_without_its_token_is_refused(app, engine, as_elena, case):
    arguments = build("open")
    for rule, method in routes(app):
        if method == "POST" and app.view_functions[rule.endpoint].allow is not access.anyone:
            with app.test_request_context():
                url = app.url_for(rule.endpoint, **{name: arguments[name] for name in rule.arguments})
            for data, headers in (
                ({"once": "x" * 24}, {}),
                (as_elena.keys({"csrf": "wrong"}), {}),
                (as_elena.keys(), {"Sec-Fetch-Site": "cross-site"}),
                (as_elena.keys(), {"Origin": "https://evil.example"}),
                ({"csrf": as_elena.csrf}, {}),
            ):
                assert as_elena.client.post(url, data=data, headers=headers).status_code == 400, (url, data, headers)


def write_table():
    """Print the table as the program is now."""
    import sys
    import tempfile

    from .engine import Sqlite, make_tables

    folder = Path(tempfile.mkdtemp())
    engine = Sqlite(folder)
    app = create_app(
        {"INSTANCE": str(folder), "TESTING": True, "CHEAP_PASSWORDS": True, "SQLALCHEMY_DATABASE_URI": engine.url}
    )
    with app.app_context():
        make_tables()
        people.found_cooperative()
        engine.keep_as_template()
        with transaction("write", "test"):
            columns = {column: ask(app, engine, column) for column in PEOPLE}
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(["endpoint", "method", *PEOPLE])
        for key in sorted(columns["nobody"]):
            out.writerow([*key, *(columns[c][key] for c in PEOPLE)])


if __name__ == "__main__":
    write_table()
