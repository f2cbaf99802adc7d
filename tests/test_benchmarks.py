"""The benchmarks' arithmetic on data with known answers, and their commands with a small fake assessor."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import accuracy, metrics, rules, score, sets
from benchmarks.anchors import ANCHORS, anchors_of
from benchmarks.layout import number, percent, signed
from fitcheck.corpus import load_corpus
from fitcheck.errors import UseCaseError
from fitcheck.records import LEARNED, Report, Verdict
from fitcheck.rules import Rule
from fitcheck.use_case import UseCase

# the word in a text says what the fake assessor answers to it
ANSWERS = {
    "FIT": ((0.7, 0.1, 0.1, 0.1), Verdict.FIT),
    "ASSIST": ((0.25, 0.65, 0.05, 0.05), Verdict.ASSIST),
    "OVERKILL": ((0.1, 0.1, 0.7, 0.1), Verdict.OVERKILL),
    "UNFIT": ((0.1, 0.1, 0.1, 0.7), Verdict.UNFIT),
    "Draft": ((0.7, 0.1, 0.1, 0.1), Verdict.FIT),
    "MIXED": ((0.4, 0.05, 0.1, 0.45), Verdict.UNCLEAR),
}


class FakeAssessor:
    """Answers by the first word of a text; `BROKEN` can't be read."""

    def assess(self, text: str) -> Report:
        word = text.split()[0]
        if word == "BROKEN":
            raise UseCaseError("can't be read")
        probabilities, verdict = ANSWERS[word]
        return Report(
            use_case=UseCase(text=text),
            text=text,
            lang="en",
            verdict=verdict,
            probabilities={v.value: p for v, p in zip(LEARNED, probabilities, strict=True)},
            ledger=(),
            why_unclear="both sides spoke" if verdict is Verdict.UNCLEAR else None,
            concepts={"category": ("summarisation", 0.9), "decides": ("none", 0.8)},
        )

    def assess_many(self, texts: Sequence[str]) -> list[Report]:
        return [self.assess(t) for t in texts]

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([ANSWERS[t.split()[0]][0] for t in texts])

    def concepts(self, texts: Sequence[str]) -> dict[str, np.ndarray]:
        """Half of the probability on summarisation, half on bodily work."""
        names = sets.CORPUS_CONCEPTS["category"]
        row = [0.5 * (n in ("summarisation", "bodily-work")) for n in names]
        return {"category": np.array([row for _ in texts])}


class OtherAssessor(FakeAssessor):
    """One whose fast path says something else than its reports."""

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([[0.1, 0.1, 0.1, 0.7] for _ in texts])


CONCEPTS = dict.fromkeys(sets.CONCEPTS, "none") | {"category": "summarisation"}


def idea(text: str, label: str, lang: str = "en", **more: object) -> sets.Idea:
    groups = {"source": "a" if lang == "en" else "b", "language": lang}
    return sets.Idea(text, text, lang, label, groups, **more)  # type: ignore[arg-type]


def verdict_set(*ideas: sets.Idea) -> sets.IdeaSet:
    return sets.IdeaSet(sets.OWN_TEST, "made by hand", sets.VERDICTS, ideas, pools=(("source", "a", "b"),))


@pytest.fixture
def own_ideas(monkeypatch: pytest.MonkeyPatch) -> None:
    own = verdict_set(
        idea("FIT one", "fit", family="f1", pair="p", concepts=CONCEPTS),
        idea("UNFIT one", "unfit", family="f1", concepts=CONCEPTS),
        idea("ASSIST 甲", "fit", lang="zh", family="f2", pair="p", concepts=CONCEPTS),
        idea("OVERKILL one", "overkill", family="f2", concepts=CONCEPTS),
    )
    monkeypatch.setattr(accuracy, "own_test_split", lambda: own)
    monkeypatch.setattr(accuracy, "_make_assessor", lambda encoder, reading: FakeAssessor())


# metrics


