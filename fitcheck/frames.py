"""Data frames of ideas: pandas, polars or pyarrow in, the same kind with verdicts out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from fitcheck.cells import OUTPUT_COLUMNS, output_names
from fitcheck.errors import ModelUnavailable, UseCaseError
from fitcheck.picking import Picked, pick_added, pick_columns

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

    from fitcheck.pipeline import Assessor

__all__ = ["score_table"]

Frame = TypeVar("Frame")

_ROWS_AT_ONCE = 8_192
_SAMPLE_ROWS = 200
_ELSEWHERE = (
    "PySpark has fitcheck.spark.score, Dask, Ray Data and Daft stand in docs/clusters.md, files in fitcheck batch"
)


def score_table(
    table: Frame,
    *,
    text: str | None = None,
    facts: Mapping[str, str] | None = None,
    assessor: Assessor | None = None,
    columns: Sequence[str] | None = None,
) -> Frame:
    """Judge every row of a data frame, and give the same kind of frame back with the verdicts beside it.

    The rows, their order, a pandas index and the columns that were there stay as they are. A row
    that can't be judged keeps its place, and its `error` says why. A frame of no rows comes back with
    the columns and no rows, since lazy engines ask for the columns in this way.

    Args:
        table: A frame or lazy frame of polars, a data frame of pandas, a table of pyarrow.
        text: The column of ideas; None to know it by its name (text, idea, use_case, 想法 or the like),
            else by its sentences.
        facts: Columns of facts, by the field of `UseCase`, for those that are known by no name; the others are
            known by their names all the same, as with None. {} to read none.
        assessor: What judges; None for the shipped rules and model, loaded once.
        columns: Which columns to add, of `verdict`, `probability`, `p_fit` and so on; None for all.

    Returns:
        The frame with the columns of `fitcheck.arrow.SCORED_SCHEMA`; one whose name is taken is called
        `fitcheck_verdict` and so on. Verdict, category and decider are categories.

    Raises:
        UseCaseError: No such column or fact, a column of ideas that holds no text, two columns of one
            name that is read, columns whose names are no text, no frame that can be read, or nothing that judges.
        ModelUnavailable: narwhals or pyarrow is not installed.

    >>> import pandas
    >>> ideas = pandas.DataFrame({"idea": ["Draft replies to customer mails", ""]}, index=["a", "b"])
    >>> score_table(ideas, columns=["verdict", "error"]).loc["a", "verdict"]
    'fit'
    """
    nw = _narwhals()
    added = pick_added(columns)
    if assessor is not None and not (hasattr(assessor, "assess_each") or hasattr(assessor, "columns")):
        raise UseCaseError(
            f"assessor = {assessor!r}: give an Assessor, such as fitcheck.Assessor(reading='fast'), or leave it out"
        )
    try:
        frame = nw.from_native(table)
    except nw.exceptions.DuplicateError:
        by_number: Frame = _score_by_number(table, text, facts, assessor, added)
        return by_number
    except TypeError:
        raise UseCaseError(
            f"score_table takes frames of pandas, polars and pyarrow, not {type(table).__qualname__}; {_ELSEWHERE}"
        ) from None
    if isinstance(frame, nw.LazyFrame):
        scored: Any = _score_lazily(frame, text, facts, assessor, added)
    else:
        scored = _score(frame, frame.columns, text, facts, assessor, added)
    # a frame that came in narwhals' clothes keeps them
    result: Frame = scored if frame is table else scored.to_native()
    return result


def _score_by_number(
    table: Any,
    text: str | None,
    facts: Mapping[str, str] | None,
    assessor: Assessor | None,
    added: Sequence[str],
) -> Any:
    """Judge a frame of pandas or pyarrow in which several columns have one name, which narwhals refuses."""
    names = list(table.column_names if hasattr(table, "column_names") else table.columns)
    frame = _narwhals().from_native(_renamed(table, [f"column {i}" for i in range(len(names))]))
    scored = _score(frame, names, text, facts, assessor, added)
    return _renamed(scored.to_native(), [*names, *scored.columns[len(names) :]])


def _renamed(table: Any, names: Sequence[Any]) -> Any:
    return table.rename_columns(names) if hasattr(table, "rename_columns") else table.set_axis(names, axis=1)


def _score(
    frame: nw.DataFrame[Any],
    names: Sequence[Any],
    text: str | None,
    facts: Mapping[str, str] | None,
    assessor: Assessor | None,
    added: Sequence[str],
) -> nw.DataFrame[Any]:
    """Judge a frame whose columns are known to their owner by these names."""
    import narwhals as nw

    if names and not any(isinstance(name, str) for name in names):
        raise UseCaseError(_no_text_name(names[0]))
    picked = _pick(names, list(frame.schema.values()), text, facts, partial(_sample, frame))
    ours = _judge(frame, names, picked, assessor)
    written = dict(zip(OUTPUT_COLUMNS, output_names([str(name) for name in names]), strict=True))
    # only our columns cross from Arrow: what was there is not even looked at
    columns = nw.from_arrow(ours.select(list(added)), backend=frame.implementation)
    return frame.with_columns(*(columns[name].alias(written[name]) for name in added))


def _judge(frame: nw.DataFrame[Any], names: Sequence[Any], picked: Picked, assessor: Assessor | None) -> pa.Table:
    import pyarrow as pa

    from fitcheck.arrow import SCORED_SCHEMA, loaded, score_texts

    if not len(frame):
        return SCORED_SCHEMA.empty_table()
    judge = loaded() if assessor is None else assessor
    columns = frame.columns
    batches = []
    for begin in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame[begin : begin + _ROWS_AT_ONCE]
        given = {field: (str(names[at]), _values(part, columns[at])) for field, at in picked.facts.items()}
        batches.append(score_texts(_values(part, columns[picked.text]), given, assessor=judge))
    return pa.Table.from_batches(batches)


def _values(frame: nw.DataFrame[Any], name: object) -> list[Any]:
    """Return a column as Python has it, and None for whatever the frame's library takes for missing."""
    if not isinstance(name, str):  # a number would name a row
        raise UseCaseError(_no_text_name(name))
    series = frame[name]
    missing = series.is_null().to_list()
    return [None if gone else value for value, gone in zip(series.to_list(), missing, strict=True)]


