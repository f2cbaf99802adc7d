"""From what was read of an idea to its report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from fitcheck.alternatives import alternative_for
from fitcheck.asking.questions import ask
from fitcheck.combine import Weights, decide
from fitcheck.cost import with_simpler
from fitcheck.judge import Judge, Judged, price
from fitcheck.outlook import Outlook
from fitcheck.reading import by_value, concept_columns
from fitcheck.records import Cost, Evidence, Neighbour, Report, Verdict, Versions
from fitcheck.rules import Rule
from fitcheck.sift import Sifted
from fitcheck.taxonomy import CONCEPTS
from fitcheck.use_case import UseCase

__all__ = ["Reporter"]


class Reporter:
    """Writes reports.

    Args:
        judge: Judges an idea again under other facts.
        rules: The rules by id.
        versions: What stands behind the reports.
        risk: The share of wrong answers that the user accepts; None answers whatever is likeliest.
    """

    def __init__(self, judge: Judge, rules: Mapping[str, Rule], versions: Versions, risk: float | None) -> None:
        self._judge = judge
        self._rules = rules
        self._versions = versions
        self._risk = risk

    def full(self, one: Judged, neighbours: tuple[Neighbour, ...]) -> Report:
        """Return the report on an idea that was judged by rules and scenarios."""
        idea = one.idea
        outlook = Outlook(self._judge, one, neighbours[0].similarity, self._risk)
        decision = outlook.as_it_is()
        instead = self._instead(decision.verdict, one.ledger, one.shares)
        questions, turn = ask(idea.use_case, decision, one.concepts, outlook.under, by_value(one.shares))
        return Report(
            use_case=idea.use_case,
            text=idea.text,
            lang=idea.lang,
            verdict=decision.verdict,
            probabilities=decision.probabilities,
            ledger=tuple(one.ledger),
            why_unclear=decision.why_unclear,
            tasks=idea.tasks,
            concepts=one.concepts,
            rules=self._pages(one.ledger),
            instead=instead,
            neighbours=neighbours,
            cost=_beside(one.cost, instead, idea.use_case),
            questions=questions,
            turn=turn,
            info=self._versions,
        )

    def quick(self, one: Sifted, neighbours: tuple[Neighbour, ...], weights: Weights, today: dt.date | None) -> Report:
        """Return the report on an idea whose words alone were read."""
        decision = decide(one.ledger, weights, names_a_task=one.names_a_task, risk=self._risk)
        category = one.concepts["category"][0]
        instead = alternative_for(decision.verdict, {category: 1.0})
        cost = price(one.use_case, one.lang, category, today)
        return Report(
            use_case=one.use_case,
            text=one.text,
            lang=one.lang,
            verdict=decision.verdict,
            probabilities=decision.probabilities,
            ledger=tuple(one.ledger),
            why_unclear=decision.why_unclear,
            tasks=one.tasks,
            concepts=one.concepts,
            instead=instead,
            neighbours=neighbours,
            cost=_beside(cost, instead, one.use_case),
            info=self._versions,
        )

    def _pages(self, ledger: Sequence[Evidence]) -> dict[str, dict[str, dict[str, str]]]:
        """Return what the rules on the ledger say, by id."""
        ids = dict.fromkeys(i for e in ledger if e.source == "rule" for i in (e.id, *e.also))
        return {
            i: {
                "title": self._rules[i].title.model_dump(),
                "why": self._rules[i].why.model_dump(),
                "instead": self._rules[i].instead.model_dump(),
            }
            for i in ids
        }

    def _instead(
        self, verdict: Verdict, ledger: Sequence[Evidence], concepts: npt.NDArray[np.float32]
    ) -> dict[str, str] | None:
        """Return the technique of the strongest rule for this verdict, else that of the likeliest fitting category."""
        if verdict not in (Verdict.OVERKILL, Verdict.UNFIT):
            return None
        speaking = [e for e in ledger if e.source == "rule" and e.verdict is verdict and e.role == "core"]
        if speaking:
            return self._rules[max(speaking, key=lambda e: e.log_odds).id].instead.model_dump()
        shares = concepts[concept_columns()["category"]].tolist()
        return alternative_for(verdict, dict(zip(CONCEPTS["category"], shares, strict=True)))


def _beside(cost: Cost | None, instead: dict[str, str] | None, case: UseCase) -> Cost | None:
    """Set what to use instead beside the calls' cost, and nothing where nothing is."""
    if cost is None:
        return None
    if instead is None:
        return replace(cost, simpler=None)
    return with_simpler(cost, instead["kind"], wage=case.usd_wage_per_hour)
