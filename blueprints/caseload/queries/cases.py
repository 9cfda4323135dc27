"""Reads of the case list. Statements are built once for each combination of filters and then only get parameters."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import and_, bindparam, case, exists, func, literal, or_, select, union_all

from core import clock, search
from core.db import run
from core.i18n import gettext as _
from core.i18n import lazy, short_date, time_text, weekday
from models.account import Membership, Team, User, UserRole
from models.appointment import Appointment
from models.case import NEXT_KINDS, PRIORITIES, Case, Holding, visible_walk
from models.case_states import CLOSED, LOOKS, MOVES, STATES, Episode, StateChange
from models.organisation import Service
from models.person import Person, phone_digits

CHIPS = {  # what a list may show: its word on the chip
    "mine": lazy("I miei"),
    "unheld": lazy("Senza titolare"),
    "waiting": lazy("Lista d'attesa"),
    "silent": lazy("In silenzio"),
    "open": lazy("Tutti aperti"),
    "closed": lazy("Chiusi"),
}
ORDERS = {
    "person": lazy("per nome"),
    "state": lazy("per stato"),
    "next": lazy("per prossimo passo"),
    "contact": lazy("per ultimo contatto"),
    "opened": lazy("per data di segnalazione"),
}
ROWS = 50
SILENT_DAYS = 30
LONGEST_STEP = 80  # letters: a row is read at a glance, the case page says the rest
WAITING = ("reported", "received")
_held = and_(Holding.case_id == Case.id, Holding.until.is_(None))
_order_of_states = case(*[(Case.state == state, i) for i, state in enumerate(MOVES)], else_=len(MOVES))
_arrived = (  # in the waiting room for the appointment that comes next
    select(func.min(Appointment.arrived_at))
    .where(Appointment.case_id == Case.id, Appointment.starts_at == Case.next_at)
    .where(Appointment.outcome.is_(None), Appointment.started_at.is_(None))
    .scalar_subquery()
)
COLUMNS = (
    Case.id,
    Case.number,
    Case.state,
    Case.next_on,
    Case.next_at,
    Case.next_kind,
    Case.next_text,
    Case.last_contact_on,
    Case.opened_on,
    Case.closed_on,
    Case.priority,
    Case.complexity,
    Case.is_training,
    Case.confidential,
    Person.first_name,
    Person.last_name,
    Person.born_on,
    Holding.user_id.label("holder_id"),
    User.name.label("holder"),
    StateChange.until.label("state_until"),
    Episode.number.label("episode"),
    _arrived.label("arrived_at"),
)


def _shown(show):
    """The condition of a chip."""
    is_open = Case.closed_on.is_(None)
    return {
        "mine": [is_open, Holding.user_id == bindparam("me")],
        "unheld": [is_open, Holding.id.is_(None)],
        "waiting": [Case.state.in_(WAITING)],
        "silent": [is_open, func.coalesce(Case.last_contact_on, Case.opened_on) <= bindparam("silent")],
        "open": [is_open],
        "closed": [Case.closed_on.is_not(None)],
        "all": [],
    }[show]


MORE = {
    "state": Case.state == bindparam("state"),
    "service": Case.service_id == bindparam("service"),
    "holder": Holding.user_id == bindparam("holder"),
    "team": Case.team_id == bindparam("team"),
    "priority": Case.priority == bindparam("priority"),
}
SORTS = {
    "person": (
        (Person.last_name, Person.first_name, Case.id),
        (Person.last_name.desc(), Person.first_name.desc(), Case.id),
    ),
    "state": ((_order_of_states, Case.id), (_order_of_states.desc(), Case.id)),
    "next": ((Case.next_on.nulls_last(), Case.id), (Case.next_on.desc().nulls_last(), Case.id.desc())),
    "contact": ((Case.last_contact_on, Case.id), (Case.last_contact_on.desc(), Case.id.desc())),
    "opened": ((Case.opened_on, Case.id), (Case.opened_on.desc(), Case.id.desc())),
}


def case_list(filters, ids=()):
    """The Select of the rows a list shows; parameters: those of `parameters`, and `rows` and `skip`."""
    return _case_list(key_of(filters, ids), filters.by)


def key_of(filters, ids=()):
    """Which conditions a list needs: all that its statement depends on besides the order."""
    more = tuple(name for name in MORE if getattr(filters, name))
    return filters.show, _kind(filters.q), more, bool(filters.training), bool(ids)


@cache
def _case_list(key, by):
    query = whole().where(*_conditions(key, visible_walk())).order_by(*SORTS[by.removeprefix("-")][by.startswith("-")])
    return query.limit(bindparam("rows")).offset(bindparam("skip"))


def whole():
    """Cases with what a row says of each."""
    return (
        select(*COLUMNS)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Holding, _held)
        .outerjoin(User, User.id == Holding.user_id)
        .outerjoin(StateChange, and_(StateChange.case_id == Case.id, StateChange.ended_at.is_(None)))
        .outerjoin(Episode, Episode.id == StateChange.episode_id)
    )


def narrowed(query, key):
    """A query that counts cases, with what its filters (see `key_of`) look at: the team's are gathered, nothing walks."""
    return (
        query.join(Person, Person.id == Case.person_id).outerjoin(Holding, _held).where(*_conditions(key, Case.VISIBLE))
    )


