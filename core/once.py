"""Every POST carries a key; the first one that commits decides, a repeat of it answers the same and writes nothing.

The same row carries the message of the answer: it is shown once, and only to who sent the form.
"""

import secrets
from datetime import datetime

from flask import g, request
from sqlalchemy import JSON, String, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from . import clock
from .db import db, run

FIELD = "once"


class Once(db.Model):
    """A form that was sent and saved: where its answer led, and what it said."""

    __tablename__ = "once"
    __table_args__ = {"info": {"audit": "technical: repeats of a form, gone after a day"}}
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None]
    location: Mapped[str] = mapped_column(String(500))
    said: Mapped[dict] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(index=True)


_SEEN = select(Once.location, Once.user_id, Once.said).where(Once.key == bindparam("key"))
_SAVE = insert(Once)


def new_key() -> str:
    return secrets.token_urlsafe(18)


def sent_key() -> str:
    """The key of this request, "" when it has none that can be one."""
    key = request.form.get(FIELD, "")
    return key if 16 <= len(key) <= 64 and key.isascii() else ""


def seen(key: str):
    """The earlier answer to this key: (location, user_id, said), or None."""
    return run(_SEEN, key=key).first()


def commit(location: str, user_id: int | None, said: dict) -> str:
    """Save what the view did and the key together, or neither; returns where to go (the earlier place on a tie)."""
    g.once_key = key = sent_key() or new_key()
    try:
        db.session.flush()
        run(_SAVE, key=key, user_id=user_id, location=location, said=said, at=clock.now())
        db.session.commit()
    except IntegrityError:  # PostgreSQL: the same key was committed while we worked
        db.session.rollback()
        earlier = seen(key)
        if earlier is None:
            raise
        return earlier.location
    return location


def forget_old(before: datetime) -> None:
    db.session.execute(delete(Once).where(Once.at < before))
