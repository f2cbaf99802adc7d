"""Which column holds the ideas, and which hold facts: by name, by content, or as a mapping file says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fitcheck.cells import added_columns
from fitcheck.errors import UseCaseError, quote_line
from fitcheck.tables.facts import FACT_NAMES, column_key, counts_otherwise, currency_of
from fitcheck.text import fold, is_cjk
from fitcheck.use_case import UseCase

__all__ = [
    "TEXT_COLUMNS",
    "by_field",
    "could_be_name",
    "fact_indices",
    "header_key",
    "is_text_name",
    "prose_index",
    "read_mapping",
    "text_index",
    "with_simple_unit",
]

TEXT_COLUMNS = (
    "text", "idea", "use_case", "use case", "usecase", "description", "proposal", "scenario", "summary",
    "idea description", "use case description", "project description", "idea text",
    "想法", "用例", "描述", "场景", "需求", "说明", "文本", "内容",
    "用例描述", "场景描述", "项目描述", "想法描述", "需求描述", "项目说明", "应用场景", "创意",
)  # fmt: skip
"""Names by which the column of ideas is known, the surest first; case does not matter."""

_TEXT_KEYS = tuple(dict.fromkeys(column_key(name) for name in TEXT_COLUMNS))
_FIELD_OF = {column_key(name): field for field, names in FACT_NAMES.items() for name in names}
_OWN_NAMES = {column_key(name): name for name in UseCase.model_fields if name != "text"}
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_BARE_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_LEAST_WORDS = 3.0
_WORDS_OF_A_NAME = 8
_SHOWN_COLUMNS = 30


def header_key(name: str, *, bare: bool = False) -> str:
    """Return what a header's name is compared by: as `column_key`, and traditional Chinese counts as simplified.

    >>> header_key("調用量（次）", bare=True)
    '调用量'
    """
    return column_key(fold(name), bare=bare)


def with_simple_unit(name: str) -> str:
    """Return a column's name with what stands in brackets in simplified Chinese, as facts read the units there.

    >>> with_simple_unit("月調用量（萬次）"), with_simple_unit("Calls (K)")
    ('月調用量（万次）', 'Calls (K)')
    """
    return _IN_BRACKETS.sub(lambda found: found[0] if fold(found[0]) == found[0].lower() else fold(found[0]), name)


def is_text_name(name: str) -> bool:
    """Say whether a column of this name holds ideas."""
    return header_key(name) in _TEXT_KEYS


def text_index(columns: Sequence[str], wanted: str | None, where: str) -> int | None:
    """Find the column of ideas by its name.

    Args:
        columns: The header.
        wanted: The name that was given; None to look for a known one.
        where: Named in errors.

    Returns:
        Its index; None where no name is known.

    Raises:
        UseCaseError: No column has the wanted name, or two have.
    """
    if wanted is not None:
        return _index_of(columns, wanted, where)
    keys = [header_key(name) for name in columns]
    for key in _TEXT_KEYS:
        if keys.count(key) > 1:
            raise UseCaseError(f"{where}: two columns are called {columns[keys.index(key)]!r}; rename one")
        if key in keys:
            return keys.index(key)
    return None


def _index_of(columns: Sequence[str], name: str, where: str) -> int:
    if columns.count(name) == 1:
        return list(columns).index(name)
    keys = [header_key(c) for c in columns]
    found = keys.count(header_key(name))
    if found > 1:
        raise UseCaseError(f"{where}: two columns are called {name!r}; rename one")
    if not found:
        near = get_close_matches(header_key(name), keys, n=1, cutoff=0.75)
        hint = f"; did you mean {columns[keys.index(near[0])]!r}?" if near else ""
        raise UseCaseError(f"{where}: no column is called {name!r}; its columns are {_shown(columns)}{hint}")
    return keys.index(header_key(name))


def prose_index(columns: Sequence[str], rows: Sequence[Sequence[str]], where: str) -> int:
    """Find the column of ideas by its content: the one that holds the longest prose.

    Args:
        columns: The header.
        rows: Some of the rows, as texts.
        where: Named in errors.

    Raises:
        UseCaseError: No column holds prose.
    """
    best, longest = -1, _LEAST_WORDS
    for index in range(len(columns)):
        cells = [row[index] for row in rows if row[index].strip()]
        if 3 * len(cells) < len(rows):
            continue
        words = sum(map(_n_words, cells)) / len(cells)
        if words > longest:
            best, longest = index, words
    if best < 0:
        raise UseCaseError(
            f"{where}: no column is called text, idea, use_case, description, 想法 or the like, and none holds "
            f"sentences; its columns are {_shown(columns)}; name the one with --text-column"
        )
    if _n_words(columns[best]) > _WORDS_OF_A_NAME:
        raise UseCaseError(
            f"{where}: the first line reads like an idea, not like a header ({columns[best][:60]!r}); "
            "put a line above it that names the columns, such as text"
        )
    return best


def _n_words(cell: str) -> float:
    """Count words; two Chinese characters are about one."""
    cell = cell[:2000]
    n_cjk = sum(map(is_cjk, cell)) if not cell.isascii() else 0
    return sum(any(c.isalpha() for c in word) for word in cell.split()) + n_cjk / 2 - (1 if n_cjk else 0)


def could_be_name(cell: str) -> bool:
    """Say whether a cell could name a column: some words, and no number or day.

    >>> could_be_name("Calls per month"), could_be_name("#"), could_be_name("2026-01-05")
    (True, True, False)
    """
    is_number = any(c.isdigit() for c in cell) and not any(c.isalpha() for c in cell)
    return not is_number and _n_words(cell) <= _WORDS_OF_A_NAME


def fact_indices(
    columns: Sequence[str], text_at: int, where: str, mapping: Mapping[str, str], *, by_name: bool = True
) -> dict[str, int]:
    """Find the columns that carry facts.

    Args:
        columns: The header.
        text_at: The index of the column of ideas.
        where: Named in errors.
        mapping: The columns that were named, by field.
        by_name: Whether further columns are known by their names.

    Raises:
        UseCaseError: A named column is not there, or two columns carry one fact.
    """
    found = {f: _index_of(columns, name, where) for f, name in mapping.items() if f != "text"}
    if not by_name:
        return found
    # the answers of an earlier run are no facts
    ours = {at for places in added_columns(columns) for at in places}
    for known in (_OWN_NAMES, _FIELD_OF):
        seen: dict[str, int] = {}
        for index, name in enumerate(columns):
            if index in ours:
                continue
            field = known.get(header_key(name)) or known.get(header_key(name, bare=True))
            if field is None or index == text_at or index in found.values() or field in found:
                continue
            if currency_of(field, fold(name)) is None or counts_otherwise(field, fold(name)):
                continue
            if field in seen:
                both = f"{columns[seen[field]]!r} and {name!r}"
                raise UseCaseError(f"{where}: two columns carry the fact {field}, {both}; rename one")
            seen[field] = index
        found |= seen
    return dict(sorted(found.items(), key=lambda item: item[1]))


def by_field(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping with each fact that is named as in a header by its field of `UseCase`; unknown names stay.

    Units and currencies are read from the column's name, so a name that says others is no such name.

    Args:
        mapping: Columns by field, or by a name by which a column of that field is known.

    Raises:
        UseCaseError: Two names mean one field, or a name says a unit or a currency that the column's does not.

    >>> by_field({"月调用量": "Volume", "users": "n"})
    {'calls_per_month': 'Volume', 'users': 'n'}
    """
    found: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, column in mapping.items():
        field = name if name in UseCase.model_fields else _field_named(name, column)
        if field in found:
            raise UseCaseError(f"{names[field]!r} and {name!r} both name {field}; keep one")
        found[field], names[field] = column, name
    return found


