"""From a set of ideas to its figures: assess each, then compare with the labels."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from numpy.typing import NDArray

from benchmarks import metrics
from benchmarks.anchors import anchors_of
from benchmarks.sets import CONCEPTS, OWN_TEST, VERDICTS, YES_NO, Idea, IdeaSet
from fitcheck.errors import UseCaseError
from fitcheck.records import Report, Verdict
from fitcheck.taxonomy import CONCEPTS as CORPUS_CONCEPTS

__all__ = ["Answer", "Assesses", "answer_all", "score_set"]

UNCLEAR = Verdict.UNCLEAR.value
_CHUNK = 200
_RISKS = (0.02, 0.05, 0.1, 0.2)
CATEGORIES = CORPUS_CONCEPTS["category"]


class Assesses(Protocol):
    """What the benchmark asks of `fitcheck.Assessor`."""

    def assess(self, use_case: str, /) -> Report: ...

    def assess_many(self, use_cases: Sequence[str], /) -> list[Report]: ...

    def probabilities(self, texts: Sequence[str], /) -> NDArray[Any]: ...

    def concepts(self, texts: Sequence[str], /) -> dict[str, NDArray[Any]]: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one idea.

    Attributes:
        probabilities: Of the four verdicts, in the order of `VERDICTS`; None where the text could not be read.
        verdict: The report's verdict, which may be `unclear`.
        concepts: The concepts as read.
        why_unclear: The report's reason for abstaining.
    """

    probabilities: tuple[float, ...] | None
    verdict: str
    concepts: dict[str, str] = field(default_factory=dict)
    why_unclear: str | None = None

    @property
    def strongest(self) -> str:
        """The verdict with the highest probability; `unclear`, always wrong, for a text that could not be read."""
        if self.probabilities is None:
            return UNCLEAR
        return VERDICTS[max(range(len(VERDICTS)), key=self.probabilities.__getitem__)]

    @property
    def score(self) -> float:
        """The probability of yes, p(fit) + p(assist); one half where nothing is known."""
        return 0.5 if self.probabilities is None else self.probabilities[0] + self.probabilities[1]

    @property
    def yes_no(self) -> str:
        """`yes` from a score of .5; a text that could not be read is no yes."""
        return "yes" if self.probabilities is not None and self.score >= 0.5 else "no"


_UNREAD = Answer(None, UNCLEAR, why_unclear="not readable")


