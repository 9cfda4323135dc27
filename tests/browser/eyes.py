"""What is looked at on every page: axe, sideways scroll, the size of targets, what the browser complains of."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 720), (1024, 768), (768, 1024)
# The browser tells of every answer that is not a success: that is for the tests that ask for one to judge.
STATUS = "Failed to load resource: the server responded with a status of"

# What a finger must hit: at least 44 px. A tick counts with its label; a link inside a sentence is as high as its line.
SMALL = """() => {
  const words = e => [...e.childNodes].some(n => n.nodeType === 3 && /[\\p{L}\\p{N}]/u.test(n.textContent));
  const inSentence = e => {
    if (!e.matches('a') || getComputedStyle(e).display !== 'inline') return false;
    for (let up = e.parentElement; up; up = up.parentElement) {
      if (words(up) || [...up.children].some(c => !c.contains(e) && getComputedStyle(c).display === 'inline' && /\\p{L}/u.test(c.textContent))) return true;
      if (getComputedStyle(up).display !== 'inline') return false;
    }
  };
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.visually-hidden') && !e.matches('.skip') && !inSentence(e))
    .map(e => [e, (e.closest('label.tick, label.key, label.choice, label.level') || e).getBoundingClientRect()])
    .filter(([e, b]) => b.width > 0 && (b.height < 43.5 || b.width < 43.5))
    .map(([e, b]) => `${Math.round(b.width)}x${Math.round(b.height)} ${e.outerHTML.slice(0, 140)}`).slice(0, 4);
}"""
WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > room + 1)
    .map(e => e.outerHTML.slice(0, 100)).slice(0, 4).concat('too wide');
}"""


def listen(page, complaints):
    """Write down what the browser complains of on this page: errors of scripts, refusals of the content policy."""
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" and STATUS not in m.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))


def settled(page):
    """Wait until what the page asks for by itself has come."""
    expect(page.locator("[hx-trigger=load], .htmx-request")).to_have_count(0)


def axe(page):
    """What axe finds on the page as it is now."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
    return [
        f"{v['id']}: {v['help']} {[' '.join(map(str, n['target'])) for n in v['nodes']][:4]}"
        for v in found.response["violations"]
    ]


OPEN = """open => document.querySelectorAll('details').forEach(d => {
  if (open && !d.open) { d.open = true; d.dataset.looked = ''; }
  if (!open && 'looked' in d.dataset) d.open = false;
})"""


def sizes(page):
    """Sideways scroll and small targets on three screens, with every menu open as well."""
    found = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for menus in (False, True):
            page.evaluate(OPEN, menus)
            found += [f"scrolls sideways at {width}: {what}" for what in page.evaluate(WIDE)]
            found += [f"small target at {width}: {what}" for what in page.evaluate(SMALL)]
        page.evaluate(OPEN, False)
    return found


def flaws(page, complaints):
    """Everything that is wrong with the page: its sizes, then what axe finds in light and dark."""
    settled(page)
    found = sizes(page) + complaints  # complaints before axe, whose marks on the page the content policy refuses
    # The whole page in sight: what the foot happens to lie over at one place of the scroll is not hidden for good.
    width = WIDTHS[-1][0]
    page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.locator(f"html[data-bs-theme={scheme}]").wait_for(state="attached")
        found += [f"{scheme}: {what}" for what in axe(page)]
    complaints.clear()
    return found
