"""Which columns of a data frame hold the ideas and the facts: as a caller says, by name, or by content."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from fitcheck.cells import OUTPUT_COLUMNS
from fitcheck.errors import UseCaseError
from fitcheck.tables.columns import by_field, fact_indices, prose_index, text_index
from fitcheck.use_case import UseCase

__all__ = ["Picked", "pick_added", "pick_columns"]

_FACTS = tuple(name for name in UseCase.model_fields if name != "text")
_SHOWN_COLUMNS = 30


@dataclass(frozen=True, slots=True)
class Picked:
    """The columns that are read.

    Attributes:
        text: The index of the column of ideas.
        facts: The index of each column that carries a field of `UseCase`, by field.
    """

    text: int
    facts: dict[str, int]


def pick_columns(
    columns: Sequence[object],
    *,
    text: str | None,
    facts: Mapping[str, str] | None,
    by_name: bool = True,
    sample: Callable[[], Sequence[Sequence[str]]] | None = None,
    where: str = "this table",
) -> Picked:
    """Find the columns of ideas and of facts.

    Args:
        columns: The names of all columns.
        text: The column of ideas; None to know it by its name, else by its content.
        facts: Columns of facts, by the field of `UseCase` or a name of it as in a header, for those that are known
            by no name. {} to read none.
        by_name: Whether the others are known by their names.
        sample: Returns some rows as texts, if content may be looked at.
        where: Named in errors.

    Raises:
        UseCaseError: No such column, two of that name, or no such fact.

    >>> pick_columns(["ref", "Idea", "tokens in"], text=None, facts=None)
    Picked(text=1, facts={'tokens_in': 2})
    """
    names = [str(name) for name in columns]
    at = text_index(names, None if text is None else str(text), where)
    if at is None:
        at = _by_content(names, sample, where)
    is_none = facts is not None and not facts
    try:
        facts = by_field(facts or {})
    except UseCaseError as error:
        raise UseCaseError(f"facts: {error}") from None
    for field, column in facts.items():
        if field not in _FACTS:
            raise UseCaseError(_unknown_fact(field, column))
    return Picked(at, fact_indices(names, at, where, facts, by_name=by_name and not is_none))


def pick_added(columns: Sequence[str] | None) -> tuple[str, ...]:
    """Return which columns are added: those that were asked for, each once, or all.

    Raises:
        UseCaseError: No such column is ever added.

    >>> pick_added(["verdict", "error", "verdict"])
    ('verdict', 'error')
    """
    if columns is None:
        return OUTPUT_COLUMNS
    wanted = (columns,) if isinstance(columns, str) else tuple(columns)
    for name in wanted:
        if name not in OUTPUT_COLUMNS:
            near = get_close_matches(str(name), OUTPUT_COLUMNS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(OUTPUT_COLUMNS)}"
            raise UseCaseError(f"columns: no column {name!r} is added; {hint}")
    return tuple(dict.fromkeys(wanted))


def _by_content(names: Sequence[str], sample: Callable[[], Sequence[Sequence[str]]] | None, where: str) -> int:
    rows = None if sample is None else sample()
    try:
        if rows is not None:
            return prose_index(names, rows, where)
    except UseCaseError:
        pass
    listed = ", ".join(map(repr, names[:_SHOWN_COLUMNS])) + (", …" if len(names) > _SHOWN_COLUMNS else "")
    looked = ", and none holds sentences" if sample else ""
    raise UseCaseError(
        f"{where}: no column is called text, idea, use_case, description, 想法 or the like{looked}; "
        f"its columns are {listed or 'none'}; name the column of ideas with text=…"
    )


def _unknown_fact(field: str, column: str) -> str:
    if column in _FACTS:
        return f"facts: {field!r} is no fact, but {column!r} is; write the fact first, then its column"
    near = get_close_matches(field, _FACTS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(_FACTS)}"
    return f"facts: there is no fact {field!r}; {hint}"
