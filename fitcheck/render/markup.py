"""Texts and tables that Markdown shows as they are."""

from __future__ import annotations

import re

from fitcheck.render import content

__all__ = ["escape", "table"]

_LITERAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "`": "&#96;", "$": "&#36;"} | {
    mark: f"\\{mark}" for mark in "\\*_[]~#!"
}
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])")


def escape(text: str) -> str:
    """Return a text that Markdown and HTML show as it is, on one line, in a table too.

    >>> escape("<b>|`x`")
    '&lt;b&gt;&#124;&#96;x&#96;'
    """
    return _LINE_START.sub(_at_line_start, "".join(_LITERAL.get(c, c) for c in content.clean(text)))


def _at_line_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark[:-1]}\\{mark[-1]}"


def table(head: list[str], rows: list[list[str]], *, right: int = 0) -> list[str]:
    """Return the lines of a table; the last `right` columns stand on the right.

    Cells are taken as they are: escape what users wrote.
    """
    ruler = ["---"] * (len(head) - right) + ["---:"] * right
    return [f"| {' | '.join(cells)} |" for cells in (head, ruler, *rows)]
