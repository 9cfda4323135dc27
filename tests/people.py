"""The cooperative of the tests: two teams, six colleagues, and factories for people and cases."""

from sqlalchemy import select

from access.passwords import hash_password
from core import clock
from core.db import db, transaction
from models.account import Me, Team, User
from models.case import Case
from models.organisation import Organisation, Service
from models.person import Person
from models.session import Session, identity_of

PASSWORD = "tre parole facili"
COLLEAGUES = {  # username: name, roles, team, seniority
    "giulia": ("Giulia Ferraris", ["worker"], "Nord", "senior"),
    "marco": ("Marco Dal Pozzo", ["worker"], "Nord", "junior"),
    "sara": ("Sara Lodi", ["worker"], "Sud", "senior"),
    "elena": ("Elena Bassi", ["coordinator"], "Nord", "senior"),
    "ada": ("Ada Conti", ["administrator"], None, "senior"),
    "rita": ("Rita Neri", ["reader"], "Nord", "senior"),
}


def found_cooperative():
    """Called once, before the template is kept."""
    with transaction("write", "test"):
        db.session.add(
            Organisation(
                name="Cooperativa sociale La Spola", address="Via del Telaio 3", town="47121 Forlì", phone="0543 000000"
            )
        )
        teams = {name: Team(name=name) for name in ("Nord", "Sud")}
        db.session.add_all([*teams.values(), Service(name="Inserimento lavorativo"), Service(name="Sportello casa")])
        db.session.flush()
        password = hash_password(PASSWORD)
        for username, (name, roles, team, seniority) in COLLEAGUES.items():
            User.new(
                username=username,
                name=name,
                password=password,
                roles=roles,
                teams=[teams[team].id] if team else [],
                seniority=seniority,
            )
        db.session.commit()


def user(username) -> Me:
    found = identity_of(db.session.scalar(select(User.id).where(User.username == username)))
    db.session.rollback()
    return found


def make_case(
    by, first="Amina", last="Haddad", state="reported", service="Inserimento lavorativo", holder=None, **fields
):
    """A person with a case of `by`'s team, held by `holder` (default: `by`); the state is reached by the real verbs."""
    with transaction("write", str(by.id)):
        person_fields = {k: fields.pop(k) for k in list(fields) if k in Person.__table__.columns}
        person = Person.new(first_name=first, last_name=last, **person_fields)
        team_id = fields.pop("team_id", None) or (by.team_ids[0] if by.team_ids else 1)
        service_id = db.session.scalar(select(Service.id).where(Service.name == service))
        case = Case.open_new(
            by=by, person=person, service_id=service_id, team_id=team_id, holder_id=(holder or by).id, **fields
        )
        bring_to(case, state, by)
        db.session.flush()
        id_ = case.id
        db.session.commit()
        return id_  # read before: a look afterwards would begin a transaction and leave it open


def bring_to(case, state, by):
    """Walk the case to a state through its verbs."""
    steps = {
        "received": lambda: case.receive(by=by, given_on=clock.today(), language="Italiano"),
        "assessing": lambda: case.assess(by=by),
        "active": lambda: case.activate(by=by, emergency="prova"),
        "suspended": lambda: case.suspend(
            by=by, reason="prova", until=clock.add_days(clock.today(), 30), checked_by_id=by.id
        ),
        "closing": lambda: case.begin_closing(by=by, outcome="other", note="prova"),
        "closed": lambda: case.approve_closing(by=by),
    }
    path = {
        "reported": [],
        "received": ["received"],
        "assessing": ["received", "assessing"],
        "active": ["received", "assessing", "active"],
        "suspended": ["received", "assessing", "active", "suspended"],
        "closing": ["received", "assessing", "active", "closing"],
        "closed": ["received", "assessing", "active", "closing", "closed"],
    }[state]
    for step in path:
        steps[step]()


def sign_in(client, me):
    """A session row and its cookie; returns the CSRF token."""
    db.session.rollback()  # a page that was just read has left its transaction open
    with transaction("write", "test"):
        token = Session.open_for(me, device="test", hours=10)
        db.session.commit()
        csrf = db.session.scalar(
            select(Session.csrf).where(Session.user_id == me.id).order_by(Session.created_at.desc()).limit(1)
        )
        db.session.rollback()
    client.set_cookie("sid", token)
    return csrf


def bring_to_end(case, by):
    """Close an active case."""
    case.begin_closing(by=by, outcome="other", note="prova")
    case.approve_closing(by=by)


def note_form(text="Ha chiamato la scuola guida.", **other):
    """What the note form sends for a telephone call of this morning."""
    wall = clock.local(clock.now())
    return {"kind": "phone", "text": text, "on": wall.date().isoformat(), "hour": "00:00", **other}