@cache
def _case_total(key):
    return narrowed(select(func.count()).select_from(Case), key)


def _conditions(key, visible):
    show, kind, more, training, chosen = key
    where = [visible, Case.is_training.is_(training), *_shown(show), *(MORE[name] for name in more)]
    if kind:
        found = search.matching(Person)[0]
        where.append(or_(found, Case.number.startswith(bindparam("number"))) if kind == "number" else found)
    if chosen:
        where.append(Case.id.in_(bindparam("ids", expanding=True)))
    return where


def _kind(q):
    """What is typed: "" nothing to look for, "number" what may be the number of a case, else "words"."""
    if not search.terms(q):
        return ""
    return "number" if re.fullmatch(r"\d{4}[-/ ]?\d{0,4}", q) else "words"


def _wanted(q):
    """The expression for the index: words and tax codes as prefixes; a telephone however it is spaced."""
    digits = phone_digits(q)
    if len(digits) >= 5 and not re.search(r"[^\W\d]", q):
        return search.expression([[digits]])
    return search.expression([[word] for word in search.terms(q)])


def parameters(filters, me):
    """What the statements of a list need, whichever of its filters are on."""
    kind = _kind(filters.q)
    return me.scope | {
        "silent": clock.today() - timedelta(days=SILENT_DAYS),
        "match": _wanted(filters.q) if kind else None,
        "number": re.sub(r"^(\d{4})[-/ ]?", r"\1-", filters.q) if kind == "number" else None,
        **{name: getattr(filters, name) for name in MORE},
    }


@dataclass(frozen=True)
class Pages:
    """A page of a list: its number, which rows it shows of how many, where the pages beside it are (None: nowhere)."""

    number: int
    first: int
    last: int
    total: int
    previous: str | None
    next: str | None


def pages_of(filters, total, address) -> Pages:
    last = min(filters.page * ROWS, total)
    return Pages(
        filters.page,
        min((filters.page - 1) * ROWS + 1, total),
        last,
        total,
        address + filters.but(page=filters.page - 1) if filters.page > 1 else None,
        address + filters.but(page=filters.page + 1) if last < total else None,
    )


def case_rows(filters, me, limit=ROWS, ids=()):
    """The rows of the page that is asked for; with another `limit` the first ones, of `ids` only when some are given."""
    skip = (filters.page - 1) * ROWS if limit == ROWS else 0
    values = parameters(filters, me) | {"rows": limit, "skip": skip} | ({"ids": list(ids)} if ids else {})
    return run(case_list(filters, ids), **values).all()


