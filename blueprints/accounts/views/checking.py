"""A password that somebody typed: counted, then hashed while no transaction is open, then acted upon."""

from flask import current_app, g, request

from access import guard
from access.passwords import hash_password, is_right, must_be_good
from core.db import db, transaction
from core.errors import Refused
from core.i18n import LOCALE, lazy, ngettext
from core.i18n import gettext as _
from models.account import User
from models.session import Session, SignInAttempt, hash_of, record, who_is

from .. import queries
from ..devices import device_name

WRONG = lazy("Nome utente e password non corrispondono.")
WRONG_NOW = lazy("La password di adesso non è giusta.")


def address() -> str:
    return request.remote_addr or ""


def right_password(username, password, *, field="password", wrong=WRONG):
    """The account whose password this is, and the guess. Raises TooMany, or Refused for `field` when it is wrong."""
    attempt = SignInAttempt.begin(username, address())
    account = queries.account(username)
    db.session.commit()  # the guess counts whatever follows, and nobody waits for the hash
    if is_right(account.password if account else None, password):
        return account, attempt
    left = attempt.left()
    record("sign-in-refused", account.id if account else None, address())
    db.session.commit()
    raise Refused(f"{wrong} {_remaining(left)}", field)


def _remaining(left):
    if left == 0:
        return _("Aspetta un minuto prima di riprovare.")
    return ngettext("Resta %(num)s tentativo.", "Restano %(num)s tentativi.", left)


def open_session(form) -> str:
    """Sign in with what was typed; returns the cookie's value, always a new one. Raises Refused."""
    account, attempt = right_password(form.username.data, form.password.data)
    with transaction("write", str(account.id)):
        user = db.session.get(User, account.id)
        if not user.active or user.password != account.password:  # changed while it was hashed
            raise Refused(WRONG, "password")
        attempt.succeed()
        if old := request.cookies.get(guard.cookie_name()):
            Session.revoke(hash_of(old))
        name = device_name(request.user_agent.string, address())
        token = Session.open_for(user, device=name, hours=current_app.config["SESSION_HOURS"])
        record("sign-in", user.id, address())
        db.session.commit()
    return token


def become(token) -> None:
    """From here on this request is of who has just signed in."""
    g.me, g.csrf, g.last_seen = who_is(token, current_app.config["SESSION_IDLE_MINUTES"])
    g.user_id = g.me.id
    g.pop("_login_user", None)  # Flask-Login may have looked already
    LOCALE.set(g.me.locale)


def change_password(form) -> None:
    """One's own password, when the one of now is right; every other device is out. Raises Refused."""
    new = form.password.data
    if new == form.password_now.data:
        raise Refused(lazy("È la password di adesso: scegline una nuova."), "password")
    must_be_good(new, username=g.me.username, organisation=queries.house().name)
    _account, attempt = right_password(g.me.username, form.password_now.data, field="password_now", wrong=WRONG_NOW)
    hashed = hash_password(new)
    attempt.succeed()
    db.session.get(User, g.me.id).choose_password(hashed, session_id=g.me.session_id)
