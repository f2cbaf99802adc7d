"""CSV and its kin, read row by row whatever their encoding and delimiter.

Python's own `csv` reads them, though polars and pyarrow are faster: both refuse, drop or merge rows that have more
or fewer cells than the header, and here nothing that the user had may be lost.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import BinaryIO

from fitcheck.errors import UseCaseError, quote_line
from fitcheck.ideas import detect_encoding, encoding_note
from fitcheck.tables.columns import could_be_name
from fitcheck.tables.shape import Block, Content, Rows, in_blocks

__all__ = ["large_cells", "read_delimited"]

_MAX_CELL_CHARS = 64 << 20
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARS = 1 << 16
_SAMPLE_ROWS = 50
_USUAL = 0.8
_FEW = 3


@contextmanager
def large_cells() -> Iterator[None]:
    """Let cells be as long as a file's owner made them, up to 64 million characters."""
    limit = csv.field_size_limit(_MAX_CELL_CHARS)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def read_delimited(
    file: BinaryIO, where: str, *, is_wanted: Callable[[str], bool], delimiter: str | None = None
) -> Content:
    """Find a CSV file's encoding and delimiter, read its header and count its rows.

    Args:
        file: Seekable.
        where: Named in errors.
        is_wanted: Says whether a name is that of the column of ideas: its row is the header.
        delimiter: What stands between cells; None to find out.

    Raises:
        UseCaseError: No text, no header, or a quote that is never closed.
    """
    file.seek(0)
    encoding = detect_encoding(file, where=where)
    delimiter, n_above = _layout(file, encoding, delimiter, is_wanted)
    records = _records(file, encoding, delimiter, where)
    line, header = next(islice(records, n_above, None), (0, []))
    columns = tuple(name.replace("\0", "") for name in header)
    n_rows = sum(1 for _ in records) if columns else 0

    def read(size: int) -> Iterator[Block]:
        rest = _records(file, encoding, delimiter, where)
        for rows in in_blocks(islice(rest, n_above + 1, None), size):
            yield _evened(rows, len(columns), delimiter)

    notes = [note] if (note := encoding_note(encoding, where)) else []
    if n_above:
        rows = "row" if n_above == 1 else "rows"
        notes.append(f"{where}: left out {n_above} {rows} above the header (its line is {line})")
    return Content(columns, n_rows, read, "line", encoding, delimiter, tuple(notes))


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


def _layout(file: BinaryIO, encoding: str, delimiter: str | None, is_wanted: Callable[[str], bool]) -> tuple[str, int]:
    """Find the delimiter, and how many rows stand above the header.

    The delimiter is the one that cuts the first rows most evenly, then into the most cells.
    """
    file.seek(0)
    wrapper = io.TextIOWrapper(file, encoding, newline="")
    sample = wrapper.read(_SAMPLE_CHARS)
    wrapper.detach()
    best, best_score = (delimiter or ",", 0), (0.0, 0)
    for mark in _DELIMITERS if delimiter is None else [delimiter]:
        try:
            records = csv.reader(io.StringIO(sample, newline=""), delimiter=mark)
            rows = list(islice((cells for cells in records if any(map(str.strip, cells))), _SAMPLE_ROWS))
        except csv.Error:
            continue
        if len(sample) == _SAMPLE_CHARS and len(rows) > 1:
            del rows[-1]
        n_above = _n_above(rows, mark, is_wanted)
        del rows[:n_above]
        width = len(rows[0]) if rows else 0
        score = (sum(len(r) == width for r in rows) / len(rows), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = (mark, n_above), score
    return best


def _n_above(rows: Sequence[Sequence[str]], delimiter: str, is_wanted: Callable[[str], bool]) -> int:
    """Count the titles above a header: rows of one full cell each, where what follows is plainly a table of more.

    A list of ideas under one name, whose commas cut some of them, is no such table.
    """
    n_full = [sum(map(bool, map(str.strip, row))) for row in rows]
    top = next((at for at, n in enumerate(n_full) if n > 1), 0)
    if not top or any(is_wanted(cell) for row in rows[:top] for cell in row):
        return 0
    header, below = rows[top], rows[top + 1 :]
    if any(cell.startswith((" ", "\u3000")) for cell in header[1:]):
        # a sentence, cut at its commas
        return 0
    if any(map(is_wanted, header)):
        return top
    names = [cell.strip() for cell in header if cell.strip()]
    usual = sorted(n_full[top + 1 :])[len(below) // 2] if below else 0
    is_even = sum(len(row) == len(header) for row in below) >= _USUAL * len(below)
    if not (is_even and len(set(names)) == len(names) >= 0.6 * usual > 0 and all(map(could_be_name, names))):
        return 0
    if all(len(row) == len(header) for row in rows[:top]):
        # cut like the rows below, as spreadsheets write it
        return top
    # else the cuts alone speak for a table; commas may stand in sentences
    return top if delimiter != "," or min(len(header), len(below)) >= _FEW else 0
