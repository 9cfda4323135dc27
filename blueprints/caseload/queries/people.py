"""Reads for people: who may be the same, what a new case can be, the household."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, case, func, select

from core.db import db, run
from core.i18n import gettext as _
from core.i18n import ngettext
from models.account import Team, User, colleagues
from models.case import Case, Holding
from models.case_states import STATES
from models.household import HouseholdMember
from models.organisation import Service
from models.person import Person, PrivacyNotice, possible_doubles


@dataclass(frozen=True)
class Double:
    """Somebody who may be the person being entered, and one of her cases that the user may open."""

    id: int
    name: str
    born_on: object
    why: str
    case_id: int
    case_about: str


@dataclass(frozen=True)
class Doubles:
    """What was found: people the user may see, and whether the tax code belongs to somebody she may not see."""

    people: list
    elsewhere: bool

    @property
    def key(self) -> str:
        """Names what was found, so that a tick given for it does not answer for somebody found later."""
        return "-".join(
            [*(str(d.id) for d in sorted(self.people, key=lambda d: d.id)), *(["x"] if self.elsewhere else [])]
        )

    def settled_by(self, key) -> bool:
        """Whether a tick with this key answers for everybody found now."""
        return set(filter(None, self.key.split("-"))) <= set((key or "").split("-"))


def doubles(typed, me) -> Doubles:
    """People who may be the one typed (a form with names, birth, tax code, phone), as far as `me` may know of them."""
    names = typed.first_name.data, typed.last_name.data
    found = possible_doubles(*names, typed.born_on.data, typed.tax_code.data, typed.phone.data)
    if not found:
        return Doubles([], False)
    files = {row.person_id: row for row in run(_files(), **me.scope, people=[row.id for row, _why in found])}
    people = []
    for row, why in found:
        if file := files.get(row.id):
            said = ", ".join(str(sentence) for _weight, sentence in why)
            about = _("%(number)s, %(state)s, %(holder)s", number=file.number, state=str(STATES[file.state]).lower(),
                      holder=file.holder or _("senza titolare"))  # fmt: skip
            people.append(Double(row.id, f"{row.first_name} {row.last_name}", row.born_on, said, file.id, about))
    hidden = (why for row, why in found if row.id not in files)
    return Doubles(people, any(weight == 10 for why in hidden for weight, _sentence in why))


def _files():
    """For each of some people the case to open: an open one if there is, else the last."""
    order = case((Case.closed_on.is_(None), 0), else_=1)
    rank = func.row_number().over(partition_by=Case.person_id, order_by=(order, Case.opened_on.desc(), Case.id.desc()))
    ranked = (
        select(Case.id, Case.person_id, Case.number, Case.state, User.name.label("holder"), rank.label("rank"))
        .outerjoin(Holding, and_(Holding.case_id == Case.id, Holding.until.is_(None)))
        .outerjoin(User, User.id == Holding.user_id)
        .where(Case.VISIBLE, Case.person_id.in_(bindparam("people", expanding=True)))
        .subquery()
    )
    return select(ranked).where(ranked.c.rank == 1)


def file_of(person_id, me) -> int:
    """The case to go back to from a page about a person."""
    return run(_files(), **me.scope, people=[person_id]).one().id


def openings(me):
    """What a new case can be: services, teams of `me`, and holders with how many open cases each has."""
    services = run(Service.visible_to(me).with_only_columns(Service.id, Service.name)).all()
    teams = run(Team.visible_to(me).with_only_columns(Team.id, Team.name).where(Team.id.in_(me.team_ids))).all()
    return [tuple(s) for s in services], [tuple(t) for t in teams], holders(me.team_ids, me)


def holders(team_ids, me):
    """Who can hold a case of these teams, oneself first, as (id, "name, n casi aperti")."""
    open_cases = (
        select(func.count())
        .select_from(Holding)
        .join(Case, Case.id == Holding.case_id)
        .where(Holding.user_id == User.id, Holding.until.is_(None))
        .where(Case.closed_on.is_(None), Case.is_training.is_(False))
        .correlate(User)
        .scalar_subquery()
    )
    rows = db.session.execute(colleagues(team_ids).add_columns(open_cases.label("open"))).all()
    rows = sorted(rows, key=lambda row: row.id != me.id)
    return [(row.id, _holder(row, me)) for row in rows]


def _holder(row, me):
    name = _("Io, %(name)s", name=row.name) if row.id == me.id else row.name
    if row.seniority == "junior":
        name = _("%(name)s, junior", name=name)
    load = ngettext("un caso aperto", "%(n)s casi aperti", row.open)
    return f"{name} ({load})"


def household(person_id, me):
    """Who lives with the person or depends on her, those who left at the end."""
    query = HouseholdMember.visible_to(me).where(HouseholdMember.person_id == person_id)
    return db.session.scalars(query.order_by(HouseholdMember.until.is_not(None), HouseholdMember.id)).all()


def last_notice(person_id, me):
    """When and in which language the privacy notice was last given, or None."""
    seen = Person.visible_to(me).with_only_columns(Person.id)
    query = select(PrivacyNotice.given_on, PrivacyNotice.language, PrivacyNotice.notice_version)
    query = query.where(PrivacyNotice.person_id == person_id, PrivacyNotice.person_id.in_(seen))
    return run(query.order_by(PrivacyNotice.given_on.desc(), PrivacyNotice.id.desc()).limit(1), **me.scope).first()
