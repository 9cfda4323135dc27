from functools import partial
from io import BytesIO

from flask import current_app, g, request, send_file, url_for

from access import allow, find, may, reads_cases, witness, writes_cases
from core.htmx import announce, page, saved
from core.i18n import gettext as _
from core.jobs import Job
from models.case import Case
from models.person import Person

from .. import exports
from ..blueprint import bp
from ..forms.cases import CaseEditForm, CaseNewForm, Filters, picked
from ..queries import cases, people


@bp.get("/cases")
@allow(reads_cases)
def case_index():
    filters, address = Filters.of(request.args, g.me), url_for(".case_index")
    counts = cases.chip_counts(g.me)
    plain = not filters.narrowed and filters.show in counts
    total = counts[filters.show] if plain else cases.case_total(filters, g.me)
    lines = cases.lines(cases.case_rows(filters, g.me), g.me)
    shown = {"filters": filters, "counts": counts, "lines": lines, "pages": cases.pages_of(filters, total, address)}
    words = {
        "chips": cases.CHIPS,
        "orders": cases.ORDERS,
        "address": address,
        "file": url_for(".case_show", case_id=0)[:-1],
    }
    return page("caseload/case_index.html", choices=partial(cases.filter_choices, g.me), **shown, **words)


@bp.post("/cases/export/<any(xlsx, pdf):kind>")
@allow(reads_cases)
def case_export(kind):
    filters, ids = Filters.of(request.form, g.me), picked(request.form)
    rows = cases.case_rows(filters, g.me, limit=exports.DIRECT + 1, ids=ids)
    if len(rows) > exports.DIRECT:
        return _later(kind, filters, ids)
    for row in rows:
        witness("case_file", row.id, exports.verb_of(kind))
    content = exports.make(kind, rows, filters, g.me)
    return send_file(
        BytesIO(content), exports.MIMES[kind], as_attachment=True, download_name=exports.name_of(kind), max_age=0
    )


def _later(kind, filters, ids):
    job = Job.ask("case_list", by=g.me, title=_("Elenco dei casi"), file=kind, filters=filters.given, ids=ids)
    answer = saved(url_for("jobs.job_show", job_id=job.id), _("L'elenco è lungo: lo preparo."), leave=True)
    if worker := current_app.extensions.get("jobs"):
        worker.wake()
    return answer


@bp.route("/people/<int:person_id>/cases/new", methods=["GET", "POST"])
@allow(writes_cases)
def case_new(person_id):
    person = find(Person, person_id, to="edit")
    form, name = CaseNewForm(request.form), person.name
    form.offer(*people.openings(g.me), g.me)
    if form.sent():
        with form.refusals():
            case = Case.open_new(by=g.me, person=person, **form.values())
            return saved(url_for(".case_show", case_id=case.id), _("Caso %(n)s aperto.", n=case.number), leave=True)
    return page("caseload/case_new.html", form=form, person_id=person_id, name=name)


@bp.route("/cases/<int:case_id>/edit", methods=["GET", "POST"])
@allow(writes_cases)
def case_edit(case_id):
    case = find(Case, case_id, to="edit")
    form = CaseEditForm(request.form, obj=case)
    if not may(g.me, "protect", case):
        del form.confidential
    if form.sent():
        with form.refusals():
            case.edit(**form.values())
            announce("case-changed")
            return saved(url_for(".case_show", case_id=case_id), _("Caso aggiornato."), leave=True)
    return page("caseload/case_edit.html", form=form, head=cases.case_head(case_id, g.me))
