"""A table of ideas in, the same table with verdicts out."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from fitcheck.cells import OUTPUT_COLUMNS
from fitcheck.errors import UseCaseError
from fitcheck.journal import Journal, open_journal
from fitcheck.pool import default_processes, judge_in_order
from fitcheck.records import LEARNED
from fitcheck.rows import Assesses, Task, task_of
from fitcheck.tables import Block, Form, Table, form_to_write, open_table, open_writer, refuse_too_large
from fitcheck.tables.facts import note_on_yuan
from fitcheck.text import Language

__all__ = ["BatchSummary", "score_file"]

ROWS_PER_BLOCK = 512
"""How many rows are judged, handed to a worker and kept in the journal at a time, if the assessor doesn't say."""

_VERDICT, _ERROR = OUTPUT_COLUMNS.index("verdict"), OUTPUT_COLUMNS.index("error")


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """What became of a table.

    Attributes:
        rows: Rows read and written.
        by_verdict: Rows per verdict; `error` counts those that could not be judged.
        text_column: The column that the ideas were read from.
        fact_columns: The columns that were read as facts.
        notes: Remarks on the input, such as its encoding, its sheet or cells that can't be read, and on the output.
        first_error: What the first row that could not be judged says, or None.
        target: What was written; None where it was a stream.
    """

    rows: int
    by_verdict: dict[str, int]
    text_column: str
    fact_columns: tuple[str, ...]
    notes: tuple[str, ...]
    first_error: str | None
    target: Path | None

    def __str__(self) -> str:
        counts = ", ".join(f"{n:,} {name}" for name, n in self.by_verdict.items() if n)
        return f"{self.rows:,} {'idea' if self.rows == 1 else 'ideas'}: {counts}"


