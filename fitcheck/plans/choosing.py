"""The plan for a report: which file, and what of it the verdict asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from fitcheck.alternatives import ALTERNATIVES
from fitcheck.beside import Plan, PlanStep, Tool
from fitcheck.plans.index import BY_CATEGORY, BY_TECHNIQUE, JOB_OF_RULE, ONLY_FOR
from fitcheck.plans.money import cost_words
from fitcheck.records import Report, Verdict
from fitcheck.resources import rules_dir
from fitcheck.text import fold

__all__ = ["FIRST_HOUR", "plan_for", "plan_id", "plan_of", "plan_path", "plan_values"]

FIRST_HOUR = "first-hour"
"""The file of the real cases that an alternative is tried on."""

_USUAL_TECHNIQUE = {Verdict.OVERKILL: "other-software", Verdict.UNFIT: "person-decides"}
_USUAL_GUARD = "any-job"
_LIKELY = 0.5
_CERTAIN = 0.9
_LOUD = 0.5
_BY_PEOPLE = ("person-decides", "approval-workflow", "human-work")
_SPOKEN = re.compile(
    r"\b(?:transcrib\w*|speech|spoken|audio|recordings?|dictat\w*|voice\w*|phone calls?)\b"
    "|转写|听写|录音|语音|口述|听译"
)
_ON_PEOPLE = re.compile(
    r"\bdecid\w* (?:on )?(?:who|whom|whose|which (?:\w+ ){0,2}(?:managers?|employees?|staff|workers?"
    r"|applicants?|candidates?|students?|pupils?"
    r"|patients?|tenants?|customers?|members?|people|families|teachers?|nurses?|drivers?|agents?|players?))\b"
    r"|\b(?:fire|dismiss|hire|promote|reject) (?:\w+ ){0,2}(?:managers?|employees?|staff|workers?|applicants?"
    r"|candidates?|drivers?|people|ones)\b"
    r"|(?:决定|判定|评定|选出|定出)(?:由|把|给|让|哪些|哪几[个位名]|哪[个位名]|该)?(?:谁|(?:经理|员工|职工|学生|候选人|申请人|病人|患者|客户|司机|教师|老师)"
    r"[^，。；]{0,6}(?:奖金|晋升|录用|留任|辞退|得|拿|升|裁))|(?:开除|辞退|解雇|裁掉|淘汰)[^，。；]{0,8}(?:员工|司机|人员|候选人|的人|经理|教师)"
)
"""A choice among people, whatever else the idea does."""


def plan_for(report: Report) -> Plan | None:
    """Return what to do next.

    For `overkill` and `unfit` that is the alternative; for `fit` and `assist` the guardrails, what to measure
    first, what has to be beaten and ten test cases to write.

    Args:
        report: The report; its verdict, technique, category and input choose the plan, its cost the words on money.

    Returns:
        The plan; None for an `unclear` report.
    """
    if report.verdict is Verdict.UNCLEAR:
        return None
    plan = plan_of(plan_id(report), report.verdict)
    return replace(plan, cost=cost_words(report))


def plan_id(report: Report) -> str:
    """Return the name of a report's plan, such as `replace/solver`: its file under rules/plans.

    Raises:
        ValueError: The report is `unclear`.
    """
    if report.verdict is Verdict.UNCLEAR:
        raise ValueError("an unclear report has no plan")
    category = _job(report)
    if report.verdict not in _USUAL_TECHNIQUE:
        return f"guard/{BY_CATEGORY.get(category, _USUAL_GUARD)}"
    technique = _technique(report, category)
    goes_in = report.use_case.input or report.concepts.get("input", ("", 0.0))[0]
    if technique == "ocr-or-speech-recogniser" and _SPOKEN.search(fold(report.text)):
        goes_in = "audio"
    for narrower in (category, goes_in):
        if (technique, narrower) in ONLY_FOR:
            return f"replace/{ONLY_FOR[technique, narrower]}"
    return f"replace/{BY_TECHNIQUE[technique]}"


def _job(report: Report) -> str:
    """Return the category that the plan is for; empty where none is likely enough."""
    if report.use_case.task_category is not None:
        return report.use_case.task_category
    category, sure = report.concepts.get("category", ("", 0.0))
    core = [e for e in report.ledger if e.source == "rule" and e.role == "core" and e.verdict is report.verdict]
    ruled = JOB_OF_RULE.get(max(core, key=lambda e: e.log_odds).id) if core else None
    if ruled is not None and sure < _CERTAIN:
        return ruled
    # of a mixed idea, the part that the verdict is about
    same = [part for part in report.parts if part.verdict is report.verdict]
    if same and category not in {part.category for part in same}:
        return max(same, key=lambda part: part.probabilities.get(part.verdict.value, 0.0)).category
    return category if sure > _LIKELY else ""


def _technique(report: Report, category: str) -> str:
    """Return what takes the model's place: a person, where part of a rejected idea decides about people or acts."""
    technique = (report.instead or {}).get("kind")
    if report.verdict is Verdict.UNFIT and technique not in _BY_PEOPLE:
        parts = {part.category for part in report.parts if part.verdict is Verdict.UNFIT}
        if "autonomous-decision" in parts or _ON_PEOPLE.search(fold(report.text)):
            return "person-decides"
        ruled = [e for e in report.ledger if e.role == "core" and e.verdict is Verdict.UNFIT and e.id in report.rules]
        for row in sorted(ruled, key=lambda e: -e.log_odds):
            kind = report.rules[row.id].get("instead", {}).get("kind")
            if kind in _BY_PEOPLE[:2] and row.log_odds >= _LOUD:
                return kind
        if "autonomous-action" in parts:
            return "approval-workflow"
    if technique is None:
        known = ALTERNATIVES.get(category)
        technique = known[0] if known else _USUAL_TECHNIQUE[report.verdict]
    return technique


