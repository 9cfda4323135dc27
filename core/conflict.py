"""Two people, one record: the page that shows both texts side by side and lets the second one save what is right."""

import difflib
import re

from flask import g, make_response, render_template, request

from .db import MODE, db
from .errors import Stale, answer
from .htmx import render_block


def init_app(app):
    app.register_error_handler(Stale, _conflict)


def _conflict(error):
    mine, row = g.get("form"), error.row
    if mine is None or row is None:
        return answer(409)
    model, id_ = type(row), row.id
    db.session.rollback()
    MODE.set("read")
    row = db.session.get(model, id_, populate_existing=True)
    if row is None:
        return answer(404)
    theirs = _saved_form(mine, row)
    context = {
        "form": mine,
        "pairs": _pairs(mine, theirs),
        "version": row.version,
        "action": request.full_path.rstrip("?"),
    }
    if not request.htmx:
        return make_response(render_template("conflict.html", **context), 409)
    html = render_block("conflict.html", "content", context) + render_block(
        "conflict.html", "foot", {**context, "foot_oob": True}
    )
    return make_response(html, 409, {"HX-Retarget": "#main", "HX-Reswap": "innerHTML"})


def _saved_form(mine, row):
    """The same form, filled with what is saved now."""
    values = mine.saved_values(row) if hasattr(mine, "saved_values") else {}
    theirs = type(mine)(obj=row, **values)
    for name, field in theirs._fields.items():
        if hasattr(field, "choices"):
            field.choices = mine._fields[name].choices
    return theirs


def _pairs(mine, theirs):
    """For each field: the field itself, whether the two differ, and both texts as (kind, piece) runs."""
    pairs = []
    for name, field in mine._fields.items():
        left, right = said(theirs._fields[name]), said(field)
        pairs.append(
            {
                "field": field,
                "differs": left != right,
                "theirs": runs(left, right, "ins"),
                "mine": runs(right, left, "ins"),
                "long": field.type == "LongText",
            }
        )
    return pairs


def said(field) -> str:
    """What a field says, in words."""
    if isinstance(field.data, list):
        return ", ".join(str(c.label) for c in field.choices if c.value in field.data)
    if hasattr(field, "choices"):
        return next((str(c.label) for c in field.choices if c.value == field.data), "")
    if isinstance(field.data, bool):
        return "✓" if field.data else "–"
    return str(field._value()) if hasattr(field, "_value") else str(field.data or "")


def runs(text, other, mark):
    """`text` cut into (mark or "", piece): marked is what `other` does not have."""
    a, b = re.findall(r"\w+|\W", text[:20_000]), re.findall(r"\w+|\W", other[:20_000])
    runs = []
    for tag, start, end, _1, _2 in difflib.SequenceMatcher(None, a, b, autojunk=len(a) > 4000).get_opcodes():
        if end > start:
            runs.append(("" if tag == "equal" else mark, "".join(a[start:end])))
    return [*runs, ("", text[20_000:])] if len(text) > 20_000 else runs
