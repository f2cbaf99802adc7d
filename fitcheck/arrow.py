"""One Arrow batch of ideas in, the same batch with verdicts out: what data frames and clusters stand on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from math import isnan
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from fitcheck.cells import output_names, report_cells, table_cells, with_remark
from fitcheck.columnar import CLOSED, SCORED_SCHEMA, columns_to_arrow, from_numbers, no_text
from fitcheck.cost import with_listed_model
from fitcheck.errors import FitcheckError, UseCaseError
from fitcheck.picking import pick_columns
from fitcheck.tables.columns import with_simple_unit
from fitcheck.tables.facts import idea_from_cells
from fitcheck.tables.shape import cell_text
from fitcheck.text import Language
from fitcheck.use_case import UseCase

if TYPE_CHECKING:
    from fitcheck.pipeline import Assessor

__all__ = ["SCORED_SCHEMA", "is_text", "loaded", "score_batch", "score_texts", "to_python"]


def score_batch(
    batch: pa.RecordBatch, *, assessor: Assessor, text: str, facts: Mapping[str, str] | None = None
) -> pa.RecordBatch:
    """Judge every row of an Arrow batch.

    Args:
        batch: Any columns; they come back as they are, in their order.
        assessor: What judges; one whose `columnar` is true fills whole columns at once.
        text: The column of ideas.
        facts: As `fitcheck.score_table` takes them.

    Returns:
        The batch with the columns of `SCORED_SCHEMA` after its own, named by `fitcheck.cells.output_names`.
        A row without an idea keeps its place and says so in `error`; one with a fact that does not fit is judged
        without it and says so there too.

    Raises:
        UseCaseError: No such column or fact, or the column of ideas holds no text.
    """
    picked = pick_columns(batch.schema.names, text=text, facts=facts, where="this batch")
    kind = batch.schema.types[picked.text]
    if not is_text(kind):
        raise UseCaseError(f"the column {text!r} holds {kind}, and ideas are text; name the column of ideas")
    columns = {field: (batch.schema.names[at], to_python(batch.column(at))) for field, at in picked.facts.items()}
    ours = score_texts(to_python(batch.column(picked.text)), columns, assessor=assessor)
    names = output_names(batch.schema.names)
    fields = [*batch.schema, *(field.with_name(name) for field, name in zip(ours.schema, names, strict=True))]
    return pa.RecordBatch.from_arrays(
        [*batch.columns, *ours.columns], schema=pa.schema(fields, metadata=batch.schema.metadata)
    )


def score_texts(
    texts: Sequence[object],
    facts: Mapping[str, tuple[str, Sequence[object]]],
    *,
    assessor: Assessor,
    lang: Language | None = None,
) -> pa.RecordBatch:
    """Judge ideas that stand in a list.

    Args:
        texts: The ideas; what is no string is an error of that row.
        facts: The column's name and its values, by the field of `UseCase`; None where a row says nothing.
        assessor: As `score_batch` takes it.
        lang: The language of our words in the cells; None for each idea's own, with errors in English.

    Returns:
        `SCORED_SCHEMA`, shape (n_texts, 18).
    """
    names = {field: with_simple_unit(name) for field, (name, _) in facts.items()}
    rows = zip(*(values for _, values in facts.values()), strict=True) if facts else repeat((), len(texts))
    if getattr(assessor, "columnar", False):
        cases, remarks = _cases(texts, rows, names) if facts else ({}, {})
        return columns_to_arrow(texts, assessor, cases, remarks, lang=lang)
    cells: list[dict[str, Any] | None] = [None] * len(texts)
    cases, remarks = _cases(texts, rows, names)
    refused = {i: one for i, one in cases.items() if isinstance(one, FitcheckError)}
    listed = {i: with_listed_model(one) for i, one in cases.items() if isinstance(one, UseCase)}
    ideas = {i: one for i, (one, _) in listed.items()}
    for i, error in refused.items():
        cells[i] = report_cells(error, lang)
    outcomes = assessor.assess_each(ideas.values()) if ideas else ()
    for i, own in zip(ideas, table_cells(outcomes, lang), strict=True):
        cells[i] = with_remark(own, remarks.get(i, ""), listed[i][1], lang)
    return pa.RecordBatch.from_arrays(
        [_array(field, [row[field.name] if row else None for row in cells]) for field in SCORED_SCHEMA],
        schema=SCORED_SCHEMA,
    )


def is_text(kind: pa.DataType) -> bool:
    """Say whether a column of an Arrow type can hold ideas; one of nulls holds none, which each row says."""
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
    )


def to_python(column: pa.Array) -> list[Any]:
    """Return a column's values; a text that is not UTF-8 comes as bytes."""
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        # Arrow takes texts on trust: one damaged row must not cost the batch
        return [_decoded(raw) for raw in column.cast(pa.large_binary()).to_pylist()]


def _decoded(raw: bytes | None) -> str | bytes | None:
    try:
        return None if raw is None else raw.decode()
    except UnicodeDecodeError:
        return raw


def _cases(
    texts: Iterable[object], rows: Iterable[Sequence[object]], names: Mapping[str, str]
) -> tuple[dict[int, UseCase | FitcheckError], dict[int, str]]:
    """Return each row's idea or why it is none, and remarks on facts that could not be read."""
    cases: dict[int, UseCase | FitcheckError] = {}
    remarks: dict[int, str] = {}
    for i, (text, values) in enumerate(zip(texts, rows, strict=True)):
        if not isinstance(text, str):
            cases[i] = UseCaseError(no_text(text))
            continue
        # numbers with a gap among them come with NaN in its place
        known = (None if isinstance(value, float) and isnan(value) else value for value in values)
        cells = {field: (value, cell_text(value)) for field, value in zip(names, known, strict=True)}
        try:
            cases[i], remarks[i] = idea_from_cells(text, cells, names)
        except UseCaseError as error:
            cases[i] = error
    return cases, remarks


def _array(field: pa.Field, values: list[Any]) -> pa.Array:
    if field.name not in CLOSED:
        return pa.array(values, field.type)
    numbers = {value: i for i, value in enumerate(CLOSED[field.name])} | {None: None}
    return from_numbers(field.name, pa.array([numbers[v] for v in values], pa.int8()))


@lru_cache(maxsize=4)
def loaded(options: tuple[tuple[str, Any], ...] = ()) -> Assessor:
    """Return the assessor of some options, loaded once per process.

    Args:
        options: Names and values as `Assessor` takes them, sorted; none for the shipped one.

    Raises:
        ModelUnavailable: As from `Assessor`.
        RuleError: As from `Assessor`.
    """
    from fitcheck.pipeline import Assessor

    return Assessor(**dict(options))
