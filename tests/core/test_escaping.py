"""What a template writes is what MarkupSafe would write."""

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from core.escaping import Generator, shown
from core.i18n import lazy


class Text(str):
    """A str of another class."""


class Page:
    def __html__(self):
        return "<b>x</b>"


class Plain:
    def __str__(self):
        return "<i>"


VALUES = [
    "",
    "a",
    "<script>alert('1')</script>",
    "\"&<>'",
    "&amp;",
    7,
    -1,
    3.5,
    None,
    True,
    Markup("<b>"),
    Text("<x>"),
    Page(),
    Plain(),
    lazy("<p>"),
    ["<li>"],
]


@pytest.mark.parametrize("value", VALUES, ids=lambda v: type(v).__name__)
def test_it_is_what_markupsafe_says(app, value):
    assert shown(value) == str(escape(value))


@pytest.mark.parametrize(
    "source",
    [
        "{{ x }}",
        "<a title='{{ x }}'>",
        "{{ x }}{{ x|upper }}",
        "{% macro m(v) %}{{ v }}{% endmacro %}{{ m(x) }}",
        "{{ x|e }}",
        "{% set y %}{{ x }}{% endset %}{{ y }}",
    ],
)
@pytest.mark.parametrize("value", VALUES[:9] + VALUES[10:12], ids=lambda v: type(v).__name__)
def test_a_template_comes_out_the_same(source, value):
    ours, theirs = Environment(autoescape=True), Environment(autoescape=True)
    ours.code_generator_class, ours.shown = Generator, shown
    assert ours.from_string(source).render(x=value) == theirs.from_string(source).render(x=value)


def test_what_is_undefined_is_still_an_error():
    ours = Environment(autoescape=True, undefined=StrictUndefined)
    ours.code_generator_class, ours.shown = Generator, shown
    with pytest.raises(UndefinedError):
        ours.from_string("{{ nothing }}").render()
