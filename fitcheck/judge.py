"""From an idea's text to its ledger: clauses, rules, readings of the scenarios, cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fitcheck.asking.named import fixed_rows, named_task, usual_verdict
from fitcheck.combine import (
    Weights,
    cap,
    evidence_of,
    hundredths,
    in_nats,
    prior_evidence,
    probabilities,
)
from fitcheck.cost import cost_evidence, cost_line, with_simpler
from fitcheck.errors import PriceUnknown
from fitcheck.matching import Matcher, depends_on
from fitcheck.preparing import Prepared, prepare
from fitcheck.reading import Readings, ScenarioReader, concept_columns, known_concepts, settle
from fitcheck.records import Evidence, Verdict
from fitcheck.rules import Rule
from fitcheck.tasks import core_text, told
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import Language
from fitcheck.use_case import UseCase
from fitcheck.whatif import OtherCost, OtherFacts

if TYPE_CHECKING:
    from fitcheck.cost import Cost

__all__ = ["Judge", "Judged", "price"]


@dataclass(frozen=True, slots=True)
class Judged:
    """An idea with its ledger.

    Attributes:
        idea: The idea.
        ledger: All that speaks about it.
        sums: What the ledger adds up to for each verdict, in hundredths of a nat, in the order of `LEARNED`.
        weights: Those of the reading that was the last.
        concepts: Each concept's likeliest value and its probability.
        shares: All concepts' probabilities, shape (n_values,).
        vector: The static encoder's vector, shape (dim,).
        fixed: The prior's rows, those of what scenarios say of the text, and of a task that facts name.
        views: What each view of the text adds for each verdict, in hundredths of a nat.
        told: The categories' probabilities as the text alone tells them.
        cost: What its calls would cost.
        today: The day that it is read on.
    """

    idea: Prepared
    ledger: list[Evidence]
    sums: list[int]
    weights: Weights
    concepts: dict[str, tuple[str, float]]
    shares: npt.NDArray[np.float32]
    vector: npt.NDArray[np.float32]
    fixed: list[Evidence]
    views: Mapping[str, Sequence[int]]
    told: Sequence[float]
    cost: Cost | None
    today: dt.date | None


class Judge:
    """Lays out ledgers.

    Args:
        reader: Reads the scenarios' views.
        matcher: Matches the rules.
        rules: The rules by id.
        weights: Of the first reading.
        full_weights: Of ideas that the tuned encoder read too.
        opinion: Gives the likeliest verdicts of folded texts by another reading, as places in `LEARNED`; where it
            agrees with the first reading, an idea is not read again.
    """

    def __init__(
        self,
        reader: ScenarioReader,
        matcher: Matcher,
        rules: Mapping[str, Rule],
        weights: Weights,
        full_weights: Weights,
        opinion: Callable[[Sequence[str]], npt.NDArray[np.int64]] | None = None,
    ) -> None:
        self.reader = reader
        self.matcher = matcher
        self.rules = rules
        self.weights = weights
        self.full_weights = full_weights
        self.opinion = opinion

    def prepare(self, use_case: UseCase) -> Prepared:
        """Read an idea as far as words alone go.

        Raises:
            UseCaseError: The idea is empty or too long.
        """
        return self.prepare_all([use_case])[0]

    def prepare_all(self, block: Sequence[UseCase]) -> list[Prepared]:
        """Read ideas as far as words alone go.

        Raises:
            UseCaseError: One of them is empty or too long.
        """
        return prepare(block, self.matcher)

    def judge(
        self, block: Sequence[Prepared], today: dt.date | None, sure: float, *, with_cost: bool = True
    ) -> list[Judged]:
        """Lay out the ledgers of ideas.

        Args:
            block: The ideas.
            today: The day that prices and expiry dates are read for.
            sure: An idea whose likeliest verdict, by its text alone, has less than this probability is read again
                where `opinion` has another; above 1 every idea is.
            with_cost: Whether cost is worked out.
        """
        whole, first = self._read(block)
        unsure = self._unsure(block, first, whole, today, sure)
        found: dict[int, Judged] = {}
        if unsure:
            deeper = self._deeper(first, whole, unsure)
            twice = self._lay_out([block[r] for r in unsure], deeper, self.full_weights, today, with_cost)
            found.update(zip(unsure, twice, strict=True))
        left = [row for row in range(len(block)) if row not in found]
        once = self._lay_out([block[r] for r in left], first.of(left), self.weights, today, with_cost)
        found.update(zip(left, once, strict=True))
        return [found[row] for row in range(len(block))]

    def sums(self, block: Sequence[Prepared], today: dt.date | None, sure: float) -> list[list[int]]:
        """Return what the ledgers of `judge` add up to, in hundredths of a nat, in the order of `LEARNED`.

        Ledgers are only laid out where facts are given.
        """
        told_more = [row for row, idea in enumerate(block) if idea.facts]
        plain = [row for row, idea in enumerate(block) if not idea.facts]
        found = dict(zip(told_more, self.judge([block[r] for r in told_more], today, sure), strict=True))
        by_text = dict(zip(plain, self._sums_by_text([block[r] for r in plain], today, sure), strict=True))
        return [found[row].sums if row in found else by_text[row] for row in range(len(block))]

    def _sums_by_text(self, block: Sequence[Prepared], today: dt.date | None, sure: float) -> list[list[int]]:
        if not block:
            return []
        whole, first = self._read(block)
        found = self._by_text(block, first, self.weights, today)
        unsure = self._unsure(block, first, whole, today, sure, found)
        if unsure:
            deeper = self._deeper(first, whole, unsure)
            again = self._by_text([block[r] for r in unsure], deeper, self.full_weights, today)
            for row, its in zip(unsure, again, strict=True):
                found[row] = its
        return found

    def _read(self, block: Sequence[Prepared]) -> tuple[list[str], Readings]:
        """Return the folded texts, and what the first reading says of them."""
        whole = [told(idea.folded, idea.tasks) for idea in block]
        core = [core_text(idea.folded, idea.tasks) for idea in block]
        return whole, self.reader.read(whole, core)

    def _deeper(self, first: Readings, whole: Sequence[str], rows: Sequence[int]) -> Readings:
        """Return what both readings say of some of the ideas."""
        return self.reader.read_again(first.of(rows), [whole[r] for r in rows])

    def _unsure(
        self,
        block: Sequence[Prepared],
        first: Readings,
        whole: Sequence[str],
        today: dt.date | None,
        sure: float,
        found: Sequence[Sequence[int]] | None = None,
    ) -> list[int]:
        """Return the rows that are read again.

        That hangs on the ideas' texts alone: a fact that is given then moves one thing only.

        Args:
            block: The ideas.
            first: What the first reading says of them.
            whole: Their folded texts.
            today: As in `judge`.
            sure: As in `judge`; above 1 all are read again.
            found: What `_by_text` gave, where it is known.
        """
        if sure > 1 or sure <= 0 or not block:
            return list(range(len(block))) if sure > 1 else []
        sums = np.array(found or self._by_text(block, first, self.weights, today), dtype=np.float64)
        powers = np.exp((sums - sums.max(axis=1, keepdims=True)) / 100)
        rows: list[int] = np.flatnonzero(powers.max(axis=1) < sure * powers.sum(axis=1)).tolist()
        if self.opinion is None or not rows:
            return rows
        others = self.opinion([whole[row] for row in rows])
        return [row for row, other in zip(rows, others.tolist(), strict=True) if sums[row].argmax() != other]

    def _by_text(
        self, block: Sequence[Prepared], readings: Readings, weights: Weights, today: dt.date | None
    ) -> list[list[int]]:
        """Return what ledgers would add up to if no idea had facts, without laying them out."""
        sizes = {name: _rounded(weights, name, values) for name, values in readings.views.items()}
        fixed = (sum(sizes.values()) + np.array(hundredths(prior_evidence(weights)), dtype=np.int64)).tolist()
        found: list[list[int]] = []
        guessed: list[dict[str, str]] = [{}] * len(block)
        if self.matcher.asks_concepts:
            guessed = [{name: value for name, (value, _) in own.items()} for own in _named(readings)]
        for row, (idea, concepts) in enumerate(zip(block, guessed, strict=True)):
            ruled = self._ruled(idea, weights, {}, concepts, today)
            if blocking := self._blocking(ruled):
                said = [e for name, its in sizes.items() for e in evidence_of(name, its[row].tolist())]
                ledger = [*prior_evidence(weights), *said, *ruled]
                found.append(hundredths(ledger + cap(ledger, blocking)))
            else:
                found.append([a + b for a, b in zip(fixed[row], hundredths(ruled), strict=True)])
        return found

    def again(self, one: Judged, all_changes: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
        """Return the probabilities under other facts: the concepts view, some rules, a named task and cost can move.

        Args:
            one: An idea with its ledger.
            all_changes: Fields of the use case and their other values, one set for each answer.
        """
        changed = [{**one.idea.facts, **changes} for changes in all_changes]
        settled = [known_concepts(facts) for facts in changed]
        shares = settle(np.repeat(one.shares[None], len(changed), axis=0), settled)
        all_noticed = _sizes(one.weights, "concepts", self.reader.from_concepts(shares))
        ruled = [e for e in one.ledger if e.source == "rule"]
        as_it_is = ruled, hundredths(ruled)
        costs = OtherCost(one.cost, one.idea.use_case, partial(self._price_again, one), self.beside_simpler)
        as_told: dict[tuple[str, Verdict] | None, tuple[list[Evidence], list[int]]] = {}
        if named_task(one.idea.facts, one.idea.masked) is None:
            as_told[None] = one.fixed, hundredths(one.fixed)
        watched = depends_on(one.idea.hits)
        guessed = {name: value for name, (value, _) in one.concepts.items()}
        others = OtherFacts(
            self.matcher,
            one.idea.text,
            one.idea.hits,
            facts=one.idea.facts,
            concepts={**guessed, **known_concepts(one.idea.facts)},
            scale=one.weights.rules,
            today=one.today,
        )
        found = []
        for changes, facts, known, noticed in zip(all_changes, changed, settled, all_noticed, strict=True):
            rules, ruled_sums = as_it_is
            if not (watched.isdisjoint(changes) and watched.isdisjoint(known)):
                rules, ruled_sums = others.evidence(changes, facts, {**guessed, **known})
            category = named_task(facts, one.idea.masked)
            named = None if category is None else (category, usual_verdict(category, facts))
            if named not in as_told:
                rows = [*prior_evidence(one.weights), *fixed_rows(one.views, facts, one.idea.masked, one.told)]
                as_told[named] = rows, hundredths(rows)
            fixed, fixed_sums = as_told[named]
            paid = costs.evidence(changes, known.get("category", guessed["category"]), rules)
            sums = [a + b + c for a, b, c in zip(fixed_sums, ruled_sums, noticed, strict=True)]
            if paid:
                sums = [a + b for a, b in zip(sums, hundredths(paid), strict=True)]
            if blocking := self._blocking(rules):
                ledger = [*fixed, *evidence_of("concepts", noticed), *rules, *paid]
                sums = hundredths(ledger + cap(ledger, blocking))
            found.append(probabilities(in_nats(sums)))
        return found

    def _lay_out(
        self,
        block: Sequence[Prepared],
        readings: Readings,
        weights: Weights,
        today: dt.date | None,
        with_cost: bool,
    ) -> Iterator[Judged]:
        facts = [idea.facts for idea in block]
        told = readings.concepts[:, concept_columns()["category"]]
        if any(facts):
            shares = settle(readings.concepts, [known_concepts(own) for own in facts])
            views = {**readings.views, "concepts": self.reader.from_concepts(shares)}
            readings = Readings(views, shares, readings.vectors)
        sizes = {name: _sizes(weights, name, values) for name, values in readings.views.items()}
        noticed_sizes = sizes.pop("concepts")
        prior = prior_evidence(weights)
        for row, (idea, own, concepts) in enumerate(zip(block, facts, _named(readings), strict=True)):
            views_of_it = {view: its[row] for view, its in sizes.items()}
            fixed = prior + fixed_rows(views_of_it, own, idea.masked, told[row])
            cost = None
            if with_cost:
                cost = price(idea.use_case, idea.lang, concepts["category"][0], today)
            guessed = {name: value for name, (value, _) in concepts.items()}
            ruled = self._ruled(idea, weights, own, guessed, today)
            noticed = evidence_of("concepts", noticed_sizes[row])
            if cost is not None and cost.calls_per_month is not None:
                cost = self.beside_simpler(cost, ruled, idea.use_case)
            ledger = self._sum_up(idea, fixed, noticed, ruled, cost)
            shares_of_it, vector = readings.concepts[row], readings.vectors[row]
            yield Judged(
                idea,
                ledger,
                hundredths(ledger),
                weights,
                concepts,
                shares_of_it,
                vector,
                fixed,
                views_of_it,
                told[row],
                cost,
                today,
            )

    def _price_again(self, one: Judged, case: UseCase, category: str) -> Cost | None:
        return price(case, one.idea.lang, category, one.today)

    def _ruled(
        self,
        idea: Prepared,
        weights: Weights,
        facts: Mapping[str, Any],
        concepts: Mapping[str, str],
        today: dt.date | None,
    ) -> list[Evidence]:
        """Return what the rules say under some facts."""
        return self.matcher.weigh(
            idea.text, idea.hits, facts=facts, concepts=concepts, scale=weights.rules, today=today
        )

    def _sum_up(
        self,
        idea: Prepared,
        fixed: Sequence[Evidence],
        noticed: Sequence[Evidence],
        ruled: Sequence[Evidence],
        cost: Cost | None,
    ) -> list[Evidence]:
        ledger = [*fixed, *noticed, *ruled]
        if cost is not None:
            ledger += cost_evidence(cost, idea.use_case)
        blocking = self._blocking(ruled)
        return ledger + cap(ledger, blocking) if blocking else ledger

    def beside_simpler(self, cost: Cost, ruled: Sequence[Evidence], case: UseCase) -> Cost:
        """Set the tool that the loudest rule names beside the calls' cost, where it argues for `overkill`."""
        loudest = max((e for e in ruled if e.role == "core"), key=lambda e: e.log_odds, default=None)
        if loudest is None or loudest.verdict is not Verdict.OVERKILL or loudest.log_odds <= 0:
            return cost
        return with_simpler(cost, self.rules[loudest.id].instead.kind, wage=case.usd_wage_per_hour)

    def _blocking(self, ruled: Sequence[Evidence]) -> list[Evidence]:
        return [e for e in ruled if e.role == "core" and self.rules[e.id].severity == "block"]


