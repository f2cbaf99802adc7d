"""A folder of Parquet files: how many rows it holds, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fitcheck.errors import UseCaseError
from fitcheck.records import Verdict

__all__ = ["count_rows", "count_verdicts"]


def count_rows(source: Path) -> int:
    """Return the number of rows, from the files' last pages.

    Raises:
        UseCaseError: No such folder, no Parquet file, one that is damaged or whose columns differ in type, or no row.
    """
    rows = 0
    kinds: dict[str, tuple[pa.DataType, Path]] = {}
    for path in _files(source):
        try:
            with pq.ParquetFile(path) as file:
                rows += file.metadata.num_rows
                schema = file.schema_arrow
        except (pa.ArrowException, OSError) as error:
            what = str(error).strip().splitlines()[0]
            raise UseCaseError(f"{path}: not Parquet that can be read: {what}; write it again") from None
        for field in schema:
            here = _plain(field.type)
            kind, first = kinds.setdefault(field.name, (here, path))
            if kind != here:
                raise UseCaseError(
                    f"{path}: its column {field.name!r} holds {here}, in {first.name} {kind}; make them alike"
                )
    if not rows:
        raise UseCaseError(f"{source}: the files hold no row")
    return rows


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return what Parquet stores: Arrow's several kinds of text are one."""
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    if not source.is_dir():
        raise UseCaseError(f"{source}: no such folder")
    # as Spark reads it: what begins with a dot or an underscore is no data
    paths = [p for p in sorted(source.rglob("*")) if p.is_file() and not _is_hidden(p.relative_to(source))]
    found = [p for p in paths if p.suffix == ".parquet"]
    if not found:
        raise UseCaseError(f"{source}: no file in it ends in .parquet")
    strange = next((p for p in paths if p.suffix != ".parquet"), None)
    if strange is not None:
        raise UseCaseError(f"{strange}: no Parquet file; a folder for Spark holds nothing else")
    yield from found


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) and "=" not in part for part in path.parts)


def count_verdicts(folder: Path, verdict_column: str, n_rows: int) -> dict[str, int]:
    """Return the number of rows by verdict, in the order of `Verdict`; `error` counts those without one.

    Args:
        folder: What was written.
        verdict_column: The name of the verdict's column.
        n_rows: How many rows there must be.

    Raises:
        UseCaseError: There are more or fewer rows.
    """
    counts: Counter[str | None] = Counter()
    for path in _files(folder):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=[verdict_column]):
                for pair in pc.value_counts(batch.column(0)).to_pylist():
                    counts[pair["values"]] += pair["counts"]
    if counts.total() != n_rows:
        raise UseCaseError(
            f"{counts.total():,} rows were written and {n_rows:,} were read: nothing is kept; run it again"
        )
    return {v.value: counts[v.value] for v in Verdict} | {"error": counts[None]}