def test_kappa_is_chance_corrected_and_absent_without_a_choice() -> None:
    # by hand: observed 3/4, expected 1/2 * 1/4 + 1/2 * 3/4 = 1/2
    assert metrics.kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"]) == pytest.approx(0.5)
    assert metrics.kappa(["a", "a"], ["a", "a"]) is None
    assert metrics.agreement([], []) == {"n": 0, "accuracy": None, "macro_f1": None, "kappa": None}


def test_macro_f1_is_over_the_labels_that_stand() -> None:
    # fit: precision 1, recall 1/2, F1 2/3; unfit: precision 1/2, recall 1, F1 2/3
    figures = metrics.agreement(["fit", "fit", "unfit"], ["fit", "unfit", "unfit"])
    assert figures["macro_f1"] == pytest.approx(2 / 3)
    assert metrics.agreement(["fit"], ["unfit"])["macro_f1"] == 0


def test_auc_ranks_and_is_absent_for_one_class() -> None:
    assert metrics.auc([True, False, True, False], [0.9, 0.8, 0.7, 0.1]) == pytest.approx(0.75)
    assert metrics.auc([True, True], [0.9, 0.1]) is None


def test_calibration_error_weighs_equal_mass_bins() -> None:
    # low bin: confidence .55, accuracy 0; high bin: confidence .95, accuracy 1
    confidence, is_right = [0.95, 0.55, 0.95, 0.55], [True, False, True, False]
    assert metrics.calibration_error(confidence, is_right, n_bins=2) == pytest.approx(0.3)
    assert metrics.calibration_error([0.8] * 5, [True, True, True, True, False], n_bins=1) == pytest.approx(0)
    assert metrics.calibration_error([0.6], [True]) == pytest.approx(0.4)
    assert metrics.calibration_error([], []) is None


