"""Regular expressions that are compiled when they are first asked, and what may stand before them as a sieve."""

from __future__ import annotations

import re
from functools import cached_property

__all__ = ["LatePattern", "relaxed"]

_ATOM = r"\\u[0-9a-f]{4}|\\.|\[(?:\\.|[^\]\\])*\]"
_PART = re.compile(
    rf"(?P<look>\(\?(?:=|!|<=|<!))|(?P<counted>\{{\d*,?\d*\}}\??)|(?P<atom>{_ATOM}|[\^$])|[^\\\[({{^$]+|.", re.DOTALL
)
_BRACKET = re.compile(rf"{_ATOM}|([()])", re.DOTALL)
# not \pL and \p{Nd}: RE2 takes long to lay those tables out
_WIDE = {r"\w": r"\S", r"\d": r"[^\x00-/:-\x7f]"}


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
    stand any number of times; where a letter or a digit of any script may stand, more may. A word's edge stays:
    RE2's knows ASCII alone, so it sees more of them beside ASCII, and patterns here have them nowhere else.

    Args:
        source: In the syntax of `re`, without back-references and flags.

    >>> relaxed(r"^(?:please )*rate (?=it)\w{2,8}$")
    '(?:please )*rate \\S*'
    """
    kept: list[str] = []
    at = 0
    while at < len(source):
        found = _PART.match(source, at)
        assert found is not None
        at = found.end()
        if found["look"]:
            at = _after_group(source, found.start())
        elif found["counted"]:
            kept.append("*")
        elif found["atom"]:
            kept.append(_as_re2(found[0]))
        else:
            kept.append(found[0])
    return "".join(kept)


def _after_group(source: str, at: int) -> int:
    """Return where the group ends that begins at a place."""
    depth = 0
    for found in _BRACKET.finditer(source, at):
        depth += {"(": 1, ")": -1, None: 0}[found[1]]
        if depth == 0:
            return found.end()
    raise ValueError(f"a bracket is not closed: {source[at : at + 40]}")


def _as_re2(atom: str) -> str:
    if atom in ("^", "$"):
        return ""
    if atom in _WIDE:
        return _WIDE[atom]
    if atom[0] == "[" and any(narrow in atom for narrow in _WIDE):
        return "(?s:.)"
    return re.sub(r"\\u([0-9a-f]{4})", r"\\x{\1}", atom)
