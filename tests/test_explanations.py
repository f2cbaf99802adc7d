"""The explanations benchmark: its arithmetic with fakes, and its command on a small set made by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import explanations
from benchmarks.explanations import Change, Hold, Likeness, decisive_figures, ledger_figures, neighbour_figures
from benchmarks.sets import VERDICTS, Idea, IdeaSet
from fitcheck.combine import probabilities
from fitcheck.corpus import Scenario
from fitcheck.errors import FitcheckError, UseCaseError
from fitcheck.records import LEARNED, Evidence, Neighbour, Report, Verdict, Versions
from fitcheck.tasks import split_tasks
from fitcheck.use_case import UseCase

FIT, ASSIST, OVERKILL, UNFIT = LEARNED
# a word fires a rule: what it argues for, and how much; HIDDEN moves a total without a row that says so
WORDS = {"SOLVE": (UNFIT, 2.0), "SUM": (OVERKILL, 1.0), "DRAFT": (FIT, 0.1)}
HIDDEN = (UNFIT, 0.5)


class FakeAssessor:
    """Adds up the words of a text; `BROKEN` can't be read."""

    versions = Versions(fitcheck="0", model="fake", rules=0)

    def __init__(self) -> None:
        self.reader = SimpleNamespace(static=SimpleNamespace(encode=encode))

    def assess(self, text: str) -> Report:
        if "BROKEN" in text:
            raise UseCaseError("can't be read")
        ledger = [
            Evidence("rule", word.lower(), v, size, role="core", quote=word, start=text.index(word))
            for word, (v, size) in WORDS.items()
            if word in text
        ]
        if "HIDDEN" in text:
            ledger.append(Evidence("scenarios", "whole text", *HIDDEN))
        sums = {v.value: sum(e.log_odds for e in ledger if e.verdict is v) for v in LEARNED}
        shares = probabilities(sums)
        verdict = Verdict(max(shares, key=shares.__getitem__))
        near = (Neighbour("s1", "solve it", UNFIT, "optimisation", 0.8),)
        return Report(
            UseCase(text=text), text, "en", verdict, shares, tuple(ledger), tasks=split_tasks(text), neighbours=near
        )

    def assess_each(self, ideas: Iterable[str]) -> Iterator[Report | FitcheckError]:
        for text in ideas:
            try:
                yield self.assess(text)
            except UseCaseError as error:
                yield error

    def probabilities(self, ideas: Sequence[UseCase], today: object = None, reading: object = None) -> np.ndarray:
        reports = [self.assess(i.text) for i in ideas]
        return np.array([[r.probabilities[v] for v in VERDICTS] for r in reports])


def encode(texts: Sequence[str]) -> np.ndarray:
    """Return a unit vector that tells whether a text solves something."""
    return np.array([[1.0, 0.0] if "solve" in text else [0.6, 0.8] for text in texts])


def scenario(number: int, text: str, verdict: Verdict, category: str, lang: str = "en") -> Scenario:
    values = dict.fromkeys(Scenario.__dataclass_fields__, "")
    values |= {"id": f"s{number}", "family": "train", "text": text, "category": category, "lang": lang}
    return Scenario(**values | {"verdict": verdict})  # type: ignore[arg-type]


SCENARIOS = [
    scenario(1, "solve it", UNFIT, "optimisation"),
    scenario(2, "write it", FIT, "drafting"),
    scenario(3, "写", UNFIT, "optimisation", "zh"),
]


def idea(text: str, label: str = "unfit", category: str | None = None) -> Idea:
    return Idea(text, text, "en", label, concepts={"category": category} if category else {})


def ideas(*rows: Idea) -> IdeaSet:
    return IdeaSet("panel", "made by hand", VERDICTS, rows)


# the ledger


def test_a_row_is_foretold_only_where_its_whole_quote_lies_in_the_clause() -> None:
    report = FakeAssessor().assess("SOLVE it. DRAFT it. Go on")
    solve, draft, rest = report.tasks
    assert explanations.foretold(report, solve) == {"fit": 0, "assist": 0, "overkill": 0, "unfit": -2.0}
    assert explanations.foretold(report, draft)["fit"] == -0.1
    assert explanations.foretold(report, rest) == {}
    across = Evidence("rule", "a", FIT, 1.0, quote="it. DRAFT", start=6)
    silent = Evidence("rule", "b", FIT, 1.0)
    other = Report(report.use_case, report.text, "en", UNFIT, report.probabilities, (across, silent))
    assert all(explanations.foretold(other, task) == {} for task in report.tasks)


