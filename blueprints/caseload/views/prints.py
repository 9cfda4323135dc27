"""Papers: each is a page that can be read and printed by the browser, and a PDF with the same words."""

from flask import Response, abort, current_app, g, redirect, render_template, request, url_for

from access import allow, find, reads_cases, witness
from core import pdf
from core.db import db
from core.errors import Refused
from core.htmx import page, saved
from core.i18n import LOCALE, speaking
from core.i18n import gettext as _
from core.jobs import Job, Result, job
from models.case import Case

from ..blueprint import bp
from ..forms.prints import SummaryForm
from ..queries import prints

JOB_SECONDS = 120
PAPER = "it"  # plan and card are the person's, whatever language the colleague reads


@bp.get("/cases/<int:case_id>/summary")
@allow(reads_cases)
def summary_new(case_id):
    return _choices(find(Case, case_id), _form(request.args), 200)


@bp.get("/cases/<int:case_id>/summary/print")
@allow(reads_cases)
def summary_show(case_id):
    case, form = find(Case, case_id, verb="print"), _form(request.args)
    if not form.validate():
        return _choices(case, form, 422)
    return page("caseload/summary_show.html", **prints.summary(g.me, case, _wish(form)))


@bp.get("/cases/<int:case_id>/summary.pdf")
@allow(reads_cases)
def summary_pdf(case_id):
    case, form = find(Case, case_id), _form(request.args)
    if not form.validate():
        return _choices(case, form, 422)
    wish, number = _wish(form), case.number
    if prints.is_long(g.me, case_id, wish):
        return redirect(url_for(".summary_show", case_id=case_id, **wish.address()), 303)
    witness("case_file", case_id, "print")
    return _drawn("summary_pdf", "summary_show", f"sintesi-{number}.pdf", lambda: prints.summary(g.me, case, wish))


@bp.post("/cases/<int:case_id>/summary/job")
@allow(reads_cases)
def summary_job(case_id):
    case, form = find(Case, case_id, verb="print"), _form(request.form)
    if not form.validate():
        abort(400)
    title = _("Sintesi del caso %(number)s", number=case.number)
    asked = Job.ask("summary", by=g.me, title=title, case_id=case.id, wish=_wish(form).address())
    answer = saved(url_for("jobs.job_show", job_id=asked.id), _("La sintesi è in preparazione."), leave=True)
    if worker := current_app.extensions.get("jobs"):
        worker.wake()
    return answer


@job("summary")
def make_summary(work):
    """A long summary, made outside the request with what who asked may see now."""
    work.progress(0, 2)
    case = db.session.scalar(Case.visible_to(work.me).where(Case.id == work.args["case_id"]))
    if case is None:
        raise Refused(_("Questo caso non fa più parte di quelli che puoi vedere."))
    name = f"sintesi-{case.number}.pdf"
    wish = prints.Wish.of(work.args["wish"])
    html = render_template("caseload/summary_pdf.html", **prints.summary(work.me, case, wish))
    work.progress(1, 2)
    try:
        return Result(name, "application/pdf", pdf.render(html, seconds=JOB_SECONDS))
    except pdf.PdfError as error:
        raise Refused(_(str(error))) from None


@bp.get("/cases/<int:case_id>/plan/<int:number>/print")
@allow(reads_cases)
def plan_print(case_id, number):
    case = find(Case, case_id, verb="print")
    with speaking(PAPER):
        sheet = _sheet(case, number)
    return page("caseload/plan_print.html", **sheet)


@bp.get("/cases/<int:case_id>/plan/<int:number>.pdf")
@allow(reads_cases)
def plan_pdf(case_id, number):
    case = find(Case, case_id, verb="print")
    name = f"piano-{case.number}-v{number}.pdf"
    return _drawn("plan_pdf", "plan_print", name, lambda: _sheet(case, number), PAPER)


@bp.get("/cases/<int:case_id>/card")
@allow(reads_cases)
def contact_card_show(case_id):
    case = find(Case, case_id, verb="print")
    with speaking(PAPER):
        card = prints.for_the_person(g.me, case)
    return page("caseload/contact_card_show.html", **card)


@bp.get("/cases/<int:case_id>/card.pdf")
@allow(reads_cases)
def contact_card_pdf(case_id):
    case = find(Case, case_id, verb="print")
    name = f"contatti-{case.number}.pdf"
    return _drawn("contact_card_pdf", "contact_card_show", name, lambda: prints.for_the_person(g.me, case), PAPER)


def _form(given):
    """The choices in the address, or the usual ones when none was made yet."""
    sections = prints.printable(g.me)
    form = SummaryForm(
        given if "chosen" in given else None, section=[s.name for s in sections if s.name not in prints.SELDOM]
    )
    form.section.choices = [(s.name, s.title) for s in sections]
    return form


def _wish(form):
    return prints.Wish(tuple(form.section.data), form.since.data, form.until.data, form.names.data)


def _choices(case, form, status):
    return page("caseload/summary_new.html", status, form=form, case=case, whose=prints.whose(g.me, case.id))


def _sheet(case, number):
    return prints.plan_sheet(g.me, case, number) or abort(404)


def _drawn(paper, twin, name, read, locale=None):
    """The PDF of a paper, as the file `name`; when it does not succeed, its page `twin` with the reason."""
    locale = locale or LOCALE.get()
    with speaking(locale):
        html = render_template(f"caseload/{paper}.html", **read())
    db.session.rollback()  # no transaction stays open while the page is drawn
    try:
        content = pdf.render(html)
    except pdf.PdfError as error:
        with speaking(locale):
            shown = read()
        return page(f"caseload/{twin}.html", 503, failure=_(str(error)), **shown)
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
