"""What the pages of accounts read."""

from datetime import timedelta

from sqlalchemy import select

from core import clock
from core.db import db, run
from core.files import StoredFile
from models.account import Team, User, UserRole
from models.organisation import Organisation
from models.session import Session


def house():
    """Name, town and logo of the cooperative, for the door; None before the first start is done."""
    columns = (Organisation.name, Organisation.town, Organisation.logo_id)
    return run(Organisation.visible_to(None).with_only_columns(*columns).limit(1)).first()


def logo():
    """The bytes of the cooperative's logo; None without one."""
    file = Organisation.visible_to(None).join(StoredFile, StoredFile.id == Organisation.logo_id)
    return db.session.scalar(file.with_only_columns(StoredFile.content))


def helper():
    """The name of who can give a new password: somebody who coordinates, else who administers."""
    some = User.visible_to(None).join(UserRole, UserRole.user_id == User.id).where(UserRole.until.is_(None))
    rows = run(
        some.where(UserRole.role.in_(["coordinator", "administrator"])).with_only_columns(User.name, UserRole.role)
    )
    return next(iter(sorted(rows, key=lambda row: (row.role != "coordinator", row.name))), None)


def account(username: str):
    """Id and hash of an active account, by what was typed as its name; None when there is no such account."""
    named = User.visible_to(None).where(User.username == username.casefold())
    return run(named.with_only_columns(User.id, User.username, User.password)).first()


def writer(csrf: str):
    """Whose form carried this token: the id of its user, also when the session has ended; None when nobody's."""
    return db.session.scalar(select(Session.user_id).where(Session.csrf == csrf)) if csrf else None


def devices(me, idle_minutes: int):
    """Where one is signed in, the latest first, with the device at hand on top."""
    seen = clock.now() - timedelta(minutes=idle_minutes)
    columns = (Session.id, Session.device, Session.created_at, Session.last_seen_at)
    rows = run(Session.visible_to(me).where(Session.last_seen_at > seen).with_only_columns(*columns)).all()
    return sorted(rows, key=lambda row: (row.id == me.session_id, row.last_seen_at), reverse=True)


def team_names(me):
    return db.session.scalars(Team.visible_to(me).where(Team.id.in_(me.team_ids)).with_only_columns(Team.name)).all()
