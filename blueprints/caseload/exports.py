"""The list of cases as a spreadsheet and on paper: exactly the rows the filters show, by who may see them."""

from datetime import date
from io import BytesIO

import xlsxwriter
from flask import g, render_template

from core import audit, clock, pdf
from core.db import db
from core.i18n import LOCALE, datetime_text
from core.i18n import gettext as _
from core.jobs import Result, Work, job
from models.case import COMPLEXITIES, NEXT_KINDS, PRIORITIES
from models.case_states import STATES
from models.organisation import Organisation

from .forms.cases import Filters
from .queries import cases

DIRECT = 200  # rows made while the person waits; more is a job
MOST = 20_000
MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def name_of(kind):
    """File name with the day, in words of the house."""
    cases = _("casi")
    return f"{cases}-{clock.today().isoformat()}.{kind}"


def make(kind, rows, filters, me) -> bytes:
    """The file for these rows."""
    return _sheet(rows) if kind == "xlsx" else _paper(rows, filters, me)


def _sheet(rows):
    """A workbook in memory, so that no unprotected copy is left on the disk; texts are texts, whatever they begin with."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet, bold, day = (
        book.add_worksheet(_("Casi")),
        book.add_format({"bold": True}),
        book.add_format({"num_format": "dd/mm/yyyy"}),
    )
    titles = (
        (_("Numero"), 12), (_("Cognome"), 20), (_("Nome"), 20), (_("Nata il"), 12), (_("Stato"), 16), (_("Titolare"), 24),
        (_("Prossimo passo"), 40), (_("Entro"), 12), (_("Ultimo contatto"), 16), (_("Priorità"), 10), (_("Complessità"), 12),
        (_("Segnalato il"), 12), (_("Chiuso il"), 12),
    )  # fmt: skip
    for column, (title, width) in enumerate(titles):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    words = [{k: str(v) for k, v in table.items()} for table in (STATES, NEXT_KINDS, PRIORITIES, COMPLEXITIES)]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(_cells(row, *words)):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif value:
                sheet.write_string(number, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(titles) - 1)
    book.close()
    return out.getvalue()


def _cells(row, states, kinds, priorities, complexities):
    return (
        row.number, row.last_name, row.first_name, row.born_on, states[row.state], row.holder,
        row.next_text or kinds.get(row.next_kind), row.next_on, row.last_contact_on, priorities[row.priority],
        complexities[row.complexity], row.opened_on, row.closed_on,
    )  # fmt: skip


def _paper(rows, filters, me):
    html = render_template(
        "caseload/case_index_pdf.html",
        lines=cases.lines(rows, me, you=me.name),
        document_title=_("Elenco dei casi"),
        document_note=cases.said(filters, cases.filter_choices(me)),
        organisation=db.session.scalar(Organisation.visible_to(me).limit(1)),
        printed_by=me.name,
        printed_at=datetime_text(clock.now()),
        lang=LOCALE.get(),
    )
    return pdf.render(html, seconds=120)


@job("case_list")
def make_later(work: Work) -> Result:
    """A long list, for who asked it and with what they may see now; each case is recorded as printed or exported."""
    kind, g.me = work.args["file"], work.me
    filters = Filters.of(work.args["filters"], work.me)
    rows = cases.case_rows(filters, work.me, limit=MOST, ids=work.args["ids"])
    work.progress(0, 2)
    content = make(kind, rows, filters, work.me)
    work.progress(1, 2)
    verb = verb_of(kind)
    for start in range(0, len(rows), 500):
        seen = [(verb, "case_file", row.id, "caseload.case_export") for row in rows[start : start + 500]]
        audit.witness(seen, str(work.me.id))
    return Result(name_of(kind), MIMES[kind], content)


def verb_of(kind):
    """What the audit says happened to each case."""
    return "print" if kind == "pdf" else "export"
