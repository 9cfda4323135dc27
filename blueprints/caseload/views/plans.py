"""The plan: versions, goals, actions."""

from flask import abort, g, redirect, request, url_for

from access import allow, find, reads_cases, writes_cases
from core import clock
from core.htmx import announce, page, saved
from core.i18n import gettext as _
from models.case import Case
from models.plan import Action, Goal, Plan

from ..blueprint import bp
from ..forms.plans import ActionForm, ActionStateForm, AgreeForm, GoalForm, PlanForm, PlanRevisionForm
from ..queries import plans


@bp.get("/cases/<int:case_id>/plan")
@allow(reads_cases)
def plan_show(case_id):
    return page("caseload/plan_show.html", **plans.leaf(g.me, find(Case, case_id)))


@bp.get("/cases/<int:case_id>/plan/<int:number>")
@allow(reads_cases)
def plan_version(case_id, number):
    shown = plans.leaf(g.me, find(Case, case_id), number)
    if shown["plan"] is None:
        abort(404)
    return page("caseload/plan_show.html", **shown)


@bp.get("/cases/<int:case_id>/plan/glance")
@allow(reads_cases)
def plan_glance(case_id):
    case = find(Case, case_id, verb=None if request.htmx else "view")
    return page("caseload/plan_glance.html", case=case, **plans.glance(g.me, case_id))


@bp.route("/cases/<int:case_id>/plan/draft", methods=["GET", "POST"])
@allow(writes_cases)
def plan_draft(case_id):
    case = find(Case, case_id, to="edit")
    last = next(iter(plans.versions_of(g.me, case_id)), None)
    if last and not last.agreed_on:
        return redirect(url_for(".plan_version", case_id=case_id, number=last.number), 303)
    form = PlanRevisionForm(request.form, purpose=last.purpose) if last else PlanForm(request.form)
    if form.sent():
        with form.refusals():
            plan = Plan.draft(case, by=g.me, reason=form.values().get("reason"))
            plan.edit(**form.values())
            return _to_plan(plan, _("Bozza aperta: ora guarda gli obiettivi."))
    return page("caseload/plan_draft.html", form=form, case=case, last=last)


@bp.route("/plans/<int:plan_id>/edit", methods=["GET", "POST"])
@allow(writes_cases)
def plan_edit(plan_id):
    plan, case = _draft(plan_id)
    form = (PlanRevisionForm if plan.number > 1 else PlanForm)(request.form, obj=plan)
    if form.sent():
        with form.refusals():
            plan.edit(**form.values())
            return _to_plan(plan, _("Bozza aggiornata."))
    return page("caseload/plan_edit.html", form=form, case=case, plan=plan)


@bp.route("/plans/<int:plan_id>/agree", methods=["GET", "POST"])
@allow(writes_cases)
def plan_agree(plan_id):
    draft, case = _draft(plan_id)
    form = AgreeForm(request.form, agreed_on=clock.today())
    if form.sent():
        with form.refusals():
            draft.agree(case, by=g.me, **form.values())
            return _to_plan(draft, _("Piano concordato: la versione %(n)s ora vale.", n=draft.number))
    whole = plans.whole_plan(g.me, case.id, draft.number)
    return page("caseload/plan_agree.html", form=form, case=case, plan=whole, seen=whole.stamp())


@bp.route("/plans/<int:plan_id>/goals/new", methods=["GET", "POST"])
@allow(writes_cases)
def goal_new(plan_id):
    plan, case = _draft(plan_id)
    form = GoalForm(request.form)
    form.need_id.set(plans.need_choices(g.me, case.id))
    if form.sent():
        with form.refusals():
            Goal.add(plan, **form.values())
            return _to_plan(plan, _("Obiettivo aggiunto."))
    return page("caseload/goal_new.html", form=form, case=case, plan=plan)


@bp.route("/goals/<int:goal_id>/edit", methods=["GET", "POST"])
@allow(writes_cases)
def goal_edit(goal_id):
    goal, plan, case = _goal(goal_id)
    form = GoalForm(request.form, obj=goal)
    form.need_id.set(plans.need_choices(g.me, case.id))
    if form.sent():
        with form.refusals():
            goal.edit(plan, **form.values())
            return _to_plan(plan, _("Obiettivo aggiornato."))
    return page("caseload/goal_edit.html", form=form, case=case, plan=plan, goal=goal)


@bp.route("/goals/<int:goal_id>/removal", methods=["GET", "POST"])
@allow(writes_cases)
def goal_remove(goal_id):
    goal, plan, case = _goal(goal_id)
    if request.method == "POST":
        goal.remove(plan)
        return _to_plan(plan, _("Obiettivo tolto dalla bozza."))
    return page("caseload/goal_remove.html", case=case, plan=plan, goal=goal)


@bp.route("/goals/<int:goal_id>/actions/new", methods=["GET", "POST"])
@allow(writes_cases)
def action_new(goal_id):
    goal, plan, case = _goal(goal_id)
    form = ActionForm(request.form)
    form.who.set(plans.owners(g.me, case))
    if form.sent():
        with form.refusals():
            Action.add(plan, goal, **form.values())
            return _to_plan(plan, _("Azione aggiunta."))
    return page("caseload/action_new.html", form=form, case=case, plan=plan, goal=goal)


@bp.route("/actions/<int:action_id>/edit", methods=["GET", "POST"])
@allow(writes_cases)
def action_edit(action_id):
    action, goal, plan, case = _action(action_id)
    form = ActionForm(request.form, obj=action, who=ActionForm.owner_of(action))
    form.who.set(plans.owners(g.me, case, action))
    if form.sent():
        with form.refusals():
            action.edit(plan, **form.values())
            return _to_plan(plan, _("Azione aggiornata."))
    return page("caseload/action_edit.html", form=form, case=case, plan=plan, goal=goal, action=action)


@bp.post("/actions/<int:action_id>/removal")
@allow(writes_cases)
def action_remove(action_id):
    action, _goal, plan, _case = _action(action_id)
    action.remove(plan)
    return _to_plan(plan, _("Azione tolta dalla bozza."))


@bp.post("/actions/<int:action_id>/state")
@allow(writes_cases)
def action_state(action_id):
    action, _goal, plan, case = _action(action_id)
    form = ActionStateForm(request.form, obj=action)
    if not form.sent():
        abort(400)
    action.set_state(case, form.state.data)
    announce("case-changed")
    return saved(_address(plan), _("Azione aggiornata."))


def _draft(plan_id):
    plan = find(Plan, plan_id, to="edit")
    return plan, find(Case, plan.case_id, to="edit")


def _goal(goal_id):
    goal = find(Goal, goal_id, to="edit")
    return goal, *_draft(goal.plan_id)


def _action(action_id):
    action = find(Action, action_id, to="edit")
    return action, *_goal(action.goal_id)


def _address(plan):
    return url_for(".plan_version", case_id=plan.case_id, number=plan.number)


def _to_plan(plan, message):
    announce("case-changed")
    return saved(_address(plan), message, leave=True)
