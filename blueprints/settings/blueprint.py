from flask import Blueprint, g

from core.db import db

bp = Blueprint("settings", __name__)


def managed(model, id_):
    """The row for who manages the cooperative, also when it is no longer active; else 404."""
    return db.first_or_404(model.managed_by(g.me).where(model.id == id_))
