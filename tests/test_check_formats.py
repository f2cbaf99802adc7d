"""The forms of a check's result, each against what reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from junitparser import Failure, JUnitXml, Skipped
from policy_stub import TODAY, Stub, entry, policy

from fitcheck.policy import CheckResult, check_entries
from fitcheck.policy.formats import FORMATS, format_result
from fitcheck.policy.found import Finding

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text("utf-8-sig"))
HOSTILE = "<script>|`@all`|\n::error file=x::y%0A,\x1b[31m\u202e [a](http://x) ]]> & \"'"
POLICY = """\
[[require]]
requirement = "allowed-verdicts"
allow = ["fit", "assist"]
why = { en = "The rest is cheaper\\nwithout a model.", zh = "其余不用模型更便宜。" }

[[require]]
requirement = "owner"

[[require]]
requirement = "known-facts"
facts = ["users"]
severity = "warning"

[[require]]
requirement = "data-deployment"
agreements = ["DPA-1"]
unknown = "allow"

[[waiver]]
idea = "waived"
requirement = "owner"
who = "ann|<b>"
why = "a pilot\\nof two weeks"
until = 2026-12-01

[[waiver]]
idea = "gone"
requirement = "owner"
who = "bo"
why = "x"
until = 2026-12-01
"""
HELD = {"owner": "ann", "users": 3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("registry")


@pytest.fixture(scope="module")
def english(folder: Path) -> CheckResult:
    return checked(folder, "en")


def checked(folder: Path, lang: Any) -> CheckResult:
    entries = [
        entry("good", **HELD),
        entry("bad", text="overkill", line=7, **HELD),
        entry("waived", users=3, line=12),
        entry("old, : %|idea", line=20),
        entry(
            "hostile",
            path=Path("a b/#1,2:3.fit.toml"),
            data_sensitivity="personal",
            deployment="api",
            attributes={"agreement": HOSTILE},
            **HELD,
        ),
    ]
    asked = policy(folder, POLICY)
    result = check_entries(entries, asked, Stub(), today=TODAY, lang=lang)
    drift = Finding(entries[0], "drift", "warning", "the cost moved", "fitcheck lock", result.judged[0][1])
    return result.with_findings([drift, drift]).knowing({("old, : %|idea", "owner")})


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", ["text", "github", "markdown"])
def test_what_people_read_is_as_it_was(
    form: Any, lang: str, folder: Path, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    golden(f"check.{form}.{lang}.txt", format_result(checked(folder, lang), form))


def test_sarif_is_valid_by_the_published_schema(english: CheckResult) -> None:
    values = json.loads(format_result(english, "sarif"))
    validator = jsonschema.validators.validator_for(SCHEMA)
    validator.check_schema(SCHEMA)
    assert list(validator(SCHEMA, format_checker=validator.FORMAT_CHECKER).iter_errors(values)) == []
    (run,) = values["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    results = run["results"]
    assert len(results) == 8
    assert all(rules[r["ruleIndex"]] == r["ruleId"] for r in results)
    assert {r["ruleId"] for r in results} > {"drift", "waiver-unknown"}
    assert [r["suppressions"][0]["status"] for r in results if "suppressions" in r] == ["accepted"]
    assert [r["baselineState"] for r in results if r.get("baselineState") == "unchanged"] == ["unchanged"]
    places = [r["locations"][0]["physicalLocation"] for r in results]
    assert "a%20b/%231%2C2%3A3.fit.toml" in {p["artifactLocation"]["uri"] for p in places}
    known_by = [r["partialFingerprints"]["fitcheck/v1"] for r in results]
    assert len(set(known_by)) == len(known_by)


def test_the_schema_refuses_what_is_not_sarif(english: CheckResult) -> None:
    values = json.loads(format_result(english, "sarif"))
    del values["runs"][0]["results"][0]["message"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, SCHEMA)


def test_junit_is_read_by_a_reader_of_junit(english: CheckResult) -> None:
    (suite,) = JUnitXml.fromstring(format_result(english, "junit").encode())
    cases = {(case.classname, case.name): case for case in suite}
    outcomes = {name: [type(r) for r in case.result] for (_, name), case in cases.items()}
    assert outcomes["bad[allowed-verdicts]"] == [Failure]
    assert outcomes["good[owner]"] == []
    assert outcomes["waived[owner]"] == outcomes["old, : %|idea[owner]"] == [Skipped]
    assert outcomes["hostile[data-deployment]"] == [Failure]
    assert cases["ideas.fit.toml", "old, : %|idea[known-facts]"].system_out.startswith("warning: ")
    assert {"good[drift]", "good[drift 2]"} <= set(outcomes)
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (len(cases), 3, 0, 2)


def test_junit_keeps_to_what_pytest_writes(english: CheckResult) -> None:
    root = ElementTree.fromstring(format_result(english, "junit"))
    assert root.tag == "testsuites"
    for case in root.iter("testcase"):
        assert set(case.attrib) == {"classname", "name", "time"}
        assert [child.tag for child in case] in ([], ["failure"], ["skipped"], ["system-out"])
    for one in root.iter("failure"):
        assert "\n" not in one.attrib["message"]
        assert "ideas.fit.toml:" in (one.text or "") or ".toml:" in (one.text or "")


def test_gitlab_finds_what_it_asks_for(english: CheckResult) -> None:
    rows = json.loads(format_result(english, "gitlab"))
    assert len(rows) == 6
    for row in rows:
        assert set(row) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert row["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert isinstance(row["location"]["lines"]["begin"], int)
        assert not row["location"]["path"].startswith("./")
    assert len({row["fingerprint"] for row in rows}) == len(rows)


def test_github_commands_hold_no_second_command(english: CheckResult) -> None:
    *commands, last = format_result(english, "github").splitlines()
    shape = re.compile(r"::(error|warning) file=([^:,]+),line=\d+,title=([^:,]+)::(.+)")
    assert len(commands) == 6
    assert all(shape.fullmatch(command) for command in commands)
    assert not last.startswith("::")
    assert "title=old%2C %3A %25|idea%3A known-facts" in "\n".join(commands)


def test_markdown_shows_hostile_words_as_they_are(english: CheckResult) -> None:
    text = format_result(english, "markdown")
    for sign in ("<script", "@all", "](http", "`", "\x1b", "\u202e"):
        assert sign not in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert {line.count("|") for line in rows} == {7, 6}


def test_json_holds_everything(english: CheckResult) -> None:
    values = json.loads(format_result(english, "json"))
    assert values["passed"] is False
    assert values["summary"] == {
        "ideas": 5,
        "asked": 16,
        "errors": 2,
        "warnings": 3,
        "ideas_with_errors": 2,
        "waived": 1,
        "known": 1,
        "problems": 1,
    }
    assert [u["id"] for u in values["use_cases"]] == [e.id for e in english.entries]
    assert sum(f["fails"] for f in values["findings"]) == 2
    assert [f["waived"]["until"] for f in values["findings"] if f["waived"]] == ["2026-12-01"]


def test_json_holds_each_use_cases_facts_probabilities_and_cost(english: CheckResult) -> None:
    good, bad, *_ = json.loads(format_result(english, "json"))["use_cases"]
    assert (good["text"], good["facts"]) == ("fit", {"users": 3})
    assert good["probabilities"][good["verdict"]] == good["probability"]
    assert round(sum(bad["probabilities"].values()), 3) == 1
    assert {"model": "gpt-4o-mini", "tokens_in": 900, "assumptions": []}.items() <= good["cost"].items()


@pytest.mark.parametrize("form", FORMATS)
def test_no_form_lets_a_control_character_through(english: CheckResult, form: Any) -> None:
    text = format_result(english, form)
    assert text.endswith("\n")
    # JSON of one's own hands attributes on as they are, in its own escapes
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]" if form == "json" else r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)


@pytest.mark.parametrize("form", FORMATS)
def test_a_check_of_nothing_is_well_formed(english: CheckResult, form: Any) -> None:
    text = format_result(CheckResult((), (), (), english.policy), form)
    if form == "junit":
        assert JUnitXml.fromstring(text.encode()) is not None
    elif form in ("json", "sarif", "gitlab"):
        json.loads(text)
    else:
        assert "Passed" in text
