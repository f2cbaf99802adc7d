"""A table of ideas in, the same table with verdicts out."""

from __future__ import annotations

import csv
import os
import secrets
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TextIO

from fitcheck.errors import FitcheckError, UseCaseError
from fitcheck.ideas import fact_from_text
from fitcheck.labels import label
from fitcheck.records import LEARNED, Report, UseCase
from fitcheck.tables import Table, inert, open_table
from fitcheck.wording import say

__all__ = ["OUTPUT_COLUMNS", "BatchSummary", "output_names", "report_cells", "score_table"]

OUTPUT_COLUMNS = (
    "verdict",
    "probability",
    *(f"p_{v.value}" for v in LEARNED),
    "core_task",
    "category",
    "reasons",
    "alternative",
    "usd_per_month",
    "questions",
    "error",
)
"""The columns that are added, in their order."""

_MAX_REASONS = 3


class Assesses(Protocol):
    """What judges ideas one after the other: an `Assessor`."""

    def assess_each(self, ideas: Iterable[UseCase]) -> Iterator[Report | FitcheckError]:
        """Yield, for each idea and in order, a report or the error that it met."""
        ...


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """What became of a table.

    Attributes:
        rows: Rows read and written.
        by_verdict: Rows per verdict; `error` counts those that could not be judged.
        text_column: The column that the ideas were read from.
        fact_columns: The columns that were read as facts.
        note: A remark on the input's encoding, or None.
        target: What was written; None where it was a stream.
    """

    rows: int
    by_verdict: dict[str, int]
    text_column: str
    fact_columns: tuple[str, ...]
    note: str | None
    target: Path | None

    def __str__(self) -> str:
        counts = ", ".join(f"{n:,} {name}" for name, n in self.by_verdict.items() if n)
        return f"{self.rows:,} {'idea' if self.rows == 1 else 'ideas'}: {counts}"


