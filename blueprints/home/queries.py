"""What the first page reads: a fixed number of statements, each built once, whatever there is to show."""

from datetime import timedelta
from functools import cache

from sqlalchemy import Integer, and_, bindparam, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from core import clock
from core.audit import Audit
from core.db import run
from models.account import User
from models.appointment import Appointment
from models.case import Case, Holding, visible_walk
from models.case_states import Episode, StateChange
from models.note import Note
from models.organisation import Organisation
from models.person import Person
from models.plan import Action, Goal, Plan
from models.todo import Todo

SILENT_DAYS = 30
UNTOLD_DAYS = 60  # an appointment of which nobody said how it went is asked for so long
RECENT, VIEWS = 8, 200  # cases shown, and the last views among which they are looked for
MOST = 50  # rows of each kind that may wait
NAMES = (Case.id.label("case_id"), Person.first_name, Person.last_name)

_held = and_(Holding.case_id == Case.id, Holding.until.is_(None))
_now_in = and_(StateChange.case_id == Case.id, StateChange.ended_at.is_(None))
_agreed = exists().where(Plan.case_id == Case.id, Plan.current.is_(True))
_mine = Holding.user_id == bindparam("me")


def _open_cases(*columns):
    """Open cases of real people that the user may see, with the person's name."""
    query = select(*NAMES, *columns).join_from(Case, Person, Person.id == Case.person_id)
    return query.where(Case.VISIBLE, Case.closed_on.is_(None), Case.is_training.is_(False))


@cache
def appointments():
    """Mine of today, and the earlier ones of which nobody said how they went. Parameters: scope, since, first, second."""
    holder = aliased(User)
    noted = exists().where(Note.case_id == Appointment.case_id, Note.appointment_id == Appointment.id)
    row = Appointment
    columns = (row.id, row.kind, row.starts_at, row.minutes, row.place, row.with_whom, row.purpose, row.arrived_at)
    about = (Person.born_on, Person.phone, Person.phone_2, Person.may_call, holder.id.label("holder_id"))
    return (
        select(*NAMES, *columns, row.started_at, row.outcome, *about, holder.name.label("holder"), noted.label("noted"))
        .join_from(Appointment, Case, Case.id == Appointment.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Holding, _held)
        .outerjoin(holder, holder.id == Holding.user_id)
        .where(Case.VISIBLE, Case.is_training.is_(False), Appointment.user_id == bindparam("me"))
        .where(Appointment.starts_at >= bindparam("since"), Appointment.starts_at < bindparam("second"))
        .where(or_(Appointment.outcome.is_(None), Appointment.starts_at >= bindparam("first")))
        .where(or_(Appointment.outcome.is_(None), Appointment.outcome.in_(("held", "no_show"))))
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(2 * MOST)
    )


@cache
def todos_due():
    """My reminders for today or earlier. Parameters: scope, today (also below)."""
    query = _open_cases(Todo.id, Todo.what, Todo.due_on).join(Todo, Todo.case_id == Case.id)
    mine = (Todo.owner_id == bindparam("me"), Todo.done_at.is_(None), Todo.dropped_at.is_(None))
    return query.where(*mine, Todo.due_on <= bindparam("today")).order_by(Todo.due_on, Todo.id).limit(MOST)


@cache
def actions_due():
    """My steps of plans that hold today, for today or earlier."""
    query = _open_cases(Action.id, Action.what, Action.due_on).join(Plan, Plan.case_id == Case.id)
    query = query.join(Goal, Goal.plan_id == Plan.id).join(Action, Action.goal_id == Goal.id)
    mine = (Plan.current.is_(True), Action.owner_id == bindparam("me"), Action.state == "open")
    return query.where(*mine, Action.due_on <= bindparam("today")).order_by(Action.due_on, Action.id).limit(MOST)


@cache
def reviews_due():
    """Plans of my cases whose check was promised for today or earlier."""
    query = _open_cases(Plan.review_on, Plan.agreed_on, Plan.number).join(Holding, _held)
    query = query.join(Plan, Plan.case_id == Case.id).where(_mine, Plan.current.is_(True))
    return query.where(Plan.review_on <= bindparam("today")).order_by(Plan.review_on, Plan.id).limit(MOST)


