"""What is asked for in the list of cases, and the forms of a case's own fields."""

from dataclasses import dataclass, fields
from functools import cached_property
from urllib.parse import urlencode

from wtforms import BooleanField

from core.forms import Choice, Form, Keys, LongText, Required, Text
from core.i18n import lazy
from models.case import COMPLEXITIES, PRIORITIES
from models.case_states import STATES

SHOWS = ("mine", "unheld", "waiting", "silent", "open", "closed", "all")
SORTS = ("person", "state", "next", "contact", "opened")
FIRST_SORT = {"unheld": "opened", "waiting": "opened", "silent": "contact", "closed": "-opened", "all": "-opened"}
LONGEST_Q = 100


@dataclass(frozen=True)
class Filters:
    """What the address says to show. What cannot be is left out, so that every address shows something."""

    home: str = "open"  # the chip of an address that names none
    show: str = "open"
    q: str = ""
    state: str = ""
    service: int = 0
    holder: int = 0
    team: int = 0
    priority: int = 0
    training: int = 0
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, args, me):
        """From the arguments of an address: a worker starts with her own cases, the others with all the open ones."""
        home = "mine" if "worker" in me.roles else "open"
        numbers = {n: _number(args.get(n)) for n in ("service", "holder", "team", "priority", "training", "page")}
        sort = args.get("sort", "")
        return cls(
            home=home,
            show=args["show"] if args.get("show") in SHOWS else home,
            q=args.get("q", "").replace("\x00", "").strip()[:LONGEST_Q],
            state=args["state"] if args.get("state") in STATES else "",
            sort=sort if sort.removeprefix("-") in SORTS else "",
            **{**numbers, "training": min(numbers["training"], 1), "page": max(numbers["page"], 1)},
        )

    @property
    def by(self) -> str:
        """The sort, with "-" before it when it is turned round."""
        return self.sort or FIRST_SORT.get(self.show, "next")

    @property
    def narrowed(self) -> bool:
        """Whether more than the chip is asked for."""
        return bool(self.q or self.more)

    @property
    def more(self) -> int:
        """How many of the other filters are on."""
        return sum(bool(v) for v in (self.state, self.service, self.holder, self.team, self.priority, self.training))

    @cached_property
    def given(self) -> dict:
        """What differs from an empty address, as its arguments."""
        return self._told(vars(self))

    def _told(self, values) -> dict:
        empty = EMPTY | {"show": self.home}
        return {name: values[name] for name in empty if values[name] != empty[name]}

    def but(self, **changes) -> str:
        """The query of the address with these changes; the first page again unless another is asked for."""
        given = self._told({**vars(self), "page": 1, **changes})  # a dozen of them on every page
        return f"?{urlencode(given)}" if given else "?"

    def turned(self, sort) -> str:
        """The query that sorts by a column, turned round when it is sorted by it already."""
        first = f"-{sort}" if sort == "opened" else sort
        return self.but(sort=(f"-{sort}" if self.by == sort else sort) if self.by.removeprefix("-") == sort else first)


EMPTY = {field.name: field.default for field in fields(Filters) if field.name != "home"}


def _number(text) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


class CaseFields(Form):
    """What a case says of itself, whoever opens it."""

    source = Text(lazy("Chi l'ha segnalata"), most=120, description=lazy("Un servizio, una persona, o «da sola»."))
    request = LongText(lazy("Che cosa chiede"), description=lazy("Con le sue parole, se puoi."))
    to_know = Text(
        lazy("Da sapere subito"),
        most=300,
        description=lazy("Lo legge per primo chi apre il fascicolo: un rischio, un'attenzione, un accordo."),
    )
    priority = Keys(lazy("Priorità"), choices=list(PRIORITIES.items()), coerce=int, default=2)
    complexity = Keys(lazy("Complessità"), choices=list(COMPLEXITIES.items()), coerce=int, default=2)


class CaseEditForm(CaseFields):
    confidential = BooleanField(
        lazy("Riservato"),
        description=lazy("Lo vedono solo il titolare, l'équipe del caso e chi coordina: gli altri non sanno che c'è."),
    )


class CaseNewForm(CaseFields):
    """Where a case is opened, and who holds it."""

    service_id = Choice(lazy("Servizio"), [Required(lazy("Scegli il servizio."))], coerce=int)
    team_id = Choice(lazy("Équipe"), [Required(lazy("Scegli l'équipe."))], coerce=int)
    holder_id = Choice(
        lazy("Titolare"),
        coerce=int,
        description=lazy("Accanto al nome, quanti casi aperti segue già."),
    )

    def offer(self, services, teams, holders, me):
        """Give the choices, (value, label) pairs; who opens the case holds it unless told otherwise."""
        choose = ("", lazy("Scegli…"))
        self.service_id.set(services if len(services) == 1 else [choose, *services])
        self.team_id.set(teams if len(teams) == 1 else [choose, *teams])
        self.holder_id.set([("", lazy("Nessuno per ora: va tra i casi senza titolare")), *holders])
        if not self.holder_id.raw_data:
            self.holder_id.data = me.id


def picked(form) -> list[int]:
    """The cases that were chosen with their ticks, at most a page of them."""
    return [number for number in map(_number, form.getlist("case")[:50]) if number]
