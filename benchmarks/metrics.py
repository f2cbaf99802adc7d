"""The figures: pure functions from labels and answers to numbers.

A figure that can't be computed (one class only, no row) is None, never a zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    f1_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

__all__ = [
    "accuracy",
    "agreement",
    "auc",
    "bootstrap_agreement",
    "bootstrap_difference",
    "calibration_error",
    "concept_figures",
    "confusion",
    "family_figures",
    "kappa",
    "label_figures",
    "twin_figures",
]

Interval = tuple[float, float]


def agreement(truth: Sequence[str], guess: Sequence[str]) -> dict[str, Any]:
    """Return n, accuracy, macro-F1 and Cohen's kappa of guesses.

    Macro-F1 is over the labels that stand in `truth`, so that a group without a class
    isn't charged for it; kappa is None where both sides hold the same single label.

    >>> agreement(["fit", "fit", "unfit", "unfit"], ["fit", "unfit", "unfit", "unfit"])["kappa"]
    0.5
    """
    if not truth:
        return {"n": 0, "accuracy": None, "macro_f1": None, "kappa": None}
    labels = sorted(set(truth))
    return {
        "n": len(truth),
        "accuracy": accuracy(truth, guess),
        "macro_f1": float(f1_score(truth, guess, labels=labels, average="macro", zero_division=0)),
        "kappa": kappa(truth, guess),
    }


def accuracy(truth: Sequence[str], guess: Sequence[str]) -> float:
    """Return the share of rows that were guessed right."""
    return float(accuracy_score(truth, guess))


def kappa(truth: Sequence[str], guess: Sequence[str]) -> float | None:
    """Return Cohen's kappa, or None where both sides hold the same single label."""
    if len(set(truth) | set(guess)) < 2:
        return None
    return float(cohen_kappa_score(truth, guess))


def auc(is_yes: Sequence[bool], score: Sequence[float]) -> float | None:
    """Return the area under the ROC curve, or None where only one class is there."""
    if len(set(is_yes)) < 2:
        return None
    return float(roc_auc_score(is_yes, score))


def calibration_error(confidence: Sequence[float], is_right: Sequence[bool], n_bins: int = 10) -> float | None:
    """Return the expected calibration error over equal-mass bins.

    The sum over bins of |accuracy - mean confidence|, weighted by the bin's share of
    the rows (Guo et al. 2017, arXiv:1706.04599, equation 3). Bins hold equally many
    rows rather than equal widths: with few rows most equal-width bins would be empty.

    Args:
        confidence: The probability of the label that was chosen, 0 to 1.
        is_right: Whether it was the right one.
        n_bins: Bins; fewer where there are fewer rows.

    >>> calibration_error([0.9, 0.9, 0.6, 0.6], [True, True, False, True], n_bins=2)
    0.1
    """
    if not len(confidence):
        return None
    values = np.asarray(confidence, dtype=np.float64)
    right = np.asarray(is_right, dtype=np.float64)
    bins = np.array_split(np.argsort(values, kind="stable"), min(n_bins, len(values)))
    gaps = (len(rows) * abs(right[rows].mean() - values[rows].mean()) for rows in bins)
    return round(float(sum(gaps)) / len(values), 12)


