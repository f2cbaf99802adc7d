"""Cells of a workbook that calamine reads as empty: formulas whose results are not stored, and error values."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError, fromstring
from xml.parsers.expat import ExpatError, ParserCreate

__all__ = ["LostCells", "lost_cells"]

_CHUNK = 1 << 20
_OVERLAP = 512
_EMPTY = re.compile(
    rb"(?:</(?:[\w.-]{1,40}:)?f\s*>|<(?:[\w.-]{1,40}:)?f(?:\s[^<>]{0,200})?/>)\s*"
    rb"(?:<(?:[\w.-]{1,40}:)?v\s*/>|<(?:[\w.-]{1,40}:)?v\s*></|</(?:[\w.-]{1,40}:)?c\s*>)"
)
"""A formula that no result follows; or an empty text, which only a reading of the sheet tells from none."""
_ERROR = re.compile(rb"\st=[\"']e[\"']")
_LETTERS = re.compile(r"[A-Z]+")
_OPEN_DOCUMENT = "content.xml"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class LostCells:
    """Columns of cells by row; both are counted from 0.

    Attributes:
        unstored: Those that hold a formula and no result.
        failed: Those that hold an error value, such as #N/A.
    """

    unstored: dict[int, frozenset[int]] = field(default_factory=dict)
    failed: dict[int, frozenset[int]] = field(default_factory=dict)


def lost_cells(file: BinaryIO, sheet: str) -> LostCells:
    """Return the cells of a sheet that are no values.

    Args:
        file: A workbook that could be read; of any but .xlsx, .xlsm and .ods nothing is found. An .xls or .xlsb keeps
            a number with every formula, be it computed or not. Error values are found in .xlsx and .xlsm.
        sheet: The sheet's name.
    """
    try:
        with zipfile.ZipFile(file) as book:
            if _OPEN_DOCUMENT in book.namelist():
                with book.open(_OPEN_DOCUMENT) as pages:
                    return LostCells(_found_in_open_document(pages, sheet))
            part = _part(book, sheet)
            if part is None or not _may_hold_any(book, part):
                return LostCells()
            with book.open(part) as page:
                return _found(page)
    except (zipfile.BadZipFile, KeyError, ValueError, ParseError, ExpatError, OSError, NotImplementedError):
        # what calamine could read all the same has no formulas that we know of
        return LostCells()


def _part(book: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of a sheet's part of the package."""
    pages = fromstring(book.read("xl/workbook.xml")).iter()
    wanted = next((e.get(_RELATION) for e in pages if e.tag.endswith("}sheet") and e.get("name") == sheet), None)
    for relation in fromstring(book.read("xl/_rels/workbook.xml.rels")):
        if wanted is not None and relation.get("Id") == wanted:
            return posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
    return None


def _may_hold_any(book: zipfile.ZipFile, part: str) -> bool:
    """Look for any such cell, which is much quicker than reading the sheet."""
    with book.open(part) as page:
        before = b""
        while chunk := page.read(_CHUNK):
            if _EMPTY.search(before + chunk) or _ERROR.search(before + chunk):
                return True
            before = chunk[-_OVERLAP:]
    return False


def _found(page: Any) -> LostCells:
    unstored: dict[int, set[int]] = {}
    failed: dict[int, set[int]] = {}
    row, column = -1, -1
    is_formula = is_stored = is_error = in_value = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, is_formula, is_stored, is_error, in_value
        name = name.rpartition(" ")[2]
        if name == "row":
            row, column = int(attributes.get("r", row + 2)) - 1, -1
        elif name == "c":
            letters = _LETTERS.match(attributes.get("r", ""))
            column = _number(letters[0]) if letters else column + 1
            # an empty text is a result too, and only its type tells
            is_formula, is_stored = False, attributes.get("t") == "str"
            is_error = attributes.get("t") == "e"
        elif name == "f":
            is_formula = True
        in_value = name == "v"

    def text(_: str) -> None:
        nonlocal is_stored
        is_stored = is_stored or in_value

    def end(name: str) -> None:
        nonlocal in_value
        in_value = False
        if name.rpartition(" ")[2] != "c":
            return
        if is_formula and not is_stored:
            unstored.setdefault(row, set()).add(column)
        elif is_error and is_stored:
            failed.setdefault(row, set()).add(column)

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.ParseFile(page)
    return LostCells(*({at: frozenset(columns) for at, columns in found.items()} for found in (unstored, failed)))


def _found_in_open_document(pages: Any, sheet: str) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    row, n_rows, column, n_columns = 0, 1, 0, 1
    here: set[int] = set()
    n_notes = 0
    is_sheet = is_formula = is_stored = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, n_rows, column, n_columns, n_notes, is_sheet, is_formula, is_stored
        if name == _TABLE + "table":
            is_sheet, row = attributes.get(_TABLE + "name") == sheet, 0
        elif name == _TABLE + "table-row":
            n_rows, column = int(attributes.get(_TABLE + "number-rows-repeated", 1)), 0
            here.clear()
        elif name in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            n_columns = int(attributes.get(_TABLE + "number-columns-repeated", 1))
            is_formula = _TABLE + "formula" in attributes
            # an empty text is a result too, and only its type tells
            is_stored = attributes.get(_OFFICE + "value-type") == "string" or any(
                key.startswith(_OFFICE) and key.endswith("value") for key in attributes
            )
        elif name == _OFFICE + "annotation":
            n_notes += 1

    def text(said: str) -> None:
        nonlocal is_stored
        is_stored = is_stored or (not n_notes and bool(said.strip()))

    def end(name: str) -> None:
        nonlocal row, column, n_notes, is_sheet
        if name == _OFFICE + "annotation":
            n_notes -= 1
        elif name in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            if is_sheet and is_formula and not is_stored:
                here.update(range(column, min(column + n_columns, _MOST_COLUMNS)))
            column += n_columns
        elif name == _TABLE + "table-row":
            if is_sheet and here:
                found.update(dict.fromkeys(range(row, min(row + n_rows, _MOST_ROWS)), frozenset(here)))
            row += n_rows
        elif name == _TABLE + "table":
            is_sheet = False

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.ParseFile(pages)
    return found


def _number(letters: str) -> int:
    """Return a column's number, from 0.

    >>> _number("A"), _number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
