"""The main path by keyboard alone: always a visible focus, never a lost one."""

import pytest
from playwright.sync_api import expect

from core.db import db, transaction
from models.case import Case
from models.note import Note
from tests import people
from tests.test_access import build

from .eyes import settled
from .test_bad_network import end_sessions_of

# Where the focus is, whether it is drawn (an outline, on it or on the label that stands for it), and whether it is on
# the screen, not under the foot; the page may take a few frames to scroll there.
FOCUS = """async () => {
  const e = document.activeElement, foot = document.getElementById('foot');
  const ring = x => x && getComputedStyle(x).outlineStyle !== 'none' && parseFloat(getComputedStyle(x).outlineWidth) >= 2;
  const seen = () => {
    const box = e.getBoundingClientRect(), end = foot && !foot.contains(e) ? foot.getBoundingClientRect().top : innerHeight;
    return box.width > 0 && box.bottom > 0 && box.top < end;
  };
  for (let frame = 0; frame < 60 && !seen(); frame++) await new Promise(requestAnimationFrame);
  return {tag: e.tagName.toLowerCase(), name: e.name || e.id || e.textContent.trim().slice(0, 60), seen: seen(),
          ring: [e, e.nextElementSibling, e.closest('label'), e.closest('.pad')].some(ring)};
}"""
MOST = 60  # taps of Tab before we say that it cannot be reached


@pytest.fixture
def keys(enter):
    """A page that is never touched: only its keyboard."""
    page = enter("giulia")
    page.locator("h1").wait_for()
    return page


def focus(page):
    found = page.evaluate(FOCUS)
    assert found["tag"] != "body", "the focus is nowhere"
    assert found["ring"] and found["seen"], f"the focus cannot be seen: {found}"
    return found


def tab_to(page, selector, back=False):
    """Go on with Tab until the focus is on what the selector names; every stop must be visible."""
    for _tap in range(MOST):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        focus(page)
        if page.locator(selector).evaluate_all("(found) => found.includes(document.activeElement)"):
            return
    pytest.fail(f"Tab does not reach {selector}")


