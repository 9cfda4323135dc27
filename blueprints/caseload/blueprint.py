"""The blueprint, apart from its views so that their modules can share it."""

from flask import Blueprint

bp = Blueprint("caseload", __name__)
