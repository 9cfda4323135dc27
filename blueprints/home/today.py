"""What was read, as the lines of the first page: what waits and why, the day, who is silent, what was opened."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import url_for

from core import clock
from core.i18n import gettext as _
from core.i18n import long_date, ngettext, short_date, time_text, weekday
from models.appointment import KINDS
from models.person import phone_digits

NOT_IN_LOBBY = {"phone", "visit", "accompaniment"}
_ID = 909090909


@dataclass(frozen=True)
class Do:
    """A button: its word, where it leads, and how it looks. `post`: it acts; `tel`: it calls."""

    label: str
    url: str
    icon: str = ""
    post: bool = False
    bare: bool = False


@dataclass
class Line:
    """A line about a person: the reason or the hour, her name, the words beside it, what can be done."""

    case: int
    name: str
    when: str = ""
    why: str = ""
    do: list = field(default_factory=list)
    past: bool = False
    icon: str = ""
    order: tuple = ()


class Addresses:
    """Addresses of a page for many rows: asked of Flask once, filled in by number."""

    def __init__(self):
        self.known = {}

    def __call__(self, endpoint, id_, **values):
        key = (endpoint, *values.values())
        if key not in self.known:
            name = OF_ITS_OWN.get(endpoint, "case_id")
            self.known[key] = url_for(f"caseload.{endpoint}", **{name: _ID}, **values).split(str(_ID))
        head, tail = self.known[key]
        return f"{head}{id_}{tail}"


OF_ITS_OWN = {
    "appointment_arrive": "appointment_id",
    "appointment_note": "appointment_id",
    "appointment_show": "appointment_id",
    "appointment_start": "appointment_id",
    "todo_done": "todo_id",
}


def _name(row):
    return f"{row.first_name} {row.last_name}"


def _days(n):
    return ngettext("%(n)s giorno", "%(n)s giorni", n)


class Today:
    """The lines of one user's page, now."""

    def __init__(self, rows, me):
        self.rows, self.me, self.to = rows, me, Addresses()
        self.now, self.date = clock.now(), clock.today()
        self.first, _second = clock.day_bounds(self.date)
        self.of_today = [row for row in rows["appointments"] if row.starts_at >= self.first]
        self.waits = sorted(self._waits(), key=lambda line: line.order)
        self.day = [self._in_the_day(row) for row in self.of_today]
        self.silent = [self._silent(row) for row in rows["silent"]]
        self.recent = [Line(row.case_id, _name(row), when=self._seen(row.at)) for row in rows["recent"]]

    # what waits for a hand

    def _waits(self):
        for row in self.of_today:
            if self._in_lobby(row):
                yield self._lobby(row)
        for row in self.rows["appointments"]:
            if row.starts_at < self.first:
                yield self._untold(row)
        for row in self.rows["todos"]:
            done = Do(_("Fatto"), self.to("todo_done", row.id), "check2", post=True)
            yield self._due(row, row.due_on, row.what, done)
        for row in self.rows["actions"]:
            why = _("%(what)s, nel piano", what=row.what)
            yield self._due(row, row.due_on, why, Do(_("Apri il piano"), self.to("plan_show", row.case_id)))
        for row in self.rows["reviews"]:
            why = _("verifica del piano, concordato il %(day)s", day=short_date(row.agreed_on))
            yield self._due(row, row.review_on, why, Do(_("Verifica"), self.to("plan_show", row.case_id)))
        for row in self.rows["checks"]:
            yield self._check(row)
        for row in self.rows["closings"]:
            yield self._closing(row)
        for row in self.rows["unheld"]:
            yield self._unheld(row)

    @staticmethod
    def _in_lobby(row):
        return bool(row.arrived_at and not row.started_at and not row.outcome)

    def _lobby(self, row):
        why = _("aveva appuntamento alle %(hour)s", hour=time_text(row.starts_at))
        if row.born_on:
            why = _("%(age)s anni, %(why)s", age=clock.years_between(row.born_on, self.date), why=why)
        begin = Do(_("Accogli"), self.to("appointment_start", row.id), post=True)
        since = _("In sala dalle %(hour)s", hour=time_text(row.arrived_at))
        return Line(row.case_id, _name(row), since, why, [begin], order=(0, row.arrived_at))

    def _untold(self, row):
        day = clock.local(row.starts_at).date()
        when = _("Senza esito da %(days)s", days=_days((self.date - day).days))
        why = _("appuntamento di %(day)s alle %(hour)s", day=self._day(day), hour=time_text(row.starts_at))
        told = Do(_("Com'è andata?"), self.to("appointment_show", row.id))
        return Line(row.case_id, _name(row), when, why, [told], order=(1, row.starts_at))

    def _due(self, row, day, why, do):
        return Line(row.case_id, _name(row), self._late(day), why, [do], order=(1, clock.day_bounds(day)[0]))

    def _late(self, day):
        days = (self.date - day).days
        return _("Scaduto da %(days)s", days=_days(days)) if days else _("Scade oggi")

    def _check(self, row):
        days = (self.date - row.until).days
        order = (1, clock.day_bounds(row.until)[0])
        if row.emergency:
            when = (
                _("Piano da concordare, scaduto da %(days)s", days=_days(days))
                if days
                else _("Piano da concordare entro oggi")
            )
            do = Do(_("Scrivi il piano"), self.to("plan_show", row.case_id))
            return Line(row.case_id, _name(row), when, _("in corso per un'emergenza, senza piano"), [do], order=order)
        when = _("Sospensione finita da %(days)s", days=_days(days)) if days else _("La sospensione finisce oggi")
        do = Do(_("Riprendi o prolunga"), self.to("case_show", row.case_id))
        return Line(row.case_id, _name(row), when, row.reason or "", [do], order=order)

    def _closing(self, row):
        mine = row.closing_by_id == self.me.id
        why = _("l'hai chiesta tu") if mine else _("l'ha chiesta %(name)s", name=row.asked_by)
        when = _("Chiusura da approvare, da %(day)s", day=self._day(clock.local(row.at).date()))
        do = Do(_("Leggi e approva"), self.to("state_new", row.case_id, verb="approve_closing"))
        return Line(row.case_id, _name(row), when, why, [do], order=(2, row.at))

    def _unheld(self, row):
        days = (self.date - row.opened_on).days
        when = _("Senza titolare da %(days)s", days=_days(days)) if days else _("Senza titolare da oggi")
        do = Do(_("Assegna"), self.to("assignment_new", row.case_id))
        order = (3, clock.day_bounds(row.opened_on)[0])
        return Line(row.case_id, _name(row), when, row.source or "", [do], order=order)

    # the day

    def _in_the_day(self, row):
        line = Line(row.case_id, _name(row), time_text(row.starts_at))
        line.past = bool(row.outcome) or (not row.started_at and not self._in_lobby(row) and self._ended(row))
        line.why, line.icon, line.do = self._so_far(row)
        return line

    def _ended(self, row):
        return row.starts_at + timedelta(minutes=row.minutes) < self.now

    def _so_far(self, row):
        """What became of the appointment until now, its sign, and what can be done."""
        if row.outcome == "no_show":
            return _("non presentato"), "", self._call(row)
        write = Do(_("Scrivi la nota"), self.to("appointment_note", row.id), "pencil", bare=True)
        if row.outcome == "held":
            return (_("nota scritta"), "check2", []) if row.noted else (_("svolto, manca la nota"), "", [write])
        if row.started_at:
            return _("cominciato alle %(hour)s", hour=time_text(row.started_at)), "", [write]
        if self._in_lobby(row):
            return _("in sala dalle %(hour)s, ti aspetta", hour=time_text(row.arrived_at)), "", []
        if self._ended(row):
            return _("com'è andata?"), "", [Do(_("Dillo"), self.to("appointment_show", row.id), bare=True)]
        return self._promised(row), "", self._begin(row)

    def _promised(self, row):
        """Colloquio, 45 min. Stanza piccola. Con Fatima. Per conto di Sara Lodi."""
        first = _("%(kind)s, %(n)s min", kind=KINDS[row.kind], n=row.minutes)
        with_whom = _("Con %(name)s", name=row.with_whom) if row.with_whom else ""
        instead_of = _("Il titolare è %(name)s", name=row.holder) if row.holder and row.holder_id != self.me.id else ""
        return ". ".join(part for part in (first, row.place, row.purpose, with_whom, instead_of) if part)

    def _begin(self, row):
        """The next one may begin; whoever comes to us may be said to have come."""
        do = []
        if row.kind == "phone":
            do += self._call(row)
        elif row.kind not in NOT_IN_LOBBY:
            do.append(Do(_("È in sala"), self.to("appointment_arrive", row.id), post=True, bare=True))
        if row is self.next:
            do.append(Do(_("Inizia"), self.to("appointment_start", row.id), post=True))
        return do

    def _call(self, row):
        number = phone_digits(row.phone) or phone_digits(row.phone_2)
        return (
            [Do(_("Chiama"), f"tel:{row.phone or row.phone_2}".replace(" ", ""), "telephone", bare=True)]
            if number and row.may_call
            else []
        )

    @property
    def next(self):
        """The first appointment that has still to begin and whose person is not here yet."""
        for row in self.of_today:
            if not (row.outcome or row.started_at or row.arrived_at or self._ended(row)):
                return row
        return None

    @property
    def before_now(self):
        """How many lines of the day stand above the line of now."""
        return next((i for i, line in enumerate(self.day) if not line.past), len(self.day))

    @property
    def hours(self):
        """3 h 15: all of today's appointments together."""
        hours, minutes = divmod(sum(row.minutes for row in self.of_today), 60)
        return " ".join(
            part
            for part in (
                f"{hours} h" if hours else "",
                f"{minutes:02}" if hours and minutes else f"{minutes} min" if minutes else "",
            )
            if part
        )

    # the margins

    def _silent(self, row):
        last = row.last_contact_on or row.opened_on
        days = (self.date - last).days
        if days >= 30:
            why = (
                _("Nessun contatto da %(days)s", days=_days(days))
                if row.last_contact_on
                else _("Segnalato da %(days)s, nessun contatto", days=_days(days))
            )
            return Line(row.case_id, _name(row), why=why)
        since = (self.date - clock.local(row.at).date()).days
        return Line(
            row.case_id, _name(row), why=_("In corso da %(days)s, nessun obiettivo concordato", days=_days(since))
        )

    def _seen(self, at):
        """9:41, yesterday or earlier ven 20."""
        seen = datetime.fromisoformat(at).astimezone(UTC).replace(tzinfo=None)
        day = clock.local(seen).date()
        return time_text(seen) if day == self.date else self._day(day)

    def _day(self, day):
        """lunedì 16 within a week, else 3 nov."""
        return f"{weekday(day)} {day.day}" if abs((self.date - day).days) < 7 else short_date(day)

    # the head

    @property
    def title(self):
        text = long_date(self.date)
        return text[0].upper() + text[1:]

    @property
    def greeting(self):
        hour, name = clock.local(self.now).hour, self.me.name.split()[0]
        hello = (
            _("Buongiorno %(name)s.")
            if hour < 13
            else _("Buon pomeriggio %(name)s.")
            if hour < 18
            else _("Buonasera %(name)s.")
        )
        hello %= {"name": name}
        if self.next:
            hello += " " + _(
                "Alle %(hour)s c'è %(person)s.", hour=time_text(self.next.starts_at), person=_name(self.next)
            )
        return hello

    @property
    def empty(self):
        """Nothing at all yet: the page teaches instead."""
        return not (self.waits or self.day or self.silent or self.recent)
