"""Signing in and out, one's own profile and devices."""

from . import views  # noqa: F401  (its modules add their views to the blueprint)
from .blueprint import bp

__all__ = ["bp"]
