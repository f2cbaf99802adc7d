"""Small linear models for axes where they beat the rules, and how far each way of answering is to be trusted.

Fitted by `fitcheck.training.lens` to labelled scenarios and kept in one file of the model's folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitcheck.errors import ModelUnavailable
from fitcheck.lens.axes import AXES, USUAL
from fitcheck.lens.files import LensRule
from fitcheck.records import Report, Task
from fitcheck.resources import model_dir
from fitcheck.tasks import told
from fitcheck.text import fold

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fitcheck.lexical import Features

__all__ = [
    "HEADS",
    "SHIFT",
    "Heads",
    "load_heads",
    "meanings",
    "notices",
    "read_texts",
    "telling_clauses",
    "word_features",
]

HEADS = "lens.safetensors"
SHIFT = 2
"""So many buckets of words share a weight: two to the power of this."""

_UNMEASURED = 0.5
_SUREST = 0.99
"""What is read from words is never certain."""
_LONGEST_CLAUSE = 160
_SILENCE = ("none", "unsaid")
"""Values that no words stand for."""


@dataclass(frozen=True, slots=True)
class Heads:
    """The fitted models, side by side in one table.

    Attributes:
        axes: The axes that have one, in the order of the table's columns.
        words: Weights of words, shape (N_BUCKETS >> SHIFT, n_values) int8; the axes' values one after the other.
        scale: What a unit of `words` weighs, by column, shape (n_values,).
        meaning: Weights of the static encoder's vector, shape (dim, n_values).
        others: Weights of what `notices` names, shape (n_noticed, n_values).
        bias: Shape (n_values,).
        noticed: What `notices` may name: its row in `others`.
        trust: Measured shares of right answers: by `rule`, each rule; by `usual` and `hint`, each axis.
    """

    axes: tuple[str, ...] = ()
    words: npt.NDArray[Any] | None = None
    scale: npt.NDArray[Any] | None = None
    meaning: npt.NDArray[Any] | None = None
    others: npt.NDArray[Any] | None = None
    bias: Any = 0.0
    noticed: Mapping[str, int] = field(default_factory=dict)
    trust: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def read(
        self, reports: Sequence[Report], spoken: Sequence[Mapping[str, str]]
    ) -> list[dict[str, tuple[str, float]]]:
        """Return for each report, and each axis with a model, the likeliest value and its probability.

        Args:
            reports: The verdicts on ideas; their texts, clauses, concepts and probabilities are read.
            spoken: For each the values that rules spoke for, by axis.
        """
        found = self.probabilities(reports, spoken)
        return [{axis: _likeliest(axis, shares[row]) for axis, shares in found.items()} for row in range(len(reports))]

    def probabilities(
        self, reports: Sequence[Report], spoken: Sequence[Mapping[str, str]]
    ) -> dict[str, npt.NDArray[np.float64]]:
        """Return for each axis with a model its values' probabilities, each of shape (n_reports, n_values)."""
        import numpy as np

        if self.others is None:
            return {}
        scores = self._scores(read_texts(reports))
        for own, report, said in zip(scores, reports, spoken, strict=True):
            seen = notices(report, said)
            rows = {self.noticed[name]: size for name, size in seen.items() if name in self.noticed}
            own += np.fromiter(rows.values(), np.float64, len(rows)) @ self.others[list(rows)]
        powers = {axis: np.exp(its - its.max(axis=1, keepdims=True)) for axis, its in self._by_axis(scores).items()}
        return {axis: its / its.sum(axis=1, keepdims=True) for axis, its in powers.items()}

    def leanings(self, texts: Sequence[str]) -> dict[str, npt.NDArray[np.float64]]:
        """Return for each axis with a model what folded texts alone say for its values, shape (n_texts, n_values).

        In nats, before anything that is noticed of the whole idea: to see which clause says most.
        """
        return {} if self.words is None else self._by_axis(self._scores(texts))

    def _scores(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        import numpy as np

        assert self.words is not None and self.scale is not None
        scores: npt.NDArray[np.float64]
        scores = word_features(texts).dot(self.words, shift=SHIFT).astype(np.float64) * self.scale + self.bias
        for own, vector in zip(scores, meanings(texts), strict=True):  # row by row: a block must not round otherwise
            own += vector @ self.meaning
        return scores

    def _by_axis(self, scores: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[np.float64]]:
        found = {}
        begin = 0
        for axis in self.axes:
            found[axis] = scores[:, begin : begin + len(AXES[axis])]
            begin += len(AXES[axis])
        return found

    def trust_in_rule(self, rule: LensRule) -> float:
        """Return how often a rule is right where it speaks: as measured, or as its author says."""
        return min(self.trust.get("rule", {}).get(f"{rule.axis}/{rule.id}", rule.strength), _SUREST)

    def trust_in(self, way: str, axis: str) -> float:
        """Return how often an axis's `usual` answer, or its `hint`, is right where nothing better speaks."""
        return min(self.trust.get(way, {}).get(axis, _UNMEASURED), _SUREST)


def telling_clauses(report: Report, values: Mapping[str, str]) -> dict[str, Task]:
    """Return, by axis, the clause of a report that alone says most for a value that is not the usual one.

    Args:
        report: The verdict on an idea.
        values: The values that models gave, by axis; where no clause leans their way, none is returned.
    """
    asked = {axis: value for axis, value in values.items() if value not in (USUAL[axis], *_SILENCE)}
    clauses = [task for task in report.tasks if task.role != "dropped" and len(task.text) <= _LONGEST_CLAUSE]
    if not asked or not clauses:
        return {}
    found = {}
    leanings = load_heads().leanings([fold(task.text) for task in clauses])
    for axis, value in asked.items():
        if axis not in leanings:
            continue
        own = AXES[axis].index(value)
        ahead = leanings[axis][:, own] - leanings[axis][:, AXES[axis].index(USUAL[axis])]
        best = int(ahead.argmax())
        if ahead[best] > 0:
            found[axis] = clauses[best]
    return found


def read_texts(reports: Sequence[Report]) -> list[str]:
    """Return what is read of reports: the folded text without what speaks to the evaluator."""
    return [fold(told(report.text, report.tasks, with_sizes=True)) for report in reports]


def word_features(texts: Sequence[str]) -> Features:
    """Return the words of folded texts as hashed features, rows of length one."""
    from fitcheck.lexical import count_features, unit_rows

    return unit_rows(count_features(texts))


def meanings(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return the shipped static encoder's unit vectors of folded texts, shape (n_texts, dim)."""
    from fitcheck.encoder import load_static

    return load_static(model_dir()).encode(texts)


def notices(report: Report, spoken: Mapping[str, str]) -> dict[str, float]:
    """Return what else is noticed of an idea: concepts and verdicts with their shares, clauses' roles, what rules said.

    >>> from fitcheck.use_case import UseCase
    >>> from fitcheck.taxonomy import Verdict
    >>> concepts = {"decides": ("person", 0.8)}
    >>> report = Report(UseCase(text="x"), "x", "en", Verdict.FIT, {"fit": 0.9}, (), concepts=concepts)
    >>> notices(report, {"need": "decoration"})
    {'decides person': 0.8, 'verdict fit': 0.9, 'said need decoration': 1.0}
    """
    seen = {f"{name} {value}": float(share) for name, (value, share) in report.concepts.items()}
    seen |= {f"verdict {name}": share for name, share in report.probabilities.items()}
    for task in report.tasks:
        if task.role != "core":
            seen[f"clause {task.reason or task.role}"] = 1.0
    return seen | {f"said {axis} {value}": 1.0 for axis, value in spoken.items()}


@lru_cache(maxsize=2)
def load_heads(path: Path | None = None) -> Heads:
    """Read the fitted models.

    Args:
        path: The file; None for the shipped one. Where that is missing, rules and concepts answer alone.

    Raises:
        ModelUnavailable: The file is broken; says what to run.
    """
    file = path or model_dir() / HEADS
    if path is None and not file.is_file():
        return Heads()
    from safetensors import safe_open

    try:
        with safe_open(file, framework="numpy") as opened:
            card = json.loads(opened.metadata()["card"])
            tensors = {name: opened.get_tensor(name) for name in ("words", "scale", "meaning", "others", "bias")}
    except Exception as error:
        raise ModelUnavailable(f"{file}: no fitted lens there ({error}); run: fitcheck train") from None
    noticed = {name: row for row, name in enumerate(card["notices"])}
    return Heads(tuple(card["axes"]), **tensors, noticed=noticed, trust=card["trust"])


def _likeliest(axis: str, shares: npt.NDArray[np.float64]) -> tuple[str, float]:
    best = int(shares.argmax())
    return AXES[axis][best], min(round(float(shares[best]), 2), _SUREST)
