"""On which line of a TOML file each table and key stands, so that errors and findings can point at it.

Parsers drop lines; this walks the text once more, after `tomli` has found it to be TOML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["Place", "line_at", "toml_places"]

Place = tuple[str | int, ...]

_KEY_PART = r"(?:[A-Za-z0-9_-]+|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')"
_KEY = rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*"
_LIST_HEAD = re.compile(rf"[ \t]*\[\[[ \t]*({_KEY})[ \t]*\]\]")
_HEAD = re.compile(rf"[ \t]*\[[ \t]*({_KEY})[ \t]*\]")
_ASSIGNED = re.compile(rf"[ \t]*({_KEY})[ \t]*=")
_PART = re.compile(_KEY_PART)
# what can open, close or hide an opening: strings of four kinds, comments, brackets
_TOKEN = re.compile(r'"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]')
_END_OF = {
    '"""': re.compile(r'(?:[^"\\]++|\\.|"(?!""))*+"{3,5}', re.S),
    "'''": re.compile(r"(?:[^']++|'(?!''))*+'{3,5}"),
}


def toml_places(text: str) -> dict[Place, int]:
    """Return the line, from 1, of every table and key of a text that is valid TOML.

    >>> places = toml_places('a = 1\\n[[use_case]]\\nid = "x"\\n[use_case.attributes]\\nteam = "y"\\n')
    >>> places["a",], places["use_case", 0], places["use_case", 0, "attributes", "team"]
    (1, 2, 5)
    """
    places: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    at, number = 0, 1
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        begin, line = at, number
        if match := _LIST_HEAD.match(text, at, end):
            names = _resolved(_parts(match[1]), counts)
            counts[names] = counts.get(names, -1) + 1
            table = (*names, counts[names])
            places.setdefault(table, line)
            at = end + 1
        elif match := _HEAD.match(text, at, end):
            table = _resolved(_parts(match[1]), counts)
            places.setdefault(table, line)
            at = end + 1
        elif match := _ASSIGNED.match(text, at, end):
            names = (*table, *_parts(match[1]))
            for depth in range(len(table) + 1, len(names) + 1):
                places.setdefault(names[:depth], line)
            at = _after_value(text, match.end())
        else:
            at = end + 1
        number += text.count("\n", begin, min(at, len(text)))
    return places


def _after_value(text: str, at: int) -> int:
    """Return where the line after a value begins, which may be many lines on."""
    depth = 0
    while True:
        token = _TOKEN.search(text, at)
        if token is None:
            return len(text)
        at = token.end()
        kind = token[0]
        if kind == "\n":
            if depth == 0:
                return at
        elif kind in _END_OF:
            closed = _END_OF[kind].match(text, at)
            if closed is None:
                return len(text)
            at = closed.end()
        elif kind in "[{":
            depth += 1
        elif kind in "]}":
            depth = max(0, depth - 1)


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in _PART.findall(key))


def _resolved(names: Sequence[str], counts: Mapping[Place, int]) -> Place:
    """Return a table's place, with the number of each list of tables that it lies in."""
    place: Place = ()
    for depth, name in enumerate(names, 1):
        place = (*place, name)
        if depth < len(names) and place in counts:
            place = (*place, counts[place])
    return place


def line_at(text: str, places: Mapping[Place, int], place: Sequence[str | int]) -> tuple[int | None, str | None]:
    """Return the line of a place, or of the nearest one round it: its number and itself."""
    for depth in range(len(place), 0, -1):
        here = tuple(place[:depth])
        # a list of tables stands where its first one does
        number = places.get(here, places.get((*here, 0)))
        if number is not None:
            lines = text.split("\n")
            return number, lines[number - 1] if number <= len(lines) else None
    return None, None
