"""The cooperative: letterhead, services, teams, accounts, the audit."""

from . import views  # noqa: F401  (its modules add their views to the blueprint)
from .blueprint import bp

__all__ = ["bp"]
