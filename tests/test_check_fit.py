"""`check_fit`: what is asked of an idea holds, or a readable message says why not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from samples import CONTRACT, PAYROLL, POEM, REFUND

from fitcheck.errors import PolicyFailure, UseCaseError
from fitcheck.policy import check_fit
from fitcheck.records import Report, Verdict
from fitcheck.rule_packs import load_rules
from fitcheck.rules import Rule
from fitcheck.use_case import UseCase

RULES = {rule.id: rule for rule in load_rules()}
MONEY = next(rule for rule in RULES.values() if rule.family == "autonomy")
ACTS = replace(
    PAYROLL,
    ledger=(*PAYROLL.ledger, replace(PAYROLL.ledger[-2], id=MONEY.id, also=(), quote="pays at once")),
)


class Stub:
    """Gives one report, whatever the idea."""

    rules: dict[str, Rule] = RULES

    def __init__(self, report: Report) -> None:
        self.report = report

    def assess(self, idea: UseCase, *, today: dt.date | None = None) -> Report:
        return replace(self.report, use_case=idea)


def failure(report: Report, **asked: Any) -> str:
    with pytest.raises(PolicyFailure) as caught:
        check_fit("idea", assessor=Stub(report), **asked)
    return str(caught.value)


def test_what_holds_gives_the_report_back() -> None:
    report = check_fit(
        "idea", verdict=["fit", Verdict.OVERKILL], max_usd_per_month=1, least_probability=0.9, assessor=Stub(PAYROLL)
    )
    assert report.verdict is Verdict.OVERKILL


def test_the_shipped_assessor_is_asked_where_none_is_given() -> None:
    assert check_fit("Write a birthday poem for a colleague", verdict="fit", without="high-stakes").verdict == "fit"


def test_facts_are_added_to_the_ideas_own() -> None:
    report = check_fit(
        {"text": "idea", "tokens_in": 9, "users": 1}, facts={"users": 2}, verdict="fit", assessor=Stub(POEM)
    )
    assert report.use_case == UseCase(text="idea", tokens_in=9, users=2)


def test_a_failure_is_an_assertion_that_shows_all_that_is_broken_and_the_ledger() -> None:
    text = failure(PAYROLL, verdict=["fit", "assist"], max_usd_per_month=0.1, without=["low-stakes"])
    assert issubclass(PolicyFailure, AssertionError)
    lines = text.splitlines()
    assert lines[:3] == [
        "the idea breaks 2 of 3 things asked of it",
        "  - verdict: asked for fit or assist, got overkill",
        "  - cost: at most 0.1 USD a month, it would be 0.342",
    ]
    assert "“idea”" in lines
    assert "Ledger (log-odds in nats; the columns add up)" in lines
    assert any(line.startswith("Why: Payroll is exact arithmetic (overkill +1.60)") for line in lines)


def test_it_says_what_would_turn_the_verdict() -> None:
    assert "什么会改变结论: 如果每份输出都有人复核：辅助。" in failure(REFUND, verdict="assist")


@pytest.mark.parametrize("name", [MONEY.id, MONEY.family])
def test_without_a_rule_or_a_family(name: str) -> None:
    assert f"  - without '{name}': {MONEY.id} fired: {MONEY.title.en} (“pays at once”)" in failure(ACTS, without=name)
    check_fit("idea", without=name, assessor=Stub(POEM))


@pytest.mark.parametrize(
    "name", ["stakes=high", "high-stakes", "category=arithmetic-reporting", "arithmetic-reporting"]
)
def test_without_what_a_reader_notices(name: str) -> None:
    assert f"  - without {name!r}: " in failure(PAYROLL, without=[name])
    check_fit("idea", without=[name], assessor=Stub(CONTRACT))


def test_an_unknown_cost_is_a_failure() -> None:
    unpriced = replace(PAYROLL, cost=None)
    assert "no price is known" in failure(unpriced, max_usd_per_month=5)
    assert "no price is known" in failure(unpriced, max_usd_per_call=5)
    assert PAYROLL.cost is not None
    no_volume = replace(PAYROLL, cost=replace(PAYROLL.cost, usd_per_month=None, calls_per_month=None))
    assert "the volume is unknown: add the fact calls_per_month" in failure(no_volume, max_usd_per_month=5)


def test_limits_per_call_and_on_probability() -> None:
    assert "at most 0.0001 USD a call, it would be 0.000285" in failure(PAYROLL, max_usd_per_call=0.0001)
    assert "asked for 90% or more, got 48%" in failure(replace(PAYROLL, probabilities=TORN), least_probability=0.9)


TORN = {"fit": 0.03, "assist": 0.02, "overkill": 0.48, "unfit": 0.47}


def test_the_message_in_chinese() -> None:
    text = failure(PAYROLL, verdict="fit", lang="zh")
    assert text.startswith("这个想法没有满足 1 项要求中的 1 项\n  - 结论：要求 适合 fit，得到 大材小用 overkill")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "check_fit asks for nothing"),
        ({"without": []}, "check_fit asks for nothing"),
        ({"verdict": []}, "an empty list allows nothing"),
        ({"verdict": "fti"}, "there is no 'fti'; did you mean 'fit'"),
        ({"without": "hihg-stakes"}, "did you mean 'high-stakes'"),
        ({"without": ["no such thing at all"]}, "fitcheck rules lists the rules"),
        ({"max_usd_per_month": float("nan")}, "give 0 or more"),
        ({"max_usd_per_call": -1}, "give 0 or more"),
        ({"least_probability": 80}, "above 0 and up to 1"),
        ({"verdict": "fit", "facts": {"user": 3}}, "did you mean 'users'"),
    ],
)
def test_what_asks_for_nothing_or_nonsense_never_passes(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(UseCaseError, match=told):
        check_fit("idea", assessor=Stub(POEM), **asked)
