"""The rules of the house that a machine can check."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
VIEWS = sorted(ROOT.glob("blueprints/**/views*.py")) + sorted(ROOT.glob("blueprints/*/views/*.py"))
# The kernel ends transactions of its own (keys of forms, records of reading, jobs); models and rules never do.
COMMITTING = {
    *VIEWS,
    *ROOT.glob("core/**/*.py"),
    *ROOT.glob("demo/*.py"),
    ROOT / "cli.py",
    ROOT / "serve.py",
}
APART = {"tests", "bench", "migrations", "tools"}  # not the application


def sources():
    """Return the Python files of the application."""
    inside = [p for p in ROOT.glob("[!.]*/**/*.py") if p.relative_to(ROOT).parts[0] not in APART]
    return [*ROOT.glob("*.py"), *inside]


def tracked():
    """Return the files that git has or would take; none where the source came without git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [ROOT / name for name in out.splitlines() if (ROOT / name).is_file()]


def views_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any("bp." in ast.unparse(d) for d in node.decorator_list):
            yield node


def test_views_are_short():
    sizes = {f"{p.parent.name}.{v.name}": v.end_lineno - v.lineno + 1 for p in VIEWS for v in views_of(p)}
    assert not {name: lines for name, lines in sizes.items() if lines > 15}


def test_only_views_commands_and_the_kernel_commit():
    committing = {p for p in sources() if ".commit()" in p.read_text(encoding="utf-8")}
    assert not committing - COMMITTING


def test_blueprints_read_through_visible_to():
    bare = re.compile(r"\bselect\([A-Z]\w+\)|\.query\b")
    assert not [p for p in ROOT.glob("blueprints/**/*.py") if bare.search(p.read_text(encoding="utf-8"))]


def test_templates_are_html_so_that_flask_escapes_them():
    assert not [p for p in ROOT.glob("templates/**/*") if p.is_file() and p.suffix != ".html"]


def test_nothing_minified_or_of_third_parties_is_tracked():
    foreign = re.compile(r"\.min\.(js|css)$|\.(woff2?|ttf|otf|map|whl)$|(^|/)(node_modules|vendor)/")
    assert not [p for p in tracked() if foreign.search(p.relative_to(ROOT).as_posix())]


def test_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