@cache
def checks_due():
    """Suspensions I said I would check, and emergencies of mine without a plan, whose date has come."""
    query = _open_cases(StateChange.until, StateChange.emergency, StateChange.reason).join(StateChange, _now_in)
    suspended = and_(Case.state == "suspended", StateChange.checked_by_id == bindparam("me"))
    emergency = and_(Case.state == "active", StateChange.emergency.is_(True), _mine, ~_agreed)
    query = query.outerjoin(Holding, _held).where(or_(suspended, emergency))
    return query.where(StateChange.until <= bindparam("today")).order_by(StateChange.until, Case.id).limit(MOST)


@cache
def closings():
    """Closings the user may approve: whose own closing it is may too, unless the house wants two people for it."""
    query = _open_cases(StateChange.at, User.name.label("asked_by"), Episode.closing_by_id)
    query = query.join(StateChange, _now_in).join(Episode, Episode.id == StateChange.episode_id)
    query = query.join(User, User.id == Episode.closing_by_id).where(Case.state == "closing")
    two = exists().where(Organisation.two_for_closing.is_(True))
    somebody_else = or_(Episode.closing_by_id != bindparam("me"), ~two)
    return query.where(somebody_else).order_by(StateChange.at, Case.id).limit(MOST)


@cache
def unheld():
    """Open cases of the teams I lead that nobody holds."""
    query = _open_cases(Case.opened_on, Case.source).where(~exists().where(_held))
    led = Case.team_id.in_(bindparam("led", expanding=True))
    return query.where(led).order_by(Case.opened_on, Case.id).limit(MOST)


@cache
def silent():
    """My cases with no contact for a month, or in corso without an agreed goal. Parameters: scope, silent."""
    query = _open_cases(Case.state, Case.last_contact_on, Case.opened_on, StateChange.at, _agreed.label("agreed"))
    query = query.join(Holding, _held).join(StateChange, _now_in).where(_mine, Case.state != "suspended")
    contact = func.coalesce(Case.last_contact_on, Case.opened_on)
    quiet = or_(contact <= bindparam("silent"), and_(Case.state == "active", ~_agreed))
    return query.where(quiet).order_by(contact, Case.id).limit(MOST)


@cache
def recent():
    """The cases I opened last, as the audit tells it. Parameters: scope, actor."""
    seen = (Audit.actor == bindparam("actor"), Audit.tbl == Case.__tablename__, Audit.verb == "view")
    last = select(Audit.seq, Audit.at, Audit.row_id).where(*seen).order_by(Audit.seq.desc()).limit(VIEWS).subquery()
    once = select(
        cast(last.c.row_id, Integer).label("id"), func.max(last.c.at).label("at"), func.max(last.c.seq).label("seq")
    )
    once = once.group_by(last.c.row_id).subquery()
    query = select(*NAMES, once.c.at).join_from(once, Case, Case.id == once.c.id)
    query = query.join(Person, Person.id == Case.person_id).where(visible_walk())
    return query.order_by(once.c.seq.desc()).limit(RECENT)


def read(me):
    """Everything the page tells, by name; what does not concern the user is not read."""
    today = clock.today()
    first, second = clock.day_bounds(today)
    silent_since, untold_since = today - timedelta(days=SILENT_DAYS), first - timedelta(days=UNTOLD_DAYS)
    nothing = {
        "appointments": [],
        "todos": [],
        "actions": [],
        "reviews": [],
        "checks": [],
        "closings": [],
        "unheld": [],
        "silent": [],
    }
    rows = nothing | {"recent": run(recent(), **me.scope, actor=str(me.id)).all()}
    if not me.writes:
        return rows
    days = {"since": untold_since, "first": first, "second": second}
    rows["appointments"] = run(appointments(), **me.scope, **days).all()
    for name, due in (("todos", todos_due), ("actions", actions_due), ("reviews", reviews_due), ("checks", checks_due)):
        rows[name] = run(due(), **me.scope, today=today).all()
    rows["silent"] = run(silent(), **me.scope, silent=silent_since).all()
    if not me.is_junior:
        rows["closings"] = run(closings(), **me.scope).all()
    if me.is_coordinator:
        rows["unheld"] = run(unheld(), **me.scope).all()
    return rows
