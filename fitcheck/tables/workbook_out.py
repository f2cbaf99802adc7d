"""A scored table as an Excel workbook, written row by row."""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from fitcheck.cells import output_names
from fitcheck.errors import ModelUnavailable
from fitcheck.tables.safety import inert
from fitcheck.tables.shape import Block, Table, cell_text
from fitcheck.tables.workbook import TABLES_EXTRA

__all__ = ["MAX_SHEET_COLUMNS", "MAX_SHEET_ROWS", "SheetRows"]

MAX_SHEET_ROWS, MAX_SHEET_COLUMNS = 1_048_576, 16_384
"""What a sheet holds, the header's line included."""

_MAX_CELL_CHARS = 32_767
_CUT = "… [cut: {:,} characters, and a cell holds 32,767]"
_EXACT_BELOW = 10**15


class SheetRows:
    """Writes blocks into one sheet; memory does not grow with the rows.

    Raises:
        ModelUnavailable: The library that writes workbooks is not installed.
    """

    def __init__(self, file: BinaryIO, table: Table) -> None:
        try:
            from xlsxwriter import Workbook
        except ImportError:
            raise ModelUnavailable(f"writing a workbook needs the extra tables: {TABLES_EXTRA}") from None
        # what the library puts aside while it writes goes, however that ends
        self._aside = tempfile.TemporaryDirectory(prefix="fitcheck-")
        options = {
            "constant_memory": True,
            "tmpdir": self._aside.name,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._gate = _Gate(file)
        self._book = Workbook(self._gate, options)
        self._sheet = self._book.add_worksheet("ideas")
        self._sheet.freeze_panes(1, 0)
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._next = 0
        self._n_cut = 0
        self._write_row((*table.columns, *output_names(table.columns)))

    def write(self, block: Block, ours: Sequence[Sequence[Any]]) -> None:
        for cells, added in zip(block.rows(), ours, strict=True):
            self._write_row([*cells, *added])

    def close(self) -> str | None:
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as error:
            cause = error.args[0] if error.args else error
            raise cause if isinstance(cause, OSError) else OSError(str(cause)) from None
        self._aside.cleanup()
        if not self._n_cut:
            return None
        cells = "cell was" if self._n_cut == 1 else "cells were"
        return f"{self._n_cut:,} {cells} longer than Excel holds and had to be cut; .csv and .parquet keep them whole"

    def abandon(self) -> None:
        # the archive would write its end when it is thrown away
        self._gate.is_shut = True
        aside = self._sheet.row_data_fh
        if aside is not None:
            with suppress(OSError):
                aside.close()
        self._aside.cleanup()

    def _write_row(self, cells: Sequence[Any]) -> None:
        sheet, row = self._sheet, self._next
        for at, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, bool):
                sheet.write_boolean(row, at, cell)
            elif isinstance(cell, (int, float)) and abs(cell) < _EXACT_BELOW and math.isfinite(cell):
                sheet.write_number(row, at, cell)
            elif isinstance(cell, (dt.date, dt.datetime)) and cell.year >= 1900 and not getattr(cell, "tzinfo", None):
                is_day = not isinstance(cell, dt.datetime) or cell.time() == dt.time()
                sheet.write_datetime(row, at, cell, self._day if is_day else self._time)
            else:
                sheet.write_string(row, at, self._fitting(inert(cell_text(cell))))
        self._next += 1

    def _fitting(self, text: str) -> str:
        # XML holds no half of a surrogate pair
        text = text.encode("utf-8", "replace").decode()
        # Excel counts what lies beyond the first 65,536 characters of Unicode twice
        if len(text) <= _MAX_CELL_CHARS // 2 or len(text.encode("utf-16-le")) <= 2 * _MAX_CELL_CHARS:
            return text
        self._n_cut += 1
        mark = _CUT.format(len(text))
        kept = text.encode("utf-16-le")[: 2 * (_MAX_CELL_CHARS - len(mark))].decode("utf-16-le", "ignore")
        return kept + mark


class _Gate:
    """Lets writes through to a file until it is shut; from then on they go nowhere."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.is_shut = False

    def write(self, data: bytes) -> int:
        return len(data) if self.is_shut else self._file.write(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0 if self.is_shut else self._file.seek(offset, whence)

    def tell(self) -> int:
        return 0 if self.is_shut else self._file.tell()

    def flush(self) -> None:
        if not self.is_shut:
            self._file.flush()

    def seekable(self) -> bool:
        return self._file.seekable()
