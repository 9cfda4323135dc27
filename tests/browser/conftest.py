"""Real pages in Debian's Chromium, served by waitress from the test's own app and database."""

import shutil
import threading

import pytest
import waitress
from playwright.sync_api import expect
from werkzeug.wsgi import ClosingIterator

from core.db import MODE
from tests import people
from tests.setup.conftest import empty  # noqa: F401  (the app before its first start)

from .eyes import listen

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A tablet held upright, in Italy."""
    viewport = {"width": 768, "height": 1024}
    return {**browser_context_args, "viewport": viewport, "locale": "it-IT", "timezone_id": "Europe/Rome"}


class Answering:
    """The app, and how many requests it is answering: no database is changed under one of them."""

    def __init__(self, app):
        self.app, self.now, self.changed = app, 0, threading.Condition()

    def __call__(self, environ, start_response):
        self._count(1)
        try:
            return ClosingIterator(self.app(environ, start_response), lambda: self._count(-1))
        except BaseException:
            self._count(-1)
            raise

    def _count(self, more):
        with self.changed:
            self.now += more
            self.changed.notify_all()

    def finish(self):
        with self.changed:
            assert self.changed.wait_for(lambda: not self.now, timeout=20), "a request does not end"


@pytest.fixture(scope="session")
def answering(whole_app):
    return Answering(whole_app)


@pytest.fixture(scope="session")
def server(answering):
    """The app behind waitress on a free port; tests reach it through `live`."""
    server = waitress.create_server(answering, host="127.0.0.1", port=0, threads=8, ident="")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)


@pytest.fixture(scope="session")
def base_url(server):
    """Where an address without a host leads (in place of pytest-playwright's own, which pytest warns of)."""
    return server


@pytest.fixture
def live(app, server, answering, context):
    """The address of the server, on this test's fresh database. The test only reads, so that the server may write."""
    MODE.set("read")
    yield server
    for page in context.pages:
        page.close()
    answering.finish()


@pytest.fixture(autouse=True)
def patience(context):
    """Ten seconds are enough for every page of ours."""
    context.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)


@pytest.fixture
def complaints():
    """What the browser complained of in the pages of `enter`."""
    return []


@pytest.fixture
def enter(live, context, complaints):
    """Sign a colleague in without the form: `enter("giulia", "/cases")` returns a page there."""

    def enter(username, path="/", *, context=context):
        class Jar:
            def set_cookie(self, name, value):
                context.add_cookies([{"name": name, "value": value, "url": live}])

        people.sign_in(Jar(), people.user(username))
        page = context.new_page()
        listen(page, complaints)
        page.goto(live + path)
        return page

    return enter


@pytest.fixture
def another(live, browser, browser_context_args):
    """A second device: `another()` is a context that shares nothing with the first."""
    opened = []

    def another(**more):
        opened.append(browser.new_context(**{**browser_context_args, **more}))
        opened[-1].set_default_timeout(10_000)
        return opened[-1]

    yield another
    for context in opened:
        context.close()
