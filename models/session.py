"""Sign-in: sessions as rows that die when told, and the count of wrong guesses."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, Text, bindparam, cast, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core import audit, clock
from core.db import db, dialect, run, serialize
from core.errors import Refused
from core.i18n import lazy

from .account import Me, Membership, User, UserRole

TECHNICAL = "changes at every page; sign-ins and sign-outs are recorded by their own verbs"


class Session(db.Model):
    """A device somebody is signed in on. The key is the SHA-256 of the cookie; the cookie itself is nowhere."""

    __tablename__ = "login_session"
    __table_args__ = {"info": {"audit": TECHNICAL}}
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reauthenticated_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(200))

    @classmethod
    def visible_to(cls, user):
        """One's own devices that are still signed in."""
        return select(cls).where(cls.user_id == user.id, cls.revoked_at.is_(None), cls.expires_at > clock.now())

    @classmethod
    def open_for(cls, user, *, device, hours) -> str:
        """A new session; returns the cookie's value (256 random bits)."""
        token = secrets.token_urlsafe(32)
        now = clock.now()
        db.session.add(
            cls(
                id=hash_of(token),
                user_id=user.id,
                csrf=secrets.token_urlsafe(24),
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=hours),
                reauthenticated_at=now,
                device=device[:200],
            )
        )
        return token

    @classmethod
    def revoke_all(cls, user_id, *, but=None):
        """End every session of a user: at a change of password or of role, or when the account is disabled."""
        query = update(cls).where(cls.user_id == user_id, cls.revoked_at.is_(None))
        db.session.execute((query.where(cls.id != but) if but else query).values(revoked_at=clock.now()))

    @classmethod
    def revoke(cls, session_id):
        db.session.execute(update(cls).where(cls.id == session_id).values(revoked_at=clock.now()))


def record(verb: str, user_id: int | None, device: str) -> None:
    """In this transaction, have the audit say: sign-in, sign-out or sign-in-refused, of whom, on which device."""
    row = {"verb": verb, "tbl": "user_account", "row_id": str(user_id or ""), "fields": device[:200]}
    db.session.execute(audit.INSERT_ENTRY, row)


class TooMany(Refused):
    """Too many wrong guesses: nothing is hashed until the minute is over."""


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_who = {}


def _statement():
    """Session, user, roles and teams in one row, built once for each engine."""
    if dialect() not in _who:
        gather = func.group_concat if dialect() == "sqlite" else func.string_agg
        roles = (
            select(gather(UserRole.role, ","))
            .where(UserRole.user_id == User.id, UserRole.until.is_(None))
            .scalar_subquery()
        )
        teams = (
            select(gather(cast(Membership.team_id, Text), ","))
            .where(Membership.user_id == User.id, Membership.until.is_(None))
            .scalar_subquery()
        )
        _who[dialect()] = (
            select(
                Session.csrf,
                Session.last_seen_at,
                User.id,
                User.name,
                User.username,
                User.seniority,
                User.locale,
                User.theme,
                User.must_change_password,
                roles.label("roles"),
                teams.label("teams"),
            )
            .join(User, User.id == Session.user_id)
            .where(Session.id == bindparam("sid"), Session.revoked_at.is_(None), User.active.is_(True))
            .where(Session.expires_at > bindparam("now"), Session.last_seen_at > bindparam("idle"))
        )
    return _who[dialect()]


def who_is(token: str, idle_minutes: int):
    """(Me, csrf token, last seen) for a cookie, or None when it opens nothing any more."""
    now, sid = clock.now(), hash_of(token)
    row = run(_statement(), sid=sid, now=now, idle=now - timedelta(minutes=idle_minutes)).first()
    if row is None:
        return None
    me = Me(
        id=row.id,
        name=row.name,
        username=row.username,
        roles=frozenset((row.roles or "").split(",")) - {""},
        team_ids=tuple(sorted(int(t) for t in (row.teams or "").split(",") if t)),
        seniority=row.seniority,
        locale=row.locale,
        theme=row.theme,
        must_change_password=row.must_change_password,
        session_id=sid,
    )
    return me, row.csrf, row.last_seen_at


class SignInAttempt(db.Model):
    """A guess at a password, right or wrong; rows for unknown names too, so that they cannot be told apart."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account", "at"),
        Index("ix_sign_in_attempt_device", "device", "at"),
        {"info": {"audit": TECHNICAL}},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))  # SHA-256 of the name typed: people type passwords there
    device: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    good: Mapped[bool] = mapped_column(default=False)

    LIMIT = 5  # wrong guesses a minute for one account
    DEVICE_LIMIT = 30  # and from one address: a shared tablet of the whole cooperative must still work

    @classmethod
    def begin(cls, username: str, device: str) -> "SignInAttempt":
        """Count a guess before it is checked. Raises TooMany, and then nothing is hashed."""
        serialize(7004)  # guesses that come at once are counted one after the other
        account, since = hash_of(username.casefold()), clock.now() - timedelta(minutes=1)
        wrong = select(func.count()).select_from(cls).where(cls.good.is_(False), cls.at > since)
        if (
            db.session.scalar(wrong.where(cls.account == account)) >= cls.LIMIT
            or db.session.scalar(wrong.where(cls.device == hash_of(device))) >= cls.DEVICE_LIMIT
        ):
            raise TooMany(lazy("Troppi tentativi in un minuto. Aspetta un minuto e riprova: nessun altro è bloccato."))
        row = cls(account=account, device=hash_of(device), at=clock.now())
        db.session.add(row)
        db.session.flush()
        return row

    def left(self) -> int:
        """How many guesses remain in this minute."""
        since = clock.now() - timedelta(minutes=1)
        wrong = (
            select(func.count())
            .select_from(SignInAttempt)
            .where(SignInAttempt.account == self.account, SignInAttempt.good.is_(False), SignInAttempt.at > since)
        )
        return max(0, self.LIMIT - db.session.scalar(wrong))

    def succeed(self) -> None:
        """It was right: the wrong ones of this account no longer count."""
        rows = update(SignInAttempt).where(SignInAttempt.account == self.account)
        db.session.execute(rows.values(good=True))

    @classmethod
    def forget_old(cls) -> None:
        db.session.execute(delete(cls).where(cls.at < clock.now() - timedelta(days=30)))


def identity_of(user_id: int) -> Me | None:
    """Who a user is outside a request (a job): None when the account is gone or disabled."""
    user = db.session.scalar(select(User).where(User.id == user_id, User.active.is_(True)))
    if user is None:
        return None
    roles = db.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id, UserRole.until.is_(None)))
    teams = db.session.scalars(
        select(Membership.team_id).where(Membership.user_id == user_id, Membership.until.is_(None))
    )
    return Me(
        id=user.id,
        name=user.name,
        username=user.username,
        roles=frozenset(roles),
        team_ids=tuple(sorted(teams)),
        seniority=user.seniority,
        locale=user.locale,
        theme=user.theme,
    )
