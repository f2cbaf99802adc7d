"""SARIF 2.1.0, which GitHub, Azure DevOps and editors read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fitcheck import __version__
from fitcheck.policy.escaping import shown_path
from fitcheck.policy.formats.gitlab import fingerprint, fingerprints
from fitcheck.policy.found import CheckResult, Finding, Problem
from fitcheck.policy.requirements import Requirement

__all__ = ["write", "write_error"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_PROBLEMS = {
    "waiver-unknown": "A waiver is for a use case that is not there",
    "waiver-expired": "A waiver has expired",
    "waiver-unused": "A waiver is not needed",
    "waiver-outdated": "A waiver is for another text than the use case has now",
    "baseline-outdated": "The baseline is for another text than the use case has now",
    "model-unknown": "A list of models holds a name that is none",
    "column-doubtful": "A column looks like a fact and is read as an attribute",
}


def write(result: CheckResult) -> str:
    """Return the result as SARIF; what is waived or in the baseline is there too, as suppressed or unchanged."""
    rules = [_rule(r, result) for r in result.policy.requirements]
    known = {rule["id"] for rule in rules}
    others = [*(f.requirement for f in result.findings), *(p.kind for p in result.problems)]
    for name in dict.fromkeys(others):
        if name not in known:
            rules.append({"id": name, "shortDescription": {"text": _PROBLEMS.get(name, name)}})
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    has_baseline = any(f.known for f in result.findings)
    known_by = fingerprints(result.findings)
    results = [_result(f, p, index, has_baseline) for f, p in zip(result.findings, known_by, strict=True)]
    results += [_problem(p, index) for p in result.problems]
    return _log(rules, results, {"executionSuccessful": True, "exitCode": int(result.failed())})


def write_error(message: str, path: str | None, line: int) -> str:
    """Return why nothing could be checked, as SARIF: a run that did not succeed, and the reason as its one result."""
    told: dict[str, Any] = {"level": "error", "message": {"text": message}}
    if path is not None:
        told["locations"] = [_location(Path(path), line)]
    failed = {"executionSuccessful": False, "exitCode": 2, "toolExecutionNotifications": [told]}
    # a server that reads results only would take none of them for a pass
    rules = [{"id": "unchecked", "shortDescription": {"text": "Nothing could be checked"}}]
    return _log(rules, [{"ruleId": "unchecked", "ruleIndex": 0, **told}], failed)


def _log(rules: list[dict[str, Any]], results: list[dict[str, Any]], invocation: dict[str, Any]) -> str:
    run = {
        "tool": {
            "driver": {"name": "fitcheck", "version": __version__, "semanticVersion": __version__, "rules": rules}
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(requirement: Requirement, result: CheckResult) -> dict[str, Any]:
    title, text = (getattr(said, result.lang) for said in (requirement.title, requirement.text))
    why = requirement.reason(result.lang)
    return {
        "id": requirement.id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": text},
        "help": {"text": f"{text} {why}" if why else text},
        "defaultConfiguration": {"level": requirement.severity},
    }


def _result(finding: Finding, known_by: str, index: dict[str, int], has_baseline: bool) -> dict[str, Any]:
    report = finding.report
    values: dict[str, Any] = {
        "ruleId": finding.requirement,
        "ruleIndex": index[finding.requirement],
        "level": finding.severity,
        "message": {"text": f"{finding.entry.id}: {finding.message}. {finding.remedy}"},
        "locations": [_location(finding.entry.path, finding.entry.line)],
        "partialFingerprints": {"fitcheck/v1": known_by},
        "properties": {"idea": finding.entry.id, "remedy": finding.remedy},
    }
    if report is not None:
        values["properties"] |= {"verdict": report.verdict.value, "probability": round(report.probability, 4)}
    if has_baseline:
        values["baselineState"] = "unchanged" if finding.known else "new"
    if finding.waived is not None:
        waived = finding.waived
        why = f"{waived.why} ({waived.who}, until {waived.until.isoformat()})"
        values["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return values


def _problem(problem: Problem, index: dict[str, int]) -> dict[str, Any]:
    return {
        "ruleId": problem.kind,
        "ruleIndex": index[problem.kind],
        "level": problem.severity,
        "message": {"text": f"{problem.message}. {problem.remedy}"},
        "locations": [_location(problem.path, problem.line)],
        "partialFingerprints": {"fitcheck/v1": fingerprint(problem.kind, problem.message)},
    }


def _location(path: Path, line: int) -> dict[str, Any]:
    shown = shown_path(path)
    uri = Path(shown).as_uri() if Path(shown).is_absolute() else quote(shown)
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}
