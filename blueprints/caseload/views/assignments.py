from flask import g, redirect, request, url_for

from access import allow, coordinator, find, writes_cases
from core.htmx import announce, page, saved
from core.i18n import gettext as _
from core.i18n import ngettext
from models.case import Case

from ..blueprint import bp
from ..forms.assignments import AssignmentForm, ReleaseForm
from ..forms.cases import picked
from ..queries import assignments, cases, people


@bp.post("/cases/<int:case_id>/take")
@allow(writes_cases)
def case_take(case_id):
    case = find(Case, case_id, to="take")
    case.take(by=g.me)
    announce("case-changed")
    return saved(url_for(".case_show", case_id=case_id), _("Ora il caso è tuo."), leave=True)


@bp.route("/cases/<int:case_id>/assignments/new", methods=["GET", "POST"])
@allow(coordinator)
def assignment_new(case_id):
    case = find(Case, case_id, to="assign")
    form = AssignmentForm(request.form, obj=case)
    form.holder_id.set(people.holders([case.team_id], g.me))
    if form.sent():
        with form.refusals():
            case.give_to(form.holder_id.data, by=g.me, reason=form.reason.data)
            announce("case-changed")
            return saved(url_for(".case_show", case_id=case_id), _("Caso assegnato."), leave=True)
    return page("caseload/assignment_new.html", form=form, head=cases.case_head(case_id, g.me))


@bp.route("/cases/<int:case_id>/release", methods=["GET", "POST"])
@allow(writes_cases)
def holder_release(case_id):
    case = find(Case, case_id, to="release")
    form = ReleaseForm(request.form, obj=case)
    if form.sent():
        with form.refusals():
            case.release(by=g.me, reason=form.reason.data)
            announce("case-changed")
            return saved(url_for(".case_index"), _("Il caso è tra quelli senza titolare."), leave=True)
    return page("caseload/holder_release.html", form=form, head=cases.case_head(case_id, g.me))


@bp.post("/cases/assignments")
@allow(coordinator)
def assignment_pick():
    """The ticks of the list become an address, so that the page can be opened again."""
    return redirect(url_for(".assignment_many", case=picked(request.form)), 303)


@bp.route("/cases/assignments/new", methods=["GET", "POST"])
@allow(coordinator)
def assignment_many():
    rows = assignments.to_assign(picked(request.values), g.me)
    form, names = AssignmentForm(request.form), assignments.names(rows)
    form.holder_id.set(people.holders(g.me.team_ids, g.me))
    if rows and form.sent():
        with form.refusals():
            for row in rows:
                row.Case.give_to(form.holder_id.data, by=g.me, reason=form.reason.data)
            said = ngettext("Un caso assegnato.", "%(n)s casi assegnati.", len(rows))
            return saved(url_for(".case_index"), said, leave=True)
    return page("caseload/assignment_many.html", form=form, names=names)