def test_the_door_is_opened_with_the_keyboard(page, live, app):
    page.goto(live)
    expect(page.locator("#username")).to_be_focused()
    assert page.evaluate(FOCUS)["name"] == "username"
    page.keyboard.type("giulia")
    tab_to(page, "#password")
    page.keyboard.type(people.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(live + "/")


def test_the_skip_link_leads_to_the_content(keys):
    keys.keyboard.press("Tab")
    assert focus(keys)["name"] == "Vai al contenuto"
    keys.keyboard.press("Enter")
    assert keys.evaluate("document.activeElement.id") == "main"
    keys.keyboard.press("Tab")
    assert keys.evaluate("!!document.activeElement.closest('main, #foot')")


def test_a_person_is_found_and_a_note_written_with_the_keyboard(keys, live, case):
    keys.keyboard.press("/")
    keys.wait_for_url("**/search")
    expect(keys.locator("#q")).to_be_focused()
    keys.keyboard.type("haddad")
    keys.locator("#results a.row-name").first.wait_for()
    assert focus(keys)["name"] == "q"  # the swap of the results leaves the focus in the box
    tab_to(keys, "#results a.row-name")
    keys.keyboard.press("Enter")
    keys.wait_for_url(f"**/cases/{case}")

    tab_to(keys, "#foot a.btn-primary")
    keys.keyboard.press("Enter")
    keys.wait_for_url("**/notes/new")
    expect(keys.locator("#text")).to_be_focused()
    keys.keyboard.type("Ha chiamato la scuola.")
    tab_to(keys, "input[name=kind]")
    keys.keyboard.press("ArrowRight")
    kind = keys.evaluate("document.activeElement.value")
    tab_to(keys, "textarea[name=text]", back=True)
    keys.keyboard.press("Control+Enter")
    keys.wait_for_url(f"**/cases/{case}")
    thread = keys.locator("ol.thread")
    thread.get_by_text("Ha chiamato la scuola.").wait_for()
    assert kind == "phone" and "telefonata" in thread.inner_text()


@pytest.mark.parametrize("path", [
    "/", "/cases?show=all", "/cases/board", "/cases/{case}", "/cases/{case}/plan", "/cases/{case}/notes/new",
    "/cases/{case}/summary", "/cases/{case}/moves/receive", "/people/1/edit", "/me",
])  # fmt: skip
def test_every_stop_of_the_focus_is_seen(keys, live, case, path):
    """From the first link to the last button; each is seen, none is a trap."""
    keys.goto(live + path.format(case=case))
    settled(keys)
    keys.evaluate("document.activeElement.blur()")
    stops = []
    for _tap in range(3 * MOST):
        keys.keyboard.press("Tab")
        if keys.evaluate(
            "document.activeElement === document.body || document.activeElement.matches('.skip') && !!window.first"
        ):
            break
        keys.evaluate("window.first = true")
        stops.append(focus(keys)["name"])
    else:
        pytest.fail(f"the focus does not come to an end: {stops}")
    assert len(stops) > 5


def test_slash_goes_to_the_box_of_the_page_and_is_a_letter_in_a_text(keys, live, case):
    keys.goto(live + "/cases")
    keys.keyboard.press("/")
    assert focus(keys)["name"] == "q" and keys.locator("#q").input_value() == ""
    keys.keyboard.type("1/2")
    assert keys.locator("#q").input_value() == "1/2"


def test_menus_are_opened_walked_and_closed_with_the_keyboard(keys, live, case):
    keys.goto(f"{live}/cases/{case}")
    tab_to(keys, ".folder-head summary")
    keys.keyboard.press("Enter")
    assert keys.locator(".folder-head details.menu").get_attribute("open") is not None
    tab_to(keys, ".menu-list a")
    keys.keyboard.press("Escape")
    assert keys.locator(".folder-head details.menu").get_attribute("open") is None
    assert keys.evaluate("document.activeElement.tagName") == "SUMMARY"  # back where it was opened


@pytest.mark.parametrize("chosen, after", [
    ("#results .chips a[href*=closed]", "Chiusi"),  # the same chip, in the fragment that came
    ("#results thead a[href*=person]", "Persona"),  # the same column, though its address turned round
])  # fmt: skip
def test_a_swap_does_not_lose_the_focus(keys, live, case, chosen, after):
    people.make_case(people.user("giulia"), first="Bao", last="Chen", state="closed")
    keys.goto(f"{live}/cases?show=all")
    tab_to(keys, chosen)
    keys.keyboard.press("Enter")
    keys.wait_for_url(lambda url: not url.endswith("show=all"))
    settled(keys)
    expect(keys.locator(":focus")).to_contain_text(after)
    assert keys.evaluate("!!document.activeElement.closest('#results')")
    focus(keys)


def test_a_swap_that_takes_the_button_away_leaves_the_focus_on_the_fragment(keys, live, app):
    arguments = build("open")
    keys.goto(f"{live}/cases/{arguments['case_id']}/plan")
    tab_to(keys, "#plan_leaf .act-more summary")
    keys.keyboard.press("Enter")
    tab_to(keys, "#plan_leaf button[value=done]")
    keys.keyboard.press("Enter")
    keys.locator("#flash", has_text="Azione aggiornata").wait_for()
    assert keys.evaluate("!!document.activeElement.closest('#plan_leaf')"), "the focus was lost"
    tab_to(keys, "#plan_leaf .act-more summary")


def test_a_refused_form_leads_the_focus_to_what_is_wrong(keys, live, case):
    keys.goto(f"{live}/cases/{case}/notes/new")
    expect(keys.locator("#text")).to_be_focused()
    keys.keyboard.press("Control+Enter")  # nothing was written
    keys.locator(".field-error, .said-wrong").first.wait_for()
    assert focus(keys)["name"] == "text"


def test_the_dialog_of_an_ended_session_takes_and_keeps_the_focus(keys, live, case):
    keys.goto(f"{live}/cases/{case}/notes/new")
    expect(keys.locator("#text")).to_be_focused()
    keys.keyboard.type("Ha firmato.")
    end_sessions_of("giulia")
    keys.keyboard.press("Control+Enter")
    keys.get_by_role("dialog").wait_for()
    assert focus(keys)["name"] == "password"
    for _tap in range(4):
        keys.keyboard.press("Tab")
        assert keys.evaluate("!document.activeElement.closest('main')")
    keys.keyboard.press("Escape")
    assert keys.locator("textarea[name=text]").input_value() == "Ha firmato."


def test_both_texts_of_a_conflict_come_with_the_focus(keys, live, app):
    giulia = people.user("giulia")
    case = people.make_case(giulia)
    with transaction("write", str(giulia.id)):
        row = Note.write(db.session.get(Case, case), by=giulia, kind="phone", text="Uno.")
        db.session.flush()
        note = row.id
        db.session.commit()
    keys.goto(f"{live}/notes/{note}/edit")
    with transaction("write", str(giulia.id)):
        db.session.get(Note, note).text = "Due."
        db.session.commit()
    keys.locator("textarea[name=text]").focus()
    keys.keyboard.press("Control+End")
    keys.keyboard.type(" Tre.")
    keys.keyboard.press("Control+Enter")
    keys.locator(".two-texts").wait_for()
    assert keys.evaluate("!!document.activeElement.closest('#main')"), "the focus was lost with the form"
