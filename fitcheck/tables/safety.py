"""Cells that a spreadsheet must not compute."""

from __future__ import annotations

import re

__all__ = ["inert"]

_NUMBER = re.compile(r"[+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?%?")
# ASCII and full-width: what makes a spreadsheet compute a cell, or drop its first character and then compute it
_COMPUTED = tuple("=+-@\t\r\n＝＋－＠")
_SUSPECT = frozenset((*_COMPUTED, " ", "\u00a0"))


def inert(cell: str) -> str:
    """Keep a spreadsheet from computing a text; numbers stay numbers.

    >>> inert("=HYPERLINK(A1)"), inert("-5.2"), inert("- sort mails")
    ("'=HYPERLINK(A1)", '-5.2', "'- sort mails")
    """
    # nearly all cells begin harmlessly
    if cell[:1] not in _SUSPECT and "\0" not in cell:
        return cell
    cell = cell.replace("\0", "")
    if cell.lstrip(" \u00a0").startswith(_COMPUTED) and not _NUMBER.fullmatch(cell.strip(" ")):
        return "'" + cell
    return cell
