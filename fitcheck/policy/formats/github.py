"""GitHub Actions' workflow commands: each finding becomes a remark on its line."""

from __future__ import annotations

from fitcheck.policy.escaping import shown_path
from fitcheck.policy.formats.counts import live, summary
from fitcheck.policy.found import CheckResult

__all__ = ["write", "write_error"]


def write(result: CheckResult) -> str:
    """Return the result as workflow commands, and a last line that says how it went."""
    lines = [
        _command(
            finding.severity,
            shown_path(finding.entry.path),
            finding.entry.line,
            f"{finding.entry.id}: {finding.requirement}",
            f"{finding.message}\n{finding.remedy}",
        )
        for finding in live(result)
    ]
    lines += [
        _command(p.severity, shown_path(p.path), p.line, p.kind, f"{p.message}\n{p.remedy}") for p in result.problems
    ]
    return "\n".join([*lines, _harmless(summary(result))]) + "\n"


def write_error(message: str, path: str | None, line: int) -> str:
    """Return why nothing could be checked, as a workflow command."""
    if path is None:
        return f"::error title=fitcheck::{_data(message)}\n"
    return _command("error", path, line, "fitcheck", message) + "\n"


def _command(level: str, path: str, line: int, title: str, message: str) -> str:
    where = f"file={_property(path)},line={line},title={_property(title)}"
    return f"::{level} {where}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _harmless(line: str) -> str:
    """Keep a plain line from being read as a command."""
    return line.replace("::", ": :").replace("##[", "# #[")
