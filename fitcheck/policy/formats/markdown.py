"""Markdown, for the text of a merge request."""

from __future__ import annotations

import re

from fitcheck.policy.escaping import shown, shown_path
from fitcheck.policy.formats.counts import live, summary
from fitcheck.policy.found import CheckResult

__all__ = ["write", "write_error"]

_SPECIAL = re.compile(r"[\\`*_{}\[\]()#+!|~@&<>:]")
_MOST_ROWS = 500


def write(result: CheckResult) -> str:
    """Return the result as a heading, a table of what is found and a table of the waivers that hold."""
    zh = result.lang == "zh"
    sign = "❌" if result.failed() else "✅"
    lines = [f"### {sign} {_cell(summary(result))}", ""]
    words = {"error": "错误", "warning": "警告"} if zh else {"error": "error", "warning": "warning"}
    rows = [
        [
            words[f.severity],
            f.entry.id,
            f.requirement,
            f.message,
            f.remedy,
            f"{shown_path(f.entry.path)}:{f.entry.line}",
        ]
        for f in live(result)
    ]
    rows += [
        [words[p.severity], "", p.kind, p.message, p.remedy, f"{shown_path(p.path)}:{p.line}"] for p in result.problems
    ]
    head = (
        ["", "用例", "要求", "问题", "做法", "位置"] if zh else ["", "use case", "requirement", "what", "help", "place"]
    )
    lines += _table(head, rows)
    waived = [f for f in result.findings if f.waived is not None]
    if waived:
        lines += ["#### 豁免" if zh else "#### Waived", ""]
        head = ["用例", "要求", "由谁", "原因", "至"] if zh else ["use case", "requirement", "who", "why", "until"]
        held = [(f, f.waived) for f in waived if f.waived is not None]
        lines += _table(
            head, [[f.entry.id, f.requirement, shown(w.who), shown(w.why), w.until.isoformat()] for f, w in held]
        )
    return "\n".join(lines).rstrip("\n") + "\n"


def write_error(message: str, path: str | None, line: int) -> str:
    """Return why nothing could be checked, below a heading."""
    return f"### ❌ fitcheck\n\n{'<br>'.join(map(_cell, message.splitlines()))}\n"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    if not rows:
        return []
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        # a merge request takes no more than about a million characters
        lines.append(f"| … | {len(rows) - _MOST_ROWS:,} more |{' |' * (len(head) - 2)}")
    return [*lines, ""]


def _cell(text: str) -> str:
    """Return a text that Markdown shows as it is: no link, no mention, no HTML."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", text)
