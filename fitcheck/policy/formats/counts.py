"""The last line of a report: how many of what."""

from __future__ import annotations

from dataclasses import dataclass

from fitcheck.policy.escaping import shown
from fitcheck.policy.found import CheckResult, Finding

__all__ = ["Counts", "count", "live", "summary"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what a check found."""

    ideas: int
    asked: int
    errors: int
    warnings: int
    ideas_with_errors: int
    waived: int
    known: int
    problems: int


def live(result: CheckResult) -> list[Finding]:
    """Return the findings that are neither waived nor in the baseline."""
    return [f for f in result.findings if f.waived is None and not f.known]


def count(result: CheckResult) -> Counts:
    """Count what a check found."""
    found = live(result)
    errors = [f for f in found if f.severity == "error"]
    return Counts(
        ideas=len(result.entries),
        asked=len(result.outcomes),
        errors=len(errors),
        warnings=len(found) - len(errors) + sum(p.severity == "warning" for p in result.problems),
        ideas_with_errors=len({f.entry.id for f in errors}),
        waived=sum(f.waived is not None for f in result.findings),
        known=sum(f.known for f in result.findings),
        problems=sum(p.severity == "error" for p in result.problems),
    )


def summary(result: CheckResult) -> str:
    """Return one line that says how it went."""
    n = count(result)
    if result.lang == "zh":
        head = "未通过" if result.failed() else "通过"
        parts = [f"{n.ideas:,} 个用例，{n.asked:,} 项要求", f"{n.errors:,} 个错误"]
        parts += [f"{n.warnings:,} 个警告"] if n.warnings else []
        parts += [f"{n.problems:,} 项豁免有误"] if n.problems else []
        parts += [f"{n.waived:,} 项已豁免"] if n.waived else []
        parts += [f"{n.known:,} 项在基线中"] if n.known else []
        return f"{head}（策略 {shown(result.policy.name)}）：{'，'.join(parts)}"
    head = "Failed" if result.failed() else "Passed"
    parts = [f"{_n(n.errors, 'error')} in {n.ideas_with_errors:,} of {_n(n.ideas, 'use case')}"]
    if not n.errors:
        parts = [f"{_n(n.ideas, 'use case')}, {_n(n.asked, 'requirement')} asked"]
    parts += [_n(n.warnings, "warning")] if n.warnings else []
    parts += [f"{_n(n.problems, 'waiver')} to mend"] if n.problems else []
    parts += [f"{n.waived:,} waived"] if n.waived else []
    parts += [f"{n.known:,} in the baseline"] if n.known else []
    return f"{head} ({shown(result.policy.name)}): {', '.join(parts)}"


def _n(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
