"""One idea out of a file: a file of one idea and its facts, or of use cases that are kept for a check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fitcheck.errors import UseCaseError

if TYPE_CHECKING:
    from fitcheck.policy.entries import Entry

__all__ = ["FromFile", "read_from"]

_TABLES = re.compile(rb"^\s*\[\[\s*[\"']?use_case[\"']?\s*\]\]", re.MULTILINE)
_IDS_TOLD = 20


class FromFile(NamedTuple):
    """What a file says of one idea.

    Attributes:
        values: Fields of `UseCase`.
        note: A remark for the reader, or None.
        is_registered: Whether a check would read the idea too.
    """

    values: dict[str, Any]
    note: str | None = None
    is_registered: bool = False


def read_from(path: Path | None, name: str | None = None) -> FromFile:
    """Read one idea and its facts, of whichever kind the file is; no values where there is no file.

    Of a registered use case, what only a check asks for is left aside: owner, attributes and expect.

    Args:
        path: A TOML file as `read_idea_file` takes it, or a registry's file.
        name: The id of the registered use case; not needed where the file holds only one.

    Raises:
        UseCaseError: It is broken, no use case is called so, or there are several and none is named; lists the ids.
    """
    if path is None:
        if name is not None:
            raise UseCaseError("--id names a use case of a file: say which file, --from FILE")
        return FromFile({})
    if name is None and not _is_registry(path):
        from fitcheck.ideas import read_idea_file

        return FromFile(*read_idea_file(path))
    from fitcheck.policy.registry import read_registry

    use_case = _chosen(read_registry([path]), path, name).use_case
    values = {"text": use_case.text, "id": use_case.id, **use_case.facts()}
    return FromFile(values, is_registered=True)


def _is_registry(path: Path) -> bool:
    """Say whether a file holds use cases for a check: by its name, or by its `[[use_case]]` tables."""
    name = path.name.casefold()
    if ".fit." in name:
        from fitcheck.policy.registry import ENDINGS

        return name.endswith(ENDINGS)
    try:
        return path.suffix.casefold() == ".toml" and _TABLES.search(path.read_bytes()) is not None
    except OSError:
        return False  # whoever reads it says what is wrong


def _chosen(entries: Sequence[Entry], path: Path, name: str | None) -> Entry:
    from fitcheck.policy.escaping import shown_path

    if name is None and len(entries) == 1:
        return entries[0]
    for entry in entries:
        if entry.id == name:
            return entry
    where = shown_path(path)
    if name is None:
        raise UseCaseError(f"{where}: {len(entries):,} use cases; choose one by --id ID: {_listed(entries)}")
    from difflib import get_close_matches

    near = get_close_matches(name, [entry.id for entry in entries], n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {_listed(entries)}"
    raise UseCaseError(f"{where}: no use case is called {name!r}; {hint}")


def _listed(entries: Sequence[Entry]) -> str:
    more = len(entries) - _IDS_TOLD
    return ", ".join(entry.id for entry in entries[:_IDS_TOLD]) + (f", and {more:,} more" if more > 0 else "")
