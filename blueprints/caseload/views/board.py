from flask import g, request, url_for

from access import allow, reads_cases
from core.htmx import page

from ..blueprint import bp
from ..forms.cases import Filters
from ..queries import board, cases


@bp.get("/cases/board")
@allow(reads_cases)
def case_board():
    filters, counts = Filters.of(request.args, g.me), cases.chip_counts(g.me)
    words = {"chips": cases.CHIPS, "address": url_for(".case_board"), "listing": url_for(".case_index")}
    file = url_for(".case_show", case_id=0)[:-1]
    return page(
        "caseload/case_board.html", filters=filters, counts=counts, lanes=board.lanes(filters, g.me), file=file, **words
    )
