"""JSON lines, and lists of JSON objects, read object by object."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from fitcheck.errors import UseCaseError, quote_line
from fitcheck.ideas import detect_encoding, encoding_note
from fitcheck.tables.shape import Block, Content, Kind, in_blocks, kind_of, wider

__all__ = ["read_json_rows"]

_CHUNK_CHARS = 1 << 20
_MAX_OBJECT_CHARS = 1 << 28
_BETWEEN = re.compile(r"[\s,]*")


def read_json_rows(file: BinaryIO, where: str) -> Content:
    """Read objects, one a line or in a list: their keys, in order of appearance, are the columns.

    Args:
        file: Seekable.
        where: Named in errors.

    Raises:
        UseCaseError: No text, or something that is not a JSON object.
    """
    file.seek(0)
    encoding = detect_encoding(file, where=where)
    kinds: dict[str, Kind] = {}
    n_rows = 0
    for _, row in _objects(file, encoding, where):
        n_rows += 1
        for key, value in row.items():
            known = kinds.get(key, "none")
            # most cells are texts in a column of texts
            if known != "text":
                kinds[key] = wider(known, kind_of(value))
    columns = tuple(kinds)

    def read(size: int) -> Iterator[Block]:
        objects = _objects(file, encoding, where)
        yield from in_blocks(((place, [row.get(name) for name in columns]) for place, row in objects), size)

    note = encoding_note(encoding, where)
    place = "object" if _is_list(file, encoding) else "line"
    return Content(columns, n_rows, read, place, encoding, notes=(note,) if note else (), kinds=tuple(kinds.values()))


def _objects(file: BinaryIO, encoding: str, where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each object after its line's number, or its own number in a list."""
    is_list = _is_list(file, encoding)
    file.seek(0)
    with _lent(file, encoding) as text:
        yield from _from_list(text, where) if is_list else _from_lines(text, where)


def _is_list(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    with _lent(file, encoding) as text:
        return text.read(1024).lstrip().startswith("[")


@contextmanager
def _lent(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    text = io.TextIOWrapper(file, encoding, newline="\n")
    try:
        yield text
    finally:
        # the wrapper would close the file that it was lent; a reader that was left early may find it closed
        with suppress(ValueError):
            text.detach()


def _from_lines(text: io.TextIOWrapper, where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text, 1):
        if not line.strip():
            continue
        try:
            value = _DECODER.decode(line)
        except ValueError as error:
            what = f"not a JSON object: {error}; write one object a line, or a list of them in [ ]"
            raise UseCaseError(quote_line(where, number, line, what)) from None
        except RecursionError:
            raise UseCaseError(f"{where}:{number}: not JSON that can be read: nested too deeply") from None
        if not isinstance(value, dict):
            raise UseCaseError(quote_line(where, number, line, "not a JSON object; write one object a line"))
        yield number, value


def _from_list(text: io.TextIOWrapper, where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of one list, of which no more than a few are held at a time."""
    buffer, number, wanted = text.read(_CHUNK_CHARS), 0, _CHUNK_CHARS
    at = buffer.index("[") + 1
    while True:
        at = _BETWEEN.match(buffer, at).end()  # type: ignore[union-attr]
        if buffer.startswith("]", at):
            if (buffer[at + 1 :] + text.read(_CHUNK_CHARS)).strip():
                raise UseCaseError(f"{where}: more text after the list's end; write one list of objects")
            return
        try:
            value, at = _DECODER.raw_decode(buffer, at)
        except RecursionError:
            raise UseCaseError(f"{where}: object {number + 1}: not JSON that can be read: nested too deeply") from None
        except ValueError as error:
            # each further piece is as long as all before it, so that a long object is not begun too often
            more = text.read(wanted) if len(buffer) < _MAX_OBJECT_CHARS else ""
            if not more:
                message = f"{where}: object {number + 1} can't be read, or the file is cut off: {error}"
                raise UseCaseError(message) from None
            buffer, at, wanted = buffer[at:] + more, 0, 2 * wanted
            continue
        number, wanted = number + 1, _CHUNK_CHARS
        if not isinstance(value, dict):
            raise UseCaseError(f"{where}: item {number} of the list is not an object")
        yield number, value


def _finite(number: str) -> float | str:
    """Keep what no float holds as it is written."""
    value = float(number)
    return value if math.isfinite(value) else number


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=str)
