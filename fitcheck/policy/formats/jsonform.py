"""JSON, for programs of one's own: every use case and finding, also what is waived or in the baseline."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from fitcheck import __version__
from fitcheck.policy.entries import Entry
from fitcheck.policy.escaping import shown_path
from fitcheck.policy.formats.counts import count
from fitcheck.policy.found import CheckResult, Finding
from fitcheck.records import Report

__all__ = ["write", "write_error"]


def write(result: CheckResult) -> str:
    """Return the result as indented JSON."""
    info = result.judged[0][1].info if result.judged else None
    values: dict[str, Any] = {
        "schema": 1,
        "fitcheck": __version__,
        "model": info.model if info is not None else None,
        "policy": {"name": result.policy.name, "path": shown_path(result.policy.path)},
        "passed": not result.failed(),
        "summary": asdict(count(result)),
        "requirements": [
            {
                "id": r.id,
                "requirement": r.requirement,
                "severity": r.severity,
                "title": getattr(r.title, result.lang),
                "why": r.reason(result.lang),
                "for_none": r.id in result.idle,
            }
            for r in result.policy.requirements
        ],
        "use_cases": [_use_case(entry, report) for entry, report in result.judged],
        "findings": [_finding(f) for f in result.findings],
        "waiver_problems": [
            {
                "kind": p.kind,
                "severity": p.severity,
                "path": shown_path(p.path),
                "line": p.line,
                "message": p.message,
                "remedy": p.remedy,
            }
            for p in result.problems
        ],
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def write_error(message: str, path: str | None, line: int) -> str:
    """Return why nothing could be checked, as indented JSON."""
    place = {"path": path, "line": line} if path is not None else {"path": None, "line": None}
    values = {"schema": 1, "fitcheck": __version__, "passed": False, "error": {"message": message, **place}}
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def _use_case(entry: Entry, report: Report) -> dict[str, Any]:
    cost = report.cost
    return {
        "id": entry.id,
        "path": shown_path(entry.path),
        "line": entry.line,
        "text": entry.use_case.text,
        "facts": entry.use_case.facts(),
        "owner": entry.owner,
        "attributes": dict(entry.attributes),
        "expect": entry.expect,
        "verdict": report.verdict.value,
        "why_unclear": report.why_unclear,
        "probability": round(report.probability, 4),
        "probabilities": {verdict: round(share, 4) for verdict, share in report.probabilities.items()},
        "usd_per_month": cost.usd_per_month if cost is not None else None,
        # the model and the tokens that it was priced with, and which of them were assumed
        "cost": asdict(cost) if cost is not None else None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    waived = finding.waived
    return {
        "idea": finding.entry.id,
        "requirement": finding.requirement,
        "severity": finding.severity,
        "fails": finding.fails,
        "path": shown_path(finding.entry.path),
        "line": finding.entry.line,
        "message": finding.message,
        "remedy": finding.remedy,
        "waived": None if waived is None else {"who": waived.who, "why": waived.why, "until": waived.until.isoformat()},
        "in_baseline": finding.known,
    }
