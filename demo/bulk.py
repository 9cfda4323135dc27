"""Rows for the volumes of the demonstration (domain, section 4): five years of a cooperative, day by day, from one seed."""

import heapq
import random
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from codicefiscale import codicefiscale

from core import clock
from core.search import fold
from models.case_states import CLOSED
from models.person import double_key, phone_digits

from . import words

DAYS = 5 * 365
HANDED_ON, TWO_CASES = 0.15, 0.06  # shares of cases
KINDS = [
    ("interview", 38),
    ("phone", 29),
    ("visit", 8),
    ("message", 8),
    ("accompaniment", 6),
    ("meeting", 8),
    ("other", 3),
]
MEETS = {"interview", "visit", "accompaniment", "meeting"}
MISSED = 0.055  # appointments not kept, for each note
SUSPENDED = "Si riprende dopo la cura"
ORDER = ["appointment", "todo", "action", "review", "check"]
OPEN_STATES = {  # share of the open cases, days since it was opened
    "reported": (6, 0, 12), "received": (8, 3, 25), "assessing": (14, 9, 60),
    "active": (60, 32, 700), "suspended": (8, 60, 700), "closing": (4, 90, 700),
}  # fmt: skip
OUTCOMES = [
    "permanent",
    "fixed_long",
    "fixed_short",
    "internship",
    "training",
    "self_employed",
    "referred",
    "moved",
    "gave_up",
    "unreachable",
    "health",
    "other",
]


@dataclass(slots=True)
class File:
    """A case while its rows are being made."""

    id: int
    person_id: int
    team_id: int
    state: str
    opened: date
    closed: date | None
    holders: list  # (first day, user id), the last one holds it now
    last_contact: date | None = None
    next: tuple = (None, None, None, None)


