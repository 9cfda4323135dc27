"""Long work: how far it is, and its result."""

from .views import bp

__all__ = ["bp"]
