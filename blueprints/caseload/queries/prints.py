"""What papers show. The summary walks the dossier list and nothing else."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import DateTime, bindparam, func, select
from sqlalchemy.orm import defer

from core import clock
from core.db import db, run
from core.i18n import LOCALE, datetime_text
from models import account, appointment, case, case_states, dossier, household, note, organisation, person, plan

from .plans import HELP_FROM, whole_plan, whose

SELDOM = {"todos", "privacy"}  # sections that are not ticked to begin with
LONG_NOTES = 60
LONG_TEXT = 25_000  # characters: about ten pages
HOLDER = (
    select(account.User.name, account.User.phone, account.User.hours)
    .join(case.Holding, case.Holding.user_id == account.User.id)
    .join(case.Case, case.Case.id == case.Holding.case_id)
    .where(case.Case.VISIBLE, case.Case.id == bindparam("case_id"), case.Holding.until.is_(None))
)
MEETINGS = (
    select(
        appointment.Appointment.starts_at,
        appointment.Appointment.kind,
        appointment.Appointment.place,
        account.User.name.label("colleague"),
    )
    .join(case.Case, case.Case.id == appointment.Appointment.case_id)
    .join(account.User, account.User.id == appointment.Appointment.user_id)
    .where(case.Case.VISIBLE, case.Case.id == bindparam("case_id"))
    .where(appointment.Appointment.outcome.is_(None), appointment.Appointment.starts_at >= bindparam("now"))
    .order_by(appointment.Appointment.starts_at)
    .limit(3)
)
LABELS = {
    "genders": person.GENDERS,
    "italian_levels": person.ITALIAN_LEVELS,
    "permit_kinds": person.PERMIT_KINDS,
    "relations": household.RELATIONS,
    "states": case_states.STATES,
    "outcomes": case_states.OUTCOMES,
    "next_kinds": case.NEXT_KINDS,
    "note_kinds": note.KINDS,
    "meeting_kinds": appointment.KINDS,
    "meeting_outcomes": appointment.OUTCOMES,
    "categories": plan.NEED_CATEGORIES,
    "priorities": plan.NEED_PRIORITIES,
    "help_from": HELP_FROM,
    "need_states": plan.NEED_STATES,
    "wanted_by": plan.WANTED_BY,
    "agreed_how": plan.AGREED_HOW,
}


@dataclass(frozen=True)
class Wish:
    """What somebody wants on the summary: which sections, of which days, with or without names of third parties."""

    sections: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    names: bool = False

    def address(self) -> dict:
        """The same wish as parts of an address, or of a job's arguments."""
        days = {name: day.isoformat() for name, day in (("since", self.since), ("until", self.until)) if day}
        return {"chosen": "1", "section": list(self.sections), **days, **({"names": "y"} if self.names else {})}

    @classmethod
    def of(cls, address) -> "Wish":
        """The wish that `address` was made from."""
        days = (date.fromisoformat(address[name]) if address.get(name) else None for name in ("since", "until"))
        return cls(tuple(address["section"]), *days, names="names" in address)


def printable(me) -> list[dossier.Section]:
    """The sections this user may put on paper."""
    return [s for s in dossier.for_user(me) if s.printed]


def _in_range(query, column, wish):
    """`query` for the days of the wish; a column of instants is cut at Italian midnights."""
    instants = isinstance(column.type, DateTime)
    if wish.since:
        query = query.where(column >= (clock.day_bounds(wish.since)[0] if instants else wish.since))
    if wish.until:
        query = query.where(column < clock.day_bounds(wish.until)[1] if instants else column <= wish.until)
    return query


def is_long(me, case_id, wish) -> bool:
    """Whether the summary is better made outside the request: many notes, or long ones."""
    if "contacts" not in wish.sections:
        return False
    texts = select(func.count(note.Note.id), func.coalesce(func.sum(func.length(note.Note.text)), 0))
    mine = texts.join(case.Case, case.Case.id == note.Note.case_id).where(case.Case.VISIBLE)
    found, letters = run(_in_range(mine.where(note.Note.case_id == case_id), note.Note.at, wish), **me.scope).one()
    return found > LONG_NOTES or letters > LONG_TEXT


def _read(section, file, wish) -> dict:
    """The rows of a section, without the columns that leave the team on no paper: touching one is an error."""

    def fetch(query):
        entity = query.column_descriptions[0]["entity"]
        kept_back = [defer(c, raiseload=True) for c in section.kept_back if c.class_ is entity]
        return db.session.scalars(query.options(*kept_back)).all()

    rows = section.rows(file)
    if section.dated is not None:
        rows = _in_range(rows, section.dated, wish)
    return {"rows": fetch(rows), **{name: fetch(query(file)) for name, query in section.also.items()}}


def summary(me, file, wish) -> dict:
    """All that the summary of a case shows, as both its page and its PDF take it."""
    chosen = [s for s in printable(me) if s.name in wish.sections]
    return letterhead(me) | {
        "case": file,
        "whose": whose(me, file.id),
        "wish": wish,
        "names": wish.names,
        "long": is_long(me, file.id, wish),
        "sections": chosen,
        "parts": {s.name: _read(s, file, wish) for s in chosen},
        "labels": LABELS,
        "years": clock.years_between,
    }


def letterhead(me) -> dict:
    """What base_pdf.html asks for: whose paper it is, who printed it and when, in which language."""
    house = db.session.scalar(organisation.Organisation.visible_to(me))
    return {
        "organisation": house or organisation.Organisation(name=""),
        "printed_by": me.name,
        "printed_at": datetime_text(clock.now()),
        "lang": LOCALE.get(),
    }


def for_the_person(me, file) -> dict:
    """What every paper for the person says: who follows her, how to call, when they meet next."""
    return letterhead(me) | {
        "case": file,
        "whose": whose(me, file.id),
        "holder": run(HOLDER, case_id=file.id, **me.scope).first(),
        "meetings": run(MEETINGS, case_id=file.id, now=clock.now(), **me.scope).all(),
        "labels": LABELS,
    }


def plan_sheet(me, file, number) -> dict | None:
    """One version of the plan as the person takes it home; None when there is no such version."""
    found = whole_plan(me, file.id, number)
    return for_the_person(me, file) | {"plan": found} if found else None
