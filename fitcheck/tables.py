"""Tables of ideas: CSV files read row by row whatever their encoding and delimiter, and cells safe for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from fitcheck.errors import UseCaseError
from fitcheck.ideas import detect_encoding, encoding_note
from fitcheck.records import UseCase

__all__ = ["TEXT_COLUMNS", "Table", "inert", "open_table"]

TEXT_COLUMNS = (
    "text", "idea", "use_case", "use case", "usecase", "description", "proposal", "scenario", "summary",
    "想法", "用例", "描述", "场景", "需求", "说明", "文本", "内容",
)  # fmt: skip
"""Names by which the column of ideas is known, the surest first; case does not matter."""

_MAX_FIELD_CHARS = 64 << 20
_DELIMITERS = (",", ";", "\t")
_SAMPLE_CHARS = 1 << 16
_NUMBER = re.compile(r"[+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?%?")
# ASCII and full-width: what makes a spreadsheet compute a cell, or drop its first character and then compute it
_COMPUTED = tuple("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of ideas, read lazily.

    Attributes:
        where: Its name in messages.
        encoding: As `codecs` names it.
        delimiter: A comma, a semicolon or a tab.
        columns: The header, as written.
        text_column: The index of the column of ideas.
        fact_columns: The index of each column that carries a field of `UseCase`, by field.
        n_rows: How many rows there are, without the header and blank lines.
        note: A remark on the encoding, or None.
    """

    where: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    text_column: int
    fact_columns: dict[str, int]
    n_rows: int
    note: str | None
    _file: BinaryIO

    def rows(self) -> Iterator[list[str]]:
        """Yield each row's cells, however many there are, without the header and blank lines.

        Raises:
            UseCaseError: A quote that is never closed, or a field of many megabytes.
        """
        records = _records(self._file, self.encoding, self.delimiter, self.where)
        next(records)
        yield from records


@contextmanager
def open_table(
    source: Path | str | BinaryIO, *, text_column: str | None = None, use_facts: bool = True
) -> Iterator[Table]:
    """Open a CSV file: find its encoding and delimiter, its columns, and count its rows.

    Args:
        source: A path, or a seekable binary file.
        text_column: The name of the column of ideas; None to know it by its name.
        use_facts: Whether columns named like a field of `UseCase` are facts.

    Raises:
        UseCaseError: No such file, no text, no row, or no column of ideas.
    """
    with ExitStack() as stack:
        if isinstance(source, (str, Path)):
            try:
                file: BinaryIO = stack.enter_context(Path(source).open("rb"))
            except OSError as error:
                raise UseCaseError(f"{source}: {error.strerror or error}") from None
            where = str(source)
        else:
            file, where = source, "standard input"
        yield stack.enter_context(_look_at(file, where, text_column, use_facts))


@contextmanager
def _look_at(file: BinaryIO, where: str, text_column: str | None, use_facts: bool) -> Iterator[Table]:
    limit = csv.field_size_limit(_MAX_FIELD_CHARS)
    try:
        encoding = detect_encoding(file, where=where)
        delimiter = _delimiter(file, encoding)
        records = _records(file, encoding, delimiter, where)
        columns = tuple(name.replace("\0", "") for name in next(records, ()))
        if not columns:
            raise UseCaseError(f"{where}: the table is empty; it needs a header line and at least one row")
        index = _text_index(columns, text_column, where)
        facts = _fact_indices(columns, index, where) if use_facts else {}
        n_rows = sum(1 for _ in records)
        if not n_rows:
            raise UseCaseError(f"{where}: the table has a header ({', '.join(columns)}) and no row")
        yield Table(where, encoding, delimiter, columns, index, facts, n_rows, encoding_note(encoding, where), file)
    finally:
        csv.field_size_limit(limit)


def _records(file: BinaryIO, encoding: str, delimiter: str, where: str) -> Iterator[list[str]]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for cells in reader:
            if cells:
                yield cells
    except csv.Error as error:
        raise UseCaseError(f"{where}:{reader.line_num}: not CSV that can be read: {error}") from None
    finally:
        # the wrapper would close the file that it was lent; a reader that was left early may find it closed
        with suppress(ValueError):
            text.detach()


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


def _text_index(columns: Sequence[str], wanted: str | None, where: str) -> int:
    known = [_plain(name) for name in columns]
    for name in (wanted,) if wanted is not None else TEXT_COLUMNS:
        if wanted is not None and columns.count(wanted) == 1:
            return columns.index(wanted)
        if known.count(_plain(name)) == 1:
            return known.index(_plain(name))
        if _plain(name) in known:
            raise UseCaseError(f"{where}: two columns are called {name!r}; rename one")
    shown = ", ".join(repr(name) for name in columns[:30]) + (", …" if len(columns) > 30 else "")
    if wanted is not None:
        raise UseCaseError(f"{where}: no column is called {wanted!r}; its columns are {shown}")
    raise UseCaseError(
        f"{where}: no column is called text, idea, use_case, description, 想法 or the like; "
        f"its columns are {shown}; name the one with --text-column"
    )


def _fact_indices(columns: Sequence[str], text_index: int, where: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, name in enumerate(columns):
        field = _plain(name).replace(" ", "_").replace("-", "_")
        if index == text_index or field == "text" or field not in UseCase.model_fields:
            continue
        if field in found:
            raise UseCaseError(f"{where}: two columns carry the fact {field}; rename one")
        found[field] = index
    return found


def _plain(name: str) -> str:
    return name.strip().casefold()


def inert(cell: str) -> str:
    """Keep a spreadsheet from computing a text; numbers stay numbers.

    >>> inert("=HYPERLINK(A1)"), inert("-5.2"), inert("- sort mails")
    ("'=HYPERLINK(A1)", '-5.2', "'- sort mails")
    """
    cell = cell.replace("\0", "")
    if cell.lstrip(" \u00a0").startswith(_COMPUTED) and not _NUMBER.fullmatch(cell.strip(" ")):
        return "'" + cell
    return cell
