"""Parquet, read in batches within row groups and written with its own types."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from fitcheck.errors import ModelUnavailable, UseCaseError
from fitcheck.tables.shape import Block, Content
from fitcheck.tables.workbook import TABLES_EXTRA

__all__ = ["Batch", "read_parquet"]


@dataclass(frozen=True, slots=True)
class Batch:
    """A block whose rows are a `pyarrow.RecordBatch`, so that they can be written as they are."""

    batch: Any
    first: int

    @property
    def n_rows(self) -> int:
        return int(self.batch.num_rows)

    @property
    def errors(self) -> dict[int, str]:
        return {}

    @property
    def unstored(self) -> dict[int, frozenset[int]]:
        return {}

    @property
    def places(self) -> range:
        return range(self.first, self.first + self.n_rows)

    def column(self, index: int) -> list[Any]:
        array = self.batch.column(index)
        try:
            cells: list[Any] = array.to_pylist()
        except (ValueError, OverflowError):
            # Python's times are shorter and coarser than Arrow's
            cells = array.cast("string").to_pylist()
        return cells

    def rows(self) -> list[list[Any]]:
        columns = [self.column(at) for at in range(self.batch.num_columns)]
        return [list(row) for row in zip(*columns, strict=True)]


def read_parquet(file: BinaryIO, where: str) -> Content:
    """Read a Parquet file's columns and types; its rows are read when they are asked for.

    Args:
        file: Seekable.
        where: Named in errors.

    Raises:
        UseCaseError: Damaged, or cut off.
        ModelUnavailable: The library that reads Parquet is not installed.
    """
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise ModelUnavailable(f"{where}: reading Parquet needs the extra tables: {TABLES_EXTRA}") from None
    file.seek(0)
    with _damage_said(where):
        parquet = ParquetFile(file)
        schema, n_rows = parquet.schema_arrow, parquet.metadata.num_rows

    def read(size: int) -> Iterator[Block]:
        with _damage_said(where):
            first = 1
            for batch in parquet.iter_batches(batch_size=size, use_threads=False):
                yield Batch(batch, first)
                first += batch.num_rows

    return Content(tuple(schema.names), n_rows, read, place="row", schema=schema)


@contextmanager
def _damage_said(where: str) -> Iterator[None]:
    from pyarrow import ArrowException

    try:
        yield
    except (ArrowException, OSError) as error:
        what = " ".join(str(error).split()).rstrip(".")
        raise UseCaseError(f"{where}: Parquet that can't be read, damaged or cut off: {what}") from None
