"""Use cases that a table states: CSV, JSON lines, or any other format that `fitcheck.tables` reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fitcheck.errors import UseCaseError
from fitcheck.policy.entries import Entry, made_id, refuse_bad_id, verdict_asserted
from fitcheck.policy.escaping import shown, shown_path
from fitcheck.policy.keys import attribute_key
from fitcheck.tables import Table, cell_text, facts_from_cells, open_table
from fitcheck.tables.columns import with_simple_unit
from fitcheck.tables.shape import NOT_STORED
from fitcheck.text import normalise
from fitcheck.use_case import UseCase

__all__ = ["entries_of_table"]

_BLOCK = 1024
_LONGEST_MESSAGE = 1000
_OPTION = "name the one with --text-column"
_REMEDY = "rename the one with the ideas to text or idea"


def entries_of_table(path: Path) -> Iterator[Entry]:
    """Yield the use cases of a table, one a row.

    The idea and its facts are found as `fitcheck batch` finds them. Columns called id, expect and owner are
    what they say; every other column is an attribute, under its name in small letters with underscores.

    Raises:
        UseCaseError: It can't be read, or a row has no idea, or a value that does not fit; names the line.
    """
    try:
        yield from _entries(path)
    except UseCaseError as error:
        # the tables' own messages hold the path as it is, and name an option that only other commands have
        told = str(error).replace(str(path), shown_path(path)).replace(_OPTION, _REMEDY)
        raise UseCaseError(told[:_LONGEST_MESSAGE]) from None


def _entries(path: Path) -> Iterator[Entry]:
    with open_table(path) as table:
        names = _attribute_columns(table)
        number = 0
        for block in table.content.read(_BLOCK):
            errors = block.errors
            for at, (line, row) in enumerate(zip(block.places, block.rows(), strict=True)):
                number += 1
                if at in errors:
                    raise UseCaseError(f"{shown_path(path)}:{line}: {errors[at]}")
                for column in block.unstored.get(at, ()):
                    if column == table.text_column or column in table.fact_columns.values():
                        name = shown(table.columns[column])
                        raise UseCaseError(f"{shown_path(path)}:{line}: column {name!r}: {NOT_STORED}")
                yield _entry(row, table, names, path, number, line)
        if number != table.n_rows:
            raise UseCaseError(f"{shown_path(path)}: {table.n_rows:,} rows were counted and {number:,} read; run again")


def _attribute_columns(table: Table) -> dict[str, int]:
    taken = {table.text_column, *table.fact_columns.values()}
    names: dict[str, int] = {}
    for index, column in enumerate(table.columns):
        if index in taken or not column.strip():
            continue
        name = attribute_key(column)
        if name in names:
            raise UseCaseError(f"{table.where}: two columns stand for {name!r}, the second is {column!r}; rename one")
        names[name] = index
    return names


def _entry(row: list[Any], table: Table, names: dict[str, int], path: Path, number: int, line: int) -> Entry:
    where = f"{shown_path(path)}:{line}"
    columns = {field: with_simple_unit(table.columns[at]) for field, at in table.fact_columns.items()}
    own = {name: cell_text(row[at]).strip() for name, at in names.items()}
    try:
        facts = facts_from_cells(
            {field: (row[at], cell_text(row[at])) for field, at in table.fact_columns.items()}, columns
        )
        text = cell_text(row[table.text_column])
        normalise(text)
        given = facts.pop("id", None)
        if given is not None:
            refuse_bad_id(given)
        name = given if given is not None else made_id(path, number)
        expect = verdict_asserted(own.pop("expect", "").lower() or None)
        use_case = UseCase.read({**facts, "text": text, "id": name}, where="this row")
    except UseCaseError as error:
        raise UseCaseError(f"{where}: {shown(str(error))}") from None
    owner = own.pop("owner", "") or None
    return Entry(name, use_case, expect, owner, {k: v for k, v in own.items() if v}, path, line)
