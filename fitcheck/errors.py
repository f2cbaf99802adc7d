"""The exceptions that fitcheck raises on purpose.

    FitcheckError
    |-- UseCaseError      (ValueError)      an idea, or a file of ideas, that can't be read
    |-- RuleError         (ValueError)      a rule file that is broken; quotes the author's line
    |-- CorpusError       (ValueError)      a scenario file that is broken; quotes the line
    |-- ModelUnavailable  (RuntimeError)    no model, a stale one, or an extra that is missing
    |-- PriceUnknown      (LookupError)     no price for that model on that date
    |-- CostError         (ValueError)      a figure that an estimate can't be made from; names the field
    `-- PolicyFailure     (AssertionError)  a policy that was asked for does not hold

Every message says what is wrong, where, and what to do about it.
"""

from __future__ import annotations

from pathlib import Path

__all__ = [
    "CorpusError",
    "CostError",
    "FitcheckError",
    "ModelUnavailable",
    "PolicyFailure",
    "PriceUnknown",
    "RuleError",
    "UseCaseError",
    "quote_line",
]


class FitcheckError(Exception):
    """The root of every error that fitcheck raises on purpose."""


class UseCaseError(FitcheckError, ValueError):
    """An idea, or a file of ideas, can't be read."""


class RuleError(FitcheckError, ValueError):
    """A rule file is broken."""


class CorpusError(FitcheckError, ValueError):
    """A scenario file is broken."""


class ModelUnavailable(FitcheckError, RuntimeError):
    """The model is missing, stale, or needs an extra that is not installed."""


class PriceUnknown(FitcheckError, LookupError):
    """No price is known for that model on that date."""


class CostError(FitcheckError, ValueError):
    """A figure, card or model that no cost can be worked out from."""


class PolicyFailure(FitcheckError, AssertionError):
    """A policy that was asked for does not hold."""


def quote_line(path: Path | str, line_number: int | None, line: str | None, what: str) -> str:
    """Lay out an error about one line of a user's file.

    Args:
        path: The file.
        line_number: Counted from 1; None where the whole file is meant.
        line: The line itself, or None.
        what: What is wrong and what to do about it.

    >>> print(quote_line("rules/a.toml", 3, 'severity = "hi"', "unknown severity"))
    rules/a.toml:3: unknown severity
        3 | severity = "hi"
    """
    if line_number is None:
        return f"{path}: {what}"
    head = f"{path}:{line_number}: {what}"
    if line is None:
        return head
    shown = line.strip("\r\n")
    if len(shown) > 160:
        shown = shown[:157] + "..."
    return f"{head}\n    {line_number} | {shown}"
