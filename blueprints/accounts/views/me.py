"""One's own page: who one is here, language, password, devices."""

from flask import current_app, g, request, url_for

from access import allow, find, signed_in
from core.htmx import page, saved
from core.i18n import gettext as _
from core.i18n import speaking
from models.account import ROLES, User
from models.session import Session, record

from .. import queries
from ..blueprint import bp
from ..forms import PasswordForm, PreferencesForm
from .checking import change_password
from .sessions import speak


@bp.route("/me", methods=["GET", "POST"])
@allow(signed_in)
def me_show():
    user = find(User, g.me.id)
    form = PreferencesForm(request.form, obj=user)
    if form.sent():
        with form.refusals():
            user.prefer(**form.values())
            with speaking(form.locale.data):  # the language that was just chosen
                return speak(saved(url_for(".me_show"), _("Preferenze salvate."), leave=True), form.locale.data)
    return page("accounts/me_show.html", form=form, roles=_roles(), teams=queries.team_names(g.me), devices=_devices())


def _roles():
    return [ROLES[role] for role in ROLES if role in g.me.roles]


def _devices():
    return queries.devices(g.me, current_app.config["SESSION_IDLE_MINUTES"])


@bp.route("/me/password", methods=["GET", "POST"])
@allow(signed_in)
def password_edit():
    form = PasswordForm(request.form)
    if form.sent():
        with form.refusals():
            change_password(form)
            said = _("Password cambiata. Gli altri dispositivi sono usciti.")
            return saved(url_for(".me_show"), said, leave=True)
    return page("accounts/password_edit.html", 429 if form.form_errors else 200, form=form)


password_edit.before_password = True


@bp.post("/me/devices/<session_id>/sign-out")
@allow(signed_in)
def device_delete(session_id):
    session = find(Session, session_id)
    Session.revoke(session.id)
    record("sign-out", g.me.id, session.device)
    return saved(url_for(".me_show"), _("Quel dispositivo è uscito."))


@bp.get("/help")
@allow(signed_in)
def help_show():
    return page("accounts/help_show.html")
