"""For a terminal: a line for each finding, with the place first, and what would mend it below."""

from __future__ import annotations

from collections.abc import Callable

from fitcheck.policy.escaping import shown, shown_path
from fitcheck.policy.formats.counts import live, summary
from fitcheck.policy.found import CheckResult

__all__ = ["write", "write_error"]

Paint = Callable[[str, str], str]


def _unpainted(text: str, role: str) -> str:
    return text


def write(result: CheckResult, paint: Paint = _unpainted) -> str:
    """Return the result as lines of text.

    Args:
        result: What a check found.
        paint: Colours a text by its role: `place`, `error`, `warning` or `help`.
    """
    zh = result.lang == "zh"
    reasons = ((r.id, r.reason(result.lang)) for r in result.policy.requirements)
    whys = {name: shown(reason) for name, reason in reasons if reason}
    warning = "（警告）" if zh else " (warning)"
    lines: list[str] = []
    for finding in live(result):
        place = paint(f"{shown_path(finding.entry.path)}:{finding.entry.line}:", "place")
        name = paint(finding.requirement, finding.severity)
        mark = "" if finding.severity == "error" else warning
        lines.append(f"{place} {finding.entry.id} {name}{mark}: {finding.message}")
        lines.append(_help(finding.remedy, "做法：" if zh else "help: ", paint))
        # a reason is told once, however many break the requirement
        if why := whys.pop(finding.requirement, None):
            lines.append(_help(why, "原因：" if zh else "why: ", paint))
    for problem in result.problems:
        place = paint(f"{shown_path(problem.path)}:{problem.line}:", "place")
        mark = "" if problem.severity == "error" else warning
        lines.append(f"{place} {paint(problem.kind, problem.severity)}{mark}: {problem.message}")
        lines.append(_help(problem.remedy, "做法：" if zh else "help: ", paint))
    if lines:
        lines.append("")
    lines.append(summary(result))
    return "\n".join(lines) + "\n"


def write_error(message: str, path: str | None, line: int) -> str:
    """Return why nothing could be checked, as lines of text."""
    return f"fitcheck: error: {message}\n"


def _help(text: str, label: str, paint: Paint) -> str:
    return f"    {paint(label, 'help')}{text}"
