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
from fitcheck.lens.finding import answer_axes, spoken_in, values_of
from fitcheck.lens.heads import HEADS, SHIFT, Heads, load_heads, meanings, notices, read_texts, word_features
from fitcheck.lens.pack import KEPT, LensPack, save_lens
from fitcheck.lens.scenarios import LensScenario, PartlyLabelled
from fitcheck.lexical import N_BUCKETS
from fitcheck.matching import by_sentence
from fitcheck.records import Report
from fitcheck.text import fold
from fitcheck.training.writing import write_tensors

__all__ = ["fit_lens"]

_FOLDS = 5
_PENALTIES = (0.8, 2.0)
"""Inverse strengths of the penalty on the weights' squares that are tried."""
_WORDS = 2.0
"""How much more than a noticed concept a text's words count, as the length of their row."""
_MEANING = 2.0
"""The same for the static encoder's vector."""
_PARTLY = 0.5
"""What a single sentence, or an idea that was read on some axes only, counts beside a scenario's 1."""
_LEAST_GAIN = 0.03
"""A model is kept where it makes so many more answers right, of all, than rules and concepts alone: less is chance."""
_PRIOR = 4.0
"""A rule's measured share of right answers starts from its author's strength, as if from so many texts."""

Array = npt.NDArray[Any]


def fit_lens(
    scenarios: Sequence[LensScenario],
    partly: Sequence[PartlyLabelled],
    assess: Callable[[Sequence[str]], Sequence[Report]],
    folder: Path,
) -> dict[str, dict[str, float]]:
    """Fit the lens and write `lens.json.z` and `lens.safetensors`.

    Args:
        scenarios: Those of the train split.
        partly: Texts that were labelled on some axes.
        assess: Gives the default reports of texts, in order.
        folder: The model's folder.

    Returns:
        By axis the cross-validated shares of right answers: `usual`, `rules`, `head`, and `kept`, 1 where the
        axis has a model.
    """
    from joblib import Parallel, delayed

    pack = save_lens(folder / KEPT)
    examples = _Examples(pack, scenarios, partly, assess)
    chosen = dict(zip(AXES, Parallel(n_jobs=-1)(delayed(examples.choose)(axis) for axis in AXES), strict=True))
    kept = {axis: penalty for axis, (_, penalty) in chosen.items() if penalty is not None}
    trust = examples.measured(pack)
    card = {"axes": list(kept), "notices": examples.noticed, "trust": trust}
    write_tensors(folder / HEADS, examples.heads(kept), {"card": json.dumps(card, ensure_ascii=False)})
    load_heads.cache_clear()
    return {axis: figures for axis, (figures, _) in chosen.items()}


class _Examples:
    """The labelled texts as rows of features: the scenarios, then what is labelled in part.

    Args:
        pack: The lens's files.
        scenarios: The labelled ideas.
        partly: Texts that were labelled on some axes.
        assess: Gives the reports of texts, in order.
    """

    def __init__(
        self,
        pack: LensPack,
        scenarios: Sequence[LensScenario],
        partly: Sequence[PartlyLabelled],
        assess: Callable[[Sequence[str]], Sequence[Report]],
    ) -> None:
        from scipy.sparse import csr_matrix, hstack

        self.scenarios, self.partly = scenarios, partly
        reports = list(assess([*(s.text for s in scenarios), *(one.text for one in partly)]))
        whole, others = reports[: len(scenarios)], reports[len(scenarios) :]
        texts = [by_sentence(fold(report.text)) for report in whole]
        met = met_elsewhere(pack.rules, texts, [s.pair for s in scenarios])
        spoken = [said_unseen(pack, report, met, s.pair) for s, report in zip(scenarios, whole, strict=True)]
        self.answers = answer_axes(whole, pack, heads=Heads(), spoken=spoken)
        # no author of a rule has read these
        spoken += [spoken_in(pack, report) for report in others]
        seen = [notices(report, values_of(said)) for report, said in zip(reports, spoken, strict=True)]
        counts = Counter(name for one in seen[: len(scenarios)] for name in one)
        self.noticed = sorted(name for name, count in counts.items() if count > 1)
        rows = {name: row for row, name in enumerate(self.noticed)}
        table = np.zeros((len(reports), len(rows)))
        for number, one in enumerate(seen):
            for name, size in one.items():
                if name in rows:
                    table[number, rows[name]] = size
        read = read_texts(reports)
        counted = word_features(read)
        words = csr_matrix(
            (counted.values * _WORDS, counted.buckets >> SHIFT, counted.starts),
            shape=(len(reports), N_BUCKETS >> SHIFT),
        )
        vectors = meanings(read)
        self._widths = words.shape[1], vectors.shape[1], table.shape[1]
        self._rows = hstack([words, csr_matrix(vectors * _MEANING), csr_matrix(table)]).tocsr()

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
        """Fit the axes' models to all texts and return them side by side, as `Heads` holds them."""
        weights = [np.zeros((0, sum(self._widths)))]
        biases = [np.zeros(0)]
        for axis, penalty in penalties.items():
            weight, bias = _all_values(self._fit(axis, penalty, np.arange(len(self.scenarios))), AXES[axis])
            weights.append(weight)
            biases.append(bias)
        table = np.concatenate(weights).T
        words, meaning, others = np.split(table, np.cumsum(self._widths)[:2])
        words = words * _WORDS
        scale = np.maximum(np.abs(words).max(axis=0) / 127, 1e-12)
        found = {
            "words": np.rint(words / scale).astype(np.int8),
            "scale": scale.astype(np.float32),
            "meaning": (meaning * _MEANING).astype(np.float32),
            "others": others.astype(np.float16),
            "bias": np.concatenate(biases).astype(np.float32),
        }
        # what is saved is the memory as it lies
        return {name: np.ascontiguousarray(values) for name, values in found.items()}

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
        """Answer each idea by a model that saw none of its pair."""
        from sklearn.model_selection import GroupKFold

        wanted = self._wanted(axis)
        guess = np.array([a[axis].value for a in self.answers], dtype=object)
        for train, test in GroupKFold(_FOLDS).split(wanted, groups=[s.pair for s in self.scenarios]):
            if len(set(wanted[train])) > 1:
                guess[test] = self._fit(axis, penalty, train).predict(self._rows[test])
        return guess

    def _fit(self, axis: str, penalty: float, rows: Array) -> Any:
        """Fit an axis's model to what both readers say of some ideas: where they differ it shall not be sure."""
        from scipy.sparse import vstack
        from sklearn.linear_model import LogisticRegression

        n = len(self.scenarios)
        partly = np.array([n + i for i, one in enumerate(self.partly) if axis in one.labels], dtype=np.int64)
        second = np.array([(s.second or s.labels)[axis] for s in self.scenarios])
        features = vstack([self._rows[rows], self._rows[rows], self._rows[partly]]).tocsr()
        more = np.array([self.partly[i - n].labels[axis] for i in partly], dtype=second.dtype)
        wanted = np.concatenate([self._wanted(axis)[rows], second[rows], more])
        sizes = np.concatenate([np.full(2 * len(rows), 0.5), np.full(len(partly), _PARTLY)])
        return LogisticRegression(C=penalty, max_iter=300).fit(features, wanted, sample_weight=sizes)


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
