"""Formulas of a workbook whose results are not stored: programs write them so, and calamine reads them as empty."""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError, fromstring
from xml.parsers.expat import ExpatError, ParserCreate

__all__ = ["unstored_formulas"]

_CHUNK = 1 << 20
_OVERLAP = 512
_EMPTY = re.compile(
    rb"(?:</(?:[\w.-]{1,40}:)?f\s*>|<(?:[\w.-]{1,40}:)?f(?:\s[^<>]{0,200})?/>)\s*"
    rb"(?:<(?:[\w.-]{1,40}:)?v\s*/>|<(?:[\w.-]{1,40}:)?v\s*></|</(?:[\w.-]{1,40}:)?c\s*>)"
)
"""A formula that no result follows; or an empty text, which only a reading of the sheet tells from none."""
_LETTERS = re.compile(r"[A-Z]+")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def unstored_formulas(file: BinaryIO, sheet: str) -> dict[int, frozenset[int]]:
    """Return the columns of the cells that hold a formula and no result, by row; both are counted from 0.

    Args:
        file: A workbook that could be read; of any but .xlsx and .xlsm nothing is found.
        sheet: The sheet's name.
    """
    try:
        with zipfile.ZipFile(file) as book:
            part = _part(book, sheet)
            if part is None or not _may_hold_any(book, part):
                return {}
            with book.open(part) as page:
                return _found(page)
    except (zipfile.BadZipFile, KeyError, ParseError, ExpatError, OSError, NotImplementedError):
        # what calamine could read all the same has no formulas that we know of
        return {}


def _part(book: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of a sheet's part of the package."""
    pages = fromstring(book.read("xl/workbook.xml")).iter()
    wanted = next((e.get(_RELATION) for e in pages if e.tag.endswith("}sheet") and e.get("name") == sheet), None)
    for relation in fromstring(book.read("xl/_rels/workbook.xml.rels")):
        if wanted is not None and relation.get("Id") == wanted:
            return posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
    return None


def _may_hold_any(book: zipfile.ZipFile, part: str) -> bool:
    """Look for any such formula, which is much quicker than reading the sheet."""
    with book.open(part) as page:
        before = b""
        while chunk := page.read(_CHUNK):
            if _EMPTY.search(before + chunk):
                return True
            before = chunk[-_OVERLAP:]
    return False


def _found(page: Any) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    row, column = -1, -1
    is_formula = is_stored = in_value = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, is_formula, is_stored, in_value
        name = name.rpartition(" ")[2]
        if name == "row":
            row, column = int(attributes.get("r", row + 2)) - 1, -1
        elif name == "c":
            letters = _LETTERS.match(attributes.get("r", ""))
            column = _number(letters[0]) if letters else column + 1
            # an empty text is a result too, and only its type tells
            is_formula, is_stored = False, attributes.get("t") == "str"
        elif name == "f":
            is_formula = True
        in_value = name == "v"

    def text(_: str) -> None:
        nonlocal is_stored
        is_stored = is_stored or in_value

    def end(name: str) -> None:
        nonlocal in_value
        in_value = False
        if name.rpartition(" ")[2] == "c" and is_formula and not is_stored:
            found.setdefault(row, set()).add(column)

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.ParseFile(page)
    return {at: frozenset(columns) for at, columns in found.items()}


def _number(letters: str) -> int:
    """Return a column's number, from 0.

    >>> _number("A"), _number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