def _field_named(name: str, column: str) -> str:
    field = "text" if is_text_name(name) else _OWN_NAMES.get(header_key(name)) or _FIELD_OF.get(header_key(name))
    bare = header_key(name, bare=True)
    if field is None and (known := _OWN_NAMES.get(bare) or _FIELD_OF.get(bare)):
        raise UseCaseError(f"{name!r}: a unit is read from the column's name; write {known} = {str(column)!r}")
    if field is not None and currency_of(field, fold(name)) != currency_of(field, fold(str(column))):
        what = f"{name!r} and {str(column)!r} say different currencies, and the column's name counts"
        raise UseCaseError(f"{what}; write {field} = {str(column)!r}")
    return field or name


def read_mapping(path: Path) -> dict[str, str]:
    """Read a TOML file of lines such as `calls_per_month = "Volume"` or `"月调用量" = "Volume"`: fact and column.

    Raises:
        UseCaseError: No such file, not TOML, an unknown field, or a value that is no name.
    """
    import tomli

    from fitcheck.ideas import decode

    try:
        text = decode(path.read_bytes(), where=str(path)).text
        values: dict[str, Any] = tomli.loads(text)
    except OSError as error:
        raise UseCaseError(f"{path}: {error.strerror or error}") from None
    except tomli.TOMLDecodeError as error:
        lines = text.splitlines()
        line = lines[error.lineno - 1] if 0 < error.lineno <= len(lines) else None
        what = f"not valid TOML: {error}{_quotes_missing(line or '')}"
        raise UseCaseError(quote_line(path, error.lineno, line, what)) from None
    if not values:
        raise UseCaseError(f'{path}: nothing in it; write lines such as calls_per_month = "Volume"')
    try:
        values = by_field(values)
    except UseCaseError as error:
        raise UseCaseError(f"{path}: {error}") from None
    for field, column in values.items():
        if field not in UseCase.model_fields:
            near = get_close_matches(field, UseCase.model_fields, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(UseCase.model_fields)}"
            raise UseCaseError(f"{path}: unknown field {field!r}; {hint}")
        if not isinstance(column, str) or not column.strip():
            raise UseCaseError(f"{path}: {field} = {column!r}: write the name of a column, in quotes")
    return values


def _quotes_missing(line: str) -> str:
    """Say how a name is written that TOML takes in quotes only; empty where the line has no such name.

    >>> _quotes_missing('月调用量 = "Volume"')
    '; write the name in quotes: "月调用量" = …'
    """
    name, equals, _ = line.partition("=")
    name = name.strip()
    if not equals or _BARE_NAME.fullmatch(name) or not name or name[0] in "\"'#[":
        return ""
    return f'; write the name in quotes: "{name}" = …'


def _shown(columns: Sequence[str]) -> str:
    more = ", …" if len(columns) > _SHOWN_COLUMNS else ""
    return ", ".join(repr(name) for name in columns[:_SHOWN_COLUMNS]) + more
