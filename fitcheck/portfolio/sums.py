"""What a portfolio adds up to: money by month, questions by fact, techniques instead of the model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fitcheck.beside import LensFinding
from fitcheck.lens.axes import AXES
from fitcheck.portfolio.record import VERDICTS, Entry
from fitcheck.records import Report

__all__ = [
    "Alternative",
    "Ask",
    "Money",
    "alternatives",
    "asks",
    "calls_per_month",
    "high_stakes",
    "lens_counts",
    "money",
    "need_by_verdict",
    "usd_value_per_month",
]

_BUILD = ("fit", "assist")
_REFUSE = ("overkill", "unfit")


@dataclass(frozen=True, slots=True)
class Money:
    """Money by month over the ideas whose volume is known.

    Attributes:
        usd_per_month: What the model's calls would cost, by verdict.
        n_known: Ideas whose volume is known, by verdict.
        n_cheaper: Ideas not for the model whose simpler tool costs less by month than the model's calls.
        n_dearer: Ideas not for the model whose right tool costs more by month: it is chosen for being right.
        usd_saved: What the cheaper tools save, kept and run, USD per month.
        usd_build: What building those would cost, USD once.
    """

    usd_per_month: dict[str, float]
    n_known: dict[str, int]
    n_cheaper: int
    n_dearer: int
    usd_saved: float
    usd_build: float

    @property
    def usd_to_build(self) -> float:
        """What should be built with a model would cost, USD per month."""
        return sum(self.usd_per_month[v] for v in _BUILD)

    @property
    def usd_burnt(self) -> float:
        """What the ideas that are no job for a model would have burnt, USD per month."""
        return sum(self.usd_per_month[v] for v in _REFUSE)


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact worth asking for, over the whole portfolio.

    Attributes:
        fact: A field of `UseCase`.
        members: The places of the ideas that ask for it, from 0.
        turned: Those among them whose verdict an answer would change.
        by_owner: How many of `turned` each owner could answer, the most first.
    """

    fact: str
    members: tuple[int, ...]
    turned: tuple[int, ...]
    by_owner: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A technique to use instead, over the whole portfolio.

    Attributes:
        kind: The technique, from the rules' closed list.
        members: The places of its ideas, from 0.
        n_known: How many of them have a known volume and a known simpler cost.
        usd_model: What the model's calls would cost for those, USD per month.
        usd_simpler: What the technique costs for those, kept and run, USD per month.
        usd_saved: What the technique saves where it is the cheaper one, USD per month.
        usd_build: What building it would cost for all of those, USD once.
    """

    kind: str
    members: tuple[int, ...]
    n_known: int
    usd_model: float
    usd_simpler: float
    usd_saved: float
    usd_build: float


@dataclass(frozen=True, slots=True)
class _Beside:
    usd_model: float
    usd_simpler: float
    usd_build: float

    @property
    def usd_saved(self) -> float:
        return max(0.0, self.usd_model - self.usd_simpler)


def money(entries: Iterable[Entry]) -> Money:
    """Add up what the ideas would cost by month."""
    entries = list(entries)
    usd = dict.fromkeys(VERDICTS, 0.0)
    known = dict.fromkeys(VERDICTS, 0)
    for entry in entries:
        if entry.usd_per_month is not None:
            usd[entry.verdict] += entry.usd_per_month
            known[entry.verdict] += 1
    beside = [b for e in entries if (b := _beside(e)) is not None]
    cheaper = [b for b in beside if b.usd_saved > 0]
    return Money(
        usd_per_month=usd,
        n_known=known,
        n_cheaper=len(cheaper),
        n_dearer=len(beside) - len(cheaper),
        usd_saved=sum(b.usd_saved for b in cheaper),
        usd_build=sum(b.usd_build for b in cheaper),
    )


def _beside(entry: Entry) -> _Beside | None:
    """Set the model's cost by month beside the simpler tool's, where both are known."""
    cost = entry.report.cost if entry.report is not None else None
    if entry.verdict not in _REFUSE or cost is None or cost.simpler is None:
        return None
    if cost.usd_per_month is None or cost.simpler.usd_per_month is None:
        return None
    return _Beside(cost.usd_per_month, cost.simpler.usd_per_month, cost.simpler.usd_build)


def asks(entries: Sequence[Entry]) -> tuple[Ask, ...]:
    """Group the reports' questions by fact, those that would turn the most verdicts first."""
    members: dict[str, list[int]] = defaultdict(list)
    turned: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        if entry.report is None:
            continue
        asked = {q.fact: any(v is not entry.report.verdict for _, v in q.answers) for q in entry.report.questions}
        if entry.report.turn is not None:
            asked |= dict.fromkeys(entry.report.turn.changes, True)
        for fact, turns in asked.items():
            members[fact].append(place)
            if turns:
                turned[fact].append(place)
    found = [
        Ask(
            fact=fact,
            members=tuple(places),
            turned=tuple(turned[fact]),
            by_owner=tuple(Counter(o for i in turned[fact] if (o := entries[i].owner)).most_common()),
        )
        for fact, places in members.items()
    ]
    return tuple(sorted(found, key=lambda a: (-len(a.turned), -len(a.members), a.fact)))


