"""Fit the lens: small linear models where they beat the rules, and how often each way of answering is right.

Everything is chosen by cross-validation over the training ideas, whose two texts stay together. The rules' authors
have read these ideas, so a rule counts for one only by wordings that another idea has too (`fitcheck.lens.branches`):
else the rules would look perfect here, and a model would learn to lean on them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.lens.axes import AXES, USUAL
from fitcheck.lens.branches import met_elsewhere, said_unseen
from fitcheck.lens.finding import Answer, answer_axes, values_of
from fitcheck.lens.heads import HEADS, SHIFT, Heads, load_heads, notices, word_features
from fitcheck.lens.pack import KEPT, LensPack, save_lens
from fitcheck.lens.scenarios import LensScenario
from fitcheck.lexical import N_BUCKETS
from fitcheck.matching import by_sentence
from fitcheck.records import Report
from fitcheck.text import fold
from fitcheck.training.writing import write_tensors

__all__ = ["fit_lens"]

_FOLDS = 5
_PENALTIES = (0.3, 1.0, 3.0)
"""Inverse strengths of the penalty on the weights' squares that are tried."""
_WORDS = 2.0
"""How much more than a noticed concept a text's words count, as the length of their row."""
_LEAST_GAIN = 0.03
"""A model is kept where it makes so many more answers right, of all, than rules and concepts alone: less is chance."""
_PRIOR = 4.0
"""A rule's measured share of right answers starts from its author's strength, as if from so many texts."""

Array = npt.NDArray[Any]


def fit_lens(
    scenarios: Sequence[LensScenario], assess: Callable[[Sequence[str]], Sequence[Report]], folder: Path
) -> dict[str, dict[str, float]]:
    """Fit the lens and write `lens.json.z` and `lens.safetensors`.

    Args:
        scenarios: Those of the train split.
        assess: Gives the default reports of texts, in order.
        folder: The model's folder.

    Returns:
        By axis the cross-validated shares of right answers: `usual`, `rules`, `head`, and `kept`, 1 where the
        axis has a model.
    """
    pack = save_lens(folder / KEPT)
    reports = list(assess([s.text for s in scenarios]))
    examples = _Examples(pack, scenarios, reports)
    figures = {}
    kept: dict[str, float] = {}
    for axis in AXES:
        figures[axis], penalty = examples.choose(axis)
        if penalty is not None:
            kept[axis] = penalty
    trust = examples.measured(pack)
    card = {"axes": list(kept), "notices": examples.noticed, "trust": trust}
    write_tensors(folder / HEADS, examples.heads(kept), {"card": json.dumps(card, ensure_ascii=False)})
    load_heads.cache_clear()
    return figures


