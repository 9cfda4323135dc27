"""Escaping in templates, at a third of its usual cost.

MarkupSafe wraps every escaped piece in a Markup object, which matters to who goes on composing, and not to a template
that writes the piece and forgets it. A list of fifty rows writes nine hundred pieces. What is written is the same
(tests/core/test_escaping.py compares both).
"""

import re

from jinja2.compiler import CodeGenerator
from markupsafe import escape

special = re.compile("[&<>\"']").search


def shown(value) -> str:
    """`value` as HTML text: escaped, unless it says that it is HTML already."""
    kind = value.__class__
    if kind is str:
        return value if special(value) is None else str(escape(value))
    if kind is int:
        return str(value)
    if hasattr(value, "__html__"):
        return value.__html__()
    return shown(str(value)) if kind.__str__ is not str.__str__ else shown(str.__str__(value))


class Generator(CodeGenerator):
    """Jinja's own, but that what is written goes through `shown`."""

    def _output_child_pre(self, node, frame, finalize):
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


def init_app(app):
    app.jinja_env.code_generator_class = Generator
    app.jinja_env.shown = shown
