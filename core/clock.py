"""Time. Instants are kept in UTC without a zone; calendar dates are those of Europe/Rome."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")
_NOW = ContextVar("now", default=None)


def now() -> datetime:
    """This instant, UTC, naive: what an instant column stores."""
    return _NOW.get() or datetime.now(UTC).replace(tzinfo=None)


def today() -> date:
    """The date in Italy."""
    return local(now()).date()


@contextmanager
def at(instant: datetime):
    """Everything inside happens at this instant (UTC, naive): the past of the demonstration, the dates of tests."""
    token = _NOW.set(instant)
    try:
        yield
    finally:
        _NOW.reset(token)


def local(instant: datetime) -> datetime:
    """The stored instant as an Italian clock shows it (with its zone)."""
    return instant.replace(tzinfo=UTC).astimezone(ROME)


def utc(wall: datetime) -> datetime:
    """What somebody typed as Italian date and time, as an instant to store."""
    return wall.replace(tzinfo=ROME).astimezone(UTC).replace(tzinfo=None)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of an Italian day and of the next one, UTC: `>= first and < second`."""
    start = datetime(day.year, day.month, day.day)
    return utc(start), utc(start + timedelta(days=1))


def add_days(day: date, days: int) -> date:
    return day + timedelta(days=days)


def years_between(born: date, day: date) -> int:
    """Age in full years on `day`; who is born on 29 February turns on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