def test_changes_are_what_the_rest_is_assessed_at() -> None:
    assessor = FakeAssessor()
    report = assessor.assess("SOLVE it HIDDEN. SUM it")
    left = {0: assessor.assess("SUM it"), 1: assessor.assess("SOLVE it HIDDEN.")}
    changes = explanations.changes_of(idea("a"), report, left)
    assert [(c.clause, c.verdict, c.foretold, c.actual, c.other) for c in changes if c.foretold] == [
        ("SOLVE it HIDDEN", "unfit", -2.0, -2.5, 0.0),
        ("SUM it", "overkill", -1.0, -1.0, 0.0),
    ]
    assert len(changes) == 8
    assert all(c.actual == 0 for c in changes if not c.foretold)


def change(foretold: float, actual: float, other: float | None = 0.0) -> Change:
    return Change("i", "en", "a clause", "unfit", foretold, actual, other)


def test_ledger_figures() -> None:
    changes = [change(-2.0, -1.0, -0.5), change(-1.0, -0.5, 0.5), change(-0.3, 0.2, None), change(-0.1, 0.3),
               change(0.0, 0.4)]  # fmt: skip
    figures = ledger_figures(changes)
    loud, every = figures["loud"], figures["all"]
    assert (loud["n"], every["n"]) == (3, 5)
    assert loud["right_sign"] == pytest.approx(2 / 3)
    assert loud["by_chance"] == 0.5
    assert loud["rank_correlation"] == pytest.approx(1)
    assert loud["median_gap"] == pytest.approx(0.5)
    assert every["median_gap"] == pytest.approx(0.5)
    assert (every["median_foretold"], every["median_actual"]) == (-0.3, 0.2)
    assert every["rank_correlation"] == pytest.approx(1)
    assert "right_sign" not in every
    assert ledger_figures([change(-2.0, 1.0), change(-1.0, -1.0)])["loud"]["rank_correlation"] == pytest.approx(-1)


def test_a_total_that_stays_has_not_the_right_sign_and_is_named() -> None:
    still, off, right = change(-1.0, 0.0), change(-1.0, 2.0), change(-1.0, -9.0)
    assert ledger_figures([still, off, right])["loud"]["right_sign"] == pytest.approx(1 / 3)
    assert explanations._worst([still, right, off, change(-0.2, 2.0)]) == [off, still]


def test_no_change_is_no_figure() -> None:
    figures = ledger_figures([])
    assert figures["loud"]["n"] == 0
    assert {figures["loud"][name] for name in ("right_sign", "by_chance", "rank_correlation", "median_gap")} == {None}
    assert ledger_figures([change(-1.0, -1.0), change(-1.0, -2.0)])["loud"]["rank_correlation"] is None


# the decisive clause


def test_what_the_decisive_clause_holds() -> None:
    assessor = FakeAssessor()
    report = assessor.assess("SOLVE it. SUM it")
    left = {0: assessor.assess("SUM it"), 1: assessor.assess("SOLVE it.")}
    found = explanations.hold_of(idea("a"), report, left, assessor)
    assert found is not None
    whole = report.probabilities["unfit"]
    assert found.fall == pytest.approx(whole - left[0].probabilities["unfit"])
    assert found.other_fall == pytest.approx(whole - left[1].probabilities["unfit"])
    assert found.fall > 0 > found.other_fall
    assert (found.turns, found.other_turns, found.alone, found.other_alone) == (True, False, True, False)
    assert found.held


def test_a_report_that_says_something_else_than_is_answered_is_caught() -> None:
    assessor = FakeAssessor()
    report = assessor.assess("SOLVE it. SUM it")
    left = {0: assessor.assess("SUM it DRAFT"), 1: assessor.assess("SOLVE it.")}
    found = explanations.hold_of(idea("a"), report, left, assessor)
    assert found is not None
    assert not found.held


def test_a_clause_alone_decides_nothing() -> None:
    assessor = FakeAssessor()
    assert explanations.hold_of(idea("a"), assessor.assess("SOLVE it"), {}, assessor) is None
    report = assessor.assess("SOLVE it. SUM it")
    assert explanations.hold_of(idea("a"), report, {0: assessor.assess("SUM it")}, assessor) is None


