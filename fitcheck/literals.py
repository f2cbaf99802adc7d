"""Which of many patterns can match a text at all, by the words that they can't do without.

Compiling all patterns of a pack takes longer than judging an idea, and a text meets few
of them. So each pattern is first asked for literals one of which every match
contains ("extract\\w* (?:the )?invoice" can't match without "extract"). Only patterns whose
literals occur are compiled and run. Where no literal can be named, a pattern is always run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fitcheck.text import is_cjk

__all__ = ["LiteralIndex", "required_literals"]

_CLASSES = frozenset("wWdDsSbBAznrt")
_KEY = 3
_FEW, _SHORT = 8, 2_000
"""For so few texts, each of so few characters, looking for every literal is quicker than building the index:
an idea, and the same without each of its clauses."""


class LiteralIndex:
    """Finds the patterns that may match a text.

    Args:
        patterns: Patterns in RE2 syntax; a match is sought in folded texts.
        known: Literals worked out before, by pattern; others are worked out here.
    """

    def __init__(self, patterns: Sequence[str], known: Mapping[str, Sequence[str] | None] | None = None) -> None:
        known = known or {}
        self._literals = [known[p] if p in known else required_literals(p) for p in patterns]
        self._always = [n for n, literals in enumerate(self._literals) if literals is None]
        # literal -> patterns, under the literal's first characters; built when many texts come
        self._long: dict[str, list[tuple[str, int]]] = {}
        self._short: dict[str, list[tuple[str, int]]] = {}
        self._single: dict[str, list[tuple[str, int]]] = {}
        self._is_built = False
        self._n_asked = 0

    def candidates(self, folded: str) -> list[int]:
        """Return the numbers of the patterns that may match, in order."""
        self._n_asked += 1
        if self._n_asked <= _FEW and len(folded) <= _SHORT:
            return [
                n
                for n, literals in enumerate(self._literals)
                if literals is None or any(literal in folded for literal in literals)
            ]
        if not self._is_built:
            self._build()
        found = set(self._always)
        grams = {folded[i : i + _KEY] for i in range(len(folded) - _KEY + 1)}
        for key in grams & self._long.keys():
            found.update(number for literal, number in self._long[key] if number not in found and literal in folded)
        pairs = {folded[i : i + 2] for i in range(len(folded) - 1)}
        for key in pairs & self._short.keys():
            found.update(number for _, number in self._short[key])
        for key in set(folded) & self._single.keys():
            found.update(number for _, number in self._single[key])
        return sorted(found)

    def _build(self) -> None:
        self._is_built = True
        for number, literals in enumerate(self._literals):
            for literal in literals or ():
                table, key = (self._long, literal[:_KEY]) if len(literal) >= _KEY else (self._short, literal)
                if len(literal) == 1:
                    table = self._single
                table.setdefault(key, []).append((literal, number))


def required_literals(pattern: str) -> frozenset[str] | None:
    """Return literals of which every match of a pattern contains at least one, or None.

    Conservative: what this small reader does not know gives None.

    >>> sorted(required_literals(r"(?:extract|pull)\\w* .*invoice numbers?"))
    ['invoice number']
    >>> sorted(required_literals("发票|单据.*号"))
    ['单据', '发票']
    >>> required_literals(r"\\d+") is None
    True
    """
    try:
        found, end = _alternatives(pattern, 0)
    except (_UnknownSyntax, IndexError, ValueError):
        return None
    if end != len(pattern) or found is None:
        return None
    return frozenset(found)


class _UnknownSyntax(Exception):
    """A construct that the reader does not know."""


def _alternatives(pattern: str, at: int) -> tuple[set[str] | None, int]:
    """Read alternatives up to the end or a closing bracket; None where one has no literal."""
    union: set[str] | None = set()
    while True:
        one, at = _sequence(pattern, at)
        union = None if union is None or one is None else union | one
        if at >= len(pattern) or pattern[at] == ")":
            return union, at
        at += 1  # the bar


def _sequence(pattern: str, at: int) -> tuple[set[str] | None, int]:
    """Read one alternative and choose its most telling set of literals."""
    choices, at = _choices(pattern, at)
    if not choices:
        return None, at
    # the fewest and longest literals speak for the fewest texts
    return max(choices, key=lambda c: (min(map(_telling, c)) >= _KEY, -len(c), min(map(_telling, c)))), at


def _tells(literal: str) -> bool:
    """Say whether a literal keeps texts out: two characters, or one Chinese one."""
    return len(literal) >= 2 or (len(literal) == 1 and is_cjk(literal))


def _telling(literal: str) -> int:
    """Return a literal's length; a Chinese character tells more than a Latin one."""
    return sum(1 + is_cjk(c) for c in literal)


def _choices(pattern: str, at: int) -> tuple[list[set[str]], int]:
    """Read one alternative; every match of it holds a literal of each of the sets."""
    choices: list[set[str]] = []
    run = ""

    def close() -> str:
        if _tells(run):
            choices.append({run})
        return ""

    while at < len(pattern) and pattern[at] not in "|)":
        literal, inner, at = _atom(pattern, at)
        least, at = _least_repeats(pattern, at)
        if least == 1 and literal is not None:
            run += literal
            continue
        if literal is not None and least == 2:  # at least once, but perhaps more
            run += literal
            run = close()
            continue
        run = close()
        if inner and least:
            choices.append(inner)
    close()
    return [c for c in choices if all(map(_tells, c))], at


def _atom(pattern: str, at: int) -> tuple[str | None, set[str] | None, int]:
    """Read one unit: a literal character, or a group with its literals, or something without."""
    char = pattern[at]
    if char == "\\":
        escaped = pattern[at + 1]
        if escaped in _CLASSES:
            return None, None, at + 2
        if escaped.isalnum():  # \pL, \x41, \101, \Q...\E: longer than two characters
            raise _UnknownSyntax
        return escaped, None, at + 2
    if char == "[":
        return None, None, _after_class(pattern, at)
    if char == "(":
        if pattern.startswith("(?:", at):
            at += 3
        elif pattern.startswith("(?", at):
            raise _UnknownSyntax
        else:
            at += 1
        inner, at = _alternatives(pattern, at)
        if pattern[at] != ")":
            raise _UnknownSyntax
        return None, inner, at + 1
    if char in ".^$":
        return None, None, at + 1
    if char in "*+?{":
        raise _UnknownSyntax
    return char, None, at + 1


def _after_class(pattern: str, at: int) -> int:
    at += 1
    if pattern[at] == "^":
        at += 1
    if pattern[at] == "]":
        at += 1
    while pattern[at] != "]":
        if pattern.startswith("[:", at):
            raise _UnknownSyntax
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _least_repeats(pattern: str, at: int) -> tuple[int, int]:
    """Read a quantifier: 0 perhaps none, 1 exactly one, 2 one or more."""
    least = 1
    if at < len(pattern):
        if pattern[at] in "*?":
            least, at = 0, at + 1
        elif pattern[at] == "+":
            least, at = 2, at + 1
        elif pattern[at] == "{":
            close = pattern.index("}", at)
            bounds = pattern[at + 1 : close].split(",")
            if not bounds[0].isdigit():
                raise _UnknownSyntax
            least, at = (0 if int(bounds[0]) == 0 else 2), close + 1
    if at < len(pattern) and pattern[at] == "?" and least != 1:
        at += 1
    if at < len(pattern) and pattern[at] == "?" and pattern[at - 1] == "}":
        at += 1
    return least, at
