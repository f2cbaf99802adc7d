"""The decisive clause: what is deleted, which one is chosen, and that what is said of it is what is answered."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitcheck.clauses import MOST, decisive_clause, tried_clauses, without
from fitcheck.corpus import load_corpus
from fitcheck.pipeline import Assessor
from fitcheck.records import LEARNED, Report, Task, Verdict
from fitcheck.tasks import split_tasks
from fitcheck.text import normalise
from fitcheck.use_case import UseCase

DAY = dt.date(2026, 11, 22)
FIT, ASSIST, OVERKILL, UNFIT = LEARNED
IDEA = "Answer customer mails; the model grants refunds on its own"


def cut(text: str) -> list[str]:
    """Return an idea without each of its clauses."""
    tasks = split_tasks(text)
    return [without(text, tasks, n) for n in range(len(tasks))]


@pytest.mark.parametrize(
    ("idea", "left"),
    [
        ("Sum the hours, then draft the letter.", ["then draft the letter.", "Sum the hours."]),
        ("Sum the hours. Then draft it", ["Then draft it", "Sum the hours"]),
        # the mark that ends a sentence stays, whichever side it stands on
        ("Sum it, then draft it. Read it", ["then draft it. Read it", "Sum it. Read it", "Sum it, then draft it"]),
        ("Sum it. Read it, but send none", ["Read it, but send none", "Sum it. but send none", "Sum it. Read it"]),
        ("Sum it (by shift) and pay", ["(by shift) and pay", "Sum it and pay", "Sum it (by shift)"]),
        ("先算工资,再起草信。专员复核", ["再起草信。专员复核", "先算工资。专员复核", "先算工资,再起草信"]),
        ("先算工资(含加班费)再起草信", ["含加班费)再起草信", "先算工资,再起草信", "先算工资(含加班费"]),
    ],
)
def test_a_clause_goes_with_its_mark(idea: str, left: list[str]) -> None:
    assert cut(idea) == left


def test_what_is_left_keeps_all_other_clauses() -> None:
    for scenario in [s for s in load_corpus() if s.split == "test"][::15]:
        text = normalise(scenario.text)
        tasks = split_tasks(text)
        for number in range(len(tasks) if len(tasks) > 1 else 0):
            left, at = without(text, tasks, number), 0
            for other in (t for n, t in enumerate(tasks) if n != number):
                at = left.index(other.text, at) + len(other.text)
            assert len(left) < len(text)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_the_longest_clauses_are_tried_in_order(lengths: list[int]) -> None:
    tasks = [Task("x" * n, 10 * i, 10 * i + n, "core") for i, n in enumerate(lengths)]
    tried = tried_clauses(tasks)
    assert tried == sorted(tried)
    assert len(tried) == min(MOST, len(tasks))
    passed_over = [lengths[n] for n in range(len(tasks)) if n not in tried]
    assert min(lengths[n] for n in tried) >= max(passed_over, default=0)


class Fake:
    """Answers a text by the words in it."""

    def __init__(self, **rows: Sequence[float]) -> None:
        self.rows = rows
        self.calls: list[list[UseCase]] = []
        self.today: dt.date | None = None

    def probabilities(
        self, ideas: Sequence[UseCase], /, *, today: dt.date | None = None, reading: str | None = None
    ) -> np.ndarray:
        self.calls.append(list(ideas))
        self.today = today
        return np.array([next(row for word, row in self.rows.items() if word not in i.text) for i in ideas])


def report(text: str, verdict: Verdict = UNFIT, **more: object) -> Report:
    shares = {"fit": 0.1, "assist": 0.1, "overkill": 0.1, "unfit": 0.7}
    return Report(UseCase(text=text, stakes="high"), text, "en", verdict, shares, (), tasks=split_tasks(text), **more)  # type: ignore[arg-type]


def test_the_clause_whose_loss_lowers_the_verdict_most_is_decisive() -> None:
    fake = Fake(alpha=(0.3, 0.2, 0.1, 0.4), beta=(0.1, 0.7, 0.1, 0.1), gamma=(0, 0, 0, 1))
    found = decisive_clause(fake, report("Sum alpha. Sum beta. Sum gamma"))
    assert found is not None
    assert (found.text, found.start, found.end) == ("Sum beta", 11, 19)
    assert (found.probability_without, found.verdict_without) == (0.1, ASSIST)
    (ideas,) = fake.calls
    assert [i.text for i in ideas] == ["Sum beta. Sum gamma", "Sum alpha. Sum gamma", "Sum alpha. Sum beta"]
    assert all(i.stakes == "high" for i in ideas)
    assert fake.today is None


def test_nothing_is_decisive_where_nothing_falls() -> None:
    fake = Fake(alpha=(0.1, 0.1, 0.1, 0.7), beta=(0, 0, 0, 1))
    assert decisive_clause(fake, report("Sum alpha. Sum beta")) is None
    assert len(fake.calls) == 1


@pytest.mark.parametrize(("text", "verdict"), [("Sum alpha", UNFIT), ("Sum alpha. Sum beta", Verdict.UNCLEAR)])
def test_nothing_is_asked_of_one_clause_or_a_withheld_verdict(text: str, verdict: Verdict) -> None:
    fake = Fake()
    assert decisive_clause(fake, report(text, verdict)) is None
    assert fake.calls == []


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor()


@pytest.mark.parametrize(
    "idea",
    [
        UseCase(text=IDEA),
        UseCase(text="让智能体自行核对订单并直接退款，不用人审；随后写一封安抚客户的回信。"),
        UseCase(text="Sort the mails, then draft the replies; a clerk reads them", human_review=True, stakes="high"),
        # the cost speaks here, and must not be forgotten in what is left
        UseCase(text="Draft replies to mails, then file them", usd_value_per_call=0.000001, model="gpt-4o"),
    ],
    ids=["refund", "退款", "facts", "cost"],
)
def test_what_is_said_is_what_is_answered(assessor: Assessor, idea: UseCase) -> None:
    whole = assessor.assess(idea, today=DAY)
    explained = assessor.explain(whole)
    found = explained.decisive
    assert whole.decisive is None
    assert replace(explained, decisive=None, turn=whole.turn) == whole
    assert found is not None
    assert whole.text[found.start : found.end] == found.text
    number = next(n for n, task in enumerate(whole.tasks) if task.start == found.start)
    rest = assessor.assess(idea.model_copy(update={"text": without(whole.text, whole.tasks, number)}), today=DAY)
    shares = rest.probabilities
    assert shares[whole.verdict.value] == pytest.approx(found.probability_without, abs=1e-9)
    assert max(shares, key=shares.__getitem__) == found.verdict_without
    assert found.probability_without < whole.probabilities[whole.verdict.value]


def test_probabilities_of_ideas_with_facts_are_the_reports(assessor: Assessor) -> None:
    ideas = [UseCase(text=IDEA, decides="person"), UseCase(text=IDEA, usd_value_per_call=0.000001), UseCase(text=IDEA)]
    reports = [assessor.assess(idea, today=DAY) for idea in ideas]
    assert any(e.source == "cost" for e in reports[1].ledger)
    expected = [[r.probabilities[v.value] for v in LEARNED] for r in reports]
    np.testing.assert_allclose(assessor.probabilities(ideas, today=DAY), expected, atol=1e-9)


def test_the_command_line_tells_it_and_a_batch_does_not_look_for_it(assessor: Assessor) -> None:
    assert all(r.decisive is None for r in assessor.assess_many([IDEA, IDEA], today=DAY))
    short, long = (
        subprocess.run(
            [sys.executable, "-m", "fitcheck", *words],
            capture_output=True, text=True, encoding="utf-8", timeout=60, check=True,
        ).stdout
        for words in ((IDEA,), ("assess", IDEA, "--json"))
    )  # fmt: skip
    assert "Hangs on “the model grants refunds on its own”" in short
    assert json.loads(long)["decisive"]["text"] == "the model grants refunds on its own"
