from flask import g, request, url_for

from access import allow, manager
from access.passwords import first_password, hash_password
from core.db import db, run
from core.htmx import page, saved
from core.i18n import gettext as _
from models.account import ROLES, Team, User

from .. import queries
from ..blueprint import bp, managed
from ..forms import AccountForm, NewAccountForm


def with_choices(form, user=None):
    """Fill in the roles and teams that can be given: those offered today and those the account has."""
    roles, teams = (user.role_names, user.team_ids) if user else ([], [])
    hidden = set() if g.me.is_administrator else {"administrator"} - set(roles)
    form.role_names.set([(name, label) for name, label in ROLES.items() if name not in hidden])
    rows = db.session.scalars(Team.managed_by(g.me))
    form.team_ids.set([(team.id, team.name) for team in rows if team.active or team.id in teams])
    return form


def account_page(user, form):
    return page(
        "settings/account_edit.html", user=user, form=form, held=user.held_cases(), reads=bool(g.me.scope["me"])
    )


@bp.get("/settings/accounts")
@allow(manager)
def account_index():
    rows = run(queries.accounts(g.me)).all()
    return page("settings/account_index.html", rows=rows, roles=ROLES, prefix=url_for(".account_index"))


@bp.route("/settings/accounts/new", methods=["GET", "POST"])
@allow(manager)
def account_new():
    password = first_password() if request.method == "POST" else ""
    hashed = hash_password(password) if password else ""  # slow on purpose, so before the database is locked
    form = with_choices(NewAccountForm(request.form))
    if form.sent():
        with form.refusals():
            user = User.invite(by=g.me, password=hashed, **form.values())
            return shown_once(user, password)
    return page("settings/account_new.html", form=form)


@bp.route("/settings/accounts/<int:user_id>", methods=["GET", "POST"])
@allow(manager)
def account_edit(user_id):
    user = managed(User, user_id)
    form = with_choices(AccountForm(request.form, obj=user), user)
    if form.sent():
        with form.refusals():
            user.edit(by=g.me, **form.values())
            return saved(url_for(".account_index"), _("Account di %(name)s salvato.", name=user.name), leave=True)
    return account_page(user, form)


@bp.post("/settings/accounts/<int:user_id>/password")
@allow(manager)
def account_password(user_id):
    password = first_password()
    hashed = hash_password(password)
    user = managed(User, user_id)
    form = with_choices(AccountForm(obj=user), user)
    with form.refusals():
        user.give_password(hashed, by=g.me)
        return shown_once(user, password)
    return account_page(user, form)


def shown_once(user, password):
    """The page with the password is the answer itself: it is stored nowhere, and a repeat leads to the account."""
    account = {"id": user.id, "name": user.name, "username": user.username, "password": password}
    saved(url_for(".account_edit", user_id=account["id"]))
    return page("settings/account_password.html", account=account)


@bp.post("/settings/accounts/<int:user_id>/suspension")
@allow(manager)
def account_disable(user_id):
    user = managed(User, user_id)
    form = with_choices(AccountForm(obj=user), user)
    with form.refusals():
        user.disable(by=g.me)
        return saved(url_for(".account_index"), _("%(name)s non può più entrare.", name=user.name), leave=True)
    return account_page(user, form)


@bp.post("/settings/accounts/<int:user_id>/return")
@allow(manager)
def account_enable(user_id):
    user = managed(User, user_id)
    form = with_choices(AccountForm(obj=user), user)
    with form.refusals():
        user.enable(by=g.me)
        return saved(url_for(".account_index"), _("%(name)s può entrare di nuovo.", name=user.name), leave=True)
    return account_page(user, form)