def label_figures(truth: Sequence[str], guess: Sequence[str], labels: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return per label how often it stands, how often it was said, precision, recall and F1.

    Precision is None for a label that was never said, recall for one that never stands.
    """
    if not truth:
        return {}
    precision, recall, f1, support = precision_recall_fscore_support(
        truth, guess, labels=list(labels), average=None, zero_division=0
    )
    figures: dict[str, dict[str, Any]] = {}
    for index, label in enumerate(labels):
        n, said = int(support[index]), sum(g == label for g in guess)
        figures[label] = {
            "n": n,
            "said": said,
            "precision": float(precision[index]) if said else None,
            "recall": float(recall[index]) if n else None,
            "f1": float(f1[index]) if n or said else None,
        }
    return figures


def confusion(
    truth: Sequence[str], guess: Sequence[str], labels: Sequence[str], answers: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Count, for each label, what was answered: `{label: {answer: rows}}`."""
    counts = {label: dict.fromkeys(answers, 0) for label in labels}
    for label, answer in zip(truth, guess, strict=True):
        counts[label][answer] += 1
    return counts


def bootstrap_agreement(
    truth: Sequence[str], guess: Sequence[str], *, n_resamples: int = 10_000, seed: int = 0
) -> dict[str, Interval | None]:
    """Return the 95% percentile bootstrap intervals of accuracy and kappa over rows.

    To draw rows with replacement is to draw the confusion matrix's cells from a
    multinomial, so all resamples are made at once; the same every time for a seed.
    Resamples in which kappa is undefined are left out of its interval.

    >>> bootstrap_agreement(["fit", "unfit"], ["fit", "unfit"])["accuracy"]
    (1.0, 1.0)
    """
    if not truth:
        return {"accuracy": None, "kappa": None}
    labels = sorted(set(truth) | set(guess))
    cells = confusion(truth, guess, labels, labels)
    counts = np.array([[cells[t][g] for g in labels] for t in labels], dtype=np.float64)
    n, size = len(truth), len(counts)
    draws = np.random.default_rng(seed).multinomial(n, counts.ravel() / n, n_resamples).reshape(-1, size, size)
    seen = np.trace(draws, axis1=1, axis2=2) / n
    by_chance = (draws.sum(axis=1) * draws.sum(axis=2)).sum(axis=1) / n**2
    varied = by_chance < 1
    kappas = (seen[varied] - by_chance[varied]) / (1 - by_chance[varied])
    return {"accuracy": _percentiles(seen), "kappa": _percentiles(kappas)}


def bootstrap_difference(
    first: Sequence[bool], second: Sequence[bool], *, n_resamples: int = 10_000, seed: int = 0
) -> Interval | None:
    """Return the 95% interval of mean(first) - mean(second), the two groups resampled apart."""
    if not first or not second:
        return None
    random = np.random.default_rng(seed)
    means = [random.binomial(len(g), sum(g) / len(g), n_resamples) / len(g) for g in (first, second)]
    return _percentiles(means[0] - means[1])


def _percentiles(values: NDArray[np.float64]) -> Interval | None:
    if not len(values):
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def concept_figures(
    truth: Sequence[Mapping[str, str]], guess: Sequence[Mapping[str, str]], names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return the agreement for each concept, beside the share of its most common value.

    Args:
        truth: Concept values per row.
        guess: The same as read; a concept that is missing counts as wrong.
        names: The concepts.
    """
    figures = {}
    for name in names:
        values = [row[name] for row in truth]
        read = [row.get(name, "") for row in guess]
        figures[name] = agreement(values, read) | {
            "most_common_share": max(values.count(v) for v in set(values)) / len(values) if values else None,
            "not_read": sum(not r for r in read),
        }
    return figures


def family_figures(families: Sequence[str | None], truth: Sequence[str], guess: Sequence[str]) -> dict[str, Any]:
    """Return how many contrast families are wholly right.

    A contrast family is one whose members don't all carry the same verdict. The share
    that guessing rows independently at the same accuracy would give stands beside it.
    """
    members: dict[str, list[int]] = defaultdict(list)
    for index, family in enumerate(families):
        if family is not None:
            members[family].append(index)
    contrast = [rows for rows in members.values() if len({truth[r] for r in rows}) > 1]
    if not contrast:
        return {"families": 0, "all_right": None, "accuracy_inside": None, "if_independent": None}
    right = [[truth[r] == guess[r] for r in rows] for rows in contrast]
    inside = sum(map(sum, right)) / sum(map(len, right))
    return {
        "families": len(contrast),
        "all_right": sum(map(all, right)) / len(contrast),
        "accuracy_inside": inside,
        "if_independent": sum(inside ** len(row) for row in right) / len(contrast),
    }


def twin_figures(pairs: Sequence[str | None], langs: Sequence[str], guess: Sequence[str]) -> dict[str, Any]:
    """Return how often an English text and its Chinese twin get the same answer."""
    twins: dict[str, dict[str, str]] = defaultdict(dict)
    for pair, lang, answer in zip(pairs, langs, guess, strict=True):
        if pair is not None:
            twins[pair][lang] = answer
    whole = [t for t in twins.values() if {"en", "zh"} <= t.keys()]
    return {"pairs": len(whole), "same_answer": sum(t["en"] == t["zh"] for t in whole) / len(whole) if whole else None}
