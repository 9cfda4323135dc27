"""The page of a case: what happened, what is next; and the way it came."""

from flask import g, request

from access import allow, find, reads_cases
from core.htmx import page
from models.case import Case

from ..blueprint import bp
from ..queries import care_team, case_page, case_thread, notes


@bp.get("/cases/<int:case_id>")
@allow(reads_cases)
def case_show(case_id):
    case = find(Case, case_id)
    head = case_page.head(case)
    wish = {"show": request.args.get("show", ""), "before": request.args.get("before", "")}
    root = f"{request.script_root}/"
    thread = case_thread.thread(case, head["holders"], root, private=notes.sees_private(g.me), **wish)
    return page("caseload/case_show.html", case=case, head=head, thread=thread, shows=case_thread.SHOWS)


@bp.get("/cases/<int:case_id>/path")
@allow(reads_cases)
def case_path(case_id):
    case = find(Case, case_id)
    shown = {"holders": care_team.holders(case), "members": care_team.members(case), **case_page.path(case)}
    openings = case_page.openings(g.me, case)
    return page("caseload/case_path.html", case=case, head=case_page.head(case), openings=openings, **shown)
