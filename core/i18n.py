"""Words: Italian is what the code says, other languages come from `translations/`; dates and times in our manner.

Rows of long lists call these functions, so they are plain look-ups and f-strings: Babel and Flask-Babel's own
look-ups cost ten times as much a row.
"""

import gettext as catalogues
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache

from flask_babel import Babel
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from . import clock
from .config import ROOT

LANGUAGES = {"it": "Italiano", "en": "English"}
LOCALE = ContextVar("locale", default="it")
DAYS = {
    "it": ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}


@cache
def _catalogue(locale):
    return catalogues.translation("messages", ROOT / "translations", [locale], fallback=True)


def gettext(message: str, **values) -> str:
    text = _catalogue(LOCALE.get()).gettext(message) if message else ""
    return text % values if values else text


@cache
def _marked(message, locale):
    return Markup(_catalogue(locale).gettext(message))


def _in_template(message: str, **values) -> Markup:
    """`_()` of templates: our sentences are HTML already, what is put into them is escaped."""
    text = _marked(message, LOCALE.get())
    return text % values if values or "%%" in text else text


def ngettext(one: str, many: str, n: int, **values) -> str:
    text = _catalogue(LOCALE.get()).ngettext(one, many, n)
    return text % {"num": n, "n": n, **values}


class Lazy(LazyString):
    """Flask-Babel's own calls itself ready HTML, so that a name inside a message would not be escaped."""

    def __html__(self):
        return escape(str(self))


def lazy(message: str, **values) -> LazyString:
    """A text whose language is chosen when it is shown: for labels and messages at module level."""
    return Lazy(gettext, message, **values)


@contextmanager
def speaking(locale: str | None):
    """Everything said inside is in `locale` (Italian when unknown)."""
    token = LOCALE.set(locale if locale in LANGUAGES else "it")
    try:
        yield
    finally:
        LOCALE.reset(token)


def _in_language(locale: str, caller) -> Markup:
    """`{% call in_language("it") %}` in templates: what is inside is a paper in `locale`, whoever reads the page."""
    with speaking(locale):
        return caller()


def date_text(day: date | datetime | None) -> str:
    """23/11/2026; an instant is shown as the date it has in Italy."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = clock.local(day)
    return f"{day.day:02}/{day.month:02}/{day.year}"


def time_text(instant: datetime | None) -> str:
    """10:42, Italian clock."""
    if instant is None:
        return ""
    wall = clock.local(instant)
    return f"{wall.hour}:{wall.minute:02}"


def datetime_text(instant: datetime | None) -> str:
    """23/11/2026 10:42, Italian clock."""
    return f"{date_text(instant)} {time_text(instant)}" if instant else ""


def short_date(day: date | datetime) -> str:
    """23 nov; with the year when it is not this one."""
    if isinstance(day, datetime):
        day = clock.local(day).date()
    text = f"{day.day} {MONTHS[LOCALE.get()][day.month - 1][:3]}"
    return text if day.year == clock.today().year else f"{text} {day.year}"


def weekday(day: date | datetime) -> str:
    if isinstance(day, datetime):
        day = clock.local(day)
    return DAYS[LOCALE.get()][day.weekday()]


def long_date(day: date | datetime) -> str:
    """lunedì 23 novembre 2026; the year only when it is not this one."""
    if isinstance(day, datetime):
        day = clock.local(day).date()
    text = f"{weekday(day)} {day.day} {MONTHS[LOCALE.get()][day.month - 1]}"
    return text if day.year == clock.today().year else f"{text} {day.year}"


def full_date(day: date | datetime | None) -> str:
    """23 novembre 2026: for paper, which is read in other years."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = clock.local(day).date()
    return f"{day.day} {MONTHS[LOCALE.get()][day.month - 1]} {day.year}"


def days_ago(day: date | datetime | None) -> str:
    """oggi, ieri, 7 giorni fa, mai."""
    if day is None:
        return gettext("mai")
    if isinstance(day, datetime):
        day = clock.local(day).date()
    days = (clock.today() - day).days
    if days <= 0:
        return gettext("oggi") if days == 0 else date_text(day)
    return gettext("ieri") if days == 1 else gettext("%(days)s giorni fa", days=days)


def init_app(app):
    Babel(app, default_locale="it", default_timezone="Europe/Rome", locale_selector=LOCALE.get)
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # for {% trans %}
    app.jinja_env.globals.update(_=_in_template, in_language=_in_language)
    app.jinja_env.filters.update(
        date=date_text,
        time=time_text,
        datetime=datetime_text,
        short_date=short_date,
        long_date=long_date,
        full_date=full_date,
        weekday=weekday,
        days_ago=days_ago,
        local=clock.local,
    )
    app.jinja_env.globals.update(today=clock.today, locale=LOCALE.get, languages=LANGUAGES)
