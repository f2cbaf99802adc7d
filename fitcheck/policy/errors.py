"""The error that a broken policy raises."""

from __future__ import annotations

from fitcheck.errors import FitcheckError

__all__ = ["PolicyError"]


class PolicyError(FitcheckError, ValueError):
    """A policy, a baseline or a revision that nothing can be checked against; quotes the line where there is one."""
