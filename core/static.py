"""Addresses of static files carry a hash of their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import request, url_for

YEAR = 365 * 24 * 3600


def init_app(app):
    folder = Path(app.static_folder)

    @cache
    def mark(name):
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]

    @cache
    def asset(name: str) -> str:
        """The address of a static file, e.g. asset("app.css")."""
        return url_for("static", filename=name, v=mark(name))

    app.jinja_env.globals["asset"] = asset
    app.after_request(_keep)


def _keep(response):
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
    return response
