from flask import Blueprint, g, url_for

from access import allow, signed_in
from core.htmx import page
from core.i18n import time_text

from . import queries
from .today import Today

bp = Blueprint("home", __name__)


@bp.get("/")
@allow(signed_in)
def today_show():
    if not g.me.scope["me"]:  # who only cares for the computer reads no case
        return page("home/today_show.html", today=None, waiting=0)
    today = Today(queries.read(g.me), g.me)
    file, silent = url_for("caseload.case_show", case_id=0)[:-1], url_for("caseload.case_index", show="silent")
    shown = {"file": file, "silent": silent, "hour": time_text(today.now), "waiting": len(today.waits)}
    return page("home/today_show.html", today=today, **shown)