class Cooperative:
    """Makes rows as dicts. `staff` is {team id: user ids}; ids start after `first`, {table name: last id in use}."""

    def __init__(self, size, volume, staff, services, first, serials):
        self.random, self.volume, self.staff, self.services = (
            random.Random(f"staffetta {size}"),
            volume,
            staff,
            services,
        )
        self.today = clock.today()
        self.ids = {table: count(last + 1) for table, last in first.items()}
        self.serials, self.files, self.names = serials, [], set()
        self.queue = {team: [] for team in staff}

    # words

    def say(self, template):
        """A sentence with its slots filled; `{office_c}` with a capital."""
        parts = _parts(template)
        if len(parts) == 1:
            return parts[0]
        choice = self.random.choice
        return "".join(
            part
            if i % 2 == 0
            else choice(words.SLOTS[part])
            if not part.endswith("_c")
            else _capital(choice(words.SLOTS[part[:-2]]))
            for i, part in enumerate(parts)
        )

    def text(self, kind):
        """What a note tells, 200 to 600 characters: how it began, two to five facts, often their words, what comes next."""
        r = self.random
        sentences = [self.say(r.choice(words.OPENINGS[kind]))]
        sentences += [self.say(body) for body in r.sample(words.BODIES, r.choice((2, 3, 3, 4, 5)))]
        if r.random() < 0.4:
            sentences.append(f"«{r.choice(words.WORDS)}».")
        sentences.append(self.say(r.choice(words.NEXT)))
        text = " ".join(sentences)
        while len(text) < 200:
            text += " " + self.say(r.choice(words.BODIES))
        return text

    # people

    def person(self):
        r, gender = self.random, self.random.choice("fm")
        origin = self._origin()
        if origin:
            citizenship, _share, languages, women, men, surnames = origin
            first, last = r.choice((women if gender == "f" else men).split()), r.choice(surnames.split())
            first, last = first.replace("_", " "), last.replace("_", " ")
        else:
            citizenship, languages = "Italia", None
            first, last = r.choice(words.WOMEN if gender == "f" else words.MEN), r.choice(words.SURNAMES)
            if r.random() < 0.12:
                last += f" {r.choice(words.SURNAMES)}"
        self.names.update((first, last))
        born = self.today - timedelta(days=r.randint(18 * 365, 66 * 365))
        phone = f"3{r.choice((20, 28, 31, 33, 38, 40, 47, 49, 66, 80, 89, 92))} 0{r.randrange(10**6):06}"
        italian = None if not origin else r.choice(("good", "good", "fair", "fair", "little"))
        town = r.choice(words.TOWNS).replace("_", " ")
        code = self._tax_code(first, last, born, gender) if r.random() < 0.7 else None
        return {
            "id": next(self.ids["person"]), "first_name": first, "last_name": last, "known_as": None, "tax_code": code,
            "born_on": born, "birth_place": None, "gender": gender, "citizenship": citizenship,
            "permit_kind": r.choice(("work", "family", "refugee", "long_term")) if origin else None,
            "permit_expires_on": self.today + timedelta(days=r.randint(-60, 700)) if origin else None,
            "residence": f"Via {r.choice(words.STREETS).replace('_', ' ')} {r.randint(1, 180)}", "residence_town": town,
            "languages": f"{languages}, italiano" if origin else None, "italian": italian,
            "mediator_language": languages.split(", ")[0] if italian == "little" else None,
            "phone": phone, "may_call": True, "may_write": True, "may_leave_message": r.random() < 0.5,
            "is_training": False, "created_at": clock.now(),
            "folded": fold(f"{first} {last}  {code or ''} {phone_digits(phone)}"), "double_key": double_key(last, born),
        }  # fmt: skip

    def _tax_code(self, first, last, born, gender):
        """A code whose check letter is right; the place is one of four."""
        day = born.day + (40 if gender == "f" else 0)
        place = self.random.choice(("D704", "C573", "H294", "H199"))
        code = f"{codicefiscale.encode_lastname(last)}{codicefiscale.encode_firstname(first)}{born:%y}{'ABCDEHLMPRST'[born.month - 1]}{day:02}{place}"
        return code + codicefiscale.encode_cin(code)

    def _origin(self):
        at = self.random.randrange(1000)
        for origin in words.ORIGINS:
            at -= origin[1]
            if at < 0:
                return origin
        return None

    # cases

    def plan_files(self):
        """(state, opened, closed) of every case, in the order in which they were opened."""
        r, volume = self.random, self.volume
        told = []
        states, shares = list(OPEN_STATES), [v[0] for v in OPEN_STATES.values()]
        for state in r.choices(states, shares, k=volume.open_cases):
            _share, youngest, oldest = OPEN_STATES[state]
            told.append((state, self._workday(self.today - timedelta(days=r.randint(youngest, oldest))), None))
        for _ in range(int(volume.persons * (1 + TWO_CASES)) - volume.open_cases):
            refused = r.random() < 0.06
            length = r.randint(1, 9) if refused else min(int(r.lognormvariate(5.5, 0.7)) + 20, 1500)
            opened = self._workday(self.today - timedelta(days=r.randint(length + 1, DAYS)))
            told.append(("not_taken" if refused else "closed", opened, opened + timedelta(days=length)))
        return sorted(told, key=lambda t: t[1])

    def _workday(self, day):
        return day - timedelta(days=max(0, day.weekday() - 4))

    def case_rows(self, told, person_ids):
        """The rows of one case by table, without its diary; remembers the File for the diary."""
        r = self.random
        state, opened, closed = told
        last, person_id = closed or self.today, next(person_ids)
        team = r.choice(list(self.staff))
        holders = self._holders(team, state, opened, last)
        file = File(next(self.ids["case_file"]), person_id, team, state, opened, closed, holders)
        self.files.append(file)
        by = holders[0][1] if holders else r.choice(self.staff[team])
        serial = self.serials[opened.year] = self.serials.get(opened.year, 0) + 1
        case = {
            "id": file.id, "year": opened.year, "serial": serial, "number": f"{opened.year}-{serial:04}", "person_id": person_id,
            "service_id": r.choices(self.services, (6, 3, 1)[: len(self.services)])[0], "team_id": team, "state": state,
            "opened_on": opened, "closed_on": closed, "source": r.choice(words.SOURCES), "request": self.say(r.choice(words.REQUESTS)),
            "to_know": r.choice(words.TO_KNOW) if r.random() < 0.2 else None, "priority": r.choice((1, 2, 2, 2, 3)),
            "complexity": r.choice((1, 2, 2, 3)), "confidential": r.random() < 0.02, "is_training": False,
        }  # fmt: skip
        rows = {"case_file": [case], "case_holder": self._holdings(file, by), "case_episode": [], "case_state": []}
        self._path(file, by, rows)
        if state not in ("reported", "not_taken"):
            rows["privacy_notice"] = [
                {
                    "person_id": person_id,
                    "given_on": min(opened + timedelta(days=2), self.today),
                    "notice_version": "1",
                    "language": "Italiano",
                    "given_by_id": by,
                }
            ]
        if state not in ("reported", "received", "not_taken"):
            self._needs_and_plans(file, by, rows)
        return rows

    def _holders(self, team, state, opened, last):
        """Who held it from when; open cases are dealt out evenly, some are still without a holder."""
        r = self.random
        if state in ("reported", "received") and r.random() < 0.15:
            return []
        if not self.queue[team]:
            self.queue[team] = r.sample(self.staff[team], len(self.staff[team]))
        now = self.queue[team].pop() if state not in CLOSED else r.choice(self.staff[team])
        if r.random() < HANDED_ON and (last - opened).days > 60:
            return [
                (opened, r.choice(self.staff[team])),
                (opened + timedelta(days=r.randint(30, (last - opened).days - 10)), now),
            ]
        return [(opened, now)]

    def _holdings(self, file, by):
        starts = [since for since, _user in file.holders]
        return [
            {
                "case_id": file.id,
                "user_id": user,
                "since": since,
                "until": until,
                "reason": "Cambio di zona" if since != file.opened else None,
                "given_by_id": by,
            }
            for (since, user), until in zip(file.holders, [*starts[1:], None], strict=False)
        ]

    def _path(self, file, by, rows):
        """Episode and states with their days, one after the other."""
        r = self.random
        days = [("reported", 0), ("received", 2), ("assessing", 9), ("active", 30)]
        ends = {
            "suspended": [("suspended", 55)],
            "closing": [("closing", 85)],
            "closed": [("closing", None), ("closed", None)],
        }.get(file.state, [])
        span = ((file.closed or self.today) - file.opened).days
        if file.state == "not_taken":
            days = [("reported", 0), ("not_taken", span)]
        elif file.state in ("closed", "closing", "suspended", "active"):
            fit = min(1.0, max(span - 4, 1) / 60)
            days = [(s, int(d * fit)) for s, d in days]
            days += [
                (
                    s,
                    {
                        "closing": span - 3 if file.closed else max(span - r.randint(1, 20), 31),
                        "closed": span,
                        "suspended": max(span - r.randint(5, 50), 31),
                    }[s],
                )
                for s, _ in ends
            ]
        else:
            days = days[: [s for s, _ in days].index(file.state) + 1]
        episode = next(self.ids["case_episode"])
        ending = file.state in ("closed", "closing", "not_taken")
        rows["case_episode"].append({
            "id": episode, "case_id": file.id, "number": 1, "opened_on": file.opened, "closed_on": file.closed,
            "outcome": r.choice(OUTCOMES) if ending and file.state != "not_taken" else None,
            "closing_note": self.say(r.choice(words.OUTCOME_NOTES)) if ending else None,
            "closing_by_id": file.holders[-1][1] if ending and file.holders else by if ending else None,
            "approved_by_id": by if file.state == "closed" else None,
        })  # fmt: skip
        at = [min(self._instant(file.opened + timedelta(days=d), 9 + i), clock.now()) for i, (_s, d) in enumerate(days)]
        for i, (state, _day) in enumerate(days):
            suspended = state == "suspended"
            until = self.today + timedelta(days=r.randint(-5, 60)) if suspended else None
            if suspended:
                self._comes(file, until, None, "check", SUSPENDED)
            rows["case_state"].append({
                "case_id": file.id, "episode_id": episode, "state": state, "at": at[i], "ended_at": at[i + 1] if i + 1 < len(at) else None, "by_id": by,
                "reason": SUSPENDED if suspended else None, "emergency": False,
                "until": until, "checked_by_id": file.holders[-1][1] if suspended else None,
            })  # fmt: skip

    def _needs_and_plans(self, file, by, rows):
        r = self.random
        found = min(file.opened + timedelta(days=10), self.today)
        rows["need"] = [
            {
                "case_id": file.id,
                "category": category,
                "description": text,
                "priority": rank,
                "direction": r.choice(("inner", "outer", "both")),
                "state": "open",
                "found_on": found,
                "found_by_id": by,
            }
            for rank, (category, text) in enumerate(r.sample(words.NEEDS, r.randint(1, 3)), 1)
        ]
        if file.state == "assessing":
            return
        versions, last = r.choice((1, 1, 1, 2, 2, 3)), file.closed or self.today
        span = (last - file.opened).days
        rows |= {"plan": [], "goal": [], "plan_action": []}
        for number in range(1, versions + 1):
            agreed = file.opened + timedelta(days=min(30, span) + (span - min(30, span)) * (number - 1) // versions)
            plan, current = next(self.ids["plan"]), number == versions
            review = (
                self.today + timedelta(days=r.randint(-10, 90))
                if current and not file.closed
                else agreed + timedelta(days=90)
            )
            purpose = r.choice(words.PURPOSES)
            if current and not file.closed:
                self._comes(file, review, None, "review", purpose)
            rows["plan"].append({
                "id": plan, "case_id": file.id, "number": number, "purpose": purpose, "reason": "È cambiato quello che serve" if number > 1 else None,
                "review_on": review, "agreed_on": agreed, "agreed_how": r.choice(("signature", "signature", "minutes", "spoken")), "current": current,
                "created_by_id": by, "created_at": self._instant(agreed, 10),
            })  # fmt: skip
            for position, (title, indicator, start, end) in enumerate(r.sample(words.GOALS, r.randint(1, 3)), 1):
                goal = next(self.ids["goal"])
                rows["goal"].append({
                    "id": goal, "plan_id": plan, "position": position, "title": title, "own_words": r.choice(words.WORDS), "wanted_by": r.choice(("person", "both", "both", "service")),
                    "indicator": indicator, "baseline": start, "target": end, "due_on": agreed + timedelta(days=r.randint(60, 240)),
                })  # fmt: skip
                for _ in range(r.randint(1, 3)):
                    rows["plan_action"].append(self._action(file, goal, agreed, current))

    def _action(self, file, goal, agreed, current):
        r = self.random
        owner, due = r.choice(("user", "person")), agreed + timedelta(days=r.randint(10, 120))
        state = "open" if current and not file.closed and due >= self.today else "done"
        what = self.say(r.choice(words.ACTIONS))
        if state == "open":
            self._comes(file, due, None, "action", what)
        return {
            "goal_id": goal, "what": what, "owner_kind": owner, "owner_id": file.holders[-1][1] if owner == "user" else None, "owner_name": None,
            "due_on": due, "state": state, "done_on": min(due, self.today) if state == "done" else None,
        }  # fmt: skip

    def _comes(self, file, day, at, kind, text):
        """Something is promised: what comes first is kept, in the order of models/next_step.py on the same day."""
        if file.next[0] is None or (day, ORDER.index(kind)) < (file.next[0], ORDER.index(file.next[2])):
            file.next = (day, at, kind, text)

    def _instant(self, day, hour, minute=0):
        return clock.utc(datetime.combine(day, time(hour, minute)))

    # the diary

    def diary(self):
        """(appointments, notes) of each day, oldest first, so that the newest note has the highest number."""
        r = self.random
        lasting = [f for f in self.files if f.holders and f.state not in ("reported", "not_taken")]
        months = sum(((f.closed or self.today) - f.opened).days for f in lasting) or 1
        rate = self.volume.notes / months * 1.06  # a week-end pushes a little
        starting = {}
        for file in lasting:
            starting.setdefault(file.opened + timedelta(days=1), []).append(file)
        waiting, tie = [], count()
        day = min(starting, default=self.today)
        while day <= self.today:
            for file in starting.pop(day, ()):
                heapq.heappush(waiting, (day + timedelta(days=int(r.expovariate(rate))), next(tie), file))
            told = []
            while waiting and waiting[0][0] <= day:
                _due, _n, file = heapq.heappop(waiting)
                if (file.closed and day > file.closed) or (file.state == "suspended" and (self.today - day).days < 25):
                    continue
                if day.weekday() > 4:
                    heapq.heappush(waiting, (day + timedelta(days=7 - day.weekday()), next(tie), file))
                    continue
                told.append(file)
                heapq.heappush(waiting, (day + timedelta(days=max(1, round(r.expovariate(rate)))), next(tie), file))
            if told:
                yield self._day(day, told)
            day += timedelta(days=1)

    def _day(self, day, files):
        r = self.random
        appointments, notes = [], []
        hours = sorted((r.randint(8, 17), r.choice((0, 5, 10, 15, 20, 30, 40, 45))) for _ in files)
        kinds = r.choices([k for k, _ in KINDS], [w for _, w in KINDS], k=len(files))
        now = clock.now()
        for file, (hour, minute), kind in zip(files, hours, kinds, strict=True):
            at = self._instant(day, hour, minute)
            if at >= now:
                continue
            author = next(user for since, user in reversed(file.holders) if since <= day)
            if r.random() < 0.08:
                author = r.choice(self.staff[file.team_id])
            minutes, appointment = r.choice((10, 15, 20, 30, 40, 45, 50, 60)), None
            if kind in MEETS:
                appointment = next(self.ids["appointment"])
                appointments.append(self._appointment(appointment, file, author, at, minutes, kind, "held"))
            if r.random() < MISSED:
                appointments.append(
                    self._appointment(
                        next(self.ids["appointment"]),
                        file,
                        author,
                        at - timedelta(hours=24),
                        45,
                        "interview",
                        "no_show",
                    )
                )
            notes.append(self._note(file, author, at, minutes, kind, appointment))
        return appointments, notes

    def _appointment(self, id_, file, user, at, minutes, kind, outcome):
        r = self.random
        held = outcome == "held"
        wait = r.choice((0, 3, 5, 8, 12, 18, 27))
        return {
            "id": id_, "case_id": file.id, "kind": kind, "starts_at": at, "minutes": max(minutes, 15), "place": r.choice(words.PLACES), "user_id": user,
            "arrived_at": at - timedelta(minutes=r.choice((0, 2, 5))) if held else None, "started_at": at + timedelta(minutes=wait) if held else None,
            "outcome": outcome, "created_by_id": user,
        }  # fmt: skip

    def _note(self, file, author, at, minutes, kind, appointment):
        r = self.random
        reached = not (kind == "phone" and r.random() < 0.15)
        text = self.text(kind) if reached else "Chiamata, nessuna risposta."
        private = self.say(r.choice(words.PRIVATE)) if reached and r.random() < 0.08 else None
        if reached and kind not in ("meeting", "other"):
            file.last_contact = at.date()
        return {
            "id": next(self.ids["note"]), "case_id": file.id, "author_id": author, "appointment_id": appointment, "kind": kind, "at": at, "written_at": at + timedelta(minutes=minutes),
            "reached": reached, "minutes_direct": minutes if reached else 2, "minutes_documentation": r.choice((5, 5, 10, 15)) if reached else None,
            "minutes_coordination": r.choice((None, None, None, 15, 30)), "minutes_travel": r.choice((20, 30, 45)) if kind in ("visit", "accompaniment") else None,
            "text": text, "private_text": private, "folded": fold(text), "folded_private": fold(private) if private else "", "addendum": False,
        }  # fmt: skip

    def promises(self):
        """(appointments to come, reminders) of the open cases."""
        r = self.random
        for file in self.files:
            if file.closed or not file.holders:
                continue
            user, appointments, todos = file.holders[-1][1], [], []
            if file.state != "suspended" and r.random() < 0.55:
                day = self.today + timedelta(days=r.randint(0, 28))
                day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
                at = self._instant(day, r.randint(8, 17), r.choice((0, 15, 30, 45)))
                row = self._appointment(next(self.ids["appointment"]), file, user, at, 45, "interview", None)
                appointments.append(row)
                self._comes(file, day, at, "appointment", None)
            if r.random() < 0.4:
                due = self._workday(self.today + timedelta(days=r.choice((-3, -1, 0, 1, 2, 4, 7, 9, 12, 15, 20))))
                what = self.say(r.choice(words.TODOS))
                todos.append(
                    {
                        "case_id": file.id,
                        "what": what,
                        "due_on": due,
                        "owner_id": user,
                        "created_by_id": user,
                        "created_at": self._instant(min(due, self.today) - timedelta(days=5), 10),
                    }
                )
                self._comes(file, due, None, "todo", what)
            yield appointments, todos

    def derived(self):
        """What lists show of each case: `last_contact_on` and `next_*`."""
        for file in self.files:
            day, at, kind, text = file.next
            if file.last_contact or day:
                yield {
                    "row": file.id,
                    "last_contact_on": file.last_contact,
                    "next_on": day,
                    "next_at": at,
                    "next_kind": kind,
                    "next_text": text,
                }


_known = {}


def _parts(template):
    """The template cut at its slots: words, slot, words, slot, words."""
    if template not in _known:
        _known[template] = re.split(r"\{(\w+)\}", template)
    return _known[template]


def _capital(text):
    return text[0].upper() + text[1:]
