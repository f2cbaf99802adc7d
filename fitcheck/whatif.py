"""What the rules and the cost say of an idea under other facts.

A changed fact moves few rules: those hits alone that ask for it are held against it again, and
where the same hits hold, the rules' evidence is the same. Cost speaks only where a value or a volume is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fitcheck.combine import hundredths
from fitcheck.cost import cost_evidence
from fitcheck.matching import Hit, Matcher, holds
from fitcheck.records import Cost, Evidence
from fitcheck.use_case import UseCase

__all__ = ["OtherCost", "OtherFacts"]

_PRICED_BY = ("calls_per_month", "output", "task_category")


class OtherFacts:
    """An idea's hits, and what they argue under some facts.

    Args:
        matcher: Turns hits into evidence.
        text: The idea.
        hits: The rules whose words stand in it.
        facts: The facts as they are.
        concepts: The concepts' names and values as they are.
        scale: Factor per rule id on its written weight.
        today: The day that expiry dates are read for.
    """

    def __init__(
        self,
        matcher: Matcher,
        text: str,
        hits: Sequence[Hit],
        *,
        facts: Mapping[str, Any],
        concepts: Mapping[str, str],
        scale: Mapping[str, float],
        today: dt.date | None,
    ) -> None:
        self._matcher, self._text, self._hits = matcher, text, hits
        self._concepts, self._scale, self._today = concepts, scale, today
        self._held = [holds(hit, facts, concepts) for hit in hits]
        self._asking: dict[str, list[int]] = {}
        for number, hit in enumerate(hits):
            for name in (*hit.block.facts, *hit.block.concepts):
                self._asking.setdefault(name, []).append(number)
        self._known: dict[tuple[int, ...], tuple[list[Evidence], list[int]]] = {}

    def evidence(
        self, changes: Mapping[str, Any], facts: Mapping[str, Any], concepts: Mapping[str, str]
    ) -> tuple[list[Evidence], list[int]]:
        """Return the rules' evidence under other facts, and what it adds up to, in hundredths of a nat.

        Args:
            changes: The facts that are not as they were.
            facts: All facts.
            concepts: The concepts' values.
        """
        moved = [*changes, *(name for name, value in concepts.items() if self._concepts.get(name) != value)]
        asking = {number for name in moved for number in self._asking.get(name, ())}
        turned = tuple(sorted(n for n in asking if holds(self._hits[n], facts, concepts) is not self._held[n]))
        known = self._known.get(turned)
        if known is None:
            held = [hit for n, hit in enumerate(self._hits) if self._held[n] is not (n in turned)]
            evidence = self._matcher.argue(self._text, held, scale=self._scale, today=self._today)
            known = self._known[turned] = evidence, hundredths(evidence)
        return known


class OtherCost:
    """An idea's cost, and what it argues under other facts.

    Args:
        cost: The cost as things stand; None where no price is known.
        use_case: The idea.
        price: Gives the cost of a use case whose core task is of a category.
        beside: Sets the tool that the loudest rule names beside a cost.
    """

    def __init__(
        self,
        cost: Cost | None,
        use_case: UseCase,
        price: Callable[[UseCase, str], Cost | None],
        beside: Callable[[Cost, Sequence[Evidence], UseCase], Cost],
    ) -> None:
        self._cost, self._case, self._price, self._beside = cost, use_case, price, beside
        facts = use_case.facts()
        valued = "usd_value_per_call" in facts or {"minutes_saved_per_call", "usd_wage_per_hour"} <= facts.keys()
        self._speaks = valued or (cost is not None and cost.calls_per_month is not None)
        self._known: dict[tuple[Any, ...], Cost | None] = {}

    def evidence(self, changes: Mapping[str, Any], category: str, ruled: Sequence[Evidence]) -> list[Evidence]:
        """Return what cost argues under other facts.

        Args:
            changes: The facts that are not as they were.
            category: The core task's.
            ruled: What the rules say then.
        """
        if self._cost is None or not (self._speaks or "calls_per_month" in changes):
            return []
        case = self._case.model_copy(update=dict(changes))
        key = (category, *(changes.get(name) for name in _PRICED_BY))
        if key not in self._known:
            self._known[key] = self._price(case, category)
        cost = self._known[key]
        if cost is None:
            return []
        if cost.calls_per_month is not None:
            cost = self._beside(replace(cost, simpler=None), ruled, case)
        return cost_evidence(cost, case)
