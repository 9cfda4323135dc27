"""The views: in and out, one's own profile."""

from . import me, sessions

__all__ = ["me", "sessions"]
