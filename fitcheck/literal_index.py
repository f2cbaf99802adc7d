"""Which of many patterns can match a text at all, by the literals that they can't do without.

A text meets few of a pack's patterns, and running all of them takes longer than judging an idea.
So only patterns whose literals occur are compiled and run. Where no literal can be named, a
pattern is always run.

An automaton (Aho and Corasick 1975) finds all literals in one pass over a text. For a single
idea, building it would take longer than looking for them one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fitcheck.literals import Literals, cover, required_literals

__all__ = ["LiteralIndex", "count_literals"]

_FEW, _SHORT = 8, 2_000
"""For so few texts, each of so few characters, looking for every literal is quicker than building the automaton."""


class LiteralIndex:
    """Finds the patterns that may match a text.

    Args:
        patterns: Patterns in the syntax of RE2, or of `re` without flags but `re.I`; a match is sought in folded texts.
        known: Literals worked out before, by pattern. Others are worked out when many texts have come.
        few: For so many short texts no index is built; a pattern whose literals are unknown counts as one that may
            match them.
    """

    def __init__(
        self, patterns: Sequence[str], known: Mapping[str, Literals | None] | None = None, *, few: int = _FEW
    ) -> None:
        self._patterns = list(patterns)
        self._known = known or {}
        self._few = few
        self._always: list[int] = []
        self._automaton: Any = None
        # by a literal's number: the patterns for which it is enough, and those that want others beside it
        self._alone: dict[int, tuple[int, ...]] = {}
        self._joint: dict[int, tuple[_Beside, ...]] = {}

    def candidates(self, folded: str) -> list[int]:
        """Return the numbers of the patterns that may match, in order."""
        if self._automaton is None:
            self._few -= 1
            if self._few >= 0 and len(folded) <= _SHORT:
                known = map(self._known.get, self._patterns)
                return [n for n, literals in enumerate(known) if literals is None or _stands(literals, folded)]
            self._build()
        found = {hit[0] for hit in self._automaton.find_matches_as_indexes(folded, overlapping=True)}
        chosen = set(self._always)
        for literal in found & self._alone.keys():
            chosen.update(self._alone[literal])
        for literal in found & self._joint.keys():
            for number, covers, checks in self._joint[literal]:
                if number in chosen:
                    continue
                for wanted in covers:
                    if wanted.isdisjoint(found):
                        break
                else:
                    if not checks or _all_met(checks, found):
                        chosen.add(number)
        return sorted(chosen)

    def _build(self) -> None:
        from ahocorasick_rs import AhoCorasick

        numbers: dict[str, int] = {}
        alone: dict[str, list[int]] = {}
        joint: dict[str, list[_Beside]] = {}
        always = []
        for number, pattern in enumerate(self._patterns):
            literals = self._known[pattern] if pattern in self._known else required_literals(pattern)
            if literals is None:
                always.append(number)
            for alternative in literals or ():
                if isinstance(alternative, str):
                    alone.setdefault(alternative, []).append(number)
                    continue
                parts = [[part] if isinstance(part, str) else part for part in alternative]
                covers = [frozenset(numbers.setdefault(c, len(numbers)) for c in cover(part)) for part in parts[1:]]
                checks = [check for check in (_check(part, numbers) for part in parts) if check.joint]
                beside = number, tuple(covers), tuple(checks)
                for literal in dict.fromkeys(cover(parts[0])):
                    joint.setdefault(literal, []).append(beside)
        for literal in (*alone, *joint):
            numbers.setdefault(literal, len(numbers))
        self._always = always
        self._alone = {numbers[literal]: tuple(own) for literal, own in alone.items()}
        self._joint = {numbers[literal]: tuple(own) for literal, own in joint.items()}
        self._automaton = AhoCorasick(list(numbers))


class _Check(NamedTuple):
    """Literals by their numbers, one of which a text must hold, or else all that one of `joint` asks for."""

    alone: frozenset[int]
    joint: tuple[tuple[Any, ...], ...]


_Beside = tuple[int, tuple[frozenset[int], ...], tuple[_Check, ...]]
"""A pattern's number and what an alternative of it wants beside one literal: one of each set, and all checks met."""


def count_literals(required: Sequence[Literals], texts: Sequence[str]) -> Counter[str]:
    """Count in how many folded texts the strings stand that patterns can't do without."""
    from ahocorasick_rs import AhoCorasick

    strings = list(dict.fromkeys(string for own in required for string in _strings(own)))
    counts: Counter[str] = Counter()
    if strings and texts:
        automaton = AhoCorasick(strings)
        for text in texts:
            hits = automaton.find_matches_as_indexes(text, overlapping=True)
            counts.update({strings[hit[0]] for hit in hits})
    return counts


def _strings(literals: Literals) -> Iterator[str]:
    for one in literals:
        if isinstance(one, str):
            yield one
        else:
            yield from _strings(one)


def _check(literals: Literals, numbers: dict[str, int]) -> _Check:
    alone = frozenset(numbers.setdefault(c, len(numbers)) for c in literals if isinstance(c, str))
    joint = [tuple(_check([c] if isinstance(c, str) else c, numbers) for c in x) for x in literals if type(x) is list]
    return _Check(alone, tuple(joint))


def _all_met(checks: tuple[_Check, ...], found: set[int]) -> bool:
    for alone, joint in checks:
        if alone.isdisjoint(found) and not any(_all_met(inner, found) for inner in joint):
            return False
    return True


def _stands(literals: Literals, text: str) -> bool:
    """Say whether a text holds what is required."""
    for one in literals:
        if type(one) is str:
            if one in text:
                return True
            continue
        for part in one:
            if not (part in text if type(part) is str else _stands(part, text)):
                break
        else:
            return True
    return False
