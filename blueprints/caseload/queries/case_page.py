"""What the head of a case page reads. The case comes from `find`: who may see it is settled before."""

import re
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from core import clock
from core.audit import Audit
from core.db import run
from core.i18n import date_text, full_date, lazy, long_date, short_date, time_text
from core.i18n import gettext as _
from models.account import Team, User
from models.case import NEXT_KINDS, Case
from models.case_states import LOOKS, OUTCOMES, STATES, VERBS, Episode, StateChange
from models.dossier import section
from models.organisation import Service
from models.person import ITALIAN_LEVELS, Person
from models.plan import Need, Plan

from .care_team import holders, relay

CASE = bindparam("case_id")
PERMIT_WARNING = timedelta(days=60)
PATHS = {2: lazy("secondo percorso"), 3: lazy("terzo percorso"), 4: lazy("quarto percorso"), 5: lazy("quinto percorso")}

MOVE_ICONS = {
    "receive": "door-open",
    "refuse": "slash-circle",
    "assess": "circle-half",
    "activate": "play-circle",
    "suspend": "pause-circle",
    "resume": "play-circle",
    "begin_closing": "flag",
    "withdraw_closing": "play-circle",
    "approve_closing": "check-circle",
    "reopen": "arrow-counterclockwise",
}


def _one(column, *where):
    return select(column).where(*where).scalar_subquery()


_HEAD = (
    select(
        Person.id.label("person_id"),
        Person.first_name,
        Person.last_name,
        Person.known_as,
        Person.born_on,
        Person.residence_town,
        Person.domicile_town,
        Person.languages,
        Person.italian,
        Person.mediator_language,
        Person.phone,
        Person.phone_2,
        Person.may_call,
        Person.may_leave_message,
        Person.contact_note,
        Person.permit_expires_on,
        Service.name.label("service"),
        Team.name.label("team"),
        _one(func.max(Episode.number), Episode.case_id == CASE).label("episode"),
        _one(Plan.number, Plan.case_id == CASE, Plan.current.is_(True)).label("plan"),
        _one(func.count(Need.id), Need.case_id == CASE, Need.state.in_(("open", "working"))).label("needs"),
    )
    .select_from(Case)
    .join(Person, Person.id == Case.person_id)
    .join(Service, Service.id == Case.service_id)
    .join(Team, Team.id == Case.team_id)
    .where(Case.id == CASE)
)


def head(case) -> dict:
    """Who, in which state, held by whom, what next, what to know: ready words for the top of the page."""
    row = run(_HEAD, case_id=case.id).one()
    held = holders(case)
    return {
        "row": row,
        "name": f"{row.first_name} {row.last_name}",
        "line": _line(case, row),
        "state": STATES[case.state],
        "look": LOOKS[case.state],
        "holder": held[-1] if held and held[-1].until is None else None,
        "before": held[-2] if len(held) > 1 else None,
        "holders": held,
        "relay": relay(held),
        "moves": [(verb, VERBS[verb]) for verb in case.moves()],
        "move_icons": MOVE_ICONS,
        "next": _next(case),
        "know": _to_know(case, row),
        "phones": [(p, re.sub(r"[^\d+]", "", p)) for p in (row.phone, row.phone_2) if p],
    }


def _line(case, row):
    """Age, town, number, episode and languages, as sentences."""
    town = row.domicile_town or row.residence_town
    who = [
        _("%(age)s anni", age=clock.years_between(row.born_on, clock.today())) if row.born_on else "",
        _("di %(town)s", town=town) if town else "",
    ]
    path = PATHS.get(row.episode) or (_("percorso %(n)s", n=row.episode) if row.episode > 1 else "")
    file = [_("Caso %(number)s", number=case.number), str(path), row.service]
    tongue = [
        _("parla %(languages)s", languages=row.languages) if row.languages else "",
        _("italiano: %(level)s", level=str(ITALIAN_LEVELS[row.italian]).lower()) if row.italian else "",
    ]
    sentences = (", ".join(filter(None, words)) for words in (who, file, tongue))
    return ". ".join(s[0].upper() + s[1:] for s in sentences if s)