class _Examples:
    """The labelled ideas as rows of features.

    Args:
        pack: The lens's files.
        scenarios: The labelled ideas.
        reports: Their reports, in the same order.
    """

    def __init__(self, pack: LensPack, scenarios: Sequence[LensScenario], reports: Sequence[Report]) -> None:
        from scipy.sparse import csr_matrix

        self.scenarios = scenarios
        texts = [by_sentence(fold(report.text)) for report in reports]
        met = met_elsewhere(pack.rules, texts, [s.pair for s in scenarios])
        spoken = [said_unseen(pack, report, met, s.pair) for s, report in zip(scenarios, reports, strict=True)]
        self.answers = answer_axes(reports, pack, heads=Heads(), spoken=spoken)
        seen = [notices(report, values_of(said)) for report, said in zip(reports, spoken, strict=True)]
        counts = Counter(name for one in seen for name in one)
        self.noticed = sorted(name for name, count in counts.items() if count > 1)
        rows = {name: row for row, name in enumerate(self.noticed)}
        table = np.zeros((len(reports), len(rows)))
        for number, one in enumerate(seen):
            for name, size in one.items():
                if name in rows:
                    table[number, rows[name]] = size
        words = word_features(reports)
        self._words = csr_matrix(
            (words.values * _WORDS, words.buckets >> SHIFT, words.starts),
            shape=(len(reports), N_BUCKETS >> SHIFT),
        )
        self._table = csr_matrix(table)

    def choose(self, axis: str) -> tuple[dict[str, float], float | None]:
        """Return the figures of an axis, and the penalty of its model where it earns its place."""
        wanted = self._wanted(axis)
        without = np.array([a[axis].value for a in self.answers])
        found = {
            "usual": float(np.mean(wanted == USUAL[axis])),
            "rules": float(np.mean(wanted == without)),
        }
        scores = {penalty: float(np.mean(wanted == self._held_out(axis, penalty))) for penalty in _PENALTIES}
        best = max(scores, key=lambda penalty: scores[penalty])
        found["head"] = scores[best]
        is_kept = scores[best] >= found["rules"] + _LEAST_GAIN
        return found | {"kept": float(is_kept)}, best if is_kept else None

    def heads(self, penalties: Mapping[str, float]) -> dict[str, Array]:
        """Fit the axes' models to all ideas and return them side by side, as `Heads` holds them."""
        n_words = N_BUCKETS >> SHIFT
        weights = [np.zeros((0, n_words + len(self.noticed)))]
        biases = [np.zeros(0)]
        for axis, penalty in penalties.items():
            weight, bias = _all_values(self._fit(axis, penalty, np.arange(len(self.scenarios))), AXES[axis])
            weights.append(weight)
            biases.append(bias)
        table = np.ascontiguousarray(np.concatenate(weights).T)  # what is saved is the memory as it lies
        words = table[:n_words] * _WORDS
        scale = np.maximum(np.abs(words).max(axis=0) / 127, 1e-12)
        return {
            "words": np.rint(words / scale).astype(np.int8),
            "scale": scale.astype(np.float32),
            "others": table[n_words:].astype(np.float16),
            "bias": np.concatenate(biases).astype(np.float32),
        }

    def measured(self, pack: LensPack) -> dict[str, dict[str, float]]:
        """Return how often each rule is right where it wins, and each axis's hint and usual answer where it stands."""
        right: dict[str, defaultdict[str, list[bool]]] = {way: defaultdict(list) for way in ("rule", "hint", "usual")}
        for scenario, answers in zip(self.scenarios, self.answers, strict=True):
            for axis, answer in answers.items():
                is_right = answer.value == scenario.labels[axis]
                if answer.spoken is not None:
                    right["rule"][f"{axis}/{answer.spoken.rule.id}"].append(is_right)
                else:
                    right["hint" if answer.basis == "scenarios" else "usual"][axis].append(is_right)
        rules = {}
        for rule in pack.rules:
            seen = right["rule"][f"{rule.axis}/{rule.id}"]
            rules[f"{rule.axis}/{rule.id}"] = round((sum(seen) + _PRIOR * rule.strength) / (len(seen) + _PRIOR), 2)
        others = {
            way: {axis: round((sum(s) + 1) / (len(s) + 2), 2) for axis, s in right[way].items()}
            for way in ("hint", "usual")
        }
        return {"rule": rules, **others}

    def _wanted(self, axis: str) -> Array:
        return np.array([s.labels[axis] for s in self.scenarios])

    def _held_out(self, axis: str, penalty: float) -> Array:
        """Answer each idea by models that saw none of its pair: rules first, then the model."""
        from sklearn.model_selection import GroupKFold

        wanted = self._wanted(axis)
        guess = np.array([a[axis].value for a in self.answers], dtype=object)
        is_open = np.array([_is_open(a[axis]) for a in self.answers])
        for train, test in GroupKFold(_FOLDS).split(wanted, groups=[s.pair for s in self.scenarios]):
            asked = test[is_open[test]]
            if len(asked) and len(set(wanted[train])) > 1:
                guess[asked] = self._fit(axis, penalty, train).predict(self._rows(asked))
        return guess

    def _fit(self, axis: str, penalty: float, rows: Array) -> Any:
        """Fit an axis's model to what both readers say of some ideas: where they differ it shall not be sure."""
        from scipy.sparse import vstack
        from sklearn.linear_model import LogisticRegression

        features = self._rows(rows)
        second = np.array([(s.second or s.labels)[axis] for s in self.scenarios])
        wanted = np.concatenate([self._wanted(axis)[rows], second[rows]])
        return LogisticRegression(C=penalty, max_iter=400).fit(vstack([features, features]).tocsr(), wanted)

    def _rows(self, rows: Array) -> Any:
        from scipy.sparse import hstack

        return hstack([self._words[rows], self._table[rows]]).tocsr()


def _is_open(answer: Answer) -> bool:
    """Say whether neither facts nor words settle an axis."""
    return answer.basis not in ("words", "facts")


def _all_values(fitted: Any, values: Sequence[str]) -> tuple[Array, Array]:
    """Lay out a model's weights by the axis's values; one that was never seen is never likeliest."""
    coefficients, intercepts = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:
        coefficients, intercepts = np.vstack([-coefficients, coefficients]) / 2, np.append(-intercepts, intercepts) / 2
    weights = np.zeros((len(values), coefficients.shape[1]))
    bias = np.full(len(values), -20.0)
    for row, name in enumerate(fitted.classes_):
        weights[values.index(name)], bias[values.index(name)] = coefficients[row], intercepts[row]
    return weights, bias