def alternatives(entries: Sequence[Entry]) -> tuple[Alternative, ...]:
    """Group what to use instead by technique, the commonest first."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        instead = entry.report.instead if entry.report is not None else None
        if instead is not None:
            by_kind[instead.get("kind", "other-software")].append(place)
    found = []
    for kind, places in by_kind.items():
        beside = [b for i in places if (b := _beside(entries[i])) is not None]
        found.append(
            Alternative(
                kind=kind,
                members=tuple(places),
                n_known=len(beside),
                usd_model=sum(b.usd_model for b in beside),
                usd_simpler=sum(b.usd_simpler for b in beside),
                usd_saved=sum(b.usd_saved for b in beside),
                usd_build=sum(b.usd_build for b in beside),
            )
        )
    return tuple(sorted(found, key=lambda a: (-len(a.members), a.kind)))


def lens_counts(lenses: Sequence[Sequence[LensFinding]]) -> dict[str, dict[str, tuple[int, ...]]]:
    """Return, for each axis and each of its values that is found, the places of the ideas, in the axes' order.

    Args:
        lenses: The findings of each idea, in the portfolio's order.
    """
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, lens in enumerate(lenses):
        for finding in lens:
            found[finding.axis, finding.value].append(place)
    counts = {axis: {v: tuple(found[axis, v]) for v in values if (axis, v) in found} for axis, values in AXES.items()}
    return {axis: values for axis, values in counts.items() if values}


def need_by_verdict(entries: Sequence[Entry], lenses: Sequence[Sequence[LensFinding]]) -> dict[str, dict[str, int]]:
    """Return how many ideas of each need have each verdict; empty where no idea has a lens."""
    return {
        need: {v: sum(entries[i].verdict == v for i in places) for v in VERDICTS}
        for need, places in lens_counts(lenses).get("need", {}).items()
    }


def calls_per_month(report: Report) -> float | None:
    """Return the calls per month, given or worked out for the cost; None where unknown."""
    if report.cost is not None and report.cost.calls_per_month is not None:
        return report.cost.calls_per_month
    return report.use_case.calls_per_month


def usd_value_per_month(report: Report) -> float | None:
    """Return what the answers are worth, USD per month: value per call and minutes saved at a wage; None if unknown.

    What an answer is worth and the work that it saves are two things, and both come in.
    """
    case, calls = report.use_case, calls_per_month(report)
    if calls is None:
        return None
    work = None
    if case.minutes_saved_per_call is not None and case.usd_wage_per_hour is not None:
        work = case.minutes_saved_per_call / 60 * case.usd_wage_per_hour
    if case.usd_value_per_call is None and work is None:
        return None
    return calls * ((case.usd_value_per_call or 0.0) + (work or 0.0))


def high_stakes(report: Report) -> float | None:
    """Return the probability that law, health, safety, money or rights hang on it; None where nothing says."""
    if "stakes" not in report.concepts:
        return None
    value, probability = report.concepts["stakes"]
    return probability if value == "high" else 1 - probability
