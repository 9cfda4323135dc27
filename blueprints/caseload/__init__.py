"""People, cases, notes, appointments, plans, and what is printed of them."""

from . import views  # noqa: F401  (its modules add their views to the blueprint)
from .blueprint import bp

__all__ = ["bp"]
