"""Regular expressions that are compiled when they are first asked, and what may stand before them as a sieve."""

from __future__ import annotations

import re
from functools import cached_property

__all__ = ["LatePattern", "relaxed"]

_LOOKS = re.compile(r"\(\?(?:=|!|<=|<!)")
_ATOM = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_COUNTED = re.compile(r"\{\d*,?\d*\}\??")
_WIDE = {r"\w": r"\pL\pN_", r"\d": r"\p{Nd}"}


class LatePattern:
    """A pattern of `re` that costs nothing until it is used.

    Args:
        source: In the syntax of `re`.

    >>> LatePattern("a+").search("baac").group()
    'aa'
    """

    def __init__(self, source: str) -> None:
        self._source = source

    @property
    def source(self) -> str:
        """The pattern as it was given."""
        return self._source

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._source)

    def search(self, text: str) -> re.Match[str] | None:
        """Look for the pattern anywhere."""
        return self._compiled.search(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Match the whole text."""
        return self._compiled.fullmatch(text)

    def sub(self, by: str, text: str) -> str:
        """Put something else where the pattern stands."""
        return self._compiled.sub(by, text)


def relaxed(source: str) -> str:
    r"""Return a pattern of RE2 that is found in every text where a pattern of `re` is found, and in others too.

    What looks ahead or behind and what ties to the start or the end is left out, and what is counted may
    stand any number of times; letters and digits are those of all scripts, as in `re`. A word's edge stays:
    RE2's knows ASCII alone, so it sees more of them beside ASCII, and patterns here have them nowhere else.

    Args:
        source: In the syntax of `re`, without back-references and flags.

    >>> relaxed(r"^(?:please )*rate (?=it)\w{2,8}$")
    '(?:please )*rate [\\pL\\pN_]*'
    """
    kept: list[str] = []
    at = 0
    while at < len(source):
        if _LOOKS.match(source, at):
            at = _after_group(source, at)
            continue
        counted = _COUNTED.match(source, at)
        if counted is not None:
            kept.append("*")
            at = counted.end()
            continue
        atom = _ATOM.match(source, at)
        assert atom is not None
        kept.append(_as_re2(atom[0]))
        at = atom.end()
    return "".join(kept)


def _after_group(source: str, at: int) -> int:
    """Return where the group ends that begins at a place."""
    depth = 0
    for atom in _ATOM.finditer(source, at):
        depth += {"(": 1, ")": -1}.get(atom[0], 0)
        if depth == 0:
            return atom.end()
    raise ValueError(f"a bracket is not closed: {source[at : at + 40]}")


def _as_re2(atom: str) -> str:
    if atom in ("^", "$"):
        return ""
    if atom in _WIDE:
        return f"[{_WIDE[atom]}]"
    if atom[0] == "[":
        for narrow, wide in _WIDE.items():
            atom = atom.replace(narrow, wide)
    return re.sub(r"\\u([0-9a-f]{4})", r"\\x{\1}", atom)