@lru_cache(maxsize=256)
def plan_of(name: str, verdict: Verdict) -> Plan:
    """Return a plan by its name, as it reads under a verdict, without its cost.

    Args:
        name: Such as `replace/solver`.
        verdict: Under `assist` the person's part comes first.

    Raises:
        RuleError: Its file is broken or missing.
    """
    values = plan_values(name)
    steps = [PlanStep("do", _two(s)) for s in values["step"]]
    if "first_hour" in values:
        hour = values["first_hour"]
        steps.insert(0, PlanStep("do", {"en": f"First hour: {hour['en']}", "zh": f"第一个小时：{hour['zh']}"}))
    person = [values["person"]] if "person" in values and verdict is Verdict.ASSIST else []
    steps += [PlanStep("guard", _two(g)) for g in (*person, *values.get("guard", ()))]
    steps += [PlanStep("measure", _two(m)) for m in values.get("measure", ())]
    steps += [PlanStep("baseline", _two(b)) for b in values.get("baseline", ())]
    steps += [PlanStep("case", _case_words(c)) for c in values.get("case", ())]
    tools = tuple(Tool(t["name"], t["url"], t["licence"], _two(t["does"])) for t in values["tool"])
    return Plan(name, _two(values["title"]), tuple(steps), tools)


@lru_cache(maxsize=256)
def plan_values(name: str) -> dict[str, Any]:
    """Read the file of a plan, such as `replace/solver`, once.

    The shipped files are checked by their tests: building the schema takes longer than reading the one file that a
    report needs. Only what can't be read at all is read again with the schema, which says where it is broken.

    Raises:
        RuleError: The file is broken or missing; names the line and quotes it.
    """
    import tomli

    path = plan_path(name)
    try:
        return tomli.loads(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError):
        from fitcheck.plans.files import read_plan_file

        return read_plan_file(path).model_dump(by_alias=True)


def plan_path(name: str) -> Path:
    """Return the shipped file of a plan, such as `replace/solver`."""
    return rules_dir() / "plans" / f"{name}.toml"


def _two(text: Mapping[str, str]) -> dict[str, str]:
    return {"en": text["en"], "zh": text["zh"]}


def _case_words(case: Mapping[str, Any]) -> dict[str, str]:
    right = case["right"]
    return {"en": f"{case['en']}: {right['en']}", "zh": f"{case['zh']}：{right['zh']}"}