def answer_all(assessor: Assesses, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> list[Answer]:
    """Assess texts; one that can't be read counts as unclear instead of ending the run.

    Args:
        assessor: What answers.
        texts: The ideas.
        progress: Called with the number of texts done.
    """
    answers: list[Answer] = []
    for start in range(0, len(texts), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        try:
            answers += [_answer(r) for r in assessor.assess_many(chunk)]
        except UseCaseError:
            answers += [_assess_one(assessor, text) for text in chunk]
        if progress is not None:
            progress(len(answers))
    if len(answers) != len(texts):
        raise RuntimeError(f"assess_many returned {len(answers)} reports for {len(texts)} texts")
    return answers


def _assess_one(assessor: Assesses, text: str) -> Answer:
    try:
        return _answer(assessor.assess(text))
    except UseCaseError:
        return _UNREAD


def _answer(report: Report) -> Answer:
    return Answer(
        probabilities=tuple(float(report.probabilities[v]) for v in VERDICTS),
        verdict=str(report.verdict),
        concepts={name: value for name, (value, _) in report.concepts.items()},
        why_unclear=report.why_unclear,
    )


def score_set(ideas: IdeaSet, assessor: Assesses, progress: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Return every figure of a set, ready for `json.dumps`.

    Args:
        ideas: The set.
        assessor: What answers.
        progress: Called with the number of ideas done.
    """
    began = time.perf_counter()
    answers = answer_all(assessor, [i.text for i in ideas.ideas], progress)
    seconds = time.perf_counter() - began
    rows = list(zip(ideas.ideas, answers, strict=True))
    if ideas.labels == YES_NO:
        figures = _yes_no_set(rows)
        if ideas.yes_tasks:
            figures["by_core_task"] = _by_core_task(ideas, assessor)
    else:
        figures = _verdict_set(rows, ideas)
    return {
        "title": ideas.title,
        "rows": len(rows),
        "question": "yes or no" if ideas.labels == YES_NO else "four verdicts",
        "seconds": round(seconds, 2),
        "not_readable": sum(a.probabilities is None for a in answers),
        "probabilities_alone": _both_paths(rows, assessor),
        "anchors": [asdict(a) for a in anchors_of(ideas.name)],
    } | figures


_Rows = Sequence[tuple[Idea, Answer]]


def _both_paths(rows: _Rows, assessor: Assesses) -> dict[str, Any]:
    """Compare the probabilities of the fast path, which the speed benchmark times, with the reports'."""
    read = [(i.text, a) for i, a in rows if a.probabilities is not None]
    if not read:
        return {"largest_difference": None, "other_verdict": 0}
    alone = [[float(p) for p in row] for row in assessor.probabilities([text for text, _ in read])]
    pairs = [(row, a.probabilities) for row, (_, a) in zip(alone, read, strict=True) if a.probabilities is not None]
    return {
        "largest_difference": max(abs(p - q) for row, full in pairs for p, q in zip(row, full, strict=True)),
        "other_verdict": sum(row.index(max(row)) != full.index(max(full)) for row, full in pairs),
    }


def _verdict_set(rows: _Rows, ideas: IdeaSet) -> dict[str, Any]:
    """Figures where labels are verdicts; rows labelled `unclear` enter only what says so."""
    named = [(i, a) for i, a in rows if i.label in VERDICTS]
    truth = [i.label for i, _ in named]
    guess = [a.strongest for _, a in named]
    labels = [i.label for i, _ in rows]
    figures: dict[str, Any] = {
        "four_verdicts": _four(named)
        | {f"{name}_interval": span for name, span in metrics.bootstrap_agreement(truth, guess).items()},
        "with_abstention": _abstaining(named, [i.label for i, _ in named], [a.verdict for _, a in named]),
        "all_rows": metrics.agreement(labels, [a.verdict for _, a in rows])
        | {"unclear_labels": labels.count(UNCLEAR), "unclear_said": sum(a.verdict == UNCLEAR for _, a in rows)},
        "with_risk": _with_risk(named),
        "yes_no": _yes_no(named, [_as_yes_no(t) for t in truth]),
        "by_verdict": metrics.label_figures(truth, guess, VERDICTS),
        "confusion": metrics.confusion(truth, guess, VERDICTS, (*VERDICTS, UNCLEAR)),
        "confusion_with_abstention": metrics.confusion(
            labels, [a.verdict for _, a in rows], (*VERDICTS, UNCLEAR), (*VERDICTS, UNCLEAR)
        ),
        "why_unclear": _count(a.why_unclear or "not said" for _, a in rows if a.verdict == UNCLEAR),
        "always_most_common": _most_common(truth),
        "by": {
            kind: {
                value: _four(group)
                | {"yes_no_accuracy": _yes_no(group, [_as_yes_no(i.label) for i, _ in group])["accuracy"]}
                | _abstaining(group, [i.label for i, _ in group], [a.verdict for _, a in group])
                for value, group in _groups(named, kind)
            }
            for kind in _kinds(rows)
        },
        "zh_minus_en": _language_gaps(named, ideas),
    }
    noticed = [(i, a) for i, a in rows if i.concepts]
    if noticed:
        figures["concepts"] = metrics.concept_figures(
            [i.concepts for i, _ in noticed], [a.concepts for _, a in noticed], CONCEPTS
        )
    if ideas.name == OWN_TEST:
        figures["contrast_families"] = metrics.family_figures([i.family for i, _ in named], truth, guess)
        figures["twins"] = metrics.twin_figures([i.pair for i, _ in named], [i.lang for i, _ in named], guess)
    return figures


def _yes_no_set(rows: _Rows) -> dict[str, Any]:
    truth = [i.label for i, _ in rows]
    others = sorted({who for i, _ in rows for who in i.others})
    return {
        "yes_no": _yes_no(rows, truth),
        "by_verdict": metrics.label_figures(truth, [a.yes_no for _, a in rows], YES_NO),
        "confusion": metrics.confusion(truth, [a.yes_no for _, a in rows], YES_NO, YES_NO),
        "verdicts_by_label": metrics.confusion(truth, [a.verdict for _, a in rows], YES_NO, (*VERDICTS, UNCLEAR)),
        "why_unclear": _count(a.why_unclear or "not said" for _, a in rows if a.verdict == UNCLEAR),
        "others": {who: metrics.agreement(truth, [i.others[who] for i, _ in rows]) for who in others},
        "always_most_common": _most_common(truth),
        "by": {
            kind: {value: _yes_no(group, [i.label for i, _ in group]) for value, group in _groups(rows, kind)}
            for kind in _kinds(rows)
        },
    }


def _by_core_task(ideas: IdeaSet, assessor: Assesses) -> dict[str, Any]:
    """Answer the set's own question by what the core task is, whatever the verdict on it.

    The score is the probability that the core task's category is one of the set's `yes_tasks`.
    """
    read = list(ideas.ideas)
    shares = assessor.concepts([i.text for i in read])["category"]
    wanted = [c in ideas.yes_tasks for c in CATEGORIES]
    scores = [float(row[wanted].sum()) for row in shares]
    truth = [i.label for i in read]
    return metrics.agreement(truth, ["yes" if s >= 0.5 else "no" for s in scores]) | {
        "auc": metrics.auc([t == "yes" for t in truth], scores)
    }


def _with_risk(rows: _Rows) -> dict[str, dict[str, Any]]:
    """Return, by the risk that a user accepts, the share that is answered and the accuracy of it."""
    found = {}
    for risk in _RISKS:
        answered = [
            i.label == a.strongest
            for i, a in rows
            if a.verdict != UNCLEAR and a.probabilities is not None and max(a.probabilities) >= 1 - risk
        ]
        found[f"{risk:g}"] = {
            "answered": len(answered) / len(rows) if rows else None,
            "accuracy": sum(answered) / len(answered) if answered else None,
        }
    return found


def _four(rows: _Rows) -> dict[str, Any]:
    truth = [i.label for i, _ in rows]
    guess = [a.strongest for _, a in rows]
    return metrics.agreement(truth, guess) | {
        "auc": metrics.auc([t in ("fit", "assist") for t in truth], [a.score for _, a in rows]),
        "calibration_error": metrics.calibration_error(
            [max(a.probabilities) if a.probabilities else 0.25 for _, a in rows],
            [t == g for t, g in zip(truth, guess, strict=True)],
        ),
    }


def _yes_no(rows: _Rows, truth: Sequence[str]) -> dict[str, Any]:
    """Figures of yes against no: score p(fit) + p(assist), threshold .5, never tuned on the set."""
    guess = [a.yes_no for _, a in rows]
    return (
        metrics.agreement(truth, guess)
        | {
            "share_yes": truth.count("yes") / len(truth) if len(truth) else None,
            "auc": metrics.auc([t == "yes" for t in truth], [a.score for _, a in rows]),
            "calibration_error": metrics.calibration_error(
                [max(a.score, 1 - a.score) for _, a in rows], [t == g for t, g in zip(truth, guess, strict=True)]
            ),
        }
        | _abstaining(rows, truth, guess)
    )


def _abstaining(rows: _Rows, truth: Sequence[str], guess: Sequence[str]) -> dict[str, Any]:
    """Return how often the report abstains, and the accuracy over the rows where it doesn't."""
    answered = [t == g for (_, a), t, g in zip(rows, truth, guess, strict=True) if a.verdict != UNCLEAR]
    return {
        "abstention_rate": 1 - len(answered) / len(rows) if rows else None,
        "accuracy_when_answering": sum(answered) / len(answered) if answered else None,
    }


def _as_yes_no(verdict: str) -> str:
    return "yes" if verdict in ("fit", "assist") else "no"


def _most_common(truth: Sequence[str]) -> dict[str, Any]:
    """Return the agreement of somebody who always gives the set's most common answer."""
    if not truth:
        return {}
    label = max(sorted(set(truth)), key=list(truth).count)
    return {"answer": label} | metrics.agreement(truth, [label] * len(truth))


def _language_gaps(rows: _Rows, ideas: IdeaSet) -> dict[str, Any]:
    """Return Chinese minus English accuracy: over all rows, and over pools of the same kind of text."""
    gaps = {"all rows": _gap(rows, "language", "en", "zh")}
    for kind, en, zh in ideas.pools:
        gaps[f"{zh} against {en}"] = _gap(rows, kind, en, zh)
    return gaps


def _gap(rows: _Rows, kind: str, en: str, zh: str) -> dict[str, Any]:
    right = {value: [i.label == a.strongest for i, a in rows if i.groups.get(kind) == value] for value in (en, zh)}
    if not right[en] or not right[zh]:
        return {"difference": None, "interval": None, "n_en": len(right[en]), "n_zh": len(right[zh])}
    return {
        "difference": sum(right[zh]) / len(right[zh]) - sum(right[en]) / len(right[en]),
        "interval": metrics.bootstrap_difference(right[zh], right[en]),
        "n_en": len(right[en]),
        "n_zh": len(right[zh]),
    }


def _kinds(rows: _Rows) -> list[str]:
    return list(dict.fromkeys(kind for i, _ in rows for kind in i.groups))


def _groups(rows: _Rows, kind: str) -> list[tuple[str, list[tuple[Idea, Answer]]]]:
    groups: dict[str, list[tuple[Idea, Answer]]] = {}
    for idea, answer in rows:
        groups.setdefault(idea.groups[kind], []).append((idea, answer))
    return sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))


def _count(values: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items(), key=lambda c: (-c[1], c[0])))
