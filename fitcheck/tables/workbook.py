"""Workbooks: Excel's and OpenDocument's sheets, read by calamine, with titles and merged cells above the header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from fitcheck.errors import ModelUnavailable, UseCaseError
from fitcheck.tables.columns import prose_index
from fitcheck.tables.formulas import LostCells, lost_cells
from fitcheck.tables.shape import Block, Content, cell_text, in_blocks, kind_of, whole, wider

__all__ = ["TABLES_EXTRA", "read_workbook"]

TABLES_EXTRA = 'pip install "usecase-fitcheck[tables]"'
"""What installs the libraries behind workbooks and Parquet."""

_HEADER_WITHIN = 50
_TALLEST_HEADER = 4


def read_workbook(file: BinaryIO, where: str, *, sheet: str | None, is_wanted: Callable[[str], bool]) -> Content:
    """Read one sheet of a workbook.

    Args:
        file: An .xlsx, .xlsm, .xlsb, .xls or .ods file.
        where: Named in errors.
        sheet: The sheet's name; None for the first that has a column of ideas, else the first that holds a table.
        is_wanted: Says whether a name is that of the column of ideas: its row is the header.

    Raises:
        UseCaseError: Damaged, locked, without such a sheet, empty, or without a row.
        ModelUnavailable: The library that reads workbooks is not installed.
    """
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        raise ModelUnavailable(f"{where}: reading a workbook needs the extra tables: {TABLES_EXTRA}") from None
    file.seek(0)
    with _damage_said(where):
        book = CalamineWorkbook.from_filelike(file)
        names = list(book.sheet_names)
    if sheet is not None and sheet not in names:
        near = [n for n in names if n.strip().casefold() == sheet.strip().casefold()]
        if len(near) != 1:
            raise UseCaseError(f"{where}: no sheet is called {sheet!r}; its sheets are {', '.join(map(repr, names))}")
        sheet = near[0]
    pages = _pages(book, [sheet] if sheet is not None else names, where, is_wanted)
    if not pages:
        raise UseCaseError(f"{where}: {f'the sheet {sheet!r}' if sheet else 'the workbook'} is empty")
    page = _chosen(pages)
    columns, bottom = page.columns, page.bottom
    if not page.has_rows:
        rest = [name for name in names if name != page.name]
        others = [other.name for other in _pages(book, rest, where, is_wanted) if other.has_rows]
        what = (
            f"{where}: the {f'sheet {page.name!r}' if rest else 'table'} has a header ({', '.join(columns)}) and no row"
        )
        which = f"; rows stand in {', '.join(map(repr, others))}: name the sheet with --sheet NAME" if others else ""
        raise UseCaseError(what + which)
    notes = []
    if sheet is None and len(pages) > 1:
        others = [repr(name) for name in names if name != page.name]
        notes.append(
            f"{where}: read the sheet {page.name!r}; the others are {', '.join(others)} (--sheet NAME reads another)"
        )
    left_out = sum(any(map(_is_full, row)) for row in page.head[: page.top])
    if left_out:
        rows = "row" if left_out == 1 else "rows"
        notes.append(f"{where}: left out {left_out} {rows} above the header (its row is {bottom + 1})")

    unstored: dict[int, frozenset[int]] = {}

    def cells() -> Iterator[tuple[int, list[Any]]]:
        with _damage_said(where):
            for place, row in enumerate(islice(page.sheet.iter_rows(), bottom + 1, None), bottom + 2):
                if place in unstored or any(map(_is_full, row)):
                    yield place, [_plain(cell) for cell in row[: len(columns)]]
            for place in sorted(place for place in unstored if place > page.n_rows):
                yield place, [None] * len(columns)

    def read(size: int) -> Iterator[Block]:
        for block in in_blocks(cells(), size):
            block.unstored.update({at: unstored[p] for at, p in enumerate(block.places) if p in unstored})
            yield block

    n_rows, kinds, is_whole = 0, ["none"] * len(columns), True
    for _, row in cells():
        n_rows += 1
        is_whole = is_whole and None not in row
        kinds = [k if k == "text" else wider(k, kind_of(c)) for k, c in zip(kinds, row, strict=True)]
    if not is_whole or n_rows < page.n_rows - bottom - 1:
        lost = lost_cells(file, page.name)
        unstored = _unstored(lost, page, is_wanted)
        n_rows = sum(1 for _ in cells()) if unstored else n_rows
        notes += _error_values(lost, page, where)
    n_unstored = Counter(at for row_columns in unstored.values() for at in row_columns)
    return Content(
        columns,
        n_rows,
        read,
        place="row",
        notes=tuple(notes),
        kinds=tuple(kinds),
        n_unstored=dict(sorted(n_unstored.items())),
    )


def _error_values(lost: LostCells, page: _Page, where: str) -> list[str]:
    """Say, for each column, how many cells are read as empty since they hold an error value."""
    _, left = page.sheet.start or (0, 0)
    columns = Counter(at - left for row, found in lost.failed.items() if row > page.bottom for at in found)
    return [
        f"{where}: {n:,} error {'value' if n == 1 else 'values'}, such as #N/A, "
        f"in column {page.columns[at]!r}: read as empty"
        for at, n in sorted(columns.items())
        if 0 <= at < len(page.columns)
    ]


def _unstored(lost: LostCells, page: _Page, is_wanted: Callable[[str], bool]) -> dict[int, frozenset[int]]:
    """Return the columns of formulas without a stored result, by their row's place.

    A row without any stored cell counts where its idea is such a formula: people fill others down to no end.
    """
    _, left = page.sheet.start or (0, 0)
    ideas = {at for at, name in enumerate(page.columns) if is_wanted(name)}
    found = {}
    for row, columns in lost.unstored.items():
        inside = frozenset(at - left for at in columns if 0 <= at - left < len(page.columns))
        if row > page.bottom and inside:
            found[row + 1] = inside
    for place, row in enumerate(page.sheet.iter_rows(), 1):
        if place in found and not (ideas & found[place] or any(map(_is_full, row))):
            del found[place]
    return {place: columns for place, columns in found.items() if place <= page.n_rows or ideas & columns}


@dataclass(frozen=True, slots=True)
class _Page:
    """A sheet that holds anything.

    Attributes:
        head: Its first rows.
        columns: The header's names.
        top, bottom: The first row that belongs to the header, and the last.
        is_named: Whether a cell of the head is the name of the column of ideas.
        has_rows: Whether anything stands below the header.
    """

    name: str
    sheet: Any
    head: Sequence[Sequence[Any]]
    columns: tuple[str, ...]
    top: int
    bottom: int
    is_named: bool
    has_rows: bool

    @property
    def n_rows(self) -> int:
        """How many rows there are up to the last with a stored cell."""
        return 0 if self.sheet.end is None else int(self.sheet.end[0]) + 1

    @property
    def is_table(self) -> bool:
        return self.has_rows and self.has_columns

    @property
    def has_columns(self) -> bool:
        return sum(map(bool, self.columns)) > 1

    def holds_prose(self) -> bool:
        try:
            prose_index(self.columns, [list(map(cell_text, row)) for row in self.head[self.bottom + 1 :]], self.name)
        except UseCaseError:
            return False
        return True


def _pages(book: Any, names: Iterable[str], where: str, is_wanted: Callable[[str], bool]) -> list[_Page]:
    """Return the sheets of these names that hold anything."""
    pages = []
    for name in names:
        with _damage_said(where):
            sheet = book.get_sheet_by_name(name)
            head = list(islice(sheet.iter_rows(), _HEADER_WITHIN))
            merged = list(sheet.merged_cell_ranges or ())
        if not any(any(map(_is_full, row)) for row in head):
            continue
        top, bottom = _header_rows(head, merged, is_wanted)
        columns, first = _columns(head, top, bottom)
        is_named = any(isinstance(c, str) and is_wanted(c) for row in head for c in row)
        with _damage_said(where):
            has_rows = any(any(map(_is_full, row)) for row in islice(sheet.iter_rows(), bottom + 1, None))
        pages.append(_Page(name, sheet, head, columns, first, bottom, is_named, has_rows))
    return pages


def _chosen(pages: Sequence[_Page]) -> _Page:
    """Choose the sheet where the column of ideas is named, else the first; a cover gives way to the only table."""
    named = [page for page in pages if page.is_named and (page.has_rows or page.has_columns)]
    if named:
        return next((page for page in named if page.has_rows), named[0])
    first = pages[0]
    if first.has_columns and first.has_rows:
        return first
    tables = [page for page in pages if page.is_table]
    if first.has_rows:
        # one column of lines may be a list of ideas too
        tables = [page for page in tables if page.holds_prose()]
    elif not tables:
        tables = [page for page in pages if page.has_rows]
    return tables[0] if len(tables) == 1 else first


@contextmanager
def _damage_said(where: str) -> Iterator[None]:
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError:
        raise UseCaseError(f"{where}: an Excel workbook locked with a password; save it without one") from None
    except (CalamineError, OSError, ValueError, EOFError) as error:
        what = " ".join(str(error).split())
        if "password" in what.casefold() or "encrypt" in what.casefold():
            raise UseCaseError(f"{where}: an Excel workbook locked with a password; save it without one") from None
        raise UseCaseError(f"{where}: an Excel workbook that can't be read ({what}); save it again as .xlsx") from None
    except BaseException as error:
        # what the library did not foresee in a damaged file comes as a panic, which is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise UseCaseError(f"{where}: an Excel workbook that can't be read; save it again as .xlsx") from None


def _is_full(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _plain(cell: Any) -> Any:
    """Return a cell as people see it: no ".0", no empty text that stands for nothing."""
    if isinstance(cell, float) and (number := whole(cell)) is not None:
        return number
    return None if cell == "" else cell


Range = tuple[tuple[int, int], tuple[int, int]]


def _header_rows(
    head: Sequence[Sequence[Any]], merged: Sequence[Range], is_wanted: Callable[[str], bool]
) -> tuple[int, int]:
    """Find the header's first and last row: where the column of ideas is named, else the first row that is full."""
    counts = [sum(map(_is_full, row)) for row in head]
    top = next(
        (n for n, row in enumerate(head) if any(isinstance(c, str) and is_wanted(c) for c in row)),
        None,
    )
    if top is None:
        usual = sorted(c for c in counts if c)[len([c for c in counts if c]) // 2]
        top = next(
            (
                n
                for n, row in enumerate(head)
                if counts[n] >= max(1, 0.6 * usual) and all(isinstance(c, str) for c in row if _is_full(c))
            ),
            next(n for n, count in enumerate(counts) if count),
        )
    bottom = top
    for (row, _), (last, _) in merged:
        # a name that is merged downwards stands beside the names of a second line
        if row == top and row < last < row + _TALLEST_HEADER:
            bottom = max(bottom, last)
    return top, min(bottom, len(head) - 1)


def _columns(head: Sequence[Sequence[Any]], top: int, bottom: int) -> tuple[tuple[str, ...], int]:
    """Return each column's name, the lowest of the header's lines, and the first row that belongs to the header."""
    first = top
    # a name that is merged downwards stands in a line above, beside the groups' names; a title stands alone
    while first > 0 and top - first < _TALLEST_HEADER and sum(map(_is_full, head[first - 1])) > 1:
        first -= 1
    width = len(head[top])
    names = [""] * width
    for at in range(width):
        for row in range(bottom, first - 1, -1):
            if _is_full(head[row][at]):
                names[at] = " ".join(cell_text(_plain(head[row][at])).split())
                break
    return tuple(names), first
