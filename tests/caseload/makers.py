"""Plans, notes and appointments for a case, made with the verbs of the models."""

from datetime import date, timedelta

from sqlalchemy import select

from core import clock
from core.db import db, transaction
from models.appointment import Appointment
from models.case import Case
from models.note import Note
from models.plan import Action, Goal, Need, Plan

GOAL = {
    "title": "Lavorare in cucina",
    "own_words": "Voglio cucinare",
    "wanted_by": "person",
    "indicator": "ore di lavoro",
    "baseline": "0 ore",
    "target": "20 ore",
    "due_on": date(2031, 3, 31),
}


def writing(by):
    """A write transaction in the name of `by`, apart from what the test has read."""
    db.session.rollback()
    return transaction("write", str(by.id))


def make_need(case_id, by, description="Patente B", **fields):
    fields = {"category": "mobility", "priority": 1, "direction": "outer", **fields}
    with writing(by):
        need = Need.find_out(db.session.get(Case, case_id), by=by, description=description, **fields)
        db.session.commit()
        return need.id


def make_plan(case_id, by, agreed=True, reason=None, goal=GOAL):
    """The next version of the plan with one goal and three actions, one for each kind of owner: its id."""
    with writing(by):
        case = db.session.get(Case, case_id)
        plan = Plan.draft(case, by=by, reason=reason)
        if goal and plan.number == 1:
            row = Goal.add(plan, **goal)
            Action.add(plan, row, what="Corso HACCP", owner_kind="person", due_on=date(2030, 12, 9))
            Action.add(plan, row, what="Chiedere le rate", owner_kind="user", owner_id=by.id)
            Action.add(plan, row, what="Prova in mensa", owner_kind="other", owner_name="Paola Neri")
        if agreed:
            plan.agree(
                case, by=by, agreed_on=clock.today(), agreed_how="signature", agreed_with="Amina e la zia Fatima"
            )
        db.session.commit()
        return plan.id


def make_notes(case_id, by, texts, private=None, days_ago=1):
    with writing(by):
        case = db.session.get(Case, case_id)
        for i, text in enumerate(texts):
            at = clock.now() - timedelta(days=days_ago, minutes=i)
            Note.write(case, by=by, kind="interview", at=at, text=text, private_text=private, present="Lina")
        db.session.commit()


def make_meeting(case_id, by, days=7, **fields):
    with writing(by):
        case = db.session.get(Case, case_id)
        starts_at = clock.now() + timedelta(days=days)
        Appointment.book(case, by=by, starts_at=starts_at, user_id=by.id, **{"place": "Via del Telaio 3", **fields})
        db.session.commit()


def goal_of(plan_id):
    return db.session.scalars(_fresh(select(Goal).where(Goal.plan_id == plan_id).order_by(Goal.position))).first()


def actions_of(plan_id):
    mine = select(Action).join(Goal, Goal.id == Action.goal_id).where(Goal.plan_id == plan_id)
    return db.session.scalars(_fresh(mine.order_by(Action.id))).all()


def _fresh(query):
    return query.execution_options(populate_existing=True)
