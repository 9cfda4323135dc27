"""The demonstration cooperative: `load()` tells some sixty made-up stories through the real verbs of the models;
`load_size()` adds the volumes of a real cooperative, written in bulk."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from click import ClickException
from sqlalchemy import bindparam, func, select, update

from access.passwords import hash_password
from core import audit, clock, derived, search
from core.db import db, dialect, transaction
from models.account import Membership, Team, User, UserRole
from models.appointment import Appointment
from models.case import Case, Holding
from models.case_states import Episode, StateChange
from models.household import HouseholdMember
from models.note import Note
from models.organisation import Organisation, Service
from models.person import Person, PrivacyNotice
from models.plan import Action, Goal, Need, Plan
from models.session import identity_of
from models.todo import Todo

from .bulk import Cooperative
from .stories import KINDS, STORIES
from .words import MEN, SURNAMES, TEAM_NAMES, WOMEN

PASSWORD = "filo e telaio"
TEAMS = ("Città", "Vallate")
SERVICES = ("Inserimento lavorativo", "Sportello casa", "Prima accoglienza")
COLLEAGUES = {  # user name: name, profession, roles, teams, seniority
    "giulia": ("Giulia Ferraris", "Assistente sociale", ["worker"], ["Città"], "senior"),
    "marco": ("Marco Dal Pozzo", "Educatore professionale", ["worker"], ["Città"], "junior"),
    "sara": ("Sara Lodi", "Operatrice dello sportello casa", ["worker"], ["Città"], "senior"),
    "elena": ("Elena Bassi", "Coordinatrice", ["worker", "coordinator"], ["Città", "Vallate"], "senior"),
    "davide": ("Davide Ricci", "Orientatore", ["worker"], ["Vallate"], "senior"),
    "lorenzo": ("Lorenzo Mariani", "Educatore professionale", ["worker"], ["Vallate"], "senior"),
    "ada": ("Ada Conti", "Cura i computer", ["administrator"], [], "senior"),
    "rita": ("Rita Neri", "Revisione della qualità", ["reader"], ["Città", "Vallate"], "senior"),
}
ROLES = {
    "worker": "opera",
    "coordinator": "coordina",
    "administrator": "amministra il computer",
    "reader": "legge soltanto",
}
FIRST, LAST = time(8, 0), time(19, 0)  # of the working day: today's appointments stay inside


def load() -> list[str]:
    """Load the demonstration cooperative into an empty database; returns the lines to print. Refuses any other."""
    _must_be_empty()
    with transaction("write", "demo"):
        _found()
        db.session.commit()
    users = _identities()
    for story in sorted(STORIES, key=lambda s: -s.opened):
        Telling(story, users).tell()
    return ["Cooperativa sociale La Spola, Forlì: una cooperativa inventata, per provare.", *_who_signs_in()]


def _must_be_empty():
    """Refuse in one sentence what is not a new database."""
    with transaction("read"):
        there = db.session.scalar(select(Organisation))
        anybody = db.session.scalar(select(func.count()).select_from(User))
        db.session.rollback()
    if there is not None and there.demo:
        raise ClickException(
            "La cooperativa di prova c'è già: per averla di nuovo com'era, comincia da una cartella dati vuota."
        )
    if there is not None or anybody:
        raise ClickException(
            "Qui c'è già una cooperativa vera: i dati di prova si caricano solo in una banca dati vuota."
        )


def _found():
    db.session.add(
        Organisation(
            name="Cooperativa sociale La Spola",
            address="Via del Telaio 3",
            town="47121 Forlì",
            phone="0543 000000",
            email="ciao@laspola.example",
            letterhead_note="Cooperativa di prova: persone, numeri e fatti sono inventati",
            demo=True,
        )
    )
    teams = {name: Team(name=name) for name in TEAMS}
    db.session.add_all([*teams.values(), *(Service(name=name) for name in SERVICES)])
    db.session.flush()
    password = hash_password(PASSWORD)
    for username, (name, profession, roles, of, seniority) in COLLEAGUES.items():
        User.new(
            username=username,
            name=name,
            profession=profession,
            password=password,
            roles=roles,
            teams=[teams[t].id for t in of],
            seniority=seniority,
        )


def _identities():
    with transaction("read"):
        ids = dict(db.session.execute(select(User.username, User.id)).all())
        users = {username: identity_of(id_) for username, id_ in ids.items()}
        db.session.rollback()
    return users


@dataclass(frozen=True)
class Volume:
    """How much there is (domain, section 4). `audit` is not filled: one row says that this was loaded."""

    users: int
    teams: int
    persons: int
    open_cases: int
    notes: int


SIZES = {
    "S": Volume(users=8, teams=2, persons=1_200, open_cases=240, notes=43_000),
    "M": Volume(users=30, teams=4, persons=5_000, open_cases=1_000, notes=190_000),
    "L": Volume(users=800, teams=40, persons=150_000, open_cases=25_000, notes=4_500_000),
}
PEOPLE, DIARY = 2_000, 50_000  # rows of one INSERT; notes of one transaction
OF_A_CASE = [Case, Episode, StateChange, Holding, PrivacyNotice, Need, Plan, Goal, Action]  # parents first


def load_size(size):
    """Load the demonstration and around it the volumes of `size`; yields the lines to print while it works."""
    yield from load()
    volume = SIZES[size]
    with transaction("write", "demo"):
        _grow(volume)
        db.session.commit()
        cooperative = _cooperative(size, volume)
        db.session.rollback()
        with db.engine.connect() as connection:
            yield from _fill(connection, cooperative, volume)
        for name in sorted(cooperative.names):
            search.remember(name)
        db.session.commit()
        audit.witness([("load", "organisation", 1, f"demonstration, size {size}")], "demo")
    yield f"Volumi di prova {size}: caricati."


def _grow(volume):
    """More teams and colleagues, up to the volume."""
    teams = [Team(name=name) for name in TEAM_NAMES[: volume.teams - len(TEAMS)]]
    db.session.add_all(teams)
    db.session.flush()
    chance, password = random.Random("colleagues"), hash_password(PASSWORD)
    everywhere = list(db.session.scalars(select(Team.id).order_by(Team.id)))
    for number in range(volume.users - len(COLLEAGUES)):
        name = f"{chance.choice(WOMEN + MEN)} {chance.choice(SURNAMES)}"
        roles = ["worker", "coordinator"] if number < len(teams) else ["worker"]
        team = teams[number].id if number < len(teams) else everywhere[number % len(everywhere)]
        seniority = "junior" if number >= len(teams) and chance.random() < 0.25 else "senior"
        User.new(
            username=f"{search.fold(name).replace(' ', '.')}.{number}",
            name=name,
            password=password,
            roles=roles,
            teams=[team],
            seniority=seniority,
        )


def _cooperative(size, volume):
    """Who works where, and from which numbers the rows start."""
    staff = {}
    for row in db.session.execute(
        select(func.min(Membership.team_id).label("team_id"), Membership.user_id)
        .join(UserRole, UserRole.user_id == Membership.user_id)
        .where(UserRole.role == "worker", Membership.until.is_(None))
        .group_by(Membership.user_id)
        .order_by(Membership.user_id)
    ):
        staff.setdefault(row.team_id, []).append(row.user_id)
    numbered = (Person, Case, Episode, Plan, Goal, Note, Appointment)
    first = {model.__tablename__: db.session.scalar(select(func.max(model.id))) or 0 for model in numbered}
    serials = dict(db.session.execute(select(Case.year, func.max(Case.serial)).group_by(Case.year)).all())
    services = list(db.session.scalars(select(Service.id).order_by(Service.id)))
    return Cooperative(size, volume, staff, services, first, serials)


def _fill(connection, cooperative, volume):
    """Write everything without triggers and search indexes, then make them again; durable at every commit."""
    diary = [index for model in (Note, Appointment) for index in model.__table__.indexes]
    if dialect() == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size = -200000")
    derived.drop(connection)
    derived.drop_indexes(connection)
    for index in diary:
        index.drop(connection)
    connection.commit()
    yield from _fill_people(connection, cooperative, volume)
    yield from _fill_diary(connection, cooperative, volume)
    yield "  indici, ricerca e registro…"
    for index in diary:
        index.create(connection)
    _number_on(connection)
    derived.create(connection)
    connection.commit()
    if dialect() == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size = -4000")


def _fill_people(connection, cooperative, volume):
    told = cooperative.plan_files()
    people = []
    for done in range(0, volume.persons, PEOPLE):
        rows = [cooperative.person() for _ in range(min(PEOPLE, volume.persons - done))]
        people += [row["id"] for row in rows]
        connection.execute(Person.__table__.insert(), rows)
    connection.commit()
    whose = iter(people + cooperative.random.sample(people, len(told) - len(people)))
    tables = {}
    for number, file in enumerate(told, 1):
        for name, rows in cooperative.case_rows(file, whose).items():
            tables.setdefault(name, []).extend(rows)
        if number % PEOPLE == 0 or number == len(told):
            for model in OF_A_CASE:
                if rows := tables.pop(model.__tablename__, None):
                    connection.execute(model.__table__.insert(), rows)
            connection.commit()
    yield f"  {len(people)} persone, {len(told)} casi"


def _fill_diary(connection, cooperative, volume):
    meetings, notes, written = [], [], 0

    def write():
        for model, rows in ((Appointment, meetings), (Note, notes)):
            for start in range(0, len(rows), PEOPLE):
                connection.execute(model.__table__.insert(), rows[start : start + PEOPLE])
            rows.clear()
        connection.commit()

    for appointments, of_a_day in cooperative.diary():
        meetings += appointments
        notes += of_a_day
        if len(notes) >= DIARY:
            written += len(notes)
            write()
            yield f"  {written} note su circa {volume.notes}"
    todos = []
    for appointments, reminders in cooperative.promises():
        meetings += appointments
        todos += reminders
    write()
    connection.execute(Todo.__table__.insert(), todos)
    case = Case.__table__
    shown = ("last_contact_on", "next_on", "next_at", "next_kind", "next_text")
    connection.execute(
        update(case).where(case.c.id == bindparam("row")).values({name: bindparam(name) for name in shown}),
        list(cooperative.derived()),
    )
    connection.commit()


def _number_on(connection):
    """PostgreSQL goes on numbering after the numbers given here, and knows how much there is."""
    if dialect() == "postgresql":
        for model in (Person, Case, Episode, Plan, Goal, Note, Appointment):
            name = model.__tablename__
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            )
        connection.exec_driver_sql("ANALYZE")


def _who_signs_in():
    yield f"La password di tutti è: {PASSWORD}"
    for username, (name, _profession, roles, teams, seniority) in COLLEAGUES.items():
        does = ", ".join(ROLES[r] for r in roles) + (", junior" if seniority == "junior" else "")
        yield f"  {username:<8} {name} ({does}{'; ' + ' e '.join(teams) if teams else ''})"


class Telling:
    """One story, told in the order in which it happened, each thing at its instant and by who did it."""

    def __init__(self, story, users):
        self.story, self.users = story, users
        self.random = random.Random(f"{story.first} {story.last}")
        self.today, self.now = clock.today(), clock.now()
        self.case_id = self.held_today = None

    def tell(self):
        events = sorted(self._events(), key=lambda e: (e[0], e[1]))
        for by, told in groupby(events, key=lambda e: e[2]):
            with transaction("write", str(by.id)):
                for at, _order, _by, do, args in told:
                    with clock.at(at):
                        do(by, *args)
                        db.session.flush()
                db.session.commit()
        with transaction("write", str(self._holder().id)):
            self._case().refresh_next()
            db.session.commit()

    def _case(self):
        return db.session.get(Case, self.case_id)

    def _by(self, name):
        return self.users[name]

    def _holder(self, day=0):
        """Who worked on it `day` days ago."""
        story = self.story
        if story.before and day > story.before[1]:
            return self._by(story.before[0])
        return self._by(story.holder or "elena")

    def _day(self, ago: int) -> date:
        """The date so many days ago (or ahead), moved off a weekend; today stays today."""
        day = self.today - timedelta(days=ago)
        while ago and day.weekday() > 4:
            day += timedelta(days=-1 if ago > 0 else 1)
        return day

    def _instant(self, ago, hour=None) -> datetime:
        hour = hour or time(self.random.choice((9, 10, 11, 14, 15, 16)), self.random.choice((0, 10, 15, 30, 40)))
        return min(clock.utc(datetime.combine(self._day(ago), hour)), self.now)

    def _events(self):
        """(instant, order, who, verb, arguments): ties are told in this order."""
        story, moves = self.story, self.story.moves
        path = ["reported", *PATHS[story.state if "reopened" not in moves else "closed"]]
        at = story.opened

        def event(ago, order, do, *args, by=None):
            return self._instant(ago, time(9 + order // 10, order % 10 * 5)), order, by or self._holder(ago), do, args

        yield event(at, 0, self._open)
        for need in story.needs:
            yield event(max(at - 9, 1 if at > 1 else 0), 2, self._need, need)
        for number, plan in enumerate(story.plans):
            yield event(plan.day, 3, self._plan, plan, number)
        steps = {
            "received": at - 2,
            "assessing": at - 8,
            "active": at - 30,
            "suspended": 20,
            "closing": 3,
            "closed": 1,
            "not_taken": at - 3,
        }
        if story.plans:
            steps["active"] = story.plans[0].day
        steps |= moves
        for order, state in enumerate(path[1:]):
            yield event(max(steps[state], 0), 5 + order, self._move, state, by=self._who_moves(state))
        if "reopened" in moves:
            yield event(moves["reopened"], 11, self._reopen)
            yield event(moves["again"], 12, self._activate)
        if story.before:
            yield event(story.before[1], 1, self._pass, by=self._by("elena"))
        for note in story.notes:
            yield self._note_event(*note)
        for member in story.household:
            yield event(at, 1, self._member_of_family, member)
        for member in story.team_of_care:
            yield event(max(at - 10, 0), 4, self._member_of_care, member)
        for todo in story.todos:
            yield event(min(at, 4), 15, self._todo, *todo)
        for meeting in story.meetings:
            yield event(min(at, 3), 16, self._meeting, *meeting)
        if story.now:
            minutes, letter, lasts, became, more = story.now
            starts_at = self._from_now(minutes)
            yield event(min(at, 2), 17, self._book, starts_at, letter, lasts, more)
            if became:
                yield (
                    min(starts_at + timedelta(minutes=5), self.now),
                    18,
                    self._holder(),
                    self._becomes,
                    (became, starts_at),
                )

    def _who_moves(self, state):
        ending = self.story.ending
        if state == "closing" and ending:
            return self._by(ending[2])
        return self._by("elena") if state == "closed" else None

    # what happens

    def _open(self, by):
        story = self.story
        who = {"first_name": story.first, "last_name": story.last, **story.who}
        for name in ("born_on", "permit_expires_on"):
            if isinstance(who.get(name), str):
                who[name] = date.fromisoformat(who[name])
            elif who.get(name):
                who[name] = self.today + timedelta(days=who[name])
        person = Person.new(**who)
        service = db.session.scalar(select(Service.id).where(Service.name == story.service))
        team = db.session.scalar(select(Team.id).where(Team.name == story.team))
        holder = None if story.holder is None else self._holder(story.opened).id
        case = Case.open_new(by=by, person=person, service_id=service, team_id=team, holder_id=holder, **story.case)
        self.case_id = case.id

    def _member_of_family(self, _by, member):
        name, relation, born = member
        born_on = date.fromisoformat(born) if born else None
        db.session.add(HouseholdMember(person_id=self._case().person_id, name=name, relation=relation, born_on=born_on))

    def _member_of_care(self, _by, member):
        colleague, outsider, role = member
        user_id = self.users[colleague].id if colleague else None
        self._case().add_member(user_id=user_id, outsider=outsider, role=role)

    def _need(self, by, need):
        category, priority, direction, text = need
        Need.find_out(self._case(), by=by, category=category, priority=priority, direction=direction, description=text)

    def _plan(self, by, told, number):
        case, today = self._case(), clock.today()
        plan = Plan.draft(case, by=by, reason=told.reason)
        if number:  # the next version says again what shall be: the earlier goals stay in the earlier version
            for goal in db.session.scalars(select(Goal).where(Goal.plan_id == plan.id)):
                goal.remove(plan)
        plan.edit(purpose=told.purpose)
        for title, words, wanted_by, indicator, baseline, target, due, actions in told.goals:
            goal = Goal.add(
                plan, title=title, own_words=words, wanted_by=wanted_by, indicator=indicator,
                baseline=baseline, target=target, due_on=self.today + timedelta(days=due),
            )  # fmt: skip
            for what, owner, days, state in actions:
                kind, who, name = self._owner(owner, by)
                action = Action.add(
                    plan, goal, what=what, owner_kind=kind, owner_id=who, owner_name=name,
                    due_on=self.today + timedelta(days=days),
                )  # fmt: skip
                if state == "done":
                    action.state, action.done_on = "done", min(self.today + timedelta(days=days), self.today)
        review_on = self.today + timedelta(days=told.review) if told.review is not None else None
        plan.agree(case, by=by, agreed_on=today, agreed_how=told.how, agreed_with=told.agreed_with, review_on=review_on)

    def _owner(self, owner, by):
        if owner == "lei":
            return "person", None, None
        if owner == "me" or owner in self.users:
            return "user", (by if owner == "me" else self.users[owner]).id, None
        return "other", None, owner

    def _move(self, by, state):
        case = self._case()
        if state == "received":
            language = (self.story.who.get("mediator_language") or "italiano").capitalize()
            case.receive(by=by, given_on=clock.today(), language=language, queue=self.story.holder is None)
        elif state == "not_taken":
            case.refuse(by=by, reason=self.story.ending[1])
        elif state == "active":
            self._activate(by)
        elif state == "suspended":
            until = self.today + timedelta(days=self.story.until)
            case.suspend(by=by, reason=self.story.notes[-1][3], until=until, checked_by_id=by.id)
        elif state == "closing":
            outcome, note, _by = self.story.ending
            for action in db.session.scalars(
                select(Action).join(Goal).join(Plan).where(Plan.case_id == case.id, Action.state == "open")
            ):
                action.set_state(case, "done")
            case.begin_closing(by=by, outcome=outcome, note=note)
        else:
            {"assessing": case.assess, "closed": case.approve_closing}[state](by=by)

    def _activate(self, by):
        case = self._case()
        emergency = None if self.story.plans else "Serviva un aiuto subito: il piano si concorda appena possibile"
        case.activate(by=by, emergency=emergency)

    def _reopen(self, by):
        self._case().reopen(by=by, reason="È tornato a chiedere aiuto")

    def _pass(self, by):
        self._case().give_to(self.users[self.story.holder].id, by=by, reason=self.story.before[2])

    def _note_event(self, ago, letter, minutes, text, more):
        by = self._by(more["by"]) if "by" in more else self._holder(ago)
        at = (
            self._instant(ago) if ago else min(self._from_now(self.story.now[0]) + timedelta(minutes=minutes), self.now)
        )
        return at, 20, by, self._note, (letter, minutes, text, more)

    def _note(self, by, letter, minutes, text, more):
        """What was said; a talk in the office had its appointment."""
        case, at = self._case(), clock.now()
        appointment = self.held_today if more.get("appointment") else None
        if letter == "C" and not more.get("appointment"):
            appointment = self._held(by, case, at, minutes)
        Note.write(
            case, by=by, kind=KINDS[letter], at=at, text=text, private_text=more.get("private"),
            present=more.get("with"), reached=more.get("reached", True),
            minutes_direct=minutes, minutes_documentation=5 + minutes // 10 * 2,
            minutes_coordination=more.get("coord"), minutes_travel=more.get("travel"),
            appointment=appointment,
        )  # fmt: skip

    def _held(self, by, case, at, minutes):
        """The appointment of a talk that took place: a wait of some minutes, as in life."""
        waited = self.random.choice((2, 4, 6, 8, 11, 17, 24))
        row = Appointment.book(
            case, by=by, kind="interview", starts_at=at, minutes=minutes, user_id=by.id, place="Sala colloqui 1"
        )
        row.arrived_at, row.started_at = (
            at - timedelta(minutes=waited // 2),
            at + timedelta(minutes=waited - waited // 2),
        )
        row.end(case, "held")
        db.session.flush()
        return row

    def _todo(self, by, ahead, what, owner=None):
        owner = self.users[owner] if owner else self._holder()
        Todo.promise(self._case(), by=by, what=what, due_on=self.today + timedelta(days=ahead), owner_id=owner.id)

    def _meeting(self, by, ahead, hour, letter, minutes, more):
        self._book(
            by, clock.utc(datetime.combine(self._day(-ahead), time.fromisoformat(hour.zfill(5)))), letter, minutes, more
        )

    def _book(self, by, at, letter, minutes, more):
        fields = {k: v for k, v in more.items() if k != "user"}
        user = self.users[more["user"]] if "user" in more else self._holder()
        return Appointment.book(
            self._case(), by=by, starts_at=at, kind=KINDS[letter], minutes=minutes, user_id=user.id, **fields
        )

    def _becomes(self, _by, what, starts_at):
        """What came of today's appointment: in the waiting room, not shown, or held."""
        case = self._case()
        row = db.session.scalar(
            select(Appointment).where(Appointment.case_id == case.id, Appointment.starts_at == starts_at)
        )
        if what == "waiting":
            row.arrive()
        elif what == "no_show":
            row.end(case, "no_show")
        else:
            row.arrived_at, row.started_at = starts_at - timedelta(minutes=2), starts_at + timedelta(minutes=3)
            row.end(case, "held")
            self.held_today = row

    def _from_now(self, minutes):
        """So many minutes from now, on a quarter of an hour, inside today's working hours if it is still day."""
        start = clock.utc(datetime.combine(self.today, FIRST))
        end = clock.utc(datetime.combine(self.today, LAST))
        at = self.now + timedelta(minutes=minutes)
        at -= timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
        if start < self.now < end:
            at = min(max(at, start), end)
        first, second = clock.day_bounds(self.today)
        return min(max(at, first), second - timedelta(minutes=30))


PATHS = {  # the states on the way to each
    "reported": [],
    "not_taken": ["not_taken"],
    "received": ["received"],
    "assessing": ["received", "assessing"],
    "active": ["received", "assessing", "active"],
    "suspended": ["received", "assessing", "active", "suspended"],
    "closing": ["received", "assessing", "active", "closing"],
    "closed": ["received", "assessing", "active", "closing", "closed"],
}
