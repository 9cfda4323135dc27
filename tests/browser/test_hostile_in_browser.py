"""Hostile text on real pages: nothing of it runs, nothing leaves; and markup that got in all the same cannot act."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from core.db import db
from models.note import Note
from tests.test_hostile import poison

from .eyes import settled
from .test_pages import pages_of

AWAY = "zqx-away"  # what every payload would ask for, or set
PAYLOADS = [  # short enough for every field
    f'"><img src=/{AWAY} onerror="window.ran=1"><script>ran=1</script>',
    f'<b hx-get="/{AWAY}" hx-trigger="load" hx-on:load="window.ran=1">x',
    f"'--><svg onload=window.ran=1 data-x='/{AWAY}'>{{{{ 7*7 }}}}{{% raw %}}",
    f"</textarea></title><iframe src=/{AWAY}></iframe><base href=//{AWAY}>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_hostile_case_runs_or_leaves(app, enter, live, complaints, payload):
    page, asked, ran = enter("elena"), [], []
    paths = [*pages_of(app, page, live)]
    poison(payload)
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    shown = 0
    for name, path in paths:
        page.goto(live + path)
        settled(page)
        ran += [name] if page.evaluate("'ran' in window") else []
        shown += AWAY in page.locator("body").inner_text()
    assert ran == [] and complaints == []
    assert [url for url in asked if AWAY in url or not url.startswith(live)] == []
    assert shown > 5  # it was there to be read


def notes():
    count = db.session.scalar(select(func.count()).select_from(Note))
    db.session.rollback()
    return count


# What a hole in a template would let in: markup that saves a call in the name of whoever looks at the page.
ACTING = """<div id="planted" hx-post="/cases/{case}/calls" hx-trigger="load" hx-swap="none" {mark}
  hx-vals='{{"csrf": "{csrf}", "once": "0123456789abcdef0123"}}'>planted</div>"""


@pytest.mark.parametrize("where", ["page", "fragment"])
@pytest.mark.parametrize("mark, acts", [("", False), ('hx-nonce="guessed"', False), ('hx-nonce="NONCE"', True)])
def test_markup_that_got_in_acts_only_with_our_nonce(enter, live, case, where, mark, acts):
    """The last one is the control: it shows that the markup would have done its harm."""
    page = enter("giulia")
    csrf = page.locator("input[name=csrf]").first.get_attribute("value")

    def answer(route):
        response = route.fetch()
        nonce = re.search(r"'nonce-([^']+)'", response.headers["content-security-policy"])[1]
        planted = ACTING.format(case=case, csrf=csrf, mark=mark.replace("NONCE", nonce))
        html = response.text()
        body = html.replace("</main>", f"{planted}</main>") if where == "page" else html + planted
        route.fulfill(response=response, body=body)

    page.route(f"{live}/cases/{case}" + ("" if where == "page" else "/plan/glance"), answer, times=1)
    page.goto(f"{live}/cases/{case}")
    if acts:
        page.locator("#flash", has_text="Chiamata registrata").wait_for()
    else:
        expect(page.locator("#planted")).to_have_text("planted")
        page.wait_for_load_state("networkidle")
    assert notes() == acts


def test_scripts_styles_and_frames_that_got_in_do_not_run(enter, live, case, complaints):
    page, answered = enter("giulia"), []
    page.on("response", lambda response: answered.append(response.url))

    def answer(route):
        response = route.fetch()
        evil = (
            f"<script>window.ran=1</script><script src=/{AWAY}></script><img src=x onerror='window.ran=1'>"
            f"<iframe src=/{AWAY}></iframe><img src=https://{AWAY}.example/x><a id=j href='javascript:window.ran=1'>j</a>"
            f"<form action=https://{AWAY}.example/><button id=leave>x</button></form><b style='display:none'>s</b>"
        )
        route.fulfill(response=response, body=response.text().replace("</main>", f"{evil}</main>"))

    page.route(f"{live}/cases/{case}", answer)
    page.goto(f"{live}/cases/{case}")
    settled(page)
    page.locator("#j").click()
    page.locator("#leave").evaluate("button => button.click()")  # a click would wait for a page that never comes
    page.wait_for_load_state("networkidle")
    assert page.evaluate("'ran' in window") is False
    assert page.url == f"{live}/cases/{case}"
    assert page.locator("b", has_text="s").last.is_visible()
    assert len(complaints) >= 6  # each was refused, and said so
    assert not [url for url in answered if AWAY in url]


def test_our_own_script_cannot_be_made_to_write_markup(enter, live, case):
    page = enter("giulia", f"/cases/{case}")
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<b>x</b>'")