def _no_text_name(name: object) -> str:
    """Say that a column's name is no text, and how pandas makes it one."""
    many = isinstance(name, tuple)
    names = "['_'.join(map(str, name)) for name in table.columns]" if many else "table.columns.map(str)"
    return (
        f"the column name {name!r} is no text ({type(name).__name__}), and columns are read by names that are; "
        f"rename them first: table.columns = {names}"
    )


def _sample(frame: nw.DataFrame[Any]) -> list[list[str]]:
    """Return the first rows as texts; what is no text is empty."""
    first = frame.head(_SAMPLE_ROWS)
    columns = [_values(first, name) if isinstance(kind, _texts()) else [] for name, kind in frame.schema.items()]
    return [
        [column[i] if column and isinstance(column[i], str) else "" for column in columns] for i in range(len(first))
    ]


def _score_lazily(
    frame: nw.LazyFrame[Any],
    text: str | None,
    facts: Mapping[str, str] | None,
    assessor: Assessor | None,
    added: Sequence[str],
) -> nw.LazyFrame[Any]:
    if not frame.implementation.is_polars():
        raise UseCaseError(f"score_table reads no lazy frame of {frame.implementation.value}; {_ELSEWHERE}")
    import polars as pl

    lazy: pl.LazyFrame = frame.to_native()
    schema = lazy.collect_schema()
    # what is wrong with the names is said now, and not when the frame is collected
    names = list(schema)
    _pick(names, list(frame.collect_schema().values()), text, facts)
    empty = _score(_narwhals().from_native(schema.to_frame()), names, text, facts, assessor, added)
    judge = partial(score_table, text=text, facts=facts, assessor=assessor, columns=added)
    return _narwhals().from_native(lazy.map_batches(judge, schema=empty.to_native().schema))  # type: ignore[no-any-return]


def _pick(
    names: Sequence[Any],
    kinds: Sequence[Any],
    text: str | None,
    facts: Mapping[str, str] | None,
    sample: Callable[[], list[list[str]]] | None = None,
) -> Picked:
    picked = pick_columns(names, text=text, facts=facts, sample=sample)
    name, kind = names[picked.text], kinds[picked.text]
    if not isinstance(kind, _texts()):
        raise UseCaseError(
            f"the column {name!r} holds {kind}, and ideas are text; name the column of ideas with text=…"
        )
    return picked


def _texts() -> tuple[Any, ...]:
    """Return the types whose values may be texts; a column of nothing is Unknown, or Object in pandas."""
    import narwhals as nw

    return (nw.String, nw.Categorical, nw.Enum, nw.Object, nw.Unknown)


def _narwhals() -> Any:
    try:
        import narwhals
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise ModelUnavailable(
            f"data frames need {error.name}, which is not installed: pip install 'usecase-fitcheck[frames]'"
        ) from None
    return narwhals