def _rounded(weights: Weights, view: str, log_odds: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Return what a view adds for each idea and verdict, in hundredths of a nat, shape (n_ideas, 4)."""
    return np.rint(log_odds.astype(np.float64) * (weights.views[view] * 100)).astype(np.int64)


def _sizes(weights: Weights, view: str, log_odds: npt.NDArray[np.float32]) -> list[list[int]]:
    """Return the same as lists."""
    sizes: list[list[int]] = _rounded(weights, view, log_odds).tolist()
    return sizes


def _named(readings: Readings) -> list[dict[str, tuple[str, float]]]:
    """Return each idea's concepts, their likeliest values and those values' probabilities."""
    named: list[dict[str, tuple[str, float]]] = [{} for _ in readings.concepts]
    for name, columns in concept_columns().items():
        shares = readings.concepts[:, columns]
        best = shares.argmax(axis=1)
        top = np.take_along_axis(shares, best[:, None], axis=1)[:, 0]
        for row, (value, share) in enumerate(zip(best.tolist(), top.tolist(), strict=True)):
            named[row][name] = (CONCEPTS[name][value], round(share, 3))
    return named


def price(case: UseCase, lang: Language, category: str, today: dt.date | None) -> Cost | None:
    """Return what an idea's calls would cost; None where no price of a model that nobody named is known.

    Raises:
        PriceUnknown: The idea names a model, and its price is not known.
    """
    try:
        return cost_line(case, text_lang=lang, category=category, today=today)
    except PriceUnknown:
        if case.model is not None:
            raise
        return None
