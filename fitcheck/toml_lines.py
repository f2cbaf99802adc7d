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
    """Find the line of a TOML file that a place such as ("when", 0, "text", "en") stands on."""
    lines = path.read_text("utf-8").splitlines()
    if needle is not None:
        for number, line in enumerate(lines, 1):
            if needle in line or needle.replace("\\", "\\\\") in line:
                return number, line
    begin, end, table = 0, len(lines), ""
    names = [p for p in loc if isinstance(p, str)]
    if len(loc) > 1 and isinstance(loc[1], int):
        heads = [i for i, line in enumerate(lines) if line.strip().startswith(f"[[{names[0]}]]")]
        begin, table = (heads[loc[1]], names[0]) if loc[1] < len(heads) else (0, "")
    elif names:
        heads = [i for i, line in enumerate(lines) if line.strip() == f"[{names[0]}]"]
        begin, table = (heads[0], names[0]) if heads else (0, "")
    if table:  # what the table lacks is not to be found in the next one
        others = (i for i in range(begin + 1, end) if lines[i].startswith("[") and f"[{table}." not in lines[i])
        end = next(others, end)
    wanted = names[1:] if table else names
    for depth in range(len(wanted), 0, -1):
        key = re.compile(r"\s*" + r"\s*\.\s*".join(re.escape(n) for n in wanted[:depth]) + r"\s*[.=]")
        for number in range(begin, end):
            if key.match(lines[number]):
                return number + 1, lines[number]
    return (begin + 1, lines[begin]) if table else (None, None)
