"""A database with tables and nobody in it."""

from pathlib import Path

import pytest
from sqlalchemy import delete

from blueprints.setup.first_start import FirstStart
from core.db import db, transaction
from models.account import Membership, Team, User, UserRole
from models.organisation import Organisation, Service

from ..conftest import Browser

FOUND = [Membership, UserRole, User, Team, Service, Organisation]  # what tests/people.py founds, children first


@pytest.fixture
def empty(app):
    """The app before its first start."""
    with transaction("write", "test"):
        for model in FOUND:
            db.session.execute(delete(model))
        db.session.commit()
    recovery = Path(app.instance_path) / "recovery.pub"
    recovery.unlink(missing_ok=True)
    app.extensions["set_up"] = False
    app.extensions["first_start"] = FirstStart()
    yield app
    recovery.unlink(missing_ok=True)
    app.extensions["set_up"] = False


@pytest.fixture
def starter(empty):
    return Browser(empty)


@pytest.fixture
def inside(starter):
    """Who has given the code."""
    starter.post("/setup/code", {"code": starter.app.extensions["setup_code"]()})
    return starter
