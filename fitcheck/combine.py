"""Evidence into one ledger, probabilities and a verdict.

For each verdict the ledger's rows add up to its total, in nats; the probabilities are the
softmax of the four totals. A row with the source `block` says that a blocking rule capped
the verdict; it carries the log-odds that the cap took.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from fitcheck.records import LEARNED, Evidence, Role, Verdict

__all__ = [
    "Decision",
    "Weights",
    "cap",
    "conclude",
    "decide",
    "evidence_of",
    "hundredths",
    "in_nats",
    "prior_evidence",
    "probabilities",
    "totals",
]

_NAMES = tuple(v.value for v in LEARNED)
_USES_A_MODEL = (Verdict.FIT, Verdict.ASSIST)
_FAINT, _FAR = 0.5, 0.5
"""Neither limit is reached, but no verdict has half of the probability and no scenario is near: nothing has spoken."""
_SPEAKS = 0.5
"""A rule's evidence of this many nats counts as somebody having spoken."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What `fitcheck train` fitted jointly.

    Attributes:
        prior: Log-odds per verdict before anything is read, nats.
        views: Factor on each view of the scenarios.
        rules: Factor on each rule's written weight.
        default_rule: The factor of a rule that the fit has not seen.
        least_probability: Below it nothing has spoken, unless a rule did.
        least_margin: A verdict for a model and one against it that lie closer than this, each
            with a rule behind it, are a draw.
        least_similarity: Cosine to the nearest scenario below which, without a rule, nothing has spoken.
        sure: From this probability on, the first reading needs no second.
    """

    prior: dict[str, float]
    views: dict[str, float]
    rules: dict[str, float]
    default_rule: float = 1.0
    least_probability: float = 0.4
    least_margin: float = 0.05
    least_similarity: float = 0.0
    sure: float = 1.0

    @classmethod
    def from_card(cls, card: Mapping[str, Any], reading: str = "weights") -> Weights:
        """Read the weights off a model card: those of the first reading, or of another by its name on the card."""
        return cls(**card[reading])

    def refitted(self, prior: Sequence[float], views: Sequence[float]) -> Weights:
        """Return weights with another prior and other factors on the views, each in its usual order."""
        verdicts = [v.value for v in LEARNED]
        return replace(
            self, prior=dict(zip(verdicts, prior, strict=True)), views=dict(zip(self.views, views, strict=True))
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, its probabilities, and why it abstains if it does."""

    verdict: Verdict
    probabilities: dict[str, float]
    why_unclear: str | None


def prior_evidence(weights: Weights) -> list[Evidence]:
    """Return the prior's rows."""
    return [Evidence("prior", "prior", v, round(weights.prior[v.value], 2)) for v in LEARNED]


def evidence_of(view: str, sizes: Sequence[int]) -> list[Evidence]:
    """Return the rows of one view, given what it adds for each verdict in hundredths of a nat."""
    return [_row(view, place, size) for place, size in zip(range(len(LEARNED)), sizes, strict=True) if size]


@lru_cache(maxsize=1 << 15)
def _row(view: str, place: int, size: int) -> Evidence:
    role: Role | None = "core" if view == "core task" else None
    return Evidence("scenarios", view, LEARNED[place], size / 100, role=role)


def totals(evidence: Iterable[Evidence]) -> dict[str, float]:
    """Add the evidence up per verdict, nats, exact to 0.01.

    >>> totals([Evidence("rule", "a", Verdict.FIT, 0.1), Evidence("rule", "b", Verdict.FIT, 0.2)])["fit"]
    0.3
    """
    return in_nats(hundredths(evidence))


def hundredths(evidence: Iterable[Evidence]) -> list[int]:
    """Add the evidence up in hundredths of a nat, in the order of `LEARNED`.

    They are whole numbers, whose sum is exact in any order.
    """
    sums = [0] * len(LEARNED)
    place = LEARNED.index
    for e in evidence:
        sums[place(e.verdict)] += round(e.log_odds * 100)
    return sums


