"""What the idea's own words say on each axis: the strongest rule that speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fitcheck.lens.axes import AXES
from fitcheck.lens.files import LensRule
from fitcheck.lens.pack import LensPack
from fitcheck.matching import Hit, holds
from fitcheck.records import Task
from fitcheck.tasks import masked

__all__ = ["Spoken", "fires", "quote_of", "spoken_on"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A rule that speaks, and where.

    Attributes:
        rule: The rule.
        start: Where its words begin in the normalised text; -1 where facts or concepts alone let it speak.
        end: Where they end.
    """

    rule: LensRule
    start: int
    end: int


def spoken_on(
    pack: LensPack, text: str, tasks: Sequence[Task], *, facts: Mapping[str, Any], concepts: Mapping[str, str]
) -> dict[str, Spoken]:
    """Return for each axis the strongest rule that speaks; where equally strong ones do, the axis's first value.

    What speaks to the evaluator is not read, and what stands only in a clause that is negated does not count.
    What is done elsewhere does: "regexes already do it well" tells of a need.

    Args:
        pack: The lens's files.
        text: The normalised text.
        tasks: Its clauses.
        facts: The known facts.
        concepts: The concepts' names and values.
    """
    best: dict[str, Spoken] = {}
    for hit in _hits(pack, text, tasks):
        if not holds(hit, facts, concepts):
            continue
        one = _spoken(hit)
        known = best.get(one.rule.axis)
        if known is None or _rank(one) < _rank(known):
            best[one.rule.axis] = one
    return best


def fires(
    pack: LensPack,
    text: str,
    tasks: Sequence[Task],
    *,
    facts: Mapping[str, Any] | None = None,
    concepts: Mapping[str, str] | None = None,
) -> set[str]:
    """Return the ids of all rules that speak on a text, as `axis/id`."""
    hits = [_spoken(hit) for hit in _hits(pack, text, tasks) if holds(hit, facts or {}, concepts or {})]
    return {f"{one.rule.axis}/{one.rule.id}" for one in hits}


def _hits(pack: LensPack, text: str, tasks: Sequence[Task]) -> list[Hit]:
    if any(task.reason == "to the evaluator" for task in tasks):
        text = masked(text, tasks)
    # the matcher calls a hit dropped where all that it touches is: here that shall mean negated alone
    clauses = [replace(t, role="workflow") if t.reason in ("done elsewhere", "a size") else t for t in tasks]
    return [hit for hit in pack.matcher.scan(text, clauses) if hit.role != "dropped"]


def _spoken(hit: Hit) -> Spoken:
    rule: Any = hit.rule
    return Spoken(rule, hit.start, hit.end)


def _rank(one: Spoken) -> tuple[float, int, str]:
    return -one.rule.strength, AXES[one.rule.axis].index(one.rule.value), one.rule.id


def quote_of(text: str, tasks: Sequence[Task], start: int, end: int) -> tuple[str, int]:
    """Return the clause that holds the words, or the words alone where the clause is long or there is none."""
    for task in tasks:
        if task.start <= start and end <= task.end and task.end - task.start <= _MOST_QUOTED:
            return text[task.start : task.end], task.start
    return text[start:end], start


_MOST_QUOTED = 80
