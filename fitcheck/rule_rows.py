"""How each rule does on labelled scenarios: how often it speaks, how often rightly, and what others say then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from fitcheck.corpus import Scenario
from fitcheck.matching import Hit, Matcher
from fitcheck.rules import Rule
from fitcheck.tasks import split_tasks
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import Language, normalise

__all__ = ["RuleRow", "rule_rows"]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """How one rule does on labelled scenarios.

    Attributes:
        argues: By role, the verdict that it argues for.
        fires: Scenarios on which it fires in any role, even where it has nothing to say.
        speaks: Scenarios on which it argues for a verdict.
        by_lang: `speaks` by language.
        coverage: `speaks` over all scenarios, 0 to 1.
        precision: Share of `speaks` whose label is the verdict argued for, 0 to 1; None where it never speaks.
        overlap: Share of `speaks` on which another rule speaks too, 0 to 1, or None.
        conflict: Share of `speaks` on which another rule argues for another verdict, 0 to 1, or None.
    """

    id: str
    family: str
    argues: dict[str, str]
    fires: int
    speaks: int
    by_lang: dict[str, int]
    coverage: float
    precision: float | None
    overlap: float | None
    conflict: float | None


def rule_rows(rules: Sequence[Rule], scenarios: Sequence[Scenario]) -> tuple[RuleRow, ...]:
    """Try rules on scenarios, with no facts and with the concepts that the scenarios are labelled with.

    Returns:
        A row for each rule, by family and id.
    """
    matcher = Matcher(rules)
    fires: Counter[str] = Counter()
    speaks: Counter[str] = Counter()
    right: Counter[str] = Counter()
    overlaps: Counter[str] = Counter()
    conflicts: Counter[str] = Counter()
    by_lang: Counter[tuple[str, str]] = Counter()
    for scenario in scenarios:
        fired = _fired_on(matcher, scenario)
        argued = {f.rule.id: said[0] for f in fired if (said := f.rule.argues(f.role)) is not None}
        fires.update(f.rule.id for f in fired)
        for rule_id, verdict in argued.items():
            speaks[rule_id] += 1
            by_lang[rule_id, scenario.lang] += 1
            right[rule_id] += verdict is scenario.verdict
            overlaps[rule_id] += len(argued) > 1
            conflicts[rule_id] += any(other is not verdict for other in argued.values())
    rows = []
    for rule in sorted(rules, key=lambda r: (r.family, r.id)):
        n = speaks[rule.id]
        rows.append(
            RuleRow(
                id=rule.id,
                family=rule.family,
                argues={role: next(iter(sizes)).value for role, sizes in rule.weight.items()},
                fires=fires[rule.id],
                speaks=n,
                by_lang={lang: by_lang[rule.id, lang] for lang in get_args(Language)},
                coverage=n / len(scenarios) if scenarios else 0.0,
                precision=right[rule.id] / n if n else None,
                overlap=overlaps[rule.id] / n if n else None,
                conflict=conflicts[rule.id] / n if n else None,
            )
        )
    return tuple(rows)


def _fired_on(matcher: Matcher, scenario: Scenario) -> list[Hit]:
    text = normalise(scenario.text)
    concepts = {name: getattr(scenario, name) for name in CONCEPTS}
    return matcher.fired(text, split_tasks(text), facts={}, concepts=concepts)
