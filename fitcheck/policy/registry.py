"""A registry of use cases: files in a repository."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from fitcheck.errors import UseCaseError
from fitcheck.ideas import decode
from fitcheck.policy.entries import Entry, entries_of_toml
from fitcheck.policy.escaping import shown_path

__all__ = ["ENDINGS", "Entry", "read_entries", "read_registry", "registry_files"]

ENDINGS = (".fit.toml", ".fit.csv", ".fit.tsv", ".fit.jsonl", ".fit.ndjson")
"""The names by which files of use cases are known in a folder; a file that is named itself may have any."""

_MOST_BYTES = 16 << 20
_MOST_ENTRIES = 50_000
_MOST_FILES = 50_000
_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages"})


def read_registry(paths: Sequence[Path]) -> list[Entry]:
    """Read every use case of files and folders, in order.

    Folders are walked for files that end in one of `ENDINGS`, without hidden folders and without following links
    to folders; a file that is reached twice is read once.

    Args:
        paths: Files and folders.

    Raises:
        UseCaseError: No such path, no use case in any, a file that is broken or over 16 MB, an id that stands
            twice, or more than 50,000 use cases.
    """
    files = registry_files(paths)
    if not files:
        where = ", ".join(shown_path(p) for p in paths) or "nothing"
        raise UseCaseError(
            f"{where}: no use case in it; a registry is files called *.fit.toml, *.fit.csv or *.fit.jsonl "
            "(fitcheck init writes one)"
        )
    entries: list[Entry] = []
    seen: dict[str, Entry] = {}
    for file in files:
        for entry in read_entries(file):
            other = seen.setdefault(entry.id, entry)
            if other is not entry:
                here, there = (f"{shown_path(e.path)}:{e.line}" for e in (entry, other))
                raise UseCaseError(f"{here}: the id {entry.id!r} stands at {there} too; give each use case its own")
            entries.append(entry)
            if len(entries) > _MOST_ENTRIES:
                raise UseCaseError(
                    f"{shown_path(file)}: over {_MOST_ENTRIES:,} use cases; check them folder by folder, "
                    "or judge a table of ideas with fitcheck batch"
                )
    return entries


def registry_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files of use cases that paths stand for, each once, in a fixed order.

    Raises:
        UseCaseError: No such path, or something that is neither a file nor a folder.
    """
    found: dict[tuple[int, int], Path] = {}
    for path in paths:
        status = _status(path)
        if not stat.S_ISDIR(status.st_mode):
            _refuse_other_than_file(path, status)
            found.setdefault((status.st_dev, status.st_ino), path)
            continue
        for file in _walk(path):
            inside = _status(file)
            _refuse_other_than_file(file, inside)
            found.setdefault((inside.st_dev, inside.st_ino), file)
            if len(found) > _MOST_FILES:
                raise UseCaseError(f"{shown_path(path)}: over {_MOST_FILES:,} files of use cases; check it in parts")
    return list(found.values())


def read_entries(path: Path) -> Iterator[Entry]:
    """Yield the use cases of one file.

    Raises:
        UseCaseError: It is broken, empty or over 16 MB.
    """
    where = shown_path(path)
    try:
        n_bytes = path.stat().st_size
        if n_bytes > _MOST_BYTES:
            raise UseCaseError(
                f"{where}: {n_bytes / 1e6:,.0f} MB, and at most {_MOST_BYTES >> 20} are read: a registry is kept by "
                "people; split it, or judge a table of ideas with fitcheck batch"
            )
        if path.name.casefold().endswith(".toml"):
            yield from entries_of_toml(decode(path.read_bytes(), where=where).text.removeprefix("\ufeff"), path)
        else:
            from fitcheck.policy.entry_tables import entries_of_table

            yield from entries_of_table(path)
    except OSError as error:
        raise UseCaseError(f"{where}: {error.strerror or error}") from None


def _walk(folder: Path) -> Iterator[Path]:
    for base, folders, files in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(f for f in folders if not _is_skipped(base, f))
        yield from (Path(base, f) for f in sorted(files) if f.casefold().endswith(ENDINGS))


def _is_skipped(base: str, name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED or os.path.isfile(os.path.join(base, name, "pyvenv.cfg"))


def _unreadable(error: OSError) -> None:
    raise UseCaseError(f"{shown_path(Path(error.filename))}: {error.strerror}") from None


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        what = "a link that leads nowhere" if path.is_symlink() else error.strerror or str(error)
        raise UseCaseError(f"{shown_path(path)}: {what}") from None


def _refuse_other_than_file(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UseCaseError(f"{shown_path(path)}: neither a file nor a folder")
