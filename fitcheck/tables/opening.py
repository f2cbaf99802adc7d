"""Opening a table of ideas, whatever its format."""

from __future__ import annotations

import shutil
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from fitcheck.errors import UseCaseError
from fitcheck.tables.columns import fact_indices, header_key, is_text_name, prose_index, text_index
from fitcheck.tables.delimited import large_cells, read_delimited
from fitcheck.tables.forms import Form, form_of_bytes, form_of_name
from fitcheck.tables.jsonrows import read_json_rows
from fitcheck.tables.parquet import read_parquet
from fitcheck.tables.shape import Content, Table, cell_text
from fitcheck.tables.workbook import read_workbook

__all__ = ["lend", "open_table"]

_IN_MEMORY_BYTES = 1 << 24
_SAMPLED_ROWS = 200


@contextmanager
def lend(source: Path | str | BinaryIO) -> Iterator[tuple[BinaryIO, str]]:
    """Lend a file that can be read more than once, and its name in messages.

    Args:
        source: A path, also one of a pipe, or a seekable binary file.

    Raises:
        UseCaseError: No such file, or a folder.
    """
    if not isinstance(source, (str, Path)):
        yield source, "standard input"
        return
    path = Path(source)
    if path.is_dir():
        raise UseCaseError(f"{path}: a folder; name a file, or judge a folder of Parquet with --engine spark")
    with ExitStack() as stack:
        try:
            file: BinaryIO = stack.enter_context(path.open("rb"))
        except OSError as error:
            raise UseCaseError(f"{path}: {error.strerror or error}") from None
        if not file.seekable():
            copy = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES))
            shutil.copyfileobj(file, copy)
            file = copy  # type: ignore[assignment]
        yield file, str(path)


@contextmanager
def open_table(
    source: Path | str | BinaryIO,
    *,
    text_column: str | None = None,
    use_facts: bool = True,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    form: Form | None = None,
) -> Iterator[Table]:
    """Open a table of ideas: find its format, encoding and delimiter, its columns, and count its rows.

    Args:
        source: A path, or a seekable binary file.
        text_column: The name of the column of ideas; None to know it by its name, else by its content.
        use_facts: Whether columns named like a fact are facts.
        mapping: Columns by the field of `UseCase` that they carry, for those that are known by no name.
        sheet: The sheet of a workbook; None for the first with ideas.
        form: The format; None to tell it by the name and the first bytes.

    Raises:
        UseCaseError: No such file, damaged, no row, or no column of ideas.
        ModelUnavailable: The format's library is not installed.
    """
    wanted = text_column if text_column is not None else (mapping or {}).get("text")
    with ExitStack() as stack:
        stack.enter_context(large_cells())
        file, where = stack.enter_context(lend(source))
        named = form or (form_of_name(Path(source)) if isinstance(source, (str, Path)) else None)
        found = form_of_bytes(file, named, where)
        if found == "gzip":
            file = stack.enter_context(_unpacked(file, where))
            found = form_of_bytes(file, named, where)
            if found == "gzip":
                raise UseCaseError(f"{where}: packed twice; unpack it once")
        content = _content(file, where, found, wanted, sheet)
        if not any(content.columns):
            raise UseCaseError(f"{where}: the table is empty; it needs a header line and at least one row")
        if not content.n_rows:
            raise UseCaseError(f"{where}: the table has a header ({', '.join(content.columns)}) and no row")
        notes = list(content.notes)
        index = text_index(content.columns, wanted, where)
        if index is None:
            index = prose_index(content.columns, _sample(content), where)
            what = f"no column is called text or the like; {content.columns[index]!r} holds the longest texts"
            notes.append(f"{where}: {what}, and is read as the ideas")
        facts = fact_indices(content.columns, index, where, mapping or {}, by_name=use_facts)
        # what judges a row says so itself of its idea and its facts
        read = {index, *facts.values()}
        notes += [_unstored(content.columns[at], n, where) for at, n in content.n_unstored.items() if at not in read]
        yield Table(where, found, content, index, facts, tuple(notes), file)


def _content(file: BinaryIO, where: str, form: Form, wanted: str | None, sheet: str | None) -> Content:
    if sheet is not None and form != "xlsx":
        raise UseCaseError(f"{where}: --sheet names a sheet of a workbook, and this is {form.upper()}")
    key = None if wanted is None else header_key(wanted)
    is_wanted = is_text_name if key is None else lambda name: header_key(name) == key
    if form == "xlsx":
        return read_workbook(file, where, sheet=sheet, is_wanted=is_wanted)
    if form == "parquet":
        return read_parquet(file, where)
    if form in ("jsonl", "json"):
        return read_json_rows(file, where)
    return read_delimited(file, where, is_wanted=is_wanted, delimiter="\t" if form == "tsv" else None)


def _unstored(column: str, n: int, where: str) -> str:
    formulas = "1 formula" if n == 1 else f"{n:,} formulas"
    return f"{where}: {formulas} without a stored value in column {column!r}; open the file in Excel and save it"


def _sample(content: Content) -> list[list[str]]:
    block = next(islice(content.read(_SAMPLED_ROWS), 1))
    return [[cell_text(cell) for cell in row] for row in block.rows()]


@contextmanager
def _unpacked(file: BinaryIO, where: str) -> Iterator[BinaryIO]:
    import gzip

    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as copy:
        try:
            with gzip.GzipFile(fileobj=file, mode="rb") as packed:
                shutil.copyfileobj(packed, copy, 1 << 20)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise UseCaseError(f"{where}: a .gz file that is damaged or cut off: {error}") from None
        copy.seek(0)
        yield copy  # type: ignore[misc]