def case_total(filters, me):
    return run(_case_total(key_of(filters)), **parameters(filters, me)).scalar()


@cache
def _chip_counts():
    is_open = Case.closed_on.is_(None)
    silent = func.coalesce(Case.last_contact_on, Case.opened_on) <= bindparam("silent")
    conditions = {
        "mine": and_(
            is_open,
            Case.id.in_(select(Holding.case_id).where(Holding.user_id == bindparam("me"), Holding.until.is_(None))),
        ),
        "unheld": and_(is_open, ~exists().where(_held)),
        "waiting": Case.state.in_(WAITING),
        "silent": and_(is_open, silent),
        "open": is_open,
        "closed": Case.closed_on.is_not(None),
    }
    columns = [func.count().filter(condition).label(name) for name, condition in conditions.items()]
    return union_all(*(select(*columns).where(part, Case.is_training.is_(False)) for part in Case.VISIBLE_PARTS))


def chip_counts(me) -> dict:
    """How many cases each chip shows, in one statement; training cases are not counted."""
    parts = run(_chip_counts(), **me.scope, silent=clock.today() - timedelta(days=SILENT_DAYS)).mappings().all()
    counts = {name: sum(part[name] for part in parts) for name in CHIPS}
    return {**counts, "all": counts["open"] + counts["closed"]}


@cache
def _choices(teams):
    active = lambda kind, model: select(literal(kind), model.id, model.name).where(model.active.is_(True))  # noqa: E731
    mine = bindparam("teams", expanding=True)
    works = select(UserRole.user_id).where(UserRole.role.in_(("worker", "coordinator")), UserRole.until.is_(None))
    near = select(Membership.user_id).where(Membership.team_id.in_(mine), Membership.until.is_(None))
    query = [active("service", Service), active("holder", User).where(User.id.in_(works), User.id.in_(near))]
    if teams:
        query.append(active("team", Team).where(Team.id.in_(mine)))
    return union_all(*query).order_by("name")


def filter_choices(me) -> dict:
    """What the other filters offer: services, holders and one's own teams as (value, label), in one statement."""
    found = {"service": [], "holder": [], "team": []}
    for kind, value, label in run(_choices(bool(me.team_ids)), teams=list(me.team_ids)):
        found[kind].append((value, label))
    return found | {
        "state": [(state, str(label)) for state, label in STATES.items()],
        "priority": [(level, str(label)) for level, label in PRIORITIES.items()],
    }


def said(filters, choices) -> str:
    """What the filters ask for, in words: for the head of a printed list."""
    words = [str(CHIPS.get(filters.show, _("Aperti e chiusi")))]
    for name in MORE:
        words += [label for value, label in choices[name] if value == getattr(filters, name)]
    if filters.q:
        words.append(f"«{filters.q}»")
    if filters.training:
        words.append(_("casi di prova"))
    return ", ".join([*words, str(ORDERS[filters.by.removeprefix("-")])])


class Line(NamedTuple):
    """A row of the list as it is read: every text ready."""

    id: int
    name: str
    about: str
    look: str
    icon: str
    state: str
    state_note: str
    step: str
    why: str
    mine: bool
    holder: str
    contact: str


def lines(rows, me, you=None) -> list[Line]:
    """The rows of `case_rows` in words. Nothing here asks the catalogue for a row: words are fetched once.

    `you` is how `me` is called as a holder: on paper by name.
    """
    return list(map(Words(me, you).line, rows))


