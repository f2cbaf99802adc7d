"""What an organisation allows: use cases kept beside the code, a policy, and what of the one the other forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = [
    "CheckResult",
    "Entry",
    "Finding",
    "Policy",
    "check_entries",
    "check_fit",
    "load_policy",
    "read_registry",
]

if TYPE_CHECKING:
    from fitcheck.policy.asserting import check_fit
    from fitcheck.policy.checking import check_entries
    from fitcheck.policy.document import Policy, load_policy
    from fitcheck.policy.entries import Entry
    from fitcheck.policy.found import CheckResult, Finding
    from fitcheck.policy.registry import read_registry

_ROOMS = {
    "CheckResult": "fitcheck.policy.found",
    "Entry": "fitcheck.policy.entries",
    "Finding": "fitcheck.policy.found",
    "Policy": "fitcheck.policy.document",
    "check_entries": "fitcheck.policy.checking",
    "check_fit": "fitcheck.policy.asserting",
    "load_policy": "fitcheck.policy.document",
    "read_registry": "fitcheck.policy.registry",
}


def __getattr__(name: str) -> Any:
    """Resolve a name on first use, so that the pytest plugin's start costs nothing."""
    from importlib import import_module

    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'fitcheck.policy' has no attribute {name!r}")
    value = getattr(import_module(room), name)
    globals()[name] = value
    return value
