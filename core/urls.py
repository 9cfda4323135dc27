"""Addresses in templates: an endpoint's pattern is built once, then its numbers are put in.

A page has thirty links; Werkzeug builds each from its rule anew, which costs as much as the page's SQL.
"""

from functools import cache

from flask import current_app, request, url_for

PLACE = 987_654_321_000  # no id of ours; each argument stands at its own number


def init_app(app):
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, **values) -> str:
    """What Flask's url_for says; quick when every value is a whole number."""
    if endpoint[0] == "." or endpoint == "static" or not all(type(v) is int and v >= 0 for v in values.values()):
        return url_for(endpoint, **values)
    pattern = _pattern(endpoint, tuple(values), request.script_root, current_app.name)
    return pattern % tuple(values[name] for name in pattern.names)


class _Pattern(str):
    """An address with %d for each number, and the names of the numbers in the order they stand."""

    names: tuple = ()


@cache
def _pattern(endpoint, names, _root, _app):
    marks = {name: PLACE + i for i, name in enumerate(names)}
    text = url_for(endpoint, **marks).replace("%", "%%")
    pattern = _Pattern(_with_marks(text, marks))
    pattern.names = tuple(sorted(names, key=lambda name: text.index(str(marks[name]))))
    return pattern


def _with_marks(text, marks):
    for mark in marks.values():
        text = text.replace(str(mark), "%d")
    return text
