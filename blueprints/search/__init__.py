"""One box for people, cases and notes."""

from .views import bp

__all__ = ["bp"]