def test_label_figures_tell_nothing_from_zero() -> None:
    figures = metrics.label_figures(["fit", "fit", "unfit"], ["fit", "assist", "assist"], sets.VERDICTS)
    assert figures["fit"] == {"n": 2, "said": 1, "precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3)}
    assert figures["assist"] == {"n": 0, "said": 2, "precision": 0.0, "recall": None, "f1": 0.0}
    assert figures["unfit"]["precision"] is None
    assert figures["unfit"]["recall"] == 0.0
    assert figures["overkill"]["f1"] is None


def test_bootstrap_is_seeded_and_brackets_the_figure() -> None:
    truth = ["a"] * 50 + ["b"] * 50
    guess = ["a"] * 40 + ["b"] * 50 + ["a"] * 10  # 80 of 100 right
    intervals = metrics.bootstrap_agreement(truth, guess)
    low, high = intervals["accuracy"] or (0, 0)
    assert 0.70 < low < metrics.accuracy(truth, guess) < high < 0.90
    # the normal interval of a share
    assert high - low == pytest.approx(2 * 1.96 * math.sqrt(0.8 * 0.2 / 100), rel=0.1)
    low, high = intervals["kappa"] or (0, 0)
    assert low < (metrics.kappa(truth, guess) or 0) < high
    assert metrics.bootstrap_agreement(truth, guess) == intervals
    assert metrics.bootstrap_agreement(truth, guess, n_resamples=200, seed=1) != intervals
    assert metrics.bootstrap_agreement(["a"] * 3, ["a"] * 3) == {"accuracy": (1, 1), "kappa": None}
    assert metrics.bootstrap_agreement([], []) == {"accuracy": None, "kappa": None}
    assert metrics.bootstrap_difference([], [True]) is None
    assert metrics.bootstrap_difference([True] * 4, [False] * 4, n_resamples=5) == (1, 1)
    one, two = [True] * 30 + [False] * 10, [True] * 50 + [False] * 50
    low, high = metrics.bootstrap_difference(one, two) or (0, 0)
    assert low < 0.25 < high


def test_a_family_counts_only_when_every_member_is_right() -> None:
    families = ["x", "x", "y", "y", "same", "same", None]
    truth = ["fit", "unfit", "fit", "unfit", "fit", "fit", "fit"]
    guess = ["fit", "unfit", "fit", "fit", "unfit", "unfit", "unfit"]
    figures = metrics.family_figures(families, truth, guess)
    assert figures["families"] == 2
    assert figures["all_right"] == 0.5
    assert figures["accuracy_inside"] == 0.75
    assert figures["if_independent"] == pytest.approx(0.75**2)
    assert metrics.family_figures(["same"], ["fit"], ["fit"])["all_right"] is None


def test_twins_need_both_languages() -> None:
    figures = metrics.twin_figures(["p", "p", "q", None], ["en", "zh", "en", "zh"], ["fit", "assist", "fit", "fit"])
    assert figures == {"pairs": 1, "same_answer": 0.0}


def test_a_concept_that_is_missing_is_wrong_and_counted() -> None:
    truth = [{"stakes": "low"}, {"stakes": "low"}, {"stakes": "high"}]
    guess: list[dict[str, str]] = [{"stakes": "low"}, {}, {"stakes": "high"}]
    figures = metrics.concept_figures(truth, guess, ["stakes"])["stakes"]
    assert figures["accuracy"] == pytest.approx(2 / 3)
    assert figures["most_common_share"] == pytest.approx(2 / 3)
    assert figures["not_read"] == 1


# sets of verdicts


def test_a_text_that_cannot_be_read_is_unclear_and_wrong() -> None:
    answers = score.answer_all(FakeAssessor(), ["FIT one", "BROKEN one", "UNFIT one"])
    assert [a.verdict for a in answers] == ["fit", "unclear", "unfit"]
    assert [a.strongest for a in answers] == ["fit", "unclear", "unfit"]
    assert [a.yes_no for a in answers] == ["yes", "no", "no"]
    figures = score.score_set(verdict_set(idea("FIT one", "fit"), idea("BROKEN one", "fit")), FakeAssessor())
    assert figures["not_readable"] == 1
    assert figures["four_verdicts"]["accuracy"] == 0.5
    assert figures["with_abstention"] == {"abstention_rate": 0.5, "accuracy_when_answering": 1.0}
    assert figures["confusion"]["fit"]["unclear"] == 1
    assert figures["why_unclear"] == {"not readable": 1}


def test_a_report_too_few_is_an_error() -> None:
    class Short(FakeAssessor):
        def assess_many(self, texts: Sequence[str]) -> list[Report]:
            return super().assess_many(texts)[:-1]

    with pytest.raises(RuntimeError, match="1 reports for 2 texts"):
        score.answer_all(Short(), ["FIT one", "FIT two"])


def test_a_fast_path_that_says_something_else_is_shown() -> None:
    ideas = verdict_set(idea("FIT one", "fit"), idea("UNFIT one", "fit"), idea("BROKEN one", "fit"))
    same = score.score_set(ideas, FakeAssessor())["probabilities_alone"]
    assert same == {"largest_difference": 0.0, "other_verdict": 0}
    other = score.score_set(ideas, OtherAssessor())["probabilities_alone"]
    assert other["largest_difference"] == pytest.approx(0.6)
    assert other["other_verdict"] == 1


def test_unclear_labels_enter_only_the_figures_that_say_so() -> None:
    figures = score.score_set(
        verdict_set(
            idea("FIT one", "fit"),
            idea("MIXED one", "unfit"),
            idea("MIXED two", "fit"),
            idea("MIXED three", "unclear"),
            idea("OVERKILL one", "unclear"),
        ),
        FakeAssessor(),
    )
    # the strongest of the mixed four is unfit
    assert figures["four_verdicts"]["n"] == 3
    assert figures["four_verdicts"]["accuracy"] == pytest.approx(2 / 3)
    assert figures["with_abstention"]["abstention_rate"] == pytest.approx(2 / 3)
    assert figures["with_abstention"]["accuracy_when_answering"] == 1.0
    assert figures["all_rows"]["n"] == 5
    assert figures["all_rows"]["accuracy"] == pytest.approx(2 / 5)
    assert figures["all_rows"]["unclear_labels"] == 2
    assert figures["all_rows"]["unclear_said"] == 3
    assert figures["confusion_with_abstention"]["unclear"] == {
        "fit": 0,
        "assist": 0,
        "overkill": 1,
        "unfit": 0,
        "unclear": 1,
    }
    assert figures["yes_no"]["n"] == 3
    assert sum(map(sum, (row.values() for row in figures["confusion"].values()))) == 3


def test_groups_languages_families_and_concepts() -> None:
    figures = score.score_set(
        verdict_set(
            idea("FIT one", "fit", family="f1", pair="p", concepts=CONCEPTS),
            idea("UNFIT one", "unfit", family="f1", concepts=CONCEPTS),
            idea("ASSIST 甲", "fit", lang="zh", family="f2", pair="p", concepts=CONCEPTS),
            idea("OVERKILL 乙", "overkill", lang="zh", family="f2", concepts=CONCEPTS),
        ),
        FakeAssessor(),
    )
    assert figures["by"]["language"]["en"]["accuracy"] == 1.0
    assert figures["by"]["language"]["zh"]["accuracy"] == 0.5
    assert figures["by"]["language"]["zh"]["yes_no_accuracy"] == 1.0
    gap = figures["zh_minus_en"]["b against a"]
    assert (gap["difference"], gap["n_en"], gap["n_zh"]) == (-0.5, 2, 2)
    assert gap["interval"][0] <= -0.5 <= gap["interval"][1]
    assert figures["contrast_families"]["all_right"] == 0.5
    assert figures["twins"] == {"pairs": 1, "same_answer": 0.0}
    assert figures["concepts"]["category"]["accuracy"] == 1.0
    assert figures["concepts"]["stakes"]["not_read"] == 4
    assert figures["yes_no"]["auc"] == 1.0
    assert figures["four_verdicts"]["calibration_error"] is not None


# sets of yes and no


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


def test_a_binary_set_is_scored_by_fit_and_assist(tmp_path: Path) -> None:
    columns = ("row", "agency", "classification", "llm", "text")
    rows = [
        ("1", "X", "Generative AI", "1", "FIT one"),
        ("2", "X", "Generative AI", "1", "MIXED one"),
        ("3", "Y", "Classical ML", "0", "UNFIT one"),
        ("4", "Y", "Classical ML", "0", "ASSIST one"),
    ]
    write_csv(tmp_path / "federal2025.csv", columns, rows)
    ideas = sets.read_set("federal2025", tmp_path)
    assert ideas is not None
    figures = score.score_set(ideas, FakeAssessor())
    ours = figures["yes_no"]
    # scores .8 and .45 for yes, .2 and .9 for no
    assert ours["accuracy"] == 0.5
    assert ours["kappa"] == 0.0
    assert ours["auc"] == pytest.approx((1 + 0 + 1 + 0) / 4)
    assert ours["abstention_rate"] == 0.25
    assert ours["accuracy_when_answering"] == pytest.approx(2 / 3)
    assert figures["verdicts_by_label"]["yes"] == {"fit": 1, "assist": 0, "overkill": 0, "unfit": 0, "unclear": 1}
    assert figures["by"]["agency"]["X"]["accuracy"] == 0.5
    assert figures["by"]["agency"]["X"]["auc"] is None
    assert [a["accuracy"] for a in figures["anchors"]] == [0.805, 0.82]
    json.dumps(figures)


def test_gpt4_is_an_anchor_that_is_computed_on_the_same_rows(tmp_path: Path) -> None:
    columns = ("task_id", "soc", "group", "human", "gpt4", "text")
    rows = [
        ("1", "11-1", "11", "E0", "E0", "UNFIT one"),
        ("2", "11-1", "11", "E1", "E2", "FIT one"),
        ("3", "29-1", "29", "E2", "E0", "FIT two"),
        ("4", "29-1", "29", "E0", "E0", "OVERKILL one"),
    ]
    write_csv(tmp_path / "gpts_are_gpts.csv", columns, rows)
    ideas = sets.read_set("gpts_are_gpts", tmp_path)
    assert ideas is not None
    assert [i.label for i in ideas.ideas] == ["no", "yes", "yes", "no"]
    figures = score.score_set(ideas, FakeAssessor())
    assert figures["yes_no"]["accuracy"] == 1.0
    assert figures["others"]["GPT-4"]["accuracy"] == 0.75
    assert figures["others"]["GPT-4"]["kappa"] == pytest.approx(0.5)
    assert figures["always_most_common"]["accuracy"] == 0.5


def test_the_panel_takes_its_concepts_by_id(tmp_path: Path) -> None:
    columns = ("id", "src", "lang", "verdict", "votes", "role", "text")
    write_csv(tmp_path / "panel.csv", columns, [("h1", "s", "en", "fit", "3", "core", "FIT one")])
    ideas = sets.read_set("panel", tmp_path)
    assert ideas is not None
    assert ideas.ideas[0].concepts == {}
    values = [CONCEPTS[name] for name in sets.CONCEPTS]
    head = "\t".join(("unit", *sets.CONCEPTS))
    (tmp_path / "panel_concepts.tsv").write_text(f"{head}\nh1\t" + "\t".join(values) + "\n", encoding="utf-8")
    ideas = sets.read_set("panel", tmp_path)
    assert ideas is not None
    assert ideas.ideas[0].concepts == CONCEPTS


@pytest.mark.parametrize(
    ("columns", "row", "message"),
    [
        (("id", "text"), ("1", "FIT one"), "no column company, primary_category, llm"),
        (("id", "company", "primary_category", "llm", "text"), ("1", "c", "rec", "2", "FIT one"), "must be 0 or 1"),
        (("id", "company", "primary_category", "llm", "text"), ("1", "c"), "row 1 is cut off"),
    ],
)
def test_a_broken_set_ends_with_a_message(
    tmp_path: Path,
    own_ideas: None,
    capsys: pytest.CaptureFixture[str],
    columns: Sequence[str],
    row: Sequence[str],
    message: str,
) -> None:
    write_csv(tmp_path / "case_studies.csv", columns, [row])
    assert accuracy.main(["--data", str(tmp_path), "--only", "case_studies"]) == 2
    assert message in capsys.readouterr().err


def test_a_set_without_rows_is_an_error(tmp_path: Path) -> None:
    write_csv(tmp_path / "case_studies.csv", ("id", "company", "primary_category", "llm", "text"), [])
    with pytest.raises(sets.SetError, match="no rows"):
        sets.read_set("case_studies", tmp_path)


# the command


@pytest.mark.usefixtures("own_ideas")
def test_an_absent_folder_prints_the_origins_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figures.json"
    assert accuracy.main(["--data", str(tmp_path / "nowhere"), "--json", str(file)]) == 0
    printed = capsys.readouterr().out
    for name in sets.FOLDER_SETS:
        assert f"{name}.csv" in printed
    assert "openai/GPTs-are-GPTs" in printed
    assert "ombegov/2025-Federal-Agency-AI-Use-Case-Inventory" in printed
    assert "eren23/awesome-ml-system-design-case-studies" in printed
    assert "Chinese minus English" in printed
    assert "Contrast families" in printed
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert list(figures["sets"]) == [sets.OWN_TEST]
    assert figures["sets"][sets.OWN_TEST]["four_verdicts"]["accuracy"] == 0.75


@pytest.mark.usefixtures("own_ideas")
def test_only_one_set_and_the_folder_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ("id", "company", "primary_category", "llm", "text")
    write_csv(tmp_path / "case_studies.csv", columns, [("1", "c", "genai", "1", "FIT one")])
    monkeypatch.setenv("FITCHECK_DATA", str(tmp_path))
    assert accuracy.main(["--only", "case_studies"]) == 0
    printed = capsys.readouterr().out
    assert "TRAINED ON the other companies' labels" in printed
    assert "Contrast families" not in printed
    assert accuracy.main(["--only", "panel"]) == 0
    assert "Nothing was measured." in capsys.readouterr().out


def test_the_folder_is_as_given_then_environment_then_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FITCHECK_DATA", "from-environment")
    assert sets.data_folder("given") == Path("given")
    assert sets.data_folder(None) == Path("from-environment")
    monkeypatch.delenv("FITCHECK_DATA")
    assert sets.data_folder(None).parts[-2:] == ("shared", "data")


def test_an_unknown_set_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        accuracy.main(["--only", "pannel"])
    assert stopped.value.code == 2
    assert "pannel" in capsys.readouterr().err


def test_the_own_test_split_is_the_corpora_test_families() -> None:
    ours = sets.own_test_split()
    assert {i.id for i in ours.ideas} == {s.id for s in load_corpus() if s.split == "test"}
    assert all(i.label in sets.VERDICTS and set(i.concepts) == set(sets.CONCEPTS) for i in ours.ideas)
    texts = sets.texts_of("test")
    assert sum(map(len, texts.values())) == len({i.text for i in ours.ideas})


def test_every_anchor_says_who_and_under_what_conditions() -> None:
    assert {a.set_name for a in ANCHORS} == set(sets.FOLDER_SETS)
    for anchor in ANCHORS:
        assert anchor.who
        assert len(anchor.conditions) > 20
        figures = [anchor.accuracy, anchor.kappa, anchor.auc, anchor.yes_no]
        assert any(f is not None for f in figures)
        assert all(f is None or 0 < f < 1 for f in figures)
    assert anchors_of("panel")[0].kappa == 0.93


@pytest.mark.parametrize(
    ("value", "written"), [(0.7123, ".712"), (1.0, "1.000"), (-0.05, "-.050"), (None, "-"), (0.0, ".000")]
)
def test_figures_are_written_short(value: float | None, written: str) -> None:
    assert number(value) == written


def test_shares_are_written_in_points() -> None:
    assert (percent(0.125), percent(None), signed(-0.031), signed(0.2)) == ("12.5%", "-", "-3.1", "+20.0")


# rules


def make_rule(id_: str, verdict: str, pattern: str, family: str, weight: float = 1.0) -> Rule:
    both = {"en": "x", "zh": "x"}
    return Rule.model_validate(
        {
            "schema": 1,
            "id": id_,
            "family": family,
            "weight": {"core": {verdict: weight}},
            "title": both,
            "why": both,
            "instead": both | {"kind": "language-model"},
            "when": [{"text": {"en": [pattern]}}],
            "source": [{"claim": "x", "title": "x", "seen": "2026-01-01"}],
        }
    )


def test_rule_figures_by_hand() -> None:
    english = [s for s in load_corpus() if s.lang == "en"][:3]
    scenarios = list(english)
    pack = [
        make_rule("one", "fit", "alpha", "a"),
        make_rule("two", "unfit", "beta", "b"),
        make_rule("three", "fit", "gamma", "c"),
    ]
    labels = [str(s.verdict) for s in scenarios]
    firings = [
        [rules.Firing("one", "core", labels[0], True), rules.Firing("two", "core", "other", True)],
        [rules.Firing("one", "core", "other", False)],
        [rules.Firing("one", "dropped", None, False)],
    ]
    figures = rules.rule_figures(pack, scenarios, firings)
    one = figures["by_rule"]["one"]
    assert (one["fired"], one["core"], one["fired_zh"]) == (3, 2, 0)
    assert one["coverage"] == 1.0
    assert one["precision"] == 0.5
    assert one["overlap"] == pytest.approx(1 / 3)
    assert one["conflict"] == 0.5
    assert one["counts"] == pytest.approx(1 / 3)
    assert one["base_rate"] == pytest.approx(labels.count("fit") / 3)
    assert figures["never_fired"] == ["three"]
    assert figures["by_rule"]["three"]["precision"] is None
    assert figures["in_conflict"] == pytest.approx(1 / 3)
    assert math.isclose(figures["covered"], 1.0)


def test_rules_fire_by_the_matcher() -> None:
    some = load_corpus()[0]
    scenarios = [replace(some, text=t) for t in ("Have GPT draft the reply", "Have GPT count the stars")]
    pack = [
        make_rule("draft", "fit", "draft", "a"),
        make_rule("draft-reply", "assist", "draft the reply", "a", weight=2.0),
        make_rule("never", "fit", "zyxwv", "a"),
    ]
    hit, miss = rules.fire_all(pack, scenarios)
    # of one family only the stronger rule enters the ledger
    assert hit == [rules.Firing("draft", "core", "fit", False), rules.Firing("draft-reply", "core", "assist", True)]
    assert miss == []


def test_an_empty_pack_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rules.main(["--rules", str(tmp_path)]) == 2
    assert "no rule file" in capsys.readouterr().err