def score_table(
    source: Path | str | BinaryIO,
    target: Path | str | TextIO | None = None,
    *,
    assessor: Assesses,
    text_column: str | None = None,
    use_facts: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> BatchSummary:
    """Judge every row of a CSV file and write all of its columns and ours.

    Rows stream through; a file appears whole or not at all. A row that can't be judged
    is kept, and its `error` says why.

    Args:
        source: A CSV file, or a seekable binary file.
        target: The file to write (replaced if it is there), a text stream, or None for `<source>.scored.csv`.
        assessor: What judges the ideas.
        text_column: The column of ideas; None to know it by its name.
        use_facts: Whether columns named like a field of `UseCase` are facts.
        progress: Called with the rows done and all rows.

    Raises:
        UseCaseError: The table can't be read or is empty, or the target can't be written.
    """
    out = _target(source, target)
    with open_table(source, text_column=text_column, use_facts=use_facts) as table, _whole(out, table.encoding) as file:
        writer = csv.writer(file, delimiter=table.delimiter, lineterminator="\n")
        writer.writerow([inert(name) for name in (*table.columns, *output_names(table.columns))])
        counts: Counter[str] = Counter()
        for cells, outcome in _judge(table, assessor):
            ours = report_cells(outcome)
            writer.writerow([*map(inert, cells), *(ours[name] for name in OUTPUT_COLUMNS)])
            counts[outcome.verdict.value if isinstance(outcome, Report) else "error"] += 1
            if progress is not None:
                progress(counts.total(), table.n_rows)
        return BatchSummary(
            rows=counts.total(),
            by_verdict={name: counts[name] for name in (*(v.value for v in LEARNED), "unclear", "error")},
            text_column=table.columns[table.text_column],
            fact_columns=tuple(table.columns[i] for name, i in table.fact_columns.items() if name != "id"),
            note=table.note,
            target=out if isinstance(out, Path) else None,
        )


def _judge(table: Table, assessor: Assesses) -> Iterator[tuple[list[str], Report | FitcheckError]]:
    """Yield each row's cells, as many as there are columns, with its report or error, in order."""
    waiting: deque[tuple[list[str], FitcheckError | None]] = deque()

    def ideas() -> Iterator[UseCase]:
        for cells in table.rows():
            try:
                cells, use_case = _read_row(table, cells)
            except _RowError as error:
                waiting.append((error.cells, UseCaseError(str(error))))
                continue
            waiting.append((cells, None))
            yield use_case

    for outcome in assessor.assess_each(ideas()):
        # the assessor reads ahead, and rows that it never saw stand between those that it did
        while (row := waiting.popleft())[1] is not None:
            yield row[0], row[1]
        yield row[0], outcome
    for cells, error in waiting:
        if error is None:
            raise AssertionError("the assessor answered fewer ideas than it was given")
        yield cells, error


class _RowError(Exception):
    def __init__(self, message: str, cells: list[str]) -> None:
        super().__init__(message)
        self.cells = cells


def _read_row(table: Table, cells: list[str]) -> tuple[list[str], UseCase]:
    n_columns = len(table.columns)
    extra = len(cells) - n_columns
    if extra > 0:
        # nothing is lost: what stands past the last column goes into it
        cells = [*cells[: n_columns - 1], table.delimiter.join(cells[n_columns - 1 :])]
    cells = cells + [""] * -extra
    if extra > 0 and n_columns > 1:
        what = f"this row has {n_columns + extra} cells and the header {n_columns}"
        raise _RowError(f"{what}; quote cells that hold {table.delimiter!r}", cells)
    if any("\0" in cell for cell in cells):
        raise _RowError("this row holds NUL bytes: the file is damaged; export it again", cells)
    values = {name: fact_from_text(name, cells[i]) for name, i in table.fact_columns.items()}
    try:
        return cells, UseCase.read({**values, "text": cells[table.text_column]}, where="this row")
    except UseCaseError as error:
        raise _RowError(str(error), cells) from None


def output_names(columns: Sequence[str]) -> tuple[str, ...]:
    """Name the added columns apart from the input's.

    >>> output_names(["idea", "Verdict"])[:2]
    ('fitcheck_verdict', 'probability')
    """
    taken = {name.strip().casefold() for name in columns}
    names = []
    for name in OUTPUT_COLUMNS:
        while name in taken:
            name = f"fitcheck_{name}"
        taken.add(name)
        names.append(name)
    return tuple(names)


def report_cells(outcome: Report | FitcheckError) -> dict[str, Any]:
    """Return the added cells of one row by column; numbers as numbers, texts safe for a spreadsheet."""
    if not isinstance(outcome, Report):
        message = " ".join(str(outcome).split())
        return dict.fromkeys(OUTPUT_COLUMNS, "") | {"error": inert(message)}
    lang = outcome.lang
    category = outcome.concepts.get("category")
    mark = "；" if lang == "zh" else "; "
    texts = {
        "core_task": outcome.core_task,
        "category": category[0] if category else "",
        "reasons": mark.join(_reasons(outcome)),
        "alternative": (outcome.instead or {}).get(lang, ""),
        "questions": mark.join(
            f"{q.fact}: " + ", ".join(f"{answer} → {verdict.value}" for answer, verdict in q.answers)
            for q in outcome.questions
        ),
        "error": "",
    }
    usd = outcome.cost.usd_per_month if outcome.cost is not None else None
    numbers = {
        "probability": round(outcome.probability, 4),
        **{f"p_{name}": round(p, 4) for name, p in outcome.probabilities.items()},
        "usd_per_month": "" if usd is None else float(f"{usd:.6g}"),
    }
    # one line each: a cell with line breaks is hard to read in a spreadsheet
    safe = {name: inert(" ".join(text.split())) for name, text in texts.items()}
    return {"verdict": outcome.verdict.value} | numbers | safe


def _reasons(report: Report) -> list[str]:
    """Return the titles of the strongest rules that speak for the verdict; without one, what spoke instead."""
    lang = report.lang
    reasons = [say(report.why_unclear, lang)] if report.why_unclear else []
    rows = [e for e in report.ledger if e.source in ("rule", "block") and e.log_odds > 0 and e.id in report.rules]
    if not report.why_unclear:
        rows = [e for e in rows if e.verdict is report.verdict] or [e for e in rows if e.source == "block"]
    for row in sorted(rows, key=lambda e: (-e.log_odds, e.id)):
        title = report.rules[row.id]["title"][lang]
        if title not in reasons:
            reasons.append(title)
    if not reasons:
        reasons = [_scenario_reason(report)]
    return reasons[:_MAX_REASONS]


def _scenario_reason(report: Report) -> str:
    verdict = say(report.verdict.value, report.lang)
    reason = say("scenarios why", report.lang, verdict=verdict)
    category = report.concepts.get("category")
    return f"{label(category[0], report.lang)}: {reason}" if category else reason


def _target(source: Path | str | BinaryIO, target: Path | str | TextIO | None) -> Path | TextIO:
    if target is None:
        if not isinstance(source, (str, Path)):
            raise UseCaseError("the table comes from a stream: say where to write it with -o")
        source = Path(source)
        return source.with_name(f"{source.stem}.scored.csv")
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


def _is_device(path: Path) -> bool:
    """Say whether a path is neither a file nor a folder, such as /dev/null: never to be replaced."""
    return path.exists() and not path.is_file() and not path.is_dir()


@contextmanager
def _whole(target: Path | TextIO, encoding: str) -> Iterator[TextIO]:
    """Open what is written so that a file appears whole or not at all; streams and devices are written straight."""
    if not isinstance(target, Path):
        yield target
        return
    # spreadsheets need the mark to know UTF-8; who wrote the input without any of it doesn't
    written = "utf-8" if encoding == "utf-8" else "utf-8-sig"
    if _is_device(target):
        with target.open("w", encoding=written, newline="") as device:
            yield device
        return
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        file = beside.open("x", encoding=written, newline="")
    except OSError as error:
        raise UseCaseError(f"{target}: can't be written: {error.strerror or error}") from None
    try:
        with file:
            yield file
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
