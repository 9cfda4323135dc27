"""The care team of a case: who works together for the person."""

from flask import g, request, url_for

from access import allow, find, reads_cases, writes_cases
from core.htmx import announce, page, saved
from core.i18n import gettext as _
from models.case import CareMember, Case

from ..blueprint import bp
from ..forms.care_team import MemberForm
from ..queries import care_team, notes


@bp.get("/cases/<int:case_id>/care-team")
@allow(reads_cases)
def care_index(case_id):
    case = find(Case, case_id, verb=None if request.htmx else "view")
    shown = {"case": case, "who": notes.who(g.me, case), "holders": care_team.holders(case)}
    return page("caseload/care_index.html", members=care_team.members(case), **shown)


@bp.route("/cases/<int:case_id>/care-team/new", methods=["GET", "POST"])
@allow(writes_cases)
def care_new(case_id):
    case = find(Case, case_id, to="edit")
    form = MemberForm(request.form)
    form.user_id.set([("", _("Nessuno")), *care_team.others(case)])
    if form.sent():
        with form.refusals():
            case.add_member(**form.values())
            return saved(url_for(".care_index", case_id=case.id), _("Ora fa parte dell'équipe del caso."), leave=True)
    return page("caseload/care_new.html", form=form, case=case, who=notes.who(g.me, case))


@bp.post("/care-team/<int:member_id>/end")
@allow(writes_cases)
def care_end(member_id):
    member = find(CareMember, member_id, to="edit")
    find(Case, member.case_id, to="edit")
    member.end()
    if member.user_id == g.me.id:  # who leaves may no longer see the case
        return saved(url_for(".case_index"), _("Non fai più parte dell'équipe di quel caso."), leave=True)
    announce("case-changed")
    return saved(url_for(".care_index", case_id=member.case_id), _("Non fa più parte dell'équipe del caso."))
