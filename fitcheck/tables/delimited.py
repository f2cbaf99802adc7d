"""CSV and its kin, read row by row whatever their encoding and delimiter.

Python's own `csv` reads them, though polars and pyarrow are faster: both refuse, drop or merge rows that have more
or fewer cells than the header, and here nothing that the user had may be lost.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import BinaryIO

from fitcheck.errors import UseCaseError, quote_line
from fitcheck.ideas import detect_encoding, encoding_note
from fitcheck.tables.shape import Block, Content, Rows, in_blocks

__all__ = ["large_cells", "read_delimited"]

_MAX_CELL_CHARS = 64 << 20
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARS = 1 << 16


@contextmanager
def large_cells() -> Iterator[None]:
    """Let cells be as long as a file's owner made them, up to 64 million characters."""
    limit = csv.field_size_limit(_MAX_CELL_CHARS)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def read_delimited(file: BinaryIO, where: str, *, delimiter: str | None = None) -> Content:
    """Find a CSV file's encoding and delimiter, read its header and count its rows.

    Args:
        file: Seekable.
        where: Named in errors.
        delimiter: What stands between cells; None to find out.

    Raises:
        UseCaseError: No text, no header, or a quote that is never closed.
    """
    file.seek(0)
    encoding = detect_encoding(file, where=where)
    delimiter = delimiter or _delimiter(file, encoding)
    records = _records(file, encoding, delimiter, where)
    columns = tuple(name.replace("\0", "") for name in next(records, (0, []))[1])
    n_rows = sum(1 for _ in records) if columns else 0

    def read(size: int) -> Iterator[Block]:
        rest = _records(file, encoding, delimiter, where)
        next(rest)
        for rows in in_blocks(rest, size):
            yield _evened(rows, len(columns), delimiter)

    note = encoding_note(encoding, where)
    return Content(columns, n_rows, read, "line", encoding, delimiter, (note,) if note else ())


def _evened(block: Rows, n_columns: int, delimiter: str) -> Block:
    """Give every row as many cells as the header has, and say which had more."""
    rows, errors = block.cells, block.errors
    for number, cells in enumerate(rows):
        extra = len(cells) - n_columns
        if extra > 0:
            # nothing is lost: what stands past the last column goes into it
            rows[number] = [*cells[: n_columns - 1], delimiter.join(cells[n_columns - 1 :])]
            if n_columns > 1:
                what = f"this row has {len(cells)} cells and the header {n_columns}"
                errors[number] = f"{what}; quote cells that hold {delimiter!r}"
        elif extra < 0:
            rows[number] = cells + [""] * -extra
        if number not in errors and any("\0" in cell for cell in cells):
            errors[number] = "this row holds NUL bytes: the file is damaged; export it again"
    return block


def _records(file: BinaryIO, encoding: str, delimiter: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row after the number of the line that it begins on."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            _refuse_stray_quote(lines.last, reader.line_num, delimiter, where)
            # a row of empty cells is no row, as in a workbook: programs write them by the hundred below a table
            if any(map(str.strip, cells)):
                yield reader.line_num - len(lines.last) + 1, cells
            lines.forget()
    except csv.Error as error:
        raise UseCaseError(f"{where}:{reader.line_num}: not CSV that can be read: {error}") from None
    finally:
        # the wrapper would close the file that it was lent; a reader that was left early may find it closed
        with suppress(ValueError):
            text.detach()


class _Lines:
    """A text's lines, of which those of the latest record are kept."""

    def __init__(self, text: Iterable[str]) -> None:
        self._lines = iter(text)
        self._is_new = True
        self.last: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if self._is_new:
            self.last, self._is_new = [], False
        self.last.append(line)
        return line

    def forget(self) -> None:
        """Begin another record with the next line."""
        self._is_new = True


def _refuse_stray_quote(lines: list[str], n_lines: int, delimiter: str, where: str) -> None:
    """Refuse a record whose quote is closed by another's or never: the rows between would pass for one cell."""
    if not any(line.strip() for line in lines[1:]):
        return
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        first, below = n_lines - len(lines) + 1, len(lines) - 1
        what = f"a quote opens here and is not closed, so the {below:,} line{'s' * (below > 1)} below would be one cell"
        remedy = "close it, take it out, or double quotes within a quoted cell"
        raise UseCaseError(quote_line(where, first, lines[0], f"{what}; {remedy}")) from None


def _delimiter(file: BinaryIO, encoding: str) -> str:
    """Take the delimiter that cuts the first rows most evenly, then into the most cells."""
    file.seek(0)
    wrapper = io.TextIOWrapper(file, encoding, newline="")
    sample = wrapper.read(_SAMPLE_CHARS)
    wrapper.detach()
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        try:
            rows = [r for r in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 50) if r]
        except csv.Error:
            continue
        if len(sample) == _SAMPLE_CHARS and len(rows) > 1:
            del rows[-1]
        width = len(rows[0]) if rows else 0
        score = (sum(len(r) == width for r in rows) / len(rows), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best
