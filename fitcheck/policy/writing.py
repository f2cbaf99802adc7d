"""Files that appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

from fitcheck.errors import UseCaseError
from fitcheck.policy.escaping import shown_path

__all__ = ["refuse_missing_folder", "remove_earlier", "write_whole"]


def refuse_missing_folder(path: Path) -> None:
    """Refuse a file to write whose folder is not there.

    Raises:
        UseCaseError: Names the folder.
    """
    if not path.parent.is_dir():
        folder = shown_path(path.parent)
        raise UseCaseError(f"{shown_path(path)}: there is no folder {folder}; make it first, or name another")


def remove_earlier(path: Path) -> None:
    """Remove a common file that an earlier run wrote; what is none, such as a device, is left alone.

    Raises:
        UseCaseError: It can't be removed.
    """
    if path.exists() and not path.is_file():
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        what = error.strerror or error
        raise UseCaseError(f"{shown_path(path)}: an earlier report can't be removed: {what}") from None


def write_whole(path: Path, text: str) -> None:
    """Write a text over a file, or beside it and then in its place where it is a common file.

    Raises:
        UseCaseError: Its folder is not there, or it can't be written; names the file that was asked for.
    """
    raw = text.encode("utf-8", "backslashreplace")
    if not (is_device := path.exists() and not path.is_file()):
        refuse_missing_folder(path)
    fresh = path if is_device else path.with_name(path.name + ".new")
    try:
        fresh.write_bytes(raw)
        if not is_device:
            fresh.replace(path)
    except OSError as error:
        raise UseCaseError(f"{shown_path(path)}: can't be written: {error.strerror or error}") from None
