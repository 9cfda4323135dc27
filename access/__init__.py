"""Who may do what. Default deny: the app does not start while a view declares nothing."""

from flask import abort, g, request
from flask_login import LoginManager

from core import audit
from core.config import CannotStart
from core.db import db
from models.account import Me

from . import guard
from .rules import may

WATCHED = {"case_file", "person"}  # showing a row of these is recorded


def allow(check):
    """Declare who may reach a view: `@allow(anyone)`, `@allow(signed_in)`, `@allow(coordinator)`."""

    def mark(view):
        view.allow = check
        return view

    return mark


def anyone(_user):
    return True


def signed_in(user):
    return user.is_authenticated


def reads_cases(user):
    """Whoever may see some case; who only cares for the computer may not."""
    return bool(user.roles & {"worker", "coordinator", "reader"})


def writes_cases(user):
    return user.writes


def coordinator(user):
    return user.is_coordinator


def manager(user):
    """Accounts, services, letterhead: the administrator of the machine and who coordinates."""
    return user.is_coordinator or user.is_administrator


def find(model, id_, to=None, verb="view"):
    """The row, if the current user may see it (else 404) and may do `to` with it (else 403).

    A GET that shows a person or a case is recorded, as `verb`, before the response leaves; `verb=None` is for a panel
    of a page whose view is recorded already.
    """
    ready = getattr(model, "READY", None)
    if ready is not None:
        row = db.session.scalar(ready, {**g.me.scope, "id": id_})
    else:
        row = db.session.scalar(model.visible_to(g.me).where(model.id == id_))
    if row is None:
        abort(404)
    if to and not may(g.me, to, row):
        abort(403)
    if verb:
        witness(model.__tablename__, id_, verb)
    return row


def witness(table, id_, verb="view"):
    """Have it recorded that the current user saw (printed, exported) this."""
    if verb != "view" or (table in WATCHED and request.method in guard.SAFE):
        g.setdefault("seen", []).append((verb, table, id_, request.endpoint or ""))


def init_app(app):
    login = LoginManager(app)
    login.anonymous_user = Me
    login.request_loader(lambda _request: g.get("me"))
    login.session_protection = None  # our sessions are rows: nothing of Flask-Login's own is kept in a cookie
    guard.init_app(app)
    app.jinja_env.globals["may"] = lambda verb, row: may(g.me, verb, row)
    app.after_request(_record)


def check(app):
    """Refuse to start while a view does not say who may reach it."""
    silent = sorted(e for e, view in app.view_functions.items() if e != "static" and not hasattr(view, "allow"))
    if silent:
        raise CannotStart(
            f"Queste pagine non dicono chi può aprirle, quindi l'applicazione non parte: {', '.join(silent)}."
        )


def _record(response):
    shown = response.status_code < 400 and "HX-Redirect" not in response.headers
    rows = g.pop("seen", []) if shown else []
    also = guard.still_here()
    if rows or also:
        audit.witness(rows, guard.actor(g.me), also)
    return response


__all__ = [
    "allow",
    "anyone",
    "check",
    "coordinator",
    "find",
    "init_app",
    "manager",
    "may",
    "reads_cases",
    "signed_in",
    "witness",
    "writes_cases",
]
