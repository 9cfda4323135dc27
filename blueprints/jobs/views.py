import io

from flask import Blueprint, abort, current_app, g, send_file, url_for

from access import allow, find, signed_in
from core.db import run
from core.htmx import page, saved
from core.i18n import gettext as _
from core.jobs import STATES, Job

from . import queries

bp = Blueprint("jobs", __name__)
SYMBOLS = {  # state -> icon, class
    "waiting": ("hourglass-split", ""),
    "running": ("play-circle", "state-moving"),
    "done": ("check-circle", "state-done"),
    "failed": ("x-octagon", "state-wrong"),
    "cancelled": ("slash-circle", "state-done"),
}


@bp.get("/jobs")
@allow(signed_in)
def job_index():
    jobs = run(queries.recent(g.me)).all()
    return page("jobs/job_index.html", jobs=jobs, states=STATES, symbols=SYMBOLS, prefix=url_for(".job_index"))


@bp.get("/jobs/<int:job_id>")
@allow(signed_in)
def job_show(job_id):
    job = find(Job, job_id)
    return page("jobs/job_show.html", job=job, file=job.result(), states=STATES, symbols=SYMBOLS)


@bp.post("/jobs/<int:job_id>/cancellation")
@allow(signed_in)
def job_cancel(job_id):
    stopped = find(Job, job_id).cancel()
    return saved(url_for(".job_show", job_id=job_id), _("Fermato.") if stopped else _("Era già finito."))


@bp.post("/jobs/<int:job_id>/again")
@allow(signed_in)
def job_again(job_id):
    job = find(Job, job_id).again(by=g.me)
    answer = saved(url_for(".job_show", job_id=job.id), _("Chiesto di nuovo."), leave=True)
    if worker := current_app.extensions.get("jobs"):
        worker.wake()
    return answer


@bp.get("/jobs/<int:job_id>/result")
@allow(signed_in)
def job_result(job_id):
    job = find(Job, job_id, verb="export")
    file = job.result() or abort(404)
    return send_file(io.BytesIO(file.content), file.mime, as_attachment=True, download_name=file.name, max_age=0)
