import io

from flask import g, request, send_file, url_for
from werkzeug.datastructures import CombinedMultiDict

from access import allow, manager, signed_in
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


@bp.get("/settings/logo")
@allow(signed_in)
def logo_show():
    logo = db.one_or_404(Organisation.visible_to(g.me).where(Organisation.logo_id.is_not(None))).logo()
    return send_file(io.BytesIO(logo.content), logo.mime)


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
