"""Whatever is typed comes out as text: on every page and fragment, in messages, the audit, papers and sheets."""

import html
import re

import html5lib
import pytest
from sqlalchemy import String, Text, select

from core.db import db, transaction
from core.forms import tidy
from models.account import Team, User
from models.appointment import Appointment
from models.case import CareMember, Case
from models.household import HouseholdMember
from models.note import Note
from models.organisation import Organisation, Service
from models.person import Person
from models.plan import Action, Goal, Need, Plan
from models.todo import Todo

from . import people
from .test_access import build, routes

MARK = "zqx"
PAYLOADS = [
    f"<script>{MARK}=1</script>",
    f'"><img src=x onerror={MARK}() data-{MARK}>',
    f"' onfocus='{MARK}()' autofocus data-{MARK}='",
    f'<b hx-get="/{MARK}" hx-trigger="load" data-{MARK}>x</b>',
    f"{{{{ 7*7 }}}}{{% include 'base.html' %}}{MARK}",
    f"</title></textarea></select><svg onload={MARK}() data-{MARK}>",
    f"=HYPERLINK({MARK})",
    f"%(name)s %s {MARK} %d",
    f"Łukasz Șerban Олена 王小明 محمد {MARK}",
]
# Columns that hold codes, addresses of ours or folded text: nobody types into them.
CODES = {
    "state", "kind", "gender", "permit_kind", "italian", "relation", "owner_kind", "wanted_by", "agreed_how", "category", "direction", "seniority", "locale",
    "theme", "password", "username", "number", "next_kind", "outcome", "folded", "folded_private", "double_key", "tax_code", "sha256", "privacy_notice_version",
    "link", "owner_name", "outsider",
}  # fmt: skip
NOUNS = [
    Person,
    HouseholdMember,
    Case,
    Note,
    Appointment,
    Todo,
    Need,
    Plan,
    Goal,
    Action,
    CareMember,
    Organisation,
    Service,
    Team,
    User,
]


def poison(payload):
    """Put the payload into every column somebody may type into, of every row there is."""
    with transaction("write", "test"):
        for model in NOUNS:
            typed = [c for c in model.__table__.columns if isinstance(c.type, String | Text) and c.name not in CODES]
            for row in db.session.scalars(select(model)):
                for column in typed:
                    unique = f" {row.id}" if column.unique else ""
                    setattr(row, column.key, (payload + unique)[: column.type.length or None])
        db.session.commit()


def check(text, where):
    """No tag, attribute or template of the payload became part of the page."""
    page = html5lib.parse(text, namespaceHTMLElements=False)
    for element in page.iter():
        assert not any(MARK in name or name.startswith("on") for name in element.attrib), (where, element.attrib)
        assert not (element.tag == "script" and MARK in (element.text or "")), where
        assert MARK not in element.attrib.get("hx-get", "") and element.attrib.get("src") != "x", where
    assert "49" not in re.findall(rf"(\d+)[^\d<]*{MARK}", html.unescape(text)), where


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_comes_out_as_text_everywhere(app, as_elena, payload):
    arguments, shown = build("open"), 0
    poison(payload)
    for rule, method in routes(app):
        if method != "GET":
            continue
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{name: arguments[name] for name in rule.arguments})
        answer = as_elena.client.get(path)
        assert answer.status_code < 500, (rule.endpoint, answer.status_code)
        if answer.mimetype == "text/html":
            check(answer.text, rule.endpoint)
            shown += MARK in answer.text
    assert shown > 5  # it was really there to be seen


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("a\u202eb", "ab"),
        ("a\x00b", "ab"),
        ("  x \r\n y ", "x \n y"),
        ("Nicolo\u0300", "Nicolò"),
        ("\ufeffx", "x"),
        ("a\tb", "a\tb"),
        ("👩‍👧", "👩‍👧"),
    ],
)
def test_invisible_signs_are_left_at_the_door(typed, kept):
    assert tidy(typed) == kept


def test_a_note_of_one_enormous_word_is_kept_whole(as_giulia, case):
    word = "a" * 200_000
    as_giulia.post(f"/cases/{case}/notes/new", people.note_form(word))
    db.session.rollback()
    assert db.session.scalar(select(Note.text).where(Note.case_id == case)) == word
    assert len(as_giulia.get(f"/cases/{case}").text) < 100_000
