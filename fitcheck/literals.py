"""The words that a pattern can't match without: "extract\\w* (?:the )?invoice" needs "extract" and "invoice"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from typing import Any, NamedTuple

from fitcheck.text import is_cjk

__all__ = ["Literals", "by_rarity", "cover", "required_literals"]

Literals = list[Any]
"""What a text must hold: any of these, each a string, or a list of which all must stand in the text.
Of such a list each is a string or `Literals` again, the most telling first."""

_CLASSES = frozenset("wWdDsS")
_BETWEEN = frozenset("bBAz")
_PLAIN_CLASS = re.compile(r"[^\W_]+|['’]+")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_AROUND = ("(?=", "(?!", "(?<=", "(?<!")
_GROUPS = ("(?:", "(?s:")
_RARE = frozenset("×÷*+＋－%<>≥≤＜＞→=#@$€£¥~^{}|")
"""Marks that few texts hold."""
_SHARE = 0.3
"""About so many texts hold one more Latin letter of a literal too."""
_MOST_REPEATED = 4
"""So often at most what must repeat is spelt out."""
_MOST_JOINED = 4
"""So many strings at most are spelt out where one choice follows on another."""


def required_literals(pattern: str) -> Literals | None:
    """Return what a text must hold for a pattern to match, or None where nothing can be named.

    Conservative: what this small reader does not know gives None.

    >>> required_literals(r"(?:extract|pull)\\w* .*invoice numbers?")
    [['invoice number', ['pull', 'extract']]]
    >>> required_literals("发票|单据.*号")
    ['发票', ['单据', '号']]
    >>> required_literals(r"\\d+") is None
    True
    """
    try:
        read, end = _alternatives(pattern, 0)
    except (_UnknownSyntax, IndexError, ValueError):
        return None
    return _required(read) if end == len(pattern) else None


def cover(literals: Literals) -> list[str]:
    """Return strings one of which stands wherever what is required does.

    >>> cover([["invoice", "number"], "receipt"])
    ['invoice', 'receipt']
    """
    strings: list[str] = []
    for one in literals:
        first = one if isinstance(one, str) else one[0]
        strings += [first] if isinstance(first, str) else cover(first)
    return strings


def by_rarity(literals: Literals, counts: Mapping[str, int]) -> Literals:
    """Put what stands in the fewest texts first wherever several things must stand together.

    Args:
        literals: What `required_literals` returned.
        counts: In how many texts a string stands; none where it is missing.

    >>> by_rarity([["invoice", ["pull", "draw"]]], {"invoice": 9, "pull": 2, "draw": 1})
    [[['pull', 'draw'], 'invoice']]
    """
    ordered: Literals = []
    for one in literals:
        if isinstance(one, str):
            ordered.append(one)
            continue
        parts = [part if isinstance(part, str) else by_rarity(part, counts) for part in one]
        ordered.append(sorted(parts, key=lambda part: _texts_with(part, counts)))
    return ordered


def _texts_with(part: str | Literals, counts: Mapping[str, int]) -> int:
    return sum(counts.get(string, 0) for string in cover([part] if isinstance(part, str) else part))


class _UnknownSyntax(Exception):
    """A construct that the reader does not know."""


class _Read(NamedTuple):
    """What part of a pattern matches: one of a few strings and nothing else, or else what its matches hold."""

    strings: frozenset[str] | None
    literals: Literals | None = None


_NOTHING = frozenset({""})


def _required(read: _Read) -> Literals | None:
    if read.strings is None:
        return read.literals
    return _shortest(read.strings) if all(map(_tells, read.strings)) else None


def _shortest(strings: frozenset[str]) -> list[str]:
    """Leave out strings that hold another one."""
    kept: list[str] = []
    for string in sorted(strings, key=lambda s: (len(s), s)):
        if not any(other in string for other in kept):
            kept.append(string)
    return kept


def _tells(literal: str) -> bool:
    """Say whether a literal keeps texts out: two characters, or one Chinese one, or a mark that few texts hold."""
    return len(literal) >= 2 or (len(literal) == 1 and (is_cjk(literal) or literal in _RARE))


def _rank(literals: Literals) -> float:
    """Return how well literals tell texts apart: the fewest and longest stand in the fewest texts."""
    # a Chinese character tells as much as two Latin ones
    return -sum(_SHARE ** sum(1 + is_cjk(c) for c in literal) for literal in cover(literals))


def _alternatives(pattern: str, at: int) -> tuple[_Read, int]:
    """Read alternatives up to the end or a closing bracket."""
    parts = []
    while True:
        part, at = _sequence(pattern, at)
        parts.append(part)
        if at >= len(pattern) or pattern[at] == ")":
            break
        at += 1  # the bar
    strings: set[str] = set()
    literals: Literals = []
    for part in parts:
        if part.strings is not None:
            strings |= part.strings
        elif part.literals is None:
            return _Read(None), at
        else:
            strings.update(one for one in part.literals if isinstance(one, str))
            literals += [one for one in part.literals if not isinstance(one, str)]
    if all(part.strings is not None for part in parts):
        return _Read(frozenset(strings)), at
    if not all(map(_tells, strings)):
        return _Read(None), at
    return _Read(None, _shortest(frozenset(strings)) + literals), at


def _sequence(pattern: str, at: int) -> tuple[_Read, int]:
    """Read one alternative: strings that follow on each other are joined, and all that it holds is required."""
    found: list[Literals] = []
    run, is_whole = _NOTHING, True

    def close() -> frozenset[str]:
        literals = _required(_Read(run))
        if literals and literals not in found:
            found.append(literals)
        return _NOTHING

    while at < len(pattern) and pattern[at] not in "|)":
        read, at = _atom(pattern, at)
        least, is_bounded, at = _repeats(pattern, at)
        strings = read.strings
        if strings is None or (least == 0 and not is_bounded):
            run, is_whole = close(), False
            if strings is None and least and read.literals and read.literals not in found:
                found.append(read.literals)
            continue
        if least == 0:
            strings |= _NOTHING
        elif least > 1 and len(strings) == 1:
            strings = frozenset(string * least for string in strings)
        if len(run) * len(strings) <= max(_MOST_JOINED, len(run), len(strings)):
            run = frozenset(map("".join, product(run, strings)))
        else:
            close()
            run, is_whole = strings, False
        if not is_bounded:  # at least once, but perhaps more
            run, is_whole = close(), False
    if is_whole:
        return _Read(run), at
    close()
    found.sort(key=_rank, reverse=True)
    parts = [one[0] if len(one) == 1 and isinstance(one[0], str) else one for one in found]
    return _Read(None, found[0] if len(found) == 1 else [parts] if parts else None), at


def _atom(pattern: str, at: int) -> tuple[_Read, int]:
    """Read one unit: a literal character, or a place between characters, or a class, or a group."""
    char = pattern[at]
    if char == "\\":
        escaped = pattern[at + 1]
        if escaped in _CLASSES:
            return _Read(None), at + 2
        if escaped in _BETWEEN:
            return _Read(_NOTHING), at + 2
        if escaped.isalnum() and escaped not in _CONTROLS:  # \pL, \x41, \101, \Q...\E: longer than two characters
            raise _UnknownSyntax
        return _Read(frozenset({_CONTROLS.get(escaped, escaped)})), at + 2
    if char == "[":
        end = _after_class(pattern, at)
        inner = pattern[at + 1 : end - 1]
        is_plain = len(inner) <= _MOST_JOINED and _PLAIN_CLASS.fullmatch(inner) is not None
        return _Read(frozenset(inner) if is_plain else None), end
    if char == "(":
        return _group(pattern, at)
    if char == ".":
        return _Read(None), at + 1
    if char in "^$":
        return _Read(_NOTHING), at + 1
    if char in "*+?{":
        raise _UnknownSyntax
    return _Read(frozenset({char})), at + 1


def _group(pattern: str, at: int) -> tuple[_Read, int]:
    opening = next((g for g in (*_AROUND, *_GROUPS) if pattern.startswith(g, at)), "(")
    if opening == "(" and pattern.startswith("(?", at):
        raise _UnknownSyntax
    read, at = _alternatives(pattern, at + len(opening))
    if pattern[at] != ")":
        raise _UnknownSyntax
    return _Read(_NOTHING) if opening in _AROUND else read, at + 1


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


def _repeats(pattern: str, at: int) -> tuple[int, bool, int]:
    """Read a quantifier: the least number of times, and whether it is at most so often."""
    least, is_bounded, begin = 1, True, at
    if pattern[at : at + 1] == "{":
        close = pattern.index("}", at)
        bounds = pattern[at + 1 : close].split(",")
        if not bounds[0].isdigit():
            raise _UnknownSyntax
        # so long a literal is as telling as a longer one
        least = min(_MOST_REPEATED, int(bounds[0]))
        is_bounded = bounds in (["1"], ["0", "1"], ["1", "1"])
        at = close + 1
    elif pattern[at : at + 1] in ("*", "?", "+"):
        least, is_bounded, at = int(pattern[at] == "+"), pattern[at] == "?", at + 1
    if at > begin and pattern[at : at + 1] == "?":
        at += 1
    return least, is_bounded, at
