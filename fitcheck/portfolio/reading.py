"""A table of ideas, scored already or not, read and judged into a portfolio."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from fitcheck.cells import added_columns, bare_name
from fitcheck.cost import with_listed_model
from fitcheck.errors import FitcheckError, UseCaseError
from fitcheck.portfolio.record import Entry, Portfolio
from fitcheck.records import Report
from fitcheck.rows import Assesses, Task, idea_of, task_of
from fitcheck.tables import Form, Table, cell_text, open_table
from fitcheck.tables.columns import fact_indices, header_key
from fitcheck.tables.facts import column_key, note_on_yuan
from fitcheck.use_case import UseCase

__all__ = ["MAX_IDEAS", "our_columns", "read_portfolio"]

MAX_IDEAS = 20_000
"""As many ideas fit on one page that still opens at once: some 2.3 kB each."""

_DEPARTMENTS = (
    "department", "dept", "division", "business unit", "unit", "team", "function", "bureau", "agency", "organisation",
    "organization", "部门", "所属部门", "提出部门", "单位", "科室", "团队", "事业部",
)  # fmt: skip
_OWNERS = (
    "owner", "idea owner", "business owner", "use case owner", "contact", "contact person", "submitted by", "submitter",
    "proposer", "proposed by", "author", "sponsor", "负责人", "业务负责人", "提出人", "提交人", "联系人", "申请人",
)  # fmt: skip
_ROWS_PER_BLOCK = 256


def read_portfolio(
    source: Path | str | BinaryIO,
    *,
    assessor: Assesses,
    text_column: str | None = None,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    form: Form | None = None,
    department: str | None = None,
    owner: str | None = None,
    title: str = "",
    today: dt.date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Portfolio, tuple[str, ...]]:
    """Judge a table's ideas again, with their facts, and put them together.

    The columns that `fitcheck batch` added are no facts of the idea, and are left out; only the verdict is compared.

    Args:
        source: As `open_table` takes it, like the next four.
        assessor: What judges the ideas.
        text_column: The column of ideas.
        mapping: Columns by the field of `UseCase` that they carry.
        sheet: The sheet of a workbook.
        form: The table's format.
        department: The column of departments; None to know it by its name.
        owner: The column that says whom to ask; None to know it by its name.
        title: What the page is called.
        today: The day that prices are read for; None for today.
        progress: Called with the rows done and all rows.

    Returns:
        The portfolio, and remarks on the table.

    Raises:
        UseCaseError: The table can't be read, is empty or too long for a page, or has no such column.
    """
    with open_table(
        source, text_column=text_column, use_facts=False, mapping=mapping, sheet=sheet, form=form
    ) as opened:
        if opened.n_rows > MAX_IDEAS:
            raise UseCaseError(
                f"{opened.where}: {opened.n_rows:,} ideas, and a report holds at most {MAX_IDEAS:,}; "
                "cut the table, by department for example, and make a report of each part"
            )
        ours = our_columns(opened.columns)
        theirs = tuple("" if at in ours.values() else name for at, name in enumerate(opened.columns))
        facts = fact_indices(theirs, opened.text_column, opened.where, mapping or {}, by_name=True)
        table = replace(opened, fact_columns=facts)
        own = {name: at for name, at in facts.items() if name != "id"}
        at_department = _place(theirs, department, _DEPARTMENTS, own, opened.where)
        at_owner = _place(theirs, owner, _OWNERS, own, opened.where)
        entries: list[Entry] = []
        n_different = 0
        for row, outcome, remark in _outcomes(table, assessor, today):
            entry = Entry(
                number=len(entries) + 1,
                report=outcome if isinstance(outcome, Report) else None,
                error=remark if isinstance(outcome, Report) else str(outcome),
                department=_line(row, at_department),
                owner=_line(row, at_owner),
            )
            before = cell_text(row[ours["verdict"]]).strip() if ours else ""
            n_different += bool(before) and before != entry.verdict
            entries.append(entry)
            if progress is not None:
                progress(len(entries), table.n_rows)
        portfolio = Portfolio(
            tuple(entries),
            title=title,
            source=Path(source).name if isinstance(source, (str, Path)) else "",
            department_column=theirs[at_department] if at_department is not None else "",
            owner_column=theirs[at_owner] if at_owner is not None else "",
            n_different=n_different if ours else None,
            made=(today or dt.date.today()).isoformat(),
        )
        money = note_on_yuan({field: theirs[at] for field, at in facts.items()})
        return portfolio, (*opened.notes, *filter(None, [money]))


def our_columns(columns: Sequence[str]) -> dict[str, int]:
    """Return where the columns stand that `fitcheck batch` added, of this version or another; empty where it did not.

    >>> our_columns(["idea", "verdict", "probability", "p_fit", "p_assist", "error"])["p_fit"]
    3
    >>> our_columns(["idea", "verdict"])
    {}
    """
    names = [column_key(name).replace(" ", "_") for name in columns]
    # a table that was scored twice holds them twice; the last ones are the newest
    places = [at for added in added_columns(names)[-1:] for at in added]
    return {bare_name(names[at]): at for at in places}


def _place(
    columns: Sequence[str], wanted: str | None, known: Sequence[str], facts: Mapping[str, int], where: str
) -> int | None:
    """Return the place of a column, by the name that was given or by one of those that are known."""
    keys = [header_key(name) for name in columns]
    if wanted is not None:
        if header_key(wanted) not in keys:
            shown = ", ".join(repr(name) for name in columns if name)
            raise UseCaseError(f"{where}: no column is called {wanted!r}; its columns are {shown}")
        return keys.index(header_key(wanted))
    taken = set(facts.values())
    return next((keys.index(k) for k in known if k in keys and keys.index(k) not in taken), None)


def _outcomes(
    table: Table, assessor: Assesses, today: dt.date | None
) -> Iterator[tuple[list[Any], Report | FitcheckError, str]]:
    """Yield each row with its report or error and a remark on what could not be read of it, in order."""
    for block in table.content.read(_ROWS_PER_BLOCK):
        task = task_of(block, table)
        ideas = [_idea(asked, task, today) for asked in task.asked]
        reports = assessor.assess_each([one[1] for one in ideas if isinstance(one, tuple)], today=today)
        for row, one in zip(block.rows(), ideas, strict=True):
            if isinstance(one, FitcheckError):
                yield row, one, ""
                continue
            own, judged, remark = one
            report = next(reports)
            if judged is not own and isinstance(report, Report):
                report = replace(report, use_case=own, cost=None)
            yield row, report, remark


def _idea(
    asked: str | tuple[str, list[Any]], task: Task, today: dt.date | None
) -> tuple[UseCase, UseCase, str] | FitcheckError:
    """Return a row's idea, the idea as it can be judged, and a remark on what could not be read or priced."""
    try:
        own, remark = idea_of(asked, task.columns)
    except UseCaseError as error:
        return error
    judged, unpriced = with_listed_model(own, today)
    return own, judged, "; ".join(filter(None, (remark, unpriced)))


def _line(row: Sequence[Any], at: int | None) -> str:
    return "" if at is None else " ".join(cell_text(row[at]).split())
