"""Services and teams: two lists of names that are put away, never erased."""

from flask import g, request, url_for

from access import allow, manager
from core.db import db
from core.htmx import page, saved
from core.i18n import gettext as _
from models.account import Team
from models.organisation import Service

from ..blueprint import bp, managed
from ..forms import NameForm


@bp.get("/settings/services")
@allow(manager)
def service_index():
    return page("settings/service_index.html", rows=db.session.scalars(Service.managed_by(g.me)).all())


@bp.route("/settings/services/new", methods=["GET", "POST"])
@allow(manager)
def service_new():
    form = NameForm(request.form)
    if form.sent():
        with form.refusals():
            Service.new(**form.values())
            return saved(url_for(".service_index"), _("Servizio aggiunto."), leave=True)
    return page("settings/service_new.html", form=form)


@bp.route("/settings/services/<int:service_id>", methods=["GET", "POST"])
@allow(manager)
def service_edit(service_id):
    service = managed(Service, service_id)
    form = NameForm(request.form, obj=service)
    if form.sent():
        with form.refusals():
            service.rename(**form.values())
            return saved(url_for(".service_index"), _("Servizio salvato."), leave=True)
    return page("settings/service_edit.html", form=form, row=service)


@bp.post("/settings/services/<int:service_id>/deactivation")
@allow(manager)
def service_deactivate(service_id):
    service = managed(Service, service_id)
    form = NameForm(obj=service)
    with form.refusals():
        service.deactivate()
        return saved(url_for(".service_index"), _("Da adesso non si offre più. I vecchi casi restano."), leave=True)
    return page("settings/service_edit.html", form=form, row=service)


@bp.post("/settings/services/<int:service_id>/activation")
@allow(manager)
def service_activate(service_id):
    managed(Service, service_id).activate()
    return saved(url_for(".service_index"), _("Si offre di nuovo."), leave=True)


@bp.get("/settings/teams")
@allow(manager)
def team_index():
    return page("settings/team_index.html", rows=db.session.scalars(Team.managed_by(g.me)).all())


@bp.route("/settings/teams/new", methods=["GET", "POST"])
@allow(manager)
def team_new():
    form = NameForm(request.form)
    if form.sent():
        with form.refusals():
            Team.new(**form.values())
            return saved(url_for(".team_index"), _("Équipe aggiunta. Adesso scegli chi ne fa parte."), leave=True)
    return page("settings/team_new.html", form=form)


@bp.route("/settings/teams/<int:team_id>", methods=["GET", "POST"])
@allow(manager)
def team_edit(team_id):
    team = managed(Team, team_id)
    form = NameForm(request.form, obj=team)
    if form.sent():
        with form.refusals():
            team.rename(**form.values())
            return saved(url_for(".team_index"), _("Équipe salvata."), leave=True)
    return page("settings/team_edit.html", form=form, row=team)


@bp.post("/settings/teams/<int:team_id>/deactivation")
@allow(manager)
def team_deactivate(team_id):
    team = managed(Team, team_id)
    form = NameForm(obj=team)
    with form.refusals():
        team.deactivate()
        return saved(url_for(".team_index"), _("Da adesso non prende più casi. I vecchi casi restano."), leave=True)
    return page("settings/team_edit.html", form=form, row=team)


@bp.post("/settings/teams/<int:team_id>/activation")
@allow(manager)
def team_activate(team_id):
    managed(Team, team_id).activate()
    return saved(url_for(".team_index"), _("L'équipe è di nuovo attiva."), leave=True)
