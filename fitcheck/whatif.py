"""What the rules say of an idea under other facts.

A changed fact moves few rules: those hits alone that ask for it are held against it again, and
where the same hits hold, the rules' evidence is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from fitcheck.combine import hundredths
from fitcheck.matching import Hit, Matcher, holds
from fitcheck.records import Evidence

__all__ = ["OtherFacts"]


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
