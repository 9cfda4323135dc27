from flask import g, request, url_for
from werkzeug.datastructures import CombinedMultiDict

from access import allow, manager
from core.db import db, run
from core.files import StoredFile
from core.htmx import page, saved
from core.i18n import gettext as _
from models.organisation import Organisation

from .. import queries
from ..blueprint import bp
from ..forms import LogoForm, OrganisationForm


def the_organisation():
    return db.first_or_404(Organisation.visible_to(g.me))


@bp.get("/settings")
@allow(manager)
def settings_show():
    return page("settings/settings_show.html", organisation=the_organisation(), counts=run(queries.counts()).one())


@bp.route("/settings/organisation", methods=["GET", "POST"])
@allow(manager)
def organisation_edit():
    organisation = the_organisation()
    form = OrganisationForm(request.form, obj=organisation)
    if form.sent():
        with form.refusals():
            organisation.edit(**form.values())
            return saved(url_for(".settings_show"), _("Dati della cooperativa salvati."), leave=True)
    return page("settings/organisation_edit.html", form=form)


@bp.route("/settings/logo/edit", methods=["GET", "POST"])
@allow(manager)
def logo_edit():
    form = LogoForm(CombinedMultiDict([request.files, request.form]))
    if form.sent():
        with form.refusals():
            picture = StoredFile.keep_picture(form.logo.data)
            the_organisation().set_logo(picture)
            return saved(url_for(".logo_edit"), _("Logo salvato."))
    return page("settings/logo_edit.html", form=form, organisation=the_organisation())


@bp.post("/settings/logo/deletion")
@allow(manager)
def logo_delete():
    the_organisation().set_logo(None)
    return saved(url_for(".logo_edit"), _("Logo tolto: la carta intestata porta solo il nome."))
