from datetime import timedelta

from flask import current_app, g, request, url_for

from access import allow, manager
from core import audit, clock
from core.db import run
from core.htmx import page, saved
from core.i18n import gettext as _
from core.i18n import lazy
from core.jobs import Job, Result, job

from .. import queries
from ..audit_story import tell
from ..audit_words import KINDS
from ..blueprint import bp
from ..forms import AuditFilterForm

AT_ONCE = 200_000  # rows of the audit that are checked while one waits; more is a job
EVER = (1 << 31) - 1  # the last row there can be


@bp.get("/settings/audit")
@allow(manager)
def audit_index():
    names = {row.id: row.name for row in run(queries.everybody())}
    form = AuditFilterForm(request.args)
    form.who.set([("", lazy("Tutti")), *names.items()])
    form.kind.set([("", lazy("Tutto")), *((kind, label) for kind, (label, _verbs) in KINDS.items())])
    rows = found(form) if form.validate() else []
    shown = rows[: queries.LINES]
    asked = {name: request.args.get(name) for name in form._fields}
    older = url_for(".audit_index", **asked, before=shown[-1].seq) if len(rows) > len(shown) else None
    newest = url_for(".audit_index", **asked) if "before" in request.args else None
    return page("settings/audit_index.html", form=form, lines=tell(shown, g.me, names), older=older, newest=newest)


def found(form):
    """The rows that were asked for, and one more when there are older ones."""
    low, high = 0, max(0, min(request.args.get("before", EVER, int), EVER))
    if form.since.data:
        low = run(queries.first_since(), at=stamp(form.since.data)).scalar()
    if form.until.data:
        high = min(high, run(queries.first_since(), at=stamp(form.until.data + timedelta(days=1))).scalar())
    _label, verbs = KINDS.get(form.kind.data, (None, None))
    actor = str(form.who.data) if form.who.data else None
    return run(queries.audit_lines(verbs, actor), low=low, high=high).all()


def stamp(day):
    """The first instant of an Italian day, as the audit writes it."""
    return clock.day_bounds(day)[0].strftime("%Y-%m-%dT%H:%M:%S.000Z")


@bp.get("/settings/audit/verdict")
@allow(manager)
def audit_verdict():
    length = run(queries.audit_length()).scalar()
    verdict = audit.verify() if length <= AT_ONCE else None
    return page(
        "settings/audit_verdict.html", verdict=verdict, words=in_words(verdict) if verdict else "", length=length
    )


@bp.post("/settings/audit/verdict")
@allow(manager)
def audit_verdict_ask():
    job = Job.ask("audit_verify", by=g.me, title=_("Verifica del registro"))
    answer = saved(url_for("jobs.job_show", job_id=job.id), leave=True)
    if worker := current_app.extensions.get("jobs"):
        worker.wake()
    return answer


@job("audit_verify")
def verify_later(work):
    """The same check, with its progress; it says the same words."""
    length = run(queries.audit_length()).scalar()
    return Result(message=in_words(audit.verify(lambda rows: work.progress(min(rows, length), length))))


def in_words(verdict):
    if verdict.broken_at is None:
        return _("Il registro è integro: %(rows)s righe, nessuna cambiata né tolta.", rows=verdict.rows)
    return _(
        "Il registro è stato alterato alla riga %(row)s. Le %(rows)s righe prima sono integre.",
        row=verdict.broken_at,
        rows=verdict.rows,
    )
