"""Rows judged: what the assessor is asked about them, and the cells that come back."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from fitcheck.cells import OUTPUT_COLUMNS, PROBABILITY_COLUMNS, report_cells, table_cells, with_remark
from fitcheck.cost import with_listed_model
from fitcheck.errors import FitcheckError, UseCaseError
from fitcheck.records import Report
from fitcheck.tables import Block, Table, cell_text, idea_from_cells
from fitcheck.tables.columns import with_simple_unit
from fitcheck.tables.shape import NOT_STORED
from fitcheck.text import MAX_CHARS, Language, normalise
from fitcheck.use_case import UseCase

if TYPE_CHECKING:
    from fitcheck.pipeline import Assessor, Reading

__all__ = ["Assesses", "LoadsLater", "Lost", "Task", "idea_of", "judge_rows", "task_of"]

_NONE: frozenset[int] = frozenset()


class Assesses(Protocol):
    """What judges ideas one after the other: an `Assessor`."""

    def assess_each(
        self, ideas: Iterable[UseCase], *, today: dt.date | None = None
    ) -> Iterator[Report | FitcheckError]:
        """Yield, for each idea and in order, a report or the error that it met."""
        ...


@dataclass(slots=True)
class LoadsLater:
    """An assessor that is loaded where and when the first idea comes; it goes to another process unloaded.

    Attributes:
        encoder: As in `Assessor`, like all others.
        rules: A rule pack to use instead of the shipped one.
        extra_rules: A rule pack to use beside it.
        reading: How often an idea is read.
        risk: The share of wrong answers that one accepts.
    """

    encoder: str | None = None
    rules: Path | None = None
    extra_rules: Path | None = None
    reading: Reading = "cascade"
    risk: float | None = None
    _loaded: Assessor | None = field(default=None, repr=False, compare=False)

    def assess_each(
        self, ideas: Iterable[UseCase], *, today: dt.date | None = None
    ) -> Iterator[Report | FitcheckError]:
        """See `Assessor.assess_each`."""
        return self.loaded().assess_each(ideas, today=today)

    def loaded(self) -> Assessor:
        """Return the assessor itself, loaded if it was not.

        Raises:
            ModelUnavailable: As from `Assessor`.
        """
        if self._loaded is None:
            from fitcheck.pipeline import Assessor

            self._loaded = Assessor(
                encoder=self.encoder,
                rules=self.rules,
                extra_rules=self.extra_rules,
                reading=self.reading,
                risk=self.risk,
            )
        return self._loaded

    @property
    def rows_per_block(self) -> int:
        """How many rows are best handed over at a time; what reads whole columns gains by long ones."""
        return 2048 if self.reading == "fast" else 512

    def versions(self) -> dict[str, str]:
        """Return what the verdicts hang on: the program, its model and rules, and how they are read."""
        from fitcheck import __version__
        from fitcheck.resources import model_dir

        # the model refuses rules other than those that its card names
        card = model_dir() / "card.json"
        return {
            "fitcheck": __version__,
            "model": _digest([card]) if card.is_file() else "",
            "rules": _pack_digest(self.rules),
            "extra_rules": _pack_digest(self.extra_rules),
            "encoder": self.encoder or "",
            "reading": self.reading,
            "risk": "" if self.risk is None else repr(self.risk),
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return LoadsLater, (self.encoder, self.rules, self.extra_rules, self.reading, self.risk)


def _pack_digest(pack: Path | None) -> str:
    if pack is None:
        return ""
    return _digest(sorted(pack.glob("**/*.toml")) if pack.is_dir() else [pack] if pack.is_file() else [])


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


class Lost(Enum):
    """What stands for a fact's cell that the file does not hold, and why."""

    RESULT = NOT_STORED


@dataclass(frozen=True, slots=True)
class Task:
    """Some rows to judge, small enough to hand to another process.

    Attributes:
        columns: The name of each fact's column, by field.
        asked: For each row its text and the facts' cells, in the order of `columns`; a str says why it can't be judged.
        lang: The language of our words in the cells; None for each idea's own, with errors in English.
    """

    columns: dict[str, str]
    asked: list[str | tuple[str, list[Any]]]
    lang: Language | None = None


