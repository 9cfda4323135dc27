"""The first start: a wizard behind a one-time code."""

from .blueprint import bp
from .views import init_app

__all__ = ["bp", "init_app"]
