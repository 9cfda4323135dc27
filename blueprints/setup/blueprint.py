"""The blueprint, apart from its views."""

from flask import Blueprint

bp = Blueprint("setup", __name__)