def score_file(
    source: Path | str | BinaryIO,
    target: Path | str | BinaryIO | None = None,
    *,
    assessor: Assesses,
    text_column: str | None = None,
    use_facts: bool = True,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    form: Form | None = None,
    out_form: Form | None = None,
    lang: Language | None = None,
    processes: int | None = None,
    versions: Mapping[str, str] | None = None,
    restart: bool = False,
    progress: Callable[[int, int], None] | None = None,
    remark: Callable[[str], None] | None = None,
) -> BatchSummary:
    """Judge every row of a table and write all of its columns and ours.

    Rows stream through; a file appears whole or not at all. A row that can't be judged
    is kept, and its `error` says why.

    Args:
        source: A CSV or TSV file, a workbook, JSON lines or Parquet, each also as .gz; or a seekable binary file.
        target: The file to write (replaced if it is there), a binary stream, or None for `<source>.scored.<ending>`.
        assessor: What judges the ideas; each process gets a copy.
        text_column: The column of ideas; None to know it by its name, else by its content.
        use_facts: Whether columns named like a field of `UseCase` are facts.
        mapping: Columns by the field that they carry, for those that are known by no name.
        sheet: The sheet of a workbook; None for the first with ideas.
        form: The input's format; None to tell it by the name and the first bytes.
        out_form: The output's format; None to tell it by the name.
        lang: The language of our words in the cells; None for each idea's own, with errors in English.
        processes: How many processes judge; None for one a core, and one where the table is small.
        versions: What the verdicts hang on besides the table. With it, what an earlier run with the same versions and
            the same table judged before it was interrupted is taken over; without it, nothing of a run is kept.
        restart: Whether to judge everything anew all the same.
        progress: Called with the rows done and all rows.
        remark: Called with what is worth knowing while it runs: rows taken over, rows kept.

    Raises:
        UseCaseError: The table can't be read or is empty, or the target can't be written.
        ModelUnavailable: A format's library is not installed.
        WorkerDied: A process ended twice over the same rows.
    """
    out = _target(source, target)
    tell = remark or (lambda _: None)
    with open_table(
        source, text_column=text_column, use_facts=use_facts, mapping=mapping, sheet=sheet, form=form
    ) as table:
        written = form_to_write(out if isinstance(out, Path) else None, table, out_form)
        refuse_too_large(written, table, len(table.columns) + len(OUTPUT_COLUMNS), str(out))
        if processes is None:
            processes = default_processes(table.n_rows)
        size: int = getattr(assessor, "rows_per_block", ROWS_PER_BLOCK)
        processes = max(1, min(processes, -(-table.n_rows // size)))
        run = _Run(table, assessor, lang, size, processes, progress)
        with _journal(out, table, lang, size, versions, restart) as journal:
            if journal is not None and journal.taken_over:
                tell(f"{journal.taken_over:,} of {table.n_rows:,} rows were judged before and are taken over")
            try:
                note = run.write(out, written, journal)
            except BaseException:
                if journal is not None and journal.n_rows and versions is not None:
                    kept = f"{journal.n_rows:,} judged rows of {table.n_rows:,} are kept"
                    tell(f"{kept}; the same command goes on from there")
                raise
        return BatchSummary(
            rows=run.counts.total(),
            by_verdict={name: run.counts[name] for name in (*(v.value for v in LEARNED), "unclear", "error")},
            text_column=table.columns[table.text_column],
            fact_columns=tuple(table.columns[i] for name, i in table.fact_columns.items() if name != "id"),
            notes=tuple(
                filter(
                    None,
                    (
                        *table.notes,
                        note_on_yuan({field: table.columns[i] for field, i in table.fact_columns.items()}),
                        run.unreadable(),
                        note,
                    ),
                )
            ),
            first_error=run.first_error,
            target=out if isinstance(out, Path) else None,
        )


class _Run:
    """One table on its way through."""

    def __init__(
        self,
        table: Table,
        assessor: Assesses,
        lang: Language | None,
        rows_per_block: int,
        processes: int,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.first_error: str | None = None
        self._unreadable: tuple[int, str] | None = None
        self._n_unreadable = 0
        self._table = table
        self._assessor = assessor
        self._lang = lang
        self._rows_per_block = rows_per_block
        self._processes = processes
        self._progress = progress

    def write(self, out: Path | BinaryIO, form: Form, journal: Journal | None) -> str | None:
        """Judge the table and write it; return the writer's remark."""
        before = _stamp(self._table.file)
        with ExitStack() as stack:
            file = stack.enter_context(_whole(out, journal))
            with _writing(out):
                name = out if isinstance(out, Path) else None
                writer = stack.enter_context(open_writer(file, form, self._table, name))
            for block, rows in self._judged(journal):
                with _writing(out):
                    writer.write(block, rows)
            if self.counts.total() != self._table.n_rows or _stamp(self._table.file) != before:
                raise UseCaseError(f"{self._table.where}: it changed while it was read; run the same command again")
            with _writing(out):
                return writer.close()

    def unreadable(self) -> str | None:
        """Say how many rows were judged without a fact that could not be read or priced; None where there is none."""
        if self._unreadable is None:
            return None
        place, what = self._unreadable
        rows = "1 row was" if self._n_unreadable == 1 else f"{self._n_unreadable:,} rows were"
        return f"{rows} judged, but not with all facts; the first, {self._table.content.place} {place}: {what}"

    def _judged(self, journal: Journal | None) -> Iterator[tuple[Block, list[list[Any]]]]:
        """Yield the blocks with their added cells, and put into the journal what was not there."""

        def asked() -> Iterator[tuple[tuple[int, Block, list[list[Any]]], Task | None]]:
            for number, block in enumerate(self._table.content.read(self._rows_per_block)):
                known = journal.read(number, block.n_rows) if journal is not None else None
                yield (number, block, known or []), None if known else task_of(block, self._table, self._lang)

        today = journal.day if journal is not None else None
        for (number, block, known), judged in judge_in_order(
            asked(), self._assessor, today=today, processes=self._processes
        ):
            rows = []
            for place, row in zip(block.places, known if judged is None else judged, strict=True):
                rows.append(row)
                self._count(row, place)
            if journal is not None and judged is not None:
                with _writing(journal.folder):
                    journal.write(number, rows)
            yield block, rows

    def _count(self, row: list[Any], place: int) -> None:
        self.counts[row[_VERDICT] or "error"] += 1
        if row[_ERROR] and row[_VERDICT]:
            self._n_unreadable += 1
            self._unreadable = self._unreadable or (place, row[_ERROR])
        elif self.first_error is None and row[_ERROR]:
            self.first_error = row[_ERROR]
        if self._progress is not None:
            self._progress(self.counts.total(), self._table.n_rows)


@contextmanager
def _journal(
    out: Path | BinaryIO,
    table: Table,
    lang: Language | None,
    rows_per_block: int,
    versions: Mapping[str, str] | None,
    restart: bool,
) -> Iterator[Journal | None]:
    """Lend the journal of an output; None for streams and devices, which nobody can write a second time."""
    if not isinstance(out, Path) or _is_device(out):
        yield None
        return
    import hashlib

    table.file.seek(0)
    made_from = {
        "input": hashlib.file_digest(table.file, "blake2b").hexdigest(),  # type: ignore[arg-type]
        "columns": [table.form, table.text_column, table.fact_columns, list(table.columns), table.n_rows],
        "rows_per_block": rows_per_block,
        "cells": OUTPUT_COLUMNS,
        "lang": lang,
        "versions": dict(versions or {}),
    }
    with open_journal(out, made_from, day=dt.date.today(), restart=restart, keep=versions is not None) as journal:
        yield journal


def _stamp(file: BinaryIO) -> tuple[int, int] | None:
    """Return a file's size and time of change; None where it is a copy of our own."""
    try:
        stat = os.fstat(file.fileno())
    except (OSError, AttributeError, ValueError):
        return None
    return stat.st_size, stat.st_mtime_ns


def _target(source: Path | str | BinaryIO, target: Path | str | BinaryIO | None) -> Path | BinaryIO:
    if target is None:
        if not isinstance(source, (str, Path)):
            raise UseCaseError("the table comes from a stream: say where to write it with -o")
        return _beside(Path(source))
    if not isinstance(target, (str, Path)):
        return target
    if _is_device(Path(target)):
        return Path(target)
    # a link stays a link
    out = Path(os.path.realpath(target))
    if out.is_dir():
        raise UseCaseError(f"{target}: a folder; name a file")
    if not out.parent.is_dir():
        raise UseCaseError(f"{target}: its folder does not exist; make it first")
    if isinstance(source, (str, Path)) and out == Path(os.path.realpath(source)):
        raise UseCaseError(f"{target}: the output would replace the input; name another file")
    return out


_WRITTEN_LIKE = {".xls": ".xlsx", ".xlsb": ".xlsx", ".xlsm": ".xlsx", ".ods": ".xlsx"}
_WRITTEN_AS_IS = (".tsv", ".tab", ".xlsx", ".jsonl", ".ndjson", ".json", ".parquet", ".pq")


def _beside(source: Path) -> Path:
    """Return the output's name where none is given.

    >>> [_beside(Path(name)).name for name in ("ideas.csv", "ideas.tsv.gz", "ideas.xls", "ideas")]
    ['ideas.scored.csv', 'ideas.scored.tsv.gz', 'ideas.scored.xlsx', 'ideas.scored.csv']
    """
    if not source.name:
        raise UseCaseError(f"{str(source)!r} is no table's name; name a file, or - for standard input")
    packed = source.name[-3:] if source.name.casefold().endswith(".gz") else ""
    plain = Path(source.name.removesuffix(packed))
    ending = plain.suffix.casefold()
    ending = _WRITTEN_LIKE.get(ending, ending if ending in _WRITTEN_AS_IS else ".csv")
    if ending in (".xlsx", ".parquet", ".pq"):
        # these are packed in themselves
        packed = ""
    return source.with_name(f"{plain.stem}.scored{ending}{packed}")


def _is_device(path: Path) -> bool:
    """Say whether a path is neither a file nor a folder, such as /dev/null: never to be replaced."""
    return path.exists() and not path.is_file() and not path.is_dir()


@contextmanager
def _writing(out: Path | BinaryIO) -> Iterator[None]:
    """Say of what can't be written where that was; who stopped reading our output is told apart."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        name = str(out) if isinstance(out, Path) else "standard output"
        raise UseCaseError(f"{name}: can't be written: {error.strerror or error}") from None


@contextmanager
def _whole(out: Path | BinaryIO, journal: Journal | None) -> Iterator[BinaryIO]:
    """Open what is written so that a file appears whole or not at all; streams and devices are written straight."""
    if not isinstance(out, Path):
        yield out
        return
    part = out if journal is None else journal.part
    with _writing(out):
        file = part.open("wb")
    try:
        yield file
        with _writing(out):
            file.flush()
            if journal is not None:
                os.fsync(file.fileno())
    finally:
        # what a full disk refused once it refuses again, and that is said already
        with suppress(OSError):
            file.close()
    if journal is not None:
        with _writing(out):
            part.replace(out)
