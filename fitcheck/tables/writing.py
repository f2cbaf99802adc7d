"""Writing a table: the input's columns and ours, in any format."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from fitcheck.cells import output_names
from fitcheck.errors import UseCaseError
from fitcheck.tables.forms import Form, form_of_name, is_gzip_name, plain_suffix
from fitcheck.tables.parquet_out import ParquetRows
from fitcheck.tables.safety import inert
from fitcheck.tables.shape import Block, Table, cell_text, unique_names
from fitcheck.tables.workbook_out import MAX_SHEET_COLUMNS, MAX_SHEET_ROWS, SheetRows

__all__ = ["Writer", "form_to_write", "open_writer", "refuse_too_large"]

_NO_TABLES = frozenset(
    (".doc", ".docx", ".ppt", ".pptx", ".pdf", ".htm", ".html", ".md", ".xml", ".yaml", ".toml", ".zip")
)
"""Endings by which other programs know their own files: nobody names text between commas so."""


class Writer(Protocol):
    """Takes blocks of rows and writes them."""

    def write(self, block: Block, ours: Sequence[Sequence[Any]]) -> None:
        """Write some rows.

        Args:
            block: The input's rows.
            ours: The added cells of each, in the order of `OUTPUT_COLUMNS`.
        """
        ...

    def close(self) -> str | None:
        """Write what is left, and return a remark for the reader or None."""
        ...

    def abandon(self) -> None:
        """Write nothing more."""
        ...


def form_to_write(target: Path | None, table: Table, form: Form | None) -> Form:
    """Return the format of what is written: as given, as the name says, else like the input where that is text.

    Raises:
        UseCaseError: A format that is only read, or no table's at all.
    """
    if form is not None:
        return form
    if target is not None and plain_suffix(target) in _NO_TABLES:
        raise UseCaseError(
            f"{target}: no table is written as {plain_suffix(target)}; name the output .csv, .xlsx, .jsonl or .parquet"
        )
    if target is not None and is_gzip_name(target) and form_of_name(target) in ("xlsx", "parquet"):
        raise UseCaseError(f"{target}: {plain_suffix(target)} is packed in itself; leave out .gz")
    if target is None or form_of_name(target) is None:
        return table.form if table.form in ("csv", "tsv", "jsonl", "json") else "csv"  # type: ignore[return-value]
    if form_of_name(target) == "xlsx" and plain_suffix(target) != ".xlsx":
        raise UseCaseError(f"{target}: {plain_suffix(target)} is read but not written; name the output .xlsx")
    return form_of_name(target) or "csv"


def refuse_too_large(form: Form, table: Table, n_columns: int, where: str) -> None:
    """Refuse what a sheet can't hold, before anything is judged.

    Raises:
        UseCaseError: More rows or columns than Excel takes.
    """
    if form == "xlsx" and (table.n_rows >= MAX_SHEET_ROWS or n_columns > MAX_SHEET_COLUMNS):
        raise UseCaseError(
            f"{where}: a sheet holds {MAX_SHEET_ROWS - 1:,} rows and {MAX_SHEET_COLUMNS:,} columns, and this table has "
            f"{table.n_rows:,} and {n_columns:,}; write .csv or .parquet"
        )


@contextmanager
def open_writer(file: BinaryIO, form: Form, table: Table, target: Path | None) -> Iterator[Writer]:
    """Lend a writer whose header is written; the caller closes it when all rows are there.

    Args:
        file: What is written to; left open.
        form: The format.
        table: The input.
        target: The output's name, which may end in .gz; None for a stream.
    """
    packed: Any = None
    if target is not None and is_gzip_name(target) and form not in ("xlsx", "parquet"):
        import gzip

        # no name and no time inside: the same table gives the same bytes
        packed = gzip.GzipFile("", "wb", fileobj=file, mtime=0)
    writer: Writer | None = None
    try:
        writer = _writer(packed or file, form, table, to_file=target is not None)
        yield writer
    except BaseException:
        if writer is not None:
            writer.abandon()
        if packed is not None:
            packed.fileobj = None
        raise


def _writer(file: BinaryIO, form: Form, table: Table, *, to_file: bool) -> Writer:
    if form == "parquet":
        return ParquetRows(file, table)
    if form == "xlsx":
        return SheetRows(file, table)
    if form in ("jsonl", "json"):
        return _JsonRows(file, table, as_list=form == "json")
    # spreadsheets need the mark to know UTF-8; who wrote the input without any of it doesn't
    marked = to_file and (table.form == "xlsx" or table.content.encoding != "utf-8")
    delimiter = "\t" if form == "tsv" else table.content.delimiter if table.form == "csv" else ","
    return _DelimitedRows(file, table, delimiter, marked)


def _finish(file: BinaryIO) -> None:
    """Write what is held back: all of it where the file is packed, whose end is a checksum."""
    import gzip

    if isinstance(file, gzip.GzipFile):
        file.close()
    else:
        file.flush()


class _DelimitedRows:
    def __init__(self, file: BinaryIO, table: Table, delimiter: str, marked: bool) -> None:
        self._file = file
        self._text = io.StringIO(newline="")
        self._rows = csv.writer(self._text, delimiter=delimiter, lineterminator="\n")
        if marked:
            file.write(b"\xef\xbb\xbf")
        self._rows.writerow([inert(name) for name in (*table.columns, *output_names(table.columns))])
        self._flush()

    def write(self, block: Block, ours: Sequence[Sequence[Any]]) -> None:
        self._rows.writerows(
            [
                *[inert(c if isinstance(c, str) else cell_text(c)) for c in cells],
                *[inert(c) if isinstance(c, str) else c for c in added],
            ]
            for cells, added in zip(block.rows(), ours, strict=True)
        )
        self._flush()

    def _flush(self) -> None:
        # half a surrogate pair is the one thing that UTF-8 can't hold
        self._file.write(self._text.getvalue().encode("utf-8", "replace"))
        self._text.seek(0)
        self._text.truncate()

    def close(self) -> None:
        _finish(self._file)

    def abandon(self) -> None:
        pass


class _JsonRows:
    def __init__(self, file: BinaryIO, table: Table, *, as_list: bool) -> None:
        names = unique_names(table.columns)
        self._file = file
        self._names = (*names, *output_names(names))
        self._as_list = as_list
        self._begun = False
        if as_list:
            file.write(b"[")

    def write(self, block: Block, ours: Sequence[Sequence[Any]]) -> None:
        for cells, added in zip(block.rows(), ours, strict=True):
            line = _json(dict(zip(self._names, [*cells, *added], strict=True)))
            if self._as_list:
                self._file.write((b",\n" if self._begun else b"\n") + line)
            else:
                self._file.write(line + b"\n")
            self._begun = True

    def close(self) -> None:
        if self._as_list:
            self._file.write(b"\n]\n")
        _finish(self._file)

    def abandon(self) -> None:
        pass


def _json(values: dict[str, Any]) -> bytes:
    try:
        return json.dumps(values, ensure_ascii=False, allow_nan=False, default=cell_text).encode()
    except UnicodeEncodeError:
        return json.dumps(values, default=cell_text).encode()
    except ValueError:
        # JSON has no word for what is not a number, or not finite
        return json.dumps(_finite(values), default=cell_text).encode()


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
