"""Needs of a case."""

from flask import g, request, url_for

from access import allow, find, writes_cases
from core.htmx import announce, page, saved
from core.i18n import gettext as _
from models.case import Case
from models.plan import Need

from ..blueprint import bp
from ..forms.needs import NeedEditForm, NeedForm


@bp.route("/cases/<int:case_id>/needs/new", methods=["GET", "POST"])
@allow(writes_cases)
def need_new(case_id):
    case = find(Case, case_id, to="edit")
    form = NeedForm(request.form)
    if form.sent():
        with form.refusals():
            Need.find_out(case, by=g.me, **form.values())
            announce("case-changed")
            return saved(url_for(".plan_show", case_id=case.id), _("Bisogno aggiunto."), leave=True)
    return page("caseload/need_new.html", form=form, case=case)


@bp.route("/needs/<int:need_id>/edit", methods=["GET", "POST"])
@allow(writes_cases)
def need_edit(need_id):
    need = find(Need, need_id, to="edit")
    case = find(Case, need.case_id, to="edit")
    form = NeedEditForm(request.form, obj=need)
    if form.sent():
        with form.refusals():
            need.edit(**form.values())
            announce("case-changed")
            return saved(url_for(".plan_show", case_id=case.id), _("Bisogno aggiornato."), leave=True)
    return page("caseload/need_edit.html", form=form, need=need, case=case)
