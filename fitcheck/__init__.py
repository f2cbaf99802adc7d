"""Is this idea a job for a large language model, and what would it cost?

>>> import fitcheck
>>> fitcheck.assess("Polish the wording of our monthly newsletter").verdict.value
'fit'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Assessor",
    "Evidence",
    "FitClassifier",
    "FitcheckError",
    "Portfolio",
    "Report",
    "UseCase",
    "Verdict",
    "assess",
    "assess_many",
    "estimate_cost",
    "load_rules",
    "score_table",
]

if TYPE_CHECKING:
    from fitcheck.classifier import FitClassifier
    from fitcheck.cost import estimate_cost
    from fitcheck.errors import FitcheckError
    from fitcheck.frames import score_table
    from fitcheck.pipeline import Assessor, assess, assess_many
    from fitcheck.portfolio import Portfolio
    from fitcheck.records import Evidence, Report, Verdict
    from fitcheck.rule_packs import load_rules
    from fitcheck.use_case import UseCase

_ROOMS = {
    "Assessor": "fitcheck.pipeline",
    "Evidence": "fitcheck.records",
    "FitClassifier": "fitcheck.classifier",
    "FitcheckError": "fitcheck.errors",
    "Portfolio": "fitcheck.portfolio",
    "Report": "fitcheck.records",
    "UseCase": "fitcheck.use_case",
    "Verdict": "fitcheck.records",
    "assess": "fitcheck.pipeline",
    "assess_many": "fitcheck.pipeline",
    "estimate_cost": "fitcheck.cost",
    "load_rules": "fitcheck.rule_packs",
    "score_table": "fitcheck.frames",
}


def __getattr__(name: str) -> Any:
    """Resolve a public name on first use, so that importing the package costs nothing."""
    from importlib import import_module

    if name == "spark":
        return import_module("fitcheck.spark")
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'fitcheck' has no attribute {name!r}")
    value = getattr(import_module(room), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
