"""What would be decided of an idea under other facts, by the gate that its report passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from fitcheck.asking.named import named_task
from fitcheck.combine import Decision, conclude, in_nats, probabilities
from fitcheck.cost import Cost
from fitcheck.judge import Judge, Judged, price
from fitcheck.naming import about_models, is_vague
from fitcheck.reading import known_concepts
from fitcheck.records import Evidence, Verdict
from fitcheck.use_case import UseCase
from fitcheck.whatif import OtherCost, OtherFacts

__all__ = ["Outlook"]


class Outlook:
    """Decides on an idea, as it is and under other facts.

    What rules and cost say under other facts is worked out only where a decision hangs on it.

    Args:
        judge: Judged the idea.
        one: The idea with its ledger.
        similarity: Cosine of its text to the nearest scenario.
        risk: The share of wrong answers that the user accepts; None answers whatever is likeliest.
    """

    def __init__(self, judge: Judge, one: Judged, similarity: float, risk: float | None) -> None:
        self._judge = judge
        self._one = one
        self._similarity = similarity
        self._risk = risk

    def as_it_is(self) -> Decision:
        """Return the decision under the facts that are given."""
        return self._decide({}, probabilities(in_nats(self._one.sums)))

    def under(self, all_changes: Sequence[Mapping[str, Any]]) -> list[Decision]:
        """Return the decisions under other facts.

        Args:
            all_changes: Fields of the use case and their other values, one set for each answer.
        """
        found = self._judge.again(self._one, all_changes)
        return [self._decide(changes, shares) for changes, shares in zip(all_changes, found, strict=True)]

    def _decide(self, changes: Mapping[str, Any], shares: dict[str, float]) -> Decision:
        idea = self._one.idea
        named = named_task({**idea.facts, **changes}, idea.masked) is not None
        return conclude(
            shares,
            self._one.weights,
            partial(self._evidence, changes),
            names_a_task=named or self._words_name_a_task(changes),
            similarity=1.0 if named else self._similarity,
            risk=self._risk,
        )

    def _words_name_a_task(self, changes: Mapping[str, Any]) -> bool:
        """Say whether a job can be named without a fact that does: by words of its own, or by a rule that knows it."""
        if not self._tells_a_job:
            return False
        return not self._about_models or any(
            e.source == "rule" and e.role == "core" and e.verdict in (Verdict.FIT, Verdict.ASSIST)
            for e in self._evidence(changes)
        )

    @cached_property
    def _tells_a_job(self) -> bool:
        idea = self._one.idea
        return not is_vague(idea.masked) and any(task.role != "dropped" for task in idea.tasks)

    @cached_property
    def _about_models(self) -> bool:
        return about_models(self._one.idea.masked)

    def _evidence(self, changes: Mapping[str, Any]) -> list[Evidence]:
        """Return what rules and cost say under other facts."""
        if not changes:
            return self._one.ledger
        facts = {**self._one.idea.facts, **changes}
        known = known_concepts(facts)
        ruled, _ = self._rules.evidence(changes, facts, {**self._guessed, **known})
        return ruled + self._cost.evidence(changes, known.get("category", self._guessed["category"]), ruled)

    @cached_property
    def _guessed(self) -> dict[str, str]:
        return {name: value for name, (value, _) in self._one.concepts.items()}

    @cached_property
    def _rules(self) -> OtherFacts:
        idea = self._one.idea
        return OtherFacts(
            self._judge.matcher,
            idea.text,
            idea.hits,
            facts=idea.facts,
            concepts={**self._guessed, **known_concepts(idea.facts)},
            scale=self._one.weights.rules,
            today=self._one.today,
        )

    @cached_property
    def _cost(self) -> OtherCost:
        return OtherCost(self._one.cost, self._one.idea.use_case, self._price, self._judge.beside_simpler)

    def _price(self, case: UseCase, category: str) -> Cost | None:
        return price(case, self._one.idea.lang, category, self._one.today)
