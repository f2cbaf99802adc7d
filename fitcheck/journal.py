"""What a run has judged so far, kept beside its output, so that the same command goes on after an interruption.

A hidden folder `.OUT.fitcheck` holds a small file for each judged block, written beside and renamed, so that a file
is whole or not there, and a manifest that says what they were judged from. It is removed when the output is whole.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fitcheck.errors import UseCaseError

__all__ = ["Journal", "open_journal"]

_MANIFEST, _LOCK, _PART = "manifest.json", "lock", "part"
_TRIES = 20


@dataclass(slots=True)
class Journal:
    """The judged blocks of one run.

    Attributes:
        folder: Where they lie.
        day: The day that all of them are judged for: the first run's.
        taken_over: How many rows were there already.
    """

    folder: Path
    day: dt.date
    taken_over: int
    _done: dict[int, int] = field(default_factory=dict)

    @property
    def part(self) -> Path:
        """Where the output is written until it is whole."""
        return self.folder / _PART

    @property
    def n_rows(self) -> int:
        """How many rows are kept."""
        return sum(self._done.values())

    def read(self, number: int, n_rows: int) -> list[list[Any]] | None:
        """Return a block's rows, or None where they are not there or not whole."""
        if self._done.get(number) != n_rows:
            return None
        try:
            rows = json.loads(self._path(number, n_rows).read_bytes())
        except (OSError, ValueError):
            rows = None
        if isinstance(rows, list) and len(rows) == n_rows:
            return rows
        del self._done[number]
        return None

    def write(self, number: int, rows: Sequence[Sequence[Any]]) -> None:
        """Keep a block's rows."""
        _write_whole(self._path(number, len(rows)), json.dumps(rows, separators=(",", ":")).encode())
        self._done[number] = len(rows)

    def _path(self, number: int, n_rows: int) -> Path:
        return self.folder / f"block-{number:08d}-{n_rows}.json"


@contextmanager
def open_journal(
    target: Path, made_from: Mapping[str, Any], *, day: dt.date, restart: bool = False, keep: bool = True
) -> Iterator[Journal]:
    """Open the journal of an output, and take over what an earlier run of the same command judged.

    The folder goes when the block ends; it stays where an exception ends it and something was judged.

    Args:
        target: The output.
        made_from: What the judged rows hang on: the input's size and hash, options, versions.
        day: The day to judge for, if nothing is taken over.
        restart: Whether to judge everything anew.
        keep: Whether anything stays after an exception.

    Raises:
        UseCaseError: Another run writes the same output, or the folder can't be made.
    """
    folder = target.with_name(f".{target.name}.fitcheck")
    with _locked(folder, target):
        manifest = _read_manifest(folder)
        same = manifest is not None and manifest["made_from"] == json.loads(json.dumps(dict(made_from)))
        if manifest is not None and same and not restart and keep:
            day = dt.date.fromisoformat(manifest["day"])
        else:
            _discard_blocks(folder)
            values = {"made_from": dict(made_from), "day": day.isoformat()}
            _write_whole(folder / _MANIFEST, json.dumps(values, indent=1).encode())
        done = {int(n): int(rows) for n, rows in (p.stem.split("-")[1:] for p in folder.glob("block-*-*.json"))}
        journal = Journal(folder, day, sum(done.values()), done)
        try:
            yield journal
        except BaseException:
            with suppress(OSError):
                journal.part.unlink(missing_ok=True)
            if not keep or not journal.n_rows:
                _remove(folder)
            raise
        _remove(folder)


def _read_manifest(folder: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((folder / _MANIFEST).read_bytes())
        dt.date.fromisoformat(manifest["day"])
        return manifest if isinstance(manifest["made_from"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_whole(path: Path, data: bytes) -> None:
    beside = path.with_suffix(".new")
    try:
        with beside.open("wb") as file:
            file.write(data)
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _discard_blocks(folder: Path) -> None:
    (folder / _MANIFEST).unlink(missing_ok=True)
    for path in (*folder.glob("block-*.json"), *folder.glob("*.new"), folder / _PART):
        path.unlink(missing_ok=True)


def _remove(folder: Path) -> None:
    # the output stands by now, or its error is on its way; another run may already wait for this folder
    with suppress(OSError):
        _discard_blocks(folder)
        (folder / _LOCK).unlink(missing_ok=True)
        folder.rmdir()


@contextmanager
def _locked(folder: Path, target: Path) -> Iterator[None]:
    """Hold the folder's lock; it goes with the process, however that ends."""
    try:
        file = _lock(folder)
    except BlockingIOError:
        raise UseCaseError(
            f"{target}: another run of fitcheck is writing it; wait until that is done, or name another file"
        ) from None
    except OSError as error:
        raise UseCaseError(f"{target}: can't be written: {error.strerror or error}") from None
    try:
        yield
    finally:
        os.close(file)


def _lock(folder: Path) -> int:
    for _ in range(_TRIES):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise OSError(f"{folder} is in the way")
        folder.mkdir(exist_ok=True)
        try:
            file = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            continue
        try:
            _take(file)
            # the run before may have removed the folder in between, and this lock with it
            if os.path.samestat(os.fstat(file), os.stat(folder / _LOCK)):
                return file
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(file)
            raise
        os.close(file)
    raise OSError(f"{folder}: its lock can't be had")


def _take(file: int) -> None:
    """Take the lock, or raise BlockingIOError."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(error.errno, error.strerror) from None
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
