"""Check the templates for what a reviewer would otherwise have to see: each rule is a hole it keeps shut.

It reads tags with regular expressions over the source, with the Jinja parts covered: the templates are ours and
regular, and a parser of HTML would see the page that is made and no longer the line that was written.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.S)
STATEMENT = re.compile(r"\{%.*?%\}", re.S)
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.S)
TAG = re.compile(r"""<([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>""", re.S)
ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""", re.S)
ACTS = re.compile(r"hx-(get|post|put|patch|delete|query|action)$")
COVER = "\ue000"  # stands for what an expression will print


class Tag(NamedTuple):
    name: str
    start: int
    end: int
    attributes: dict[str, str | None]  # name: value as written, quotes included, or None where it has no value


def covered(source: str) -> str:
    """Return the source with the same length and lines, comments and Jinja covered."""

    def over(sign):
        return lambda match: re.sub(r"[^\n]", sign, match[0])

    for pattern, sign in ((COMMENT, " "), (EXPRESSION, COVER), (STATEMENT, " ")):
        source = pattern.sub(over(sign), source)
    return source


def tags(source: str):
    """Yield the tags of a template; values are those of the source, with their Jinja."""
    for match in TAG.finditer(covered(source)):
        attributes = {}
        for attribute in ATTRIBUTE.finditer(match[2]):
            start, end = (match.start(2) + place for place in attribute.span(2))
            attributes[attribute[1].lower()] = source[start:end] if attribute[2] else None
        yield Tag(match[1].lower(), match.start(), match.end(), attributes)


def tag_problems(tag: Tag, source: str):
    """Yield what is wrong with one tag."""
    for name, value in tag.attributes.items():
        if value is None:
            continue
        if value[0] not in "\"'":
            yield f"{name} is not quoted: a value with a space would become attributes"
        if re.match(r"""["']?\s*(js|javascript):""", value, re.I):
            yield f"{name} runs a script, which the content security policy refuses"
        if value[0] == '"' and re.search(r"\|\s*tojson\b", value):
            yield f"{name} holds tojson in double quotes, which its own quotes would close: use single ones"
    for name in tag.attributes:
        if re.match(r"(data-)?hx-on\b|on[a-z]+$", name):
            yield f"{name} runs a script, which the content security policy refuses"
        if name.startswith("data-hx-"):
            yield f"{name} is written {name.removeprefix('data-')} here"
        if name.startswith("hx-boost"):
            yield "hx-boost is not used: a link is a link"
        if name.startswith("hx-nonce:"):
            yield f"{name} would vouch for everything inside: each element has its own hx-nonce"
    attributes = {name.removeprefix("data-"): value for name, value in tag.attributes.items()}
    if "style" in attributes:
        yield "style= is refused by the content security policy: use a class"
    if "[" in EXPRESSION.sub("", attributes.get("hx-trigger") or ""):
        yield "hx-trigger has a [filter], which needs eval"
    if any(ACTS.match(name) or ":inherited" in name for name in attributes) and "hx-nonce" not in attributes:
        yield "acts without hx-nonce: hx-csp would strip it"
    if tag.name == "script" and not attributes.get("src"):
        yield "script without src: scripts are files"
    if "vendor/htmx" in (attributes.get("src") or "") and attributes.keys() & {"defer", "async"}:
        yield "htmx that is deferred may start before hx-csp guards it"
    if (attributes.get("target") or "").strip("\"'").lower() == "_blank" and not attributes.get("rel"):
        yield "target=_blank without rel"
    if tag.name == "form" and (attributes.get("method") or "").strip("\"'").lower() == "post":
        inside = COMMENT.sub("", source[tag.end :]).partition("</form>")[0]
        if "form_keys(" not in inside:
            yield "form that posts without form_keys(): no CSRF token and no idempotency key"


def check(name: str, source: str) -> list[tuple[int, str]]:
    """Return (line, message) of what breaks a rule in one template; the name is its path under templates/."""
    found = []
    for tag in tags(source):
        found += [(tag.start, f"<{tag.name}> {message}") for message in tag_problems(tag, source)]
    bare = COMMENT.sub(lambda match: " " * len(match[0]), source)
    found += [(match.start(), "|safe switches escaping off") for match in re.finditer(r"\|\s*safe\b", bare)]
    found += [(match.start(), "autoescape is switched off") for match in re.finditer(r"autoescape\s+false", bare)]
    path = Path(name)
    if path.name.startswith("_") and path.parent != Path() and not source.startswith("{# takes: "):
        found.append((0, "a partial opens with {# takes: ... #}"))
    return sorted((source.count("\n", 0, place) + 1, message) for place, message in found)


def main() -> int:
    templates = ROOT / "templates"
    lines = [
        f"{path.relative_to(ROOT)}:{line}: {message}"
        for path in sorted(templates.rglob("*.html"))
        for line, message in check(str(path.relative_to(templates)), path.read_text(encoding="utf-8"))
    ]
    print("\n".join(lines) or "Templates: nothing to say.")
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main())
