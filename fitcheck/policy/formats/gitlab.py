"""GitLab's code quality report."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from fitcheck.policy.escaping import shown_path
from fitcheck.policy.formats.counts import live
from fitcheck.policy.found import CheckResult, Finding

__all__ = ["fingerprint", "fingerprints", "write", "write_error"]

_SEVERITIES = {"error": "major", "warning": "minor"}


def write(result: CheckResult) -> str:
    """Return the findings that are neither waived nor in the baseline, and the waivers to mend or doubt, as JSON."""
    found = live(result)
    rows = [
        _row(
            f"{f.entry.id}: {f.message}. {f.remedy}",
            f.requirement,
            known_by,
            _SEVERITIES[f.severity],
            shown_path(f.entry.path),
            f.entry.line,
        )
        for f, known_by in zip(found, fingerprints(found), strict=True)
    ]
    rows += [
        _row(
            f"{p.message}. {p.remedy}",
            p.kind,
            fingerprint(p.kind, p.message),
            _SEVERITIES[p.severity],
            shown_path(p.path),
            p.line,
        )
        for p in result.problems
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def write_error(message: str, path: str | None, line: int) -> str:
    """Return why nothing could be checked, as the one row of the report; without a file it stands at the folder."""
    row = _row(message, "error", fingerprint("error", message), "blocker", path or ".", line)
    return json.dumps([row], ensure_ascii=False, indent=2) + "\n"


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return each finding's fingerprint; those of one idea and one requirement are told apart by their order."""
    seen: Counter[tuple[str, str]] = Counter()
    prints = []
    for finding in findings:
        key = (finding.entry.id, finding.requirement)
        prints.append(fingerprint(*key, *([str(seen[key])] if seen[key] else [])))
        seen[key] += 1
    return prints


def fingerprint(*parts: str) -> str:
    """Return what a finding is known by from run to run, wherever it has moved (64 hex digits)."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _row(description: str, name: str, known_by: str, severity: str, path: str, line: int) -> dict[str, Any]:
    return {
        "description": description,
        "check_name": f"fitcheck/{name}",
        "fingerprint": known_by,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
