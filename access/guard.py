"""What happens before every view: who is it, may they come in, is the form theirs, was it sent before."""

import hmac
from datetime import timedelta
from urllib.parse import urlsplit

from flask import abort, current_app, g, json, redirect, render_template, request, url_for
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import update

from core import clock, once
from core.db import ACTOR, MODE, db
from core.htmx import answered
from core.i18n import LOCALE
from models.account import Me
from models.session import Session, who_is

SAFE = {"GET", "HEAD", "OPTIONS"}
KEPT_FIELDS = 200  # of a form whose session ended: more is not a form of ours


class NoSession(dict, SessionMixin):
    """Flask's `session` is empty and stays so: sessions are rows, and no GET writes a cookie."""

    modified = accessed = False


class NoSessions(SessionInterface):
    def open_session(self, app, request):
        return NoSession()

    def save_session(self, app, session, response):
        pass


def init_app(app):
    app.session_interface = NoSessions()
    app.before_request(_guard)


def cookie_name():
    return "__Host-sid" if current_app.config["HTTPS"] else "sid"


def set_cookie(response, token):
    response.set_cookie(
        cookie_name(), token, httponly=True, samesite="Lax", secure=current_app.config["HTTPS"], path="/"
    )
    return response


def actor(me) -> str:
    return str(me.id) if me.id else "anonymous"


def _guard():
    g.me, g.csrf, g.user_id = Me(), "", None
    LOCALE.set("en" if request.cookies.get("lang") == "en" else "it")  # never the one of the request before
    if request.endpoint in (None, "static"):
        return None
    unsafe = request.method not in SAFE
    MODE.set("peek" if unsafe else "read")
    _load()
    ACTOR.set(actor(g.me))
    if not current_app.extensions.get("set_up") and (answer := current_app.extensions["needs_setup"]()):
        return answer
    if answer := _refusal(current_app.view_functions[request.endpoint].allow):
        return answer
    if unsafe:
        answer = _check_form()
        db.session.rollback()  # who it is was read before taking the write lock
        MODE.set("write")
        return answer
    return None


def _load():
    token = request.cookies.get(cookie_name(), "")
    found = who_is(token, current_app.config["SESSION_IDLE_MINUTES"]) if token else None
    if found:
        g.me, g.csrf, g.last_seen = found
        g.user_id = g.me.id
        LOCALE.set(g.me.locale)


def _refusal(check):
    if not check(g.me):
        return sign_in_first() if not g.me.is_authenticated else abort(403)
    if g.me.must_change_password and not getattr(
        current_app.view_functions[request.endpoint], "before_password", False
    ):
        return redirect(url_for("accounts.password_edit"), 303)
    return None


def sign_in_first():
    """To the sign-in page, and back; a form that was being sent is kept, whole."""
    db.session.rollback()
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Trigger": json.dumps({"staffetta:signed-out": {}}), "HX-Reswap": "none"}
    if request.method in SAFE:
        return redirect(url_for("accounts.session_new", next=request.full_path.rstrip("?")), 303)
    typed = [(k, v) for k, v in request.form.items(multi=True) if k != "csrf"]
    kept = [(k, v) for k, v in typed if not k.startswith("password")][:KEPT_FIELDS]
    if len(typed) > len(kept) and {k for k, _v in kept} <= {"once"}:  # nothing but passwords: nothing to keep
        return redirect(url_for("accounts.session_new", next=request.full_path.rstrip("?")), 303)
    return render_template(
        "accounts/session_new.html",
        form=None,
        kept=kept,
        kept_url=request.full_path.rstrip("?"),
        kept_by=request.form.get("csrf", ""),  # whose text it is
    ), 401


def _check_form():
    """The form is ours (token, same site) and was not saved already; a repeat gets the first answer.

    A view that `opens_session` asks for the password itself: its page may be older than the session of another tab.
    """
    if not _same_site():
        abort(400)
    signed_in = g.me.is_authenticated
    if getattr(current_app.view_functions[request.endpoint], "opens_session", False):
        signed_in = False
    if signed_in and not hmac.compare_digest(request.form.get("csrf", "").encode(), g.csrf.encode()):
        abort(400)
    key = once.sent_key()
    if signed_in and not key:
        abort(400)
    earlier = once.seen(key) if key else None
    if earlier is None:
        return None
    if earlier.user_id != g.user_id:
        abort(409)
    return answered(earlier.location, key, leave=earlier.said.get("leave", False))


def _same_site():
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    return not request.origin or urlsplit(request.origin).netloc == request.host


def still_here():
    """The statement that says this session is in use, at most once a minute; nothing otherwise."""
    if not g.get("me") or not g.me.is_authenticated or g.last_seen > clock.now() - timedelta(minutes=1):
        return []
    return [
        update(Session)
        .where(Session.id == g.me.session_id, Session.revoked_at.is_(None))
        .values(last_seen_at=clock.now())
    ]
