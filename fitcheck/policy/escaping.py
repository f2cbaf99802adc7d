"""Words that others wrote, made fit to print: no control character, no line break, no trick of direction."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from pathlib import Path

from fitcheck.errors import quote_line

__all__ = ["quoted", "shown", "shown_path"]

_LONGEST_MESSAGE = 1000
_ODD = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shown(text: str) -> str:
    """Return a text on one line, with what can't be seen written as an escape.

    >>> shown("a\\nb\\x1b[31m 表")
    'a\\\\nb\\\\x1b[31m 表'
    """
    if text.isprintable():
        return text
    return "".join(c.encode("unicode_escape").decode("ascii") if unicodedata.category(c) in _ODD else c for c in text)


def quoted(path: Path, number: int | None, line: str | None, what: str) -> str:
    """Return an error about a line of a file, with what others wrote there made fit to print."""
    # a message quotes values, and a value may be megabytes long
    told = what if len(what) <= _LONGEST_MESSAGE else f"{what[:_LONGEST_MESSAGE]} …"
    return quote_line(
        shown_path(path), number, None if line is None else shown(line[:200].replace("\t", " ")), shown(told)
    )


def shown_path(path: Path) -> str:
    """Return a path to print: relative to the working folder where it lies below it, with forward slashes."""
    with suppress(ValueError):
        path = path.relative_to(Path.cwd())
    return shown(path.as_posix())