class Words:
    """The words a list needs, in the language of who reads, and how a row is said with them."""

    def __init__(self, me, you=None):
        self.me, self.today, self.days = me, clock.today(), {}
        self.looks = {state: (*LOOKS[state], str(label)) for state, label in STATES.items()}
        self.kinds = {kind: str(label) for kind, label in NEXT_KINDS.items()}
        self.years, self.high, self.training = _("%(n)s anni", n="%s"), _("priorità alta"), _("caso di prova")
        self.confidential = _("riservato")
        self.until, self.episode = _("fino al %(day)s", day="%s"), _("percorso %(n)s", n="%s")
        self.nothing, self.closed_on = _("Nessuno"), _("Chiuso il %(day)s", day="%s")
        self.at, self.today_at = _("oggi %(time)s", time="%s"), _("Oggi alle %(time)s", time="%s")
        self.in_lobby, self.due_today = _("In sala dalle %(time)s", time="%s"), _("Scade oggi")
        self.yesterday, self.late = _("Scaduto da ieri"), _("Scaduto da %(n)s giorni", n="%s")
        self.untold = _("Esito da scrivere, era %(day)s", day="%s")
        self.you, self.nobody, self.never = you or _("Tu"), _("Nessuno"), _("mai")
        self.contact_days = {0: _("oggi"), 1: _("ieri")}
        self.days_ago = _("%(n)s giorni fa", n="%s")

    def line(self, row):
        look, icon, state = self.looks[row.state]
        step, why = self.step(row)
        mine = row.holder_id == self.me.id or (row.holder_id is None and self.me.writes)
        holder = self.you if row.holder_id == self.me.id else row.holder or self.nobody
        return Line(
            row.id,
            f"{row.first_name} {row.last_name}",
            self.about(row),
            look,
            icon,
            state,
            self.state_note(row),
            step,
            why,
            mine,
            holder,
            self.ago(row.last_contact_on),
        )

    def about(self, row):
        said = [row.number]
        if row.born_on:
            said.append(self.years % clock.years_between(row.born_on, self.today))
        if row.priority == 1 and row.state not in CLOSED:
            said.append(self.high)
        if row.confidential:
            said.append(self.confidential)
        if row.is_training:
            said.append(self.training)
        return ", ".join(said)

    def state_note(self, row):
        if row.state == "suspended" and row.state_until:
            return self.until % self.day(row.state_until)
        return self.episode % row.episode if (row.episode or 1) > 1 else ""

    def step(self, row):
        """What comes next, and why it waits ("" when it does not)."""
        if row.state in CLOSED:
            return self.closed_on % self.day(row.closed_on) if row.closed_on else "", ""
        if row.next_on is None:
            return self.nothing, ""
        text, days = row.next_text or self.kinds[row.next_kind], (self.today - row.next_on).days
        if len(text) > LONGEST_STEP:
            text = f"{text[:LONGEST_STEP].rstrip()}…"
        if row.arrived_at:
            return text, self.in_lobby % time_text(row.arrived_at)
        if days > 0 and row.next_at:
            return text, self.untold % self.day(row.next_on)
        if days > 0:
            return text, self.yesterday if days == 1 else self.late % days
        if days == 0:
            return text, self.today_at % time_text(row.next_at) if row.next_at else self.due_today
        return f"{text}, {self.day(row.next_on)}", ""

    def day(self, day):
        """gio 26 within a week, else 15 gen."""
        if day not in self.days:
            near = abs((day - self.today).days) < 7
            self.days[day] = f"{weekday(day)[:3]} {day.day}" if near else short_date(day)
        return self.days[day]

    def ago(self, day):
        if day is None:
            return self.never
        days = max((self.today - day).days, 0)
        return self.contact_days.get(days) or self.days_ago % days


@cache
def _head():
    columns = (Case.id, Case.number, Case.state, Case.person_id, Case.team_id, Person.first_name, Person.last_name)
    held = (Holding.user_id.label("holder_id"), User.name.label("holder"), Service.name.label("service"))
    return (
        select(*columns, *held)
        .join(Person, Person.id == Case.person_id)
        .join(Service, Service.id == Case.service_id)
        .outerjoin(Holding, _held)
        .outerjoin(User, User.id == Holding.user_id)
        .where(Case.VISIBLE, Case.id == bindparam("case"))
    )


def case_head(case_id, me):
    """What stands above a form about a case: number, person, state, service, holder."""
    return run(_head(), **me.scope, case=case_id).one()