def test_decisive_figures() -> None:
    figures = decisive_figures(
        [
            Hold("en", 0.6, 0.1, True, False, True, False, True),
            Hold("zh", 0.2, 0.2, False, False, True, True, False),
        ]
    )
    assert figures == {
        "n": 2, "held": 0.5, "fall": pytest.approx(0.4), "other_fall": pytest.approx(0.15), "larger": 0.5, "turns": 0.5,
        "other_turns": 0, "alone": 1, "other_alone": 0.5,
    }  # fmt: skip
    assert decisive_figures([]) == {"n": 0} | dict.fromkeys(list(figures)[1:])


# the neighbours


def test_likenesses_to_the_nearest_and_to_random_scenarios_of_its_language() -> None:
    rows = [(idea("solve: SOLVE it", category="optimisation"), FakeAssessor().assess("solve: SOLVE it"))]
    nearest, drawn = explanations.likenesses(rows, SCENARIOS, encode)
    assert nearest == [Likeness("en", True, True, True, 0.8)]
    assert sorted(drawn, key=lambda one: -one.cosine) == [
        Likeness("en", True, True, True, 1.0),
        Likeness("en", False, False, False, 0.6),
    ]


def test_what_is_unclear_or_not_labelled_is_left_out() -> None:
    near = [Likeness("en", None, True, None, 0.5), Likeness("en", True, False, None, 0.7)]
    figures = neighbour_figures(near, [])
    assert figures["nearest"] == {
        "n": 2, "as_report": 1, "as_label": 0.5, "same_category": None, "cosine": pytest.approx(0.6)
    }  # fmt: skip
    assert figures["random"] == {"n": 0} | dict.fromkeys(("as_report", "as_label", "same_category", "cosine"))
    unclear = idea("SOLVE it", label="unclear")
    ((one,), _) = explanations.likenesses([(unclear, FakeAssessor().assess("SOLVE it"))], SCENARIOS, encode)
    assert (one.label, one.category) == (None, None)


# the command


def test_measure_counts_what_it_leaves_out() -> None:
    rows = ideas(idea("SOLVE it. SUM it"), idea("DRAFT it"), idea("BROKEN. it"), idea("SOLVE it. BROKEN thing"))
    figures = explanations.measure(rows, FakeAssessor(), SCENARIOS, encode)
    assert (figures["ideas"], figures["not_readable"], figures["of_two_clauses_or_more"]) == (2, 2, 1)
    assert (figures["quotes"], figures["quotes_in_no_single_clause"], figures["decided"]) == (2, 0, 1)
    assert figures["ledger"]["all"]["loud"]["n"] == 2
    assert figures["ledger"]["en"] == figures["ledger"]["all"]
    assert figures["decisive"]["all"]["held"] == 1
    assert figures["decisive"]["zh"]["n"] == 0
    assert figures["neighbours"]["all"]["nearest"]["n"] == 2
    assert figures == explanations.measure(rows, FakeAssessor(), SCENARIOS, encode)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanations, "_make_assessor", FakeAssessor)
    monkeypatch.setattr(explanations, "load_corpus", lambda: SCENARIOS)


def test_the_command_measures_the_panel(
    fake: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = ideas(idea("SOLVE it. SUM it", category="optimisation"), idea("DRAFT it"))
    monkeypatch.setattr(explanations, "read_set", lambda name, folder: panel)
    file = tmp_path / "figures.json"
    assert explanations.main(["--json", str(file)]) == 0
    figures = json.loads(file.read_text("utf-8"))
    assert figures["versions"]["model"] == "fake"
    assert figures["decisive"]["all"]["n"] == 1
    assert figures["neighbours"]["all"]["nearest"]["same_category"] == 1
    printed = capsys.readouterr().out
    assert all(words in printed for words in ("Ledger", "Decisive clause", "Scenarios", "100.0%"))
    assert "SOLVE" not in printed


def test_without_the_panel_our_own_test_split_is_measured(
    fake: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(explanations, "own_test_split", lambda: ideas(idea("SOLVE it. SUM it")))
    assert explanations.main(["--data", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "panel.csv" in printed
    assert "test split instead" in printed


def test_nothing_to_measure_is_an_error(
    fake: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(explanations, "read_set", lambda name, folder: ideas(idea("BROKEN")))
    assert explanations.main([]) == 2
    assert "none of 1 texts could be read" in capsys.readouterr().err
