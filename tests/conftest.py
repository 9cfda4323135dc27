"""One app for each test process, a fresh copy of its database for each test."""

import secrets

import pytest
from flask import g

from app import create_app
from core.db import ACTOR, MODE, db

from . import people
from .engine import POSTGRES, Postgres, Sqlite, make_tables


class Browser:
    """A person at the screen. `get` loads pages as a browser does; `swap` asks as htmx does; `post` sends a whole form."""

    def __init__(self, app, me=None):
        self.app, self.me, self.client = app, me, app.test_client()
        self.csrf = people.sign_in(self.client, me) if me else ""

    def get(self, url, expect=200, **kwargs):
        return self._send("GET", url, expect, **kwargs)

    def post(self, url, data=None, expect=303, **kwargs):
        return self._send("POST", url, expect, data=self.keys(data), **kwargs)

    def swap(self, target, url, data=None, expect=200, **kwargs):
        """GET, or POST when there is data, as htmx does for the element `target`; follows redirects as a browser."""
        headers = {"HX-Request": "true", "HX-Target": f"section#{target}", **kwargs.pop("headers", {})}
        method, data = ("GET", None) if data is None else ("POST", self.keys(data))
        return self._send(method, url, expect, data=data, headers=headers, follow_redirects=True, **kwargs)

    def keys(self, data=None):
        return {"csrf": self.csrf, "once": secrets.token_urlsafe(18), **(data or {})}

    def _send(self, method, url, expect, **kwargs):
        for kept in list(g):  # the test's context is shared by its requests: each begins with an empty `g`
            g.pop(kept)
        response = self.client.open(url, method=method, **kwargs)
        assert response.status_code == expect, (
            f"{response.status_code} {response.headers.get('Location', '')}\n{response.text[:3000]}"
        )
        return response


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instance")
    return Postgres(folder) if POSTGRES else Sqlite(folder)


@pytest.fixture(scope="session")
def whole_app(engine, tmp_path_factory):
    settings = {
        "INSTANCE": str(tmp_path_factory.mktemp("data")),
        "TESTING": True,
        "CHEAP_PASSWORDS": True,
        "SQLALCHEMY_DATABASE_URI": engine.url,
    }
    app = create_app(settings)
    with app.app_context():
        make_tables()
        people.found_cooperative()
        engine.keep_as_template()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(whole_app, engine):
    with whole_app.app_context():
        engine.reset()
        MODE.set("write")
        ACTOR.set("test")
        yield whole_app
        db.session.remove()
        g.pop("me", None)


def _colleague(name):
    @pytest.fixture(name=name)
    def me(app):
        return people.user(name)

    @pytest.fixture(name=f"as_{name}")
    def browser(app, request):
        return Browser(app, request.getfixturevalue(name))

    return me, browser


giulia, as_giulia = _colleague("giulia")
marco, as_marco = _colleague("marco")
sara, as_sara = _colleague("sara")
elena, as_elena = _colleague("elena")
ada, as_ada = _colleague("ada")
rita, as_rita = _colleague("rita")


@pytest.fixture
def as_nobody(app):
    return Browser(app)


@pytest.fixture
def case(giulia):
    """Amina's case, held by Giulia, state "segnalato": its id."""
    return people.make_case(giulia)


@pytest.fixture
def queries(app):
    """How many SQL statements run inside: `with queries() as count: ...; count()`."""
    from contextlib import contextmanager

    from sqlalchemy import event

    @contextmanager
    def counting():
        seen = []
        listener = lambda *a: seen.append(a[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        try:
            yield lambda: len(seen)
        finally:
            event.remove(db.engine, "before_cursor_execute", listener)

    return counting