def in_nats(sums: Sequence[int]) -> dict[str, float]:
    """Name sums of hundredths by their verdicts, in nats."""
    return {name: total / 100 for name, total in zip(_NAMES, sums, strict=True)}


def probabilities(sums: Mapping[str, float]) -> dict[str, float]:
    """Return the softmax of the four totals.

    >>> probabilities({"fit": 0.0, "assist": 0.0, "overkill": 0.0, "unfit": 0.0})["fit"]
    0.25
    """
    top = max(sums.values())
    powers = {name: math.exp(value - top) for name, value in sums.items()}
    whole = math.fsum(powers.values())
    return {name: power / whole for name, power in powers.items()}


def cap(evidence: Sequence[Evidence], blocking: Sequence[Evidence]) -> list[Evidence]:
    """Return the rows, if any, by which blocking rules cap the verdict.

    A blocking rule lets no better verdict than the one it argues for stand above it:
    `unfit` caps everything, `assist` caps `fit`. The row takes from the better verdict
    what it has over the blocking one, and 0.01 nats more.

    Args:
        evidence: All other rows.
        blocking: The rows of rules with `severity = "block"` that argue at full role.
    """
    order = {Verdict.UNFIT: 0, Verdict.OVERKILL: 1, Verdict.ASSIST: 2, Verdict.FIT: 3}
    sums = totals(evidence)
    rows: list[Evidence] = []
    for block in sorted(blocking, key=lambda e: (order[e.verdict], e.id))[:1]:
        ceiling = sums[block.verdict.value]
        for better in LEARNED:
            if order[better] > order[block.verdict] and sums[better.value] >= ceiling:
                nats = round(ceiling - sums[better.value] - 0.01, 2)
                rows.append(Evidence("block", block.id, better, nats, role=block.role, quote=block.quote))
    return rows


def decide(
    evidence: Sequence[Evidence],
    weights: Weights,
    *,
    names_a_task: bool,
    similarity: float = 1.0,
    risk: float | None = None,
) -> Decision:
    """Turn a ledger into a verdict.

    Args:
        evidence: The whole ledger.
        weights: The fitted weights and thresholds.
        names_a_task: False where no job for a model can be named from the text.
        similarity: Cosine to the nearest labelled scenario; a text far from all is none of them.
        risk: The share of wrong answers that the user accepts; None answers whatever is likeliest.

    Returns:
        The decision; `why_unclear` says why it abstains, or is None.
    """
    return conclude(
        probabilities(totals(evidence)),
        weights,
        lambda: evidence,
        names_a_task=names_a_task,
        similarity=similarity,
        risk=risk,
    )


def conclude(
    shares: dict[str, float],
    weights: Weights,
    evidence: Callable[[], Iterable[Evidence]],
    *,
    names_a_task: bool,
    similarity: float = 1.0,
    risk: float | None = None,
) -> Decision:
    """Turn probabilities into a verdict, as `decide` does with a ledger.

    Args:
        shares: The four verdicts' probabilities.
        weights: The fitted weights and thresholds.
        evidence: Gives what rules and cost say; only asked where the decision hangs on it.
        names_a_task: As in `decide`.
        similarity: As in `decide`.
        risk: As in `decide`.
    """
    ranked = sorted(LEARNED, key=lambda v: -shares[v.value])
    first, second = ranked[0], ranked[1]
    faint = (
        shares[first.value] < weights.least_probability
        or similarity < weights.least_similarity
        or (shares[first.value] < _FAINT and similarity < _FAR)
    )
    even = shares[first.value] - shares[second.value] < weights.least_margin
    apart = (first in _USES_A_MODEL) != (second in _USES_A_MODEL)
    why = None
    if not names_a_task:
        why = "no task"
    elif faint or (even and apart):
        spoken = {e.verdict for e in evidence() if e.source in ("rule", "cost", "block") and e.log_odds >= _SPEAKS}
        if not spoken and faint:
            why = "nothing spoke"
        elif {first, second} <= spoken and even and apart:
            why = "both sides spoke"
    if why is None and risk is not None and shares[first.value] < 1 - risk:
        why = "too risky"
    return Decision(Verdict.UNCLEAR if why else first, shares, why)