def task_of(block: Block, table: Table, lang: Language | None = None) -> Task:
    """Take out of a block what an assessor is asked, to be answered in a language as `Task` has it."""
    texts = map(cell_text, block.column(table.text_column))
    facts = [block.column(at) for at in table.fact_columns.values()]
    errors, unstored = block.errors, block.unstored
    asked: list[str | tuple[str, list[Any]]] = []
    for number, text in enumerate(texts):
        if number in errors:
            asked.append(errors[number])
        elif table.text_column in (lost := unstored.get(number, _NONE)):
            asked.append(NOT_STORED)
        elif len(text) > 4 * MAX_CHARS:
            # refused for its length alone: no need to send megabytes to another process
            asked.append(_refusal(text))
        else:
            places = table.fact_columns.values()
            asked.append(
                (text, [Lost.RESULT if lost and at in lost else c[number] for at, c in zip(places, facts, strict=True)])
            )
    return Task({name: with_simple_unit(table.columns[at]) for name, at in table.fact_columns.items()}, asked, lang)


def _refusal(text: str) -> str:
    try:
        normalise(text)
    except UseCaseError as error:
        return str(error)
    raise AssertionError("a text beyond every bound was taken")


def judge_rows(task: Task, assessor: Assesses, today: dt.date | None) -> Iterator[list[Any]]:
    """Yield, for each row and in order, the added cells, in the order of `OUTPUT_COLUMNS`."""
    columnar = _columnar(assessor)
    if columnar is not None:
        yield from _in_columns(task, columnar, today)
        return
    waiting: deque[FitcheckError | tuple[str, str]] = deque()

    def ideas() -> Iterator[UseCase]:
        for asked in task.asked:
            try:
                idea, remark = idea_of(asked, task.columns)
            except UseCaseError as error:
                waiting.append(error)
                continue
            idea, unpriced = with_listed_model(idea, today)
            waiting.append((remark, unpriced))
            yield idea

    for cells in table_cells(assessor.assess_each(ideas(), today=today), task.lang):
        # the assessor reads ahead, and rows that it never saw stand between those that it did
        while isinstance(known := waiting.popleft(), FitcheckError):
            yield _in_order(report_cells(known, task.lang))
        yield _in_order(with_remark(cells, *known, task.lang))
    for known in waiting:
        if not isinstance(known, FitcheckError):
            raise AssertionError("the assessor answered fewer ideas than it was given")
        yield _in_order(report_cells(known, task.lang))


def idea_of(asked: str | tuple[str, list[Any]], columns: dict[str, str]) -> tuple[UseCase, str]:
    """Return what is asked about a row, as `idea_from_cells` does.

    Args:
        asked: One row of `Task.asked`.
        columns: The task's.

    Raises:
        UseCaseError: The row can't be judged.
    """
    if isinstance(asked, str):
        raise UseCaseError(asked)
    text, cells = asked
    if not columns:
        return UseCase(text=text), ""
    lost = [f"column {columns[n]!r}: {c.value}" for n, c in zip(columns, cells, strict=True) if isinstance(c, Lost)]
    known = {n: (c, cell_text(c)) for n, c in zip(columns, cells, strict=True) if not isinstance(c, Lost)}
    idea, remark = idea_from_cells(text, known, columns)
    if lost:
        remark = "; ".join(filter(None, (f"{'; '.join(lost)}; judged without it", remark)))
    return idea, remark


def _in_order(cells: Mapping[str, Any]) -> list[Any]:
    return [cells[name] for name in OUTPUT_COLUMNS]


def _columnar(assessor: Assesses) -> Assessor | None:
    """Return the assessor that reads whole columns at once, if this one does."""
    if find_spec("pyarrow") is None:
        return None
    if isinstance(assessor, LoadsLater) and assessor.reading == "fast":
        assessor = assessor.loaded()
    return assessor if getattr(assessor, "columnar", False) else None  # type: ignore[return-value]


def _in_columns(task: Task, assessor: Assessor, today: dt.date | None) -> Iterator[list[Any]]:
    from fitcheck.columnar import columns_to_arrow

    texts = ["" if isinstance(asked, str) else asked[0] for asked in task.asked]
    cases: dict[int, UseCase | FitcheckError] = {}
    remarks: dict[int, str] = {}
    for number, asked in enumerate(task.asked):
        if task.columns or isinstance(asked, str):
            try:
                cases[number], remarks[number] = idea_of(asked, task.columns)
            except UseCaseError as error:
                cases[number] = error
    found = columns_to_arrow(texts, assessor, cases, remarks, today=today, lang=task.lang).to_pydict()
    for name in PROBABILITY_COLUMNS:
        # four digits are meant, and 32 bits print more
        found[name] = [None if cell is None else round(cell, 4) for cell in found[name]]
    yield from map(list, zip(*(found[name] for name in OUTPUT_COLUMNS), strict=True))
