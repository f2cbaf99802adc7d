"""The forms in which a check's result is written: for people, and for what reads it in CI."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Literal, get_args

from fitcheck.policy.found import CheckResult

__all__ = ["FORMATS", "FormatName", "format_error", "format_result"]

FormatName = Literal["text", "json", "junit", "sarif", "github", "gitlab", "markdown"]
FORMATS: tuple[FormatName, ...] = get_args(FormatName)

_ROOMS: dict[FormatName, str] = {
    "text": "fitcheck.policy.formats.plain",
    "json": "fitcheck.policy.formats.jsonform",
    "junit": "fitcheck.policy.formats.junit",
    "sarif": "fitcheck.policy.formats.sarif",
    "github": "fitcheck.policy.formats.github",
    "gitlab": "fitcheck.policy.formats.gitlab",
    "markdown": "fitcheck.policy.formats.markdown",
}


_PLACE = re.compile(r"(?P<path>[^\n]+?)(?::(?P<line>\d+))?: ")


def format_result(result: CheckResult, form: FormatName) -> str:
    """Return a check's result in one of the forms, ending in a line break.

    Paths are written relative to the working folder where they lie below it.
    """
    write: Callable[[CheckResult], str] = import_module(_ROOMS[form]).write
    return write(result)


def format_error(message: str, form: FormatName) -> str:
    """Return, in one of the forms, why nothing could be checked, ending in a line break.

    Args:
        message: The error's, which may begin with the place in a file.
        form: The form.
    """
    write: Callable[[str, str | None, int], str] = import_module(_ROOMS[form]).write_error
    place = _PLACE.match(message)
    if place is None or not _is_file(place["path"]):
        return write(message, None, 1)
    return write(message, place["path"], int(place["line"] or 1))


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # what stands before a colon may be no path at all
        return False
