"""Judging: sums without ledgers are those of the ledgers, and what is read again hangs on two readings of the text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from fitcheck.judge import Judge
from fitcheck.matching import Matcher
from fitcheck.pipeline import Assessor
from fitcheck.records import LEARNED, Verdict
from fitcheck.rule_packs import load_rules
from fitcheck.rules import Rule
from fitcheck.use_case import UseCase

TEXTS = (
    "Draft replies to customer mails; a clerk reads each before it is sent",
    "预测下个月每个门店的销量",
    "Pull the invoice number out of each PDF",
    "AI for the office",
    "用大模型给读者来信归类，再由编辑挑选",
    "Decide who gets the loan and tell them",
)
BLOCKED = Rule.model_validate(
    {
        "schema": 1,
        "id": "no-replies",
        "family": "own",
        "severity": "block",
        "weight": {"core": {"unfit": 0.5}},
        "title": {"en": "x", "zh": "x"},
        "why": {"en": "x", "zh": "x"},
        "instead": {"en": "x", "zh": "x", "kind": "human-work"},
        "when": [
            {"text": {"en": ["draft repl\\w+"]}, "concepts": {"category": ["reply-drafting", "letter-drafting"]}},
            {"text": {"en": ["decide who"]}},
        ],
        "source": [{"claim": "x", "title": "x", "seen": dt.date(2026, 1, 31)}],
    }
)


@pytest.fixture(scope="module")
def shipped() -> Judge:
    return Assessor()._judge


@pytest.fixture(params=[False, True], ids=["shipped rules", "with a rule that blocks"])
def judge(request: pytest.FixtureRequest, shipped: Judge) -> Iterator[Judge]:
    """A judge, with or without a rule that caps a verdict."""
    pack = [*load_rules(), *([BLOCKED] if request.param else [])]
    matcher = Matcher(pack, scale=shipped.weights.rules)
    rules = {rule.id: rule for rule in pack}
    yield Judge(shipped.reader, matcher, rules, shipped.weights, shipped.full_weights, shipped.opinion)


@pytest.mark.parametrize("sure", [0.0, 0.9, 2.0])
@pytest.mark.parametrize("facts", [[{}], [{}, {"stakes": "high"}], [{"human_review": True}]], ids=["no", "some", "all"])
def test_sums_are_those_of_the_ledgers(judge: Judge, sure: float, facts: list[dict[str, object]]) -> None:
    ideas = [UseCase(text=text, **facts[n % len(facts)]) for n, text in enumerate(TEXTS)]  # type: ignore[arg-type]
    block = judge.prepare_all(ideas)
    assert judge.sums(block, None, sure) == [one.sums for one in judge.judge(block, None, sure)]


def test_a_block_without_ideas(judge: Judge) -> None:
    assert judge.sums([], None, 0.9) == judge.judge([], None, 0.9) == []


def test_a_blocking_rule_caps_the_sums(shipped: Judge) -> None:
    rules = {rule.id: rule for rule in [BLOCKED]}
    capped = Judge(shipped.reader, Matcher([BLOCKED]), rules, shipped.weights, shipped.full_weights)
    block = capped.prepare_all([UseCase(text=TEXTS[-1])])
    sums = dict(zip(LEARNED, capped.sums(block, None, 0.0)[0], strict=True))
    assert max(sums, key=lambda verdict: sums[verdict]) is Verdict.UNFIT


def test_only_what_another_reading_takes_otherwise_is_read_again(
    shipped: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = shipped.prepare_all([UseCase(text=text) for text in TEXTS])
    once = np.array(shipped.sums(block, None, 0.0)).argmax(axis=1)
    read: list[list[str]] = []
    again = type(shipped.reader).read_again
    monkeypatch.setattr(
        type(shipped.reader), "read_again", lambda self, f, whole: read.append(list(whole)) or again(self, f, whole)
    )
    asked: list[int] = []

    def judged_with(opinion: np.ndarray, sure: float) -> int:
        def other(texts: Sequence[str]) -> np.ndarray:
            asked.append(len(texts))
            return opinion[: len(texts)]

        read.clear()
        judge = Judge(shipped.reader, shipped.matcher, shipped.rules, shipped.weights, shipped.full_weights, other)
        judge.sums(block, None, sure)
        return sum(map(len, read))

    assert judged_with(once, 1.0) == 0, "who agrees is believed, however unsure the first reading is"
    assert judged_with((once + 1) % 4, 1.0) == len(TEXTS)
    assert asked == [len(TEXTS)] * 2
    assert judged_with(once, 2.0) == len(TEXTS), "above 1 nobody is asked"
    assert len(asked) == 2