def _next(case):
    """The next step: what, when, and whether it waits for a hand; None when nothing is planned."""
    if not case.next_on:
        return None
    today, hour = clock.today(), time_text(case.next_at)
    late = case.next_on < today or (case.next_at is not None and case.next_at < clock.now())
    day = _("Oggi") if case.next_on == today else long_date(case.next_on)
    return {
        "when": f"{day} {hour}".strip(),
        "what": case.next_text or NEXT_KINDS[case.next_kind],
        "kind": NEXT_KINDS[case.next_kind],
        "due": _due(case, today) if late or (case.next_on == today and not case.next_at) else "",
    }


def _due(case, today):
    if case.next_kind == "appointment":
        day = _("oggi") if case.next_on == today else short_date(case.next_on)
        return _("Appuntamento, %(day)s: com'è andato?", day=day)
    kind = NEXT_KINDS[case.next_kind]
    if case.next_on == today:
        return _("%(what)s: scade oggi", what=kind)
    return _("%(what)s: era per il %(day)s", what=kind, day=short_date(case.next_on))


def _to_know(case, row):
    """What whoever opens the folder must know: (strong, icon, words) lines."""
    today, lines = clock.today(), []
    if case.to_know:
        lines.append((True, "exclamation-octagon", case.to_know))
    if row.permit_expires_on and row.permit_expires_on < today:
        lines.append(
            (
                True,
                "exclamation-octagon",
                _("Permesso di soggiorno scaduto il %(day)s", day=date_text(row.permit_expires_on)),
            )
        )
    elif row.permit_expires_on and row.permit_expires_on <= today + PERMIT_WARNING:
        lines.append(
            (
                True,
                "exclamation-octagon",
                _("Permesso di soggiorno: scade il %(day)s", day=full_date(row.permit_expires_on)),
            )
        )
    if not row.may_call:
        lines.append((False, "telephone-x", _("Non si può chiamare")))
    if row.contact_note:
        lines.append((False, "telephone", row.contact_note))
    if row.mediator_language:
        lines.append((False, "translate", _("Serve un mediatore: %(language)s", language=row.mediator_language)))
    if case.confidential:
        lines.append((False, "lock", _("Riservato: lo vede solo chi lo segue")))
    if case.is_training:
        lines.append((False, "mortarboard", _("Caso di prova: nessuno esiste davvero")))
    return lines


_EPISODES = (
    select(Episode.number, Episode.opened_on, Episode.closed_on, Episode.outcome, Episode.closing_note)
    .where(Episode.case_id == CASE)
    .order_by(Episode.number.desc())
)
_STATES = (
    select(
        StateChange.state,
        StateChange.at,
        StateChange.ended_at,
        StateChange.reason,
        StateChange.until,
        StateChange.emergency,
        User.name,
    )
    .join(User, User.id == StateChange.by_id)
    .where(StateChange.case_id == CASE)
    .order_by(StateChange.at.desc(), StateChange.id.desc())
)
SEEN = {"view": lazy("ha aperto"), "print": lazy("ha stampato"), "export": lazy("ha esportato")}
_NAMES = select(User.id, User.name).where(User.id.in_(bindparam("ids", expanding=True)))
OPENINGS = 100


def path(case) -> dict:
    """The way of a case: its episodes and the states it was in, with words and looks."""
    return {
        "episodes": [{"row": row, "outcome": OUTCOMES.get(row.outcome)} for row in run(_EPISODES, case_id=case.id)],
        "states": [
            {"row": row, "word": STATES[row.state], "look": LOOKS[row.state]} for row in run(_STATES, case_id=case.id)
        ],
    }


def openings(me, case) -> list[dict] | None:
    """Who opened, printed or exported the file lately, one line for each person and day; None for who may not know."""
    accesses = section("accesses")
    if not accesses.readers(me):
        return None
    latest = accesses.rows(case).with_only_columns(Audit.actor, Audit.verb, Audit.at)
    rows = run(latest.order_by(None).order_by(Audit.seq.desc()).limit(OPENINGS)).all()
    names = dict(run(_NAMES, ids=[int(actor) for actor in {row.actor for row in rows} if actor.isdigit()]).all())
    lines = {}
    for row in rows:
        at = datetime.fromisoformat(row.at.rstrip("Z"))
        line = lines.setdefault((row.actor, row.verb, clock.local(at).date()), {"at": at, "times": 0})
        line["name"] = names.get(int(row.actor)) if row.actor.isdigit() else row.actor
        line["verb"] = SEEN[row.verb]
        line["times"] += 1
    return list(lines.values())
