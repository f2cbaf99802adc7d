"""JUnit XML, as pytest's xunit2 has it: a test case for each requirement that was asked of an idea."""

from __future__ import annotations

from xml.etree import ElementTree

from fitcheck.policy.escaping import shown, shown_path
from fitcheck.policy.found import CheckResult, Finding

__all__ = ["write", "write_error"]


def write(result: CheckResult) -> str:
    """Return the result as JUnit XML.

    What is waived or in the baseline is a skipped case, a warning is a passed one that says so.
    """
    cases: dict[str, dict[str, Finding | None]] = {entry.id: {} for entry in result.entries}
    for outcome in result.outcomes:
        cases[outcome.entry.id][outcome.requirement] = outcome.finding
    # what was found beside the policy, such as drift, has no outcome
    asked = {(o.entry.id, o.requirement) for o in result.outcomes}
    for finding in result.findings:
        if (finding.entry.id, finding.requirement) not in asked:
            own = cases[finding.entry.id]
            n_before = sum(name.split(" ")[0] == finding.requirement for name in own)
            own[f"{finding.requirement} {n_before + 1}" if n_before else finding.requirement] = finding
    suite = ElementTree.Element("testsuite", name="fitcheck")
    for entry in result.entries:
        for name, found in cases[entry.id].items():
            case = _case(suite, shown_path(entry.path), f"{entry.id}[{name}]")
            if found is not None:
                _tell(case, found)
    for problem in result.problems:
        place = f"{shown_path(problem.path)}:{problem.line}"
        case = _case(suite, shown_path(problem.path), f"line {problem.line}[{problem.kind}]")
        told = f"{place}: {shown(problem.message)}\n{shown(problem.remedy)}"
        if problem.severity == "warning":
            ElementTree.SubElement(case, "system-out").text = f"warning: {told}"
        else:
            ElementTree.SubElement(case, "failure", message=shown(problem.message), type=problem.kind).text = told
    return _document(suite)


def write_error(message: str, path: str | None, line: int) -> str:
    """Return why nothing could be checked, as JUnit XML: one test case with an error."""
    suite = ElementTree.Element("testsuite", name="fitcheck")
    case = _case(suite, path or "fitcheck", "readable")
    # XML has no place for control characters
    told = "\n".join(map(shown, message.splitlines()))
    ElementTree.SubElement(case, "error", message=told.split("\n", 1)[0], type="error").text = told
    return _document(suite)


def _document(suite: ElementTree.Element) -> str:
    counted = (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped"), ("errors", "error"))
    for name, tag in counted:
        suite.set(name, str(sum(1 for _ in suite.iter(tag))))
    suite.set("time", "0")
    root = ElementTree.Element("testsuites", name="fitcheck")
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, place: str, name: str) -> ElementTree.Element:
    # CI servers make a tree of the dots in a class's name
    return ElementTree.SubElement(suite, "testcase", classname=place.replace("/", "."), name=name, time="0")


def _tell(case: ElementTree.Element, finding: Finding) -> None:
    place = f"{shown_path(finding.entry.path)}:{finding.entry.line}"
    told = f"{place}: {finding.entry.id} {finding.requirement}: {finding.message}\n{finding.remedy}"
    if finding.waived is not None:
        waived = finding.waived
        why = f"waived until {waived.until.isoformat()} by {shown(waived.who)}: {shown(waived.why)}"
        ElementTree.SubElement(case, "skipped", message=why, type="waived").text = told
    elif finding.known:
        ElementTree.SubElement(case, "skipped", message="in the baseline", type="baseline").text = told
    elif finding.severity == "warning":
        ElementTree.SubElement(case, "system-out").text = f"warning: {told}"
    else:
        ElementTree.SubElement(case, "failure", message=finding.message, type=finding.requirement).text = told
