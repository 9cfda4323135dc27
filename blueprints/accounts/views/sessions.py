"""In and out."""

from flask import current_app, g, jsonify, make_response, redirect, request, url_for

from access import allow, anyone, guard
from core.db import db
from core.errors import Refused
from core.htmx import page
from core.i18n import LANGUAGES
from models.session import Session, TooMany, record

from .. import queries
from ..blueprint import bp
from ..forms import SignInForm
from ..kept import Kept, local
from .checking import address, become, open_session

YEAR = 365 * 24 * 3600


@bp.app_template_global()
def door():
    """What the sign-in page shows whoever draws it: the cooperative, whom to ask, an empty form."""
    return {
        "house": queries.house(),
        "helper": queries.helper(),
        "form": SignInForm(),
        "idle": current_app.config["SESSION_IDLE_MINUTES"],
    }


@bp.route("/sign-in", methods=["GET", "POST"])
@allow(anyone)
def session_new():
    to, kept = local(request.values.get("next")), Kept.of(request.form)
    if request.method == "GET" and g.me.is_authenticated:
        return redirect(to or url_for("home.today_show"), 303)
    form = SignInForm(request.form)
    if form.sent():
        with form.refusals():
            token = open_session(form)
            return guard.set_cookie(_entered(token, to, kept), token)
    hidden = {"kept": kept.fields, "kept_url": kept.url, "kept_by": kept.by} if kept else {"kept": []}
    return page("accounts/session_new.html", 429 if form.form_errors else 200, form=form, to=to, **hidden)


session_new.opens_session = session_new.before_password = True


def _entered(token, to, kept):
    """Where one wanted to go; or one's own text that was being sent, and never somebody else's."""
    if kept is None:
        return make_response(redirect(to or url_for("home.today_show"), 303))
    become(token)
    mine = queries.writer(kept.by) == g.me.id
    return page("accounts/kept_show.html", kept=kept if mine else None)


@bp.post("/sign-in/again")
@allow(anyone)
def session_again():
    form = SignInForm(request.form)
    if not form.sent():
        return jsonify(text=next(iter(form.errors.values()))[0]), 401
    try:
        token = open_session(form)
    except Refused as no:
        db.session.rollback()
        return jsonify(text=str(no.sentence)), 429 if isinstance(no, TooMany) else 401
    become(token)
    return guard.set_cookie(jsonify(csrf=g.csrf), token)


session_again.opens_session = session_again.before_password = True


@bp.post("/sign-out")
@allow(anyone)
def session_delete():
    if g.me.is_authenticated:
        Session.revoke(g.me.session_id)
        record("sign-out", g.me.id, address())
        db.session.commit()
    response = make_response(redirect(url_for(".session_new"), 303))
    response.delete_cookie(guard.cookie_name(), path="/", secure=current_app.config["HTTPS"], httponly=True)
    if current_app.config["HTTPS"]:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


session_delete.before_password = True


@bp.post("/language")
@allow(anyone)
def language_edit():
    response = make_response(redirect(local(request.form.get("next")) or url_for(".session_new"), 303))
    if request.form.get("locale") in LANGUAGES:
        speak(response, request.form["locale"])
    return response


language_edit.before_password = True


def speak(response, locale):
    """The language of the pages before sign-in, on this device."""
    response.set_cookie("lang", locale, max_age=YEAR, httponly=True, samesite="Lax", secure=current_app.config["HTTPS"])
    return response


@bp.get("/logo")
@allow(anyone)
def logo_show():
    content = queries.logo()
    if content is None:
        return "", 404
    return content, {"Content-Type": "image/png"}


logo_show.before_password = True
