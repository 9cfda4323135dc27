import io

import pytest
from PIL import Image
from sqlalchemy import select

from core.db import db, transaction
from models.account import Team, User
from models.organisation import Organisation, Service

MODELS = {m.__name__: m for m in (Team, User, Service, Organisation)}


@pytest.fixture
def row(app):
    """The row of this name as it is now: `row("Service", name="Sportello casa")`."""

    def look(model, **values):
        db.session.rollback()
        with transaction("read"):
            query = select(MODELS[model]).filter_by(**values).execution_options(populate_existing=True)
            found = db.session.scalar(query)
        if found:
            db.session.expunge(found)  # what it was then, also after others changed it
        db.session.rollback()
        return found

    return look


@pytest.fixture
def change(app):
    """Change a row and commit: `change("User", {"username": "marco"}, active=False)`."""

    def changed(model, which, **values):
        db.session.rollback()
        with transaction("write", "test"):
            found = db.session.scalar(select(MODELS[model]).filter_by(**which))
            for name, value in values.items():
                setattr(found, name, value)
            db.session.commit()
        db.session.rollback()

    return changed


def picture(kind="PNG", size=(200, 100), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
def a_picture():
    return picture
