from flask import Blueprint, g, request, url_for

from access import allow, reads_cases
from core.htmx import page

from . import queries

bp = Blueprint("search", __name__)


@bp.get("/search")
@allow(reads_cases)
def search_index():
    """One box for people, cases and notes; with `to=note` it chooses the case a note is about."""
    choosing = request.args.get("to") == "note" and g.me.writes
    found = queries.find(request.args.get("q", ""), g.me, with_notes=not choosing)
    mine = queries.mine(g.me) if choosing and found.wanted.nothing else []
    file = url_for("caseload.note_new" if choosing else "caseload.case_show", case_id=0).rsplit("0", 1)
    shown = {"file": file, "note": url_for("caseload.note_show", note_id=0)[:-1], "mine": mine}
    return page("search/search_index.html", found=found, choosing=choosing, **shown)
