"""What a table is once it is open, whatever its format."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO, Protocol

__all__ = [
    "NOT_STORED",
    "Block",
    "Content",
    "Kind",
    "Rows",
    "Table",
    "cell_text",
    "in_blocks",
    "kind_of",
    "unique_names",
    "whole",
    "wider",
]

_EXACT, _MOST_WHOLE = 2**53, 10**18
_CHARS_PER_BLOCK = 1 << 23

NOT_STORED = "a formula whose result is not stored: open the file in Excel and save it"
"""What is wrong with a cell of `Block.unstored`."""

Kind = str
"""What a column's cells are: `none` (all empty), `bool`, `int`, `float` or `text`."""


class Block(Protocol):
    """Some rows in a row."""

    @property
    def n_rows(self) -> int: ...

    @property
    def errors(self) -> dict[int, str]:
        """What is wrong with a row as such, by its place in the block."""
        ...

    @property
    def places(self) -> Sequence[int]:
        """Where each row begins in the file, as `Content.place` counts: the first line is 1."""
        ...

    @property
    def unstored(self) -> Mapping[int, frozenset[int]]:
        """The columns of cells that are formulas without a stored result, by their row's place in the block."""
        ...

    def column(self, index: int) -> list[Any]:
        """Return one column's cells."""
        ...

    def rows(self) -> list[list[Any]]:
        """Return the rows, each with as many cells as there are columns."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """A block whose rows are lists of cells."""

    cells: list[list[Any]]
    places: Sequence[int]
    errors: dict[int, str] = field(default_factory=dict)
    unstored: dict[int, frozenset[int]] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        return len(self.cells)

    def column(self, index: int) -> list[Any]:
        return [row[index] for row in self.cells]

    def rows(self) -> list[list[Any]]:
        return self.cells


@dataclass(frozen=True, slots=True)
class Content:
    """What a format's reader found.

    Attributes:
        columns: The header, as written.
        n_rows: How many rows there are, without the header, what stands above it, and the empty rows of a CSV file or a
            sheet.
        read: Yields all rows in blocks of at most so many; may be called again.
        place: What its rows are counted in where they are named: a `line`, a `row` or an `object`.
        encoding: As `codecs` names it; `utf-8` where the format knows no other.
        delimiter: What stands between cells; a comma where nothing does.
        notes: Remarks for the reader.
        kinds: What each column holds; empty where all are texts, or `schema` says it.
        n_unstored: How many formulas without a stored result there are, by the index of their column.
        schema: The `pyarrow.Schema` of a Parquet file, else None.
    """

    columns: tuple[str, ...]
    n_rows: int
    read: Callable[[int], Iterator[Block]]
    place: str = "line"
    encoding: str = "utf-8"
    delimiter: str = ","
    notes: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    n_unstored: Mapping[int, int] = field(default_factory=dict)
    schema: Any = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of ideas, read lazily.

    Attributes:
        where: Its name in messages.
        form: Its format's name, such as `csv`.
        content: What its reader found.
        text_column: The index of the column of ideas.
        fact_columns: The index of each column that carries a field of `UseCase`, by field.
        notes: Remarks for the reader: on the encoding, the sheet, or how the column of ideas was found.
        file: What it is read from, unpacked.
    """

    where: str
    form: str
    content: Content
    text_column: int
    fact_columns: dict[str, int]
    notes: tuple[str, ...]
    file: BinaryIO

    @property
    def columns(self) -> tuple[str, ...]:
        """The header, as written."""
        return self.content.columns

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return self.content.n_rows

    def rows(self) -> Iterator[list[Any]]:
        """Yield each row's cells, as many as there are columns.

        Raises:
            UseCaseError: The file is damaged where it had not been looked at yet.
        """
        for block in self.content.read(1024):
            yield from block.rows()


def in_blocks(rows: Iterable[tuple[int, list[Any]]], size: int) -> Iterator[Rows]:
    """Yield rows, of which each comes with its place, in blocks of at most so many and of some million characters.

    A longer row stands alone.
    """
    cells: list[list[Any]] = []
    places: list[int] = []
    n_chars = 0
    for place, row in rows:
        n_chars += sum(len(cell) for cell in row if isinstance(cell, str))
        cells.append(row)
        places.append(place)
        if len(cells) >= size or n_chars >= _CHARS_PER_BLOCK:
            yield Rows(cells, places)
            cells, places, n_chars = [], [], 0
    if cells:
        yield Rows(cells, places)


def cell_text(cell: Any) -> str:
    """Return a cell as text: whole numbers without ".0", days as ISO 8601, lists and objects as JSON.

    >>> cell_text(3.0), cell_text(None), cell_text(dt.datetime(2026, 1, 5)), cell_text(True), cell_text(["a"])
    ('3', '', '2026-01-05', 'true', '["a"]')
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        number = whole(cell)
        return repr(cell) if number is None else str(number)
    if isinstance(cell, dt.datetime):
        is_day = cell.tzinfo is None and cell.time() == dt.time()
        return cell.date().isoformat() if is_day else cell.isoformat(sep=" ")
    if isinstance(cell, (dict, list)):
        return json.dumps(cell, ensure_ascii=False, default=cell_text)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    return cell.isoformat() if isinstance(cell, (dt.date, dt.time)) else str(cell)


def whole(cell: float) -> int | None:
    """Return a whole number of at most 18 digits as people see it; None where it is none.

    From 2**53 on a float stands for several whole numbers: this is the one of its shortest digits, as in Excel.

    >>> whole(3.0), whole(1234567890123450.0), whole(1.234567890123457e17), whole(0.5), whole(1e18)
    (3, 1234567890123450, 123456789012345700, None, None)
    """
    if not cell.is_integer() or abs(cell) >= _MOST_WHOLE:
        return None
    return int(cell) if abs(cell) < _EXACT else int(Decimal(repr(cell)))


def kind_of(cell: Any) -> Kind:
    """Return what a cell is."""
    if cell is None:
        return "none"
    if isinstance(cell, bool):
        return "bool"
    if isinstance(cell, int):
        return "int" if -(2**63) <= cell < 2**63 else "text"
    return "float" if isinstance(cell, float) else "text"


def wider(one: Kind, other: Kind) -> Kind:
    """Return what holds both kinds of cells.

    >>> wider("int", "float"), wider("none", "bool"), wider("bool", "int")
    ('float', 'bool', 'text')
    """
    if one == other or other == "none":
        return one
    if one == "none":
        return other
    return "float" if {one, other} == {"int", "float"} else "text"


def unique_names(columns: Sequence[str]) -> tuple[str, ...]:
    """Name every column, and no two alike, for formats that need that.

    >>> unique_names(["a", "a", ""])
    ('a', 'a_2', 'column_3')
    """
    taken = set(columns)
    seen: set[str] = set()
    names = []
    for number, column in enumerate(columns, 1):
        name = column or f"column_{number}"
        count = 2
        while name in seen or (name != column and name in taken):
            name, count = f"{column or 'column'}_{count}", count + 1
        seen.add(name)
        names.append(name)
    return tuple(names)
