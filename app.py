"""Build the application. Everything else is imported from here and never imports it."""

from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined

import access
import blueprints
import cli
from core import config, conflict, db, errors, escaping, headers, htmx, i18n, logs, pdf, static, urls


def create_app(overrides=None):
    app = Flask(
        __name__,
        instance_path=config.instance_path() if not overrides else overrides.pop("INSTANCE", config.instance_path()),
    )
    config.load(app, overrides)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    logs.init_app(app)
    db.init_app(app)
    Migrate(app, db.db, directory=str(config.ROOT / "migrations"), render_as_batch=True)
    for part in (escaping, i18n, htmx, headers, errors, conflict, static, urls, pdf, access, blueprints, cli):
        part.init_app(app)
    access.check(app)
    return app
