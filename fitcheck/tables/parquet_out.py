"""A scored table as Parquet: the input's types where it has any, texts and numbers where it has none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

from fitcheck.cells import NUMBER_COLUMNS, OUTPUT_COLUMNS, output_names
from fitcheck.errors import ModelUnavailable
from fitcheck.tables.parquet import Batch
from fitcheck.tables.shape import Block, Table, cell_text, unique_names
from fitcheck.tables.workbook import TABLES_EXTRA

__all__ = ["ParquetRows"]

_ROWS_PER_GROUP = 1 << 16
_BYTES_PER_GROUP = 1 << 26


class ParquetRows:
    """Writes blocks as row groups.

    Raises:
        ModelUnavailable: The library that writes Parquet is not installed.
    """

    def __init__(self, file: BinaryIO, table: Table) -> None:
        try:
            import pyarrow
            from pyarrow.parquet import ParquetWriter
        except ImportError:
            raise ModelUnavailable(f"writing Parquet needs the extra tables: {TABLES_EXTRA}") from None
        self._arrow = pyarrow
        names = unique_names(table.columns)
        theirs, metadata = self._their_fields(table, names)
        numbers, texts = pyarrow.float64(), pyarrow.string()
        ours = [
            pyarrow.field(written, numbers if name in NUMBER_COLUMNS else texts)
            for name, written in zip(OUTPUT_COLUMNS, output_names(names), strict=True)
        ]
        self._schema = pyarrow.schema([*theirs, *ours], metadata=metadata)
        self._n_theirs = len(theirs)
        self._file = ParquetWriter(file, self._schema, compression="zstd")
        self._waiting: list[Any] = []

    def _their_fields(self, table: Table, names: Sequence[str]) -> tuple[list[Any], Any]:
        if table.content.schema is not None:
            fields = [f.with_name(name) for f, name in zip(table.content.schema, names, strict=True)]
            return fields, table.content.schema.metadata
        types = {"bool": "bool", "int": "int64", "float": "float64"}
        kinds = table.content.kinds or ["text"] * len(names)
        return [
            self._arrow.field(name, types.get(kind, "string")) for name, kind in zip(names, kinds, strict=True)
        ], None

    def write(self, block: Block, ours: Sequence[Sequence[Any]]) -> None:
        arrays = block.batch.columns if isinstance(block, Batch) else self._from_rows(block)
        added = zip(*ours, strict=True)
        fields = list(self._schema)[self._n_theirs :]
        arrays = [*arrays, *(self._array(cells, f.type) for cells, f in zip(added, fields, strict=True))]
        self._waiting.append(self._arrow.record_batch(arrays, schema=self._schema))
        rows = sum(batch.num_rows for batch in self._waiting)
        if rows >= _ROWS_PER_GROUP or sum(batch.nbytes for batch in self._waiting) >= _BYTES_PER_GROUP:
            self._flush()

    def _from_rows(self, block: Block) -> list[Any]:
        fields = list(self._schema)[: self._n_theirs]
        return [self._array(block.column(at), field.type) for at, field in enumerate(fields)]

    def _array(self, cells: Sequence[Any], kind: Any) -> Any:
        if kind == self._arrow.string():
            # half a surrogate pair is the one thing that UTF-8 can't hold
            cells = [None if c is None else cell_text(c).encode("utf-8", "replace").decode() for c in cells]
        elif kind == self._arrow.float64():
            # the library takes no whole number beyond 2**53 for a float
            cells = [None if c is None else float(c) for c in cells]
        return self._arrow.array(cells, kind)

    def _flush(self) -> None:
        if self._waiting:
            self._file.write_table(self._arrow.Table.from_batches(self._waiting), row_group_size=_ROWS_PER_GROUP)
            self._waiting.clear()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def abandon(self) -> None:
        # the library would write the file's end when the object goes
        self._file.is_open = False
