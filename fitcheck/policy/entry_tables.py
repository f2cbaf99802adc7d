"""Use cases that a table states: CSV, JSON lines, or any other format that `fitcheck.tables` reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fitcheck.cells import added_columns
from fitcheck.errors import UseCaseError
from fitcheck.policy.entries import OWN_KEYS, Entry, is_slip, made_id, refuse_bad_id, verdict_asserted
from fitcheck.policy.escaping import shown, shown_path
from fitcheck.policy.keys import attribute_key, key_of
from fitcheck.tables import FACT_NAMES, Table, cell_text, facts_from_cells, open_table
from fitcheck.tables.columns import header_key, with_simple_unit
from fitcheck.tables.shape import NOT_STORED
from fitcheck.text import normalise
from fitcheck.use_case import UseCase

__all__ = ["entries_of_table"]

_BLOCK = 1024
_LONGEST_MESSAGE = 1000
_OPTION = "name the one with --text-column"
_REMEDY = "rename the one with the ideas to text or idea"
_OWN = "attributes."


def entries_of_table(path: Path) -> Iterator[Entry]:
    """Yield the use cases of a table, one a row.

    The idea and its facts are found as `fitcheck batch` finds them. Columns called id, expect and owner are
    what they say; every other column is an attribute, under its name in small letters with underscores. What
    `attributes.` stands before is one whatever it looks like.

    Raises:
        UseCaseError: It can't be read, or a row has no idea, or a value that does not fit; names the line. Or a
            column's name is a slip for a fact's, which would be unknown then and nobody told.
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
        doubtful = _doubtful(table)
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
                yield _entry(row, table, names, doubtful, path, number, line)
        if number != table.n_rows:
            raise UseCaseError(f"{shown_path(path)}: {table.n_rows:,} rows were counted and {number:,} read; run again")


def _attribute_columns(table: Table) -> dict[str, int]:
    taken = {table.text_column, *table.fact_columns.values()}
    names: dict[str, int] = {}
    for index, column in enumerate(table.columns):
        if index in taken or not column.strip():
            continue
        name = attribute_key(_without_own(column))
        if name in names:
            raise UseCaseError(f"{table.where}: two columns stand for {name!r}, the second is {column!r}; rename one")
        names[name] = index
    return names


def _without_own(column: str) -> str:
    name = column.strip()
    return name[len(_OWN) :] if name.casefold().startswith(_OWN) and len(name) > len(_OWN) else name


def _doubtful(table: Table) -> dict[str, str]:
    """Return the attributes' columns that look like another name of a fact, and those names.

    Raises:
        UseCaseError: A column's name is a slip for a fact's own.
    """
    taken = {
        table.text_column,
        *table.fact_columns.values(),
        *(at for run in added_columns(table.columns) for at in run),
    }
    keys = {key_of(name) for name in table.columns}
    # a fact that has its column needs no other
    missing = [name for name in (*UseCase.model_fields, *OWN_KEYS) if name != "text" and name not in keys]
    others = {header_key(name): name for fact in missing for name in FACT_NAMES.get(fact, ())}
    found = {}
    for index, column in enumerate(table.columns):
        bare = header_key(column, bare=True)
        is_known = any(key_of(name) in (*UseCase.model_fields, *OWN_KEYS) for name in (column, bare))
        if index in taken or is_known or _without_own(column) != column.strip():
            continue
        meant = _nearest(bare.replace(" ", "_"), missing)
        if meant is not None:
            own = f"{_OWN}{attribute_key(column)}"
            raise UseCaseError(
                f"{table.where}: unknown column {column!r}; did you mean {meant!r}? If it is your own, call it {own}"
            )
        other = _nearest(bare, list(others))
        if other is not None:
            found[column] = others[other]
    return found


def _nearest(name: str, known: list[str]) -> str | None:
    near = get_close_matches(name, known, n=1)
    return near[0] if near and is_slip(name, near[0]) else None


def _entry(
    row: list[Any],
    table: Table,
    names: dict[str, int],
    doubtful: Mapping[str, str],
    path: Path,
    number: int,
    line: int,
) -> Entry:
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
    return Entry(name, use_case, expect, owner, {k: v for k, v in own.items() if v}, path, line, doubtful)
