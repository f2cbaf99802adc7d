"""A TOML file's values, and where in it something stands, so that an error can quote the author's line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fitcheck.errors import RuleError, quote_line

__all__ = ["find_line", "line_of", "read_toml"]

_MAX_FILE_BYTES = 200_000


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of at most 200,000 bytes.

    Raises:
        RuleError: It can't be read; names the line and quotes it.
    """
    import tomli

    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise RuleError(f"{path}: over {_MAX_FILE_BYTES:,} bytes; one file holds one rule, change or plan")
        text = path.read_bytes().decode("utf-8")
        return tomli.loads(text)
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except tomli.TOMLDecodeError as error:
        raise RuleError(quote_line(path, *line_of(text, error), f"not valid TOML: {error}")) from None
    except OSError as error:
        raise RuleError(f"{path}: {error.strerror or error}") from None


def line_of(text: str, error: Exception) -> tuple[int | None, str | None]:
    """Return the line that a TOML parser's error speaks of."""
    number = getattr(error, "lineno", None)
    lines = text.splitlines()
    if not isinstance(number, int) or not 0 < number <= len(lines):
        return (None, None)
    return number, lines[number - 1]


def find_line(path: Path, loc: Sequence[int | str], needle: str | None = None) -> tuple[int | None, str | None]:
    """Find the line of a TOML file that a place such as ("when", 0, "text", "en") stands on.

    Args:
        path: The file.
        loc: Keys, and the numbers of tables of one name, from the top level down.
        needle: A text on the line, such as one pattern of several; it is looked for in quotes first.

    Returns:
        The line's number and the line, or two None where it isn't there.
    """
    lines = path.read_text("utf-8").splitlines()
    begin, end, table = _table(lines, loc)
    if needle is not None and (number := _holding(needle, lines, begin, end)) is not None:
        return number + 1, lines[number]
    names = [p for p in loc if isinstance(p, str)]
    wanted = names[1:] if table else names
    for depth in range(len(wanted), 0, -1):
        key = re.compile(r"\s*" + r"\s*\.\s*".join(re.escape(n) for n in wanted[:depth]) + r"\s*[.=]")
        for number in range(begin, end):
            if key.match(lines[number]):
                return number + 1, lines[number]
    return (begin + 1, lines[begin]) if table else (None, None)


def _table(lines: Sequence[str], loc: Sequence[int | str]) -> tuple[int, int, str]:
    """Return the first line of a place's table, the line after its last, and its name: "" where it is the top level."""
    names = [p for p in loc if isinstance(p, str)]
    is_one_of_many = len(loc) > 1 and isinstance(loc[1], int)
    heads: list[int] = []
    if names:
        headings = (f"[[{names[0]}]]",) if is_one_of_many else (f"[{names[0]}]", f"[[{names[0]}]]")
        heads = [i for i, line in enumerate(lines) if line.strip().startswith(headings)]
    number = loc[1] if is_one_of_many else 0
    if not isinstance(number, int) or number >= len(heads):
        return 0, len(lines), ""
    begin, table = heads[number], names[0]
    # what the table lacks is not to be found in the next one
    others = (i for i in range(begin + 1, len(lines)) if lines[i].startswith("[") and f"[{table}." not in lines[i])
    return begin, next(others, len(lines)), table


def _holding(needle: str, lines: Sequence[str], begin: int, end: int) -> int | None:
    """Return the index of the first line that holds a text: in quotes between two lines, else anywhere."""
    written = (needle, needle.replace("\\", "\\\\"))
    quoted = [f"{quote}{text}{quote}" for text in written for quote in "'\""]
    for number in range(begin, end):
        if any(text in lines[number] for text in quoted):
            return number
    if not needle:
        return None
    return next((i for i, line in enumerate(lines) if any(text in line for text in written)), None)
