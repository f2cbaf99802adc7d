"""What of a registry has changed since a git revision."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fitcheck.errors import UseCaseError
from fitcheck.policy.document import SHIPPED_FOLDER
from fitcheck.policy.entries import Entry
from fitcheck.policy.errors import PolicyError
from fitcheck.policy.escaping import shown, shown_path
from fitcheck.policy.registry import read_entries

__all__ = ["changed_entries"]

_SECONDS = 120
_SCOPES = ("id", "use_case", "expect", "owner", "attributes")


def changed_entries(
    entries: Sequence[Entry], revision: str, *, also: Sequence[Path] = ()
) -> tuple[list[Entry], str | None]:
    """Return the entries that are new or say something else than at a revision.

    An entry that only moved to another line or another file has not changed.

    Args:
        entries: The registry as it is.
        revision: As git names it: a branch, a tag, a commit, `HEAD~1`.
        also: Files and folders on which every verdict hangs, such as the policy; when one has changed, all have.

    Returns:
        The entries, and the path of the file that makes all of them count, or None.

    Raises:
        PolicyError: No git, no repository, no such revision, or entries outside the repository.
    """
    folder = _top(entries[0].path.resolve().parent)
    commit = _commit(folder, revision)
    tracked = _names(folder, "ls-files", "-z")
    differing = _names(folder, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", commit, "--")

    def has_changed(path: Path) -> bool:
        # what git does not keep, it can't compare
        return path in differing or path not in tracked

    for path in also:
        inside = path.resolve()
        if folder not in inside.parents or SHIPPED_FOLDER in inside.parents:
            continue
        gone = [d for d in differing if inside in d.parents]
        files = [inside] if inside.is_file() else [*inside.rglob("*.toml"), *gone]
        if any(map(has_changed, files)):
            return list(entries), shown_path(path)
    for entry in entries:
        if folder not in entry.path.resolve().parents:
            raise PolicyError(
                f"{shown_path(entry.path)}: outside the git repository {shown_path(folder)}; check it without --diff"
            )
    touched = [e for e in entries if has_changed(e.path.resolve())]
    if not touched:
        return [], None
    before = _before(folder, commit, differing | {e.path.resolve() for e in touched})
    return [e for e in touched if e.id not in before or _content(before[e.id]) != _content(e)], None


def _content(entry: Entry) -> tuple[object, ...]:
    return tuple(getattr(entry, name) for name in _SCOPES)


def _before(folder: Path, commit: str, files: set[Path]) -> dict[str, Entry]:
    """Read the registry's changed files as they were; what could not be read then counts as not there."""
    found: dict[str, Entry] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for file in sorted(files):
            try:
                name = file.relative_to(folder).as_posix()
            except ValueError:
                continue
            done = _git(folder, "cat-file", "blob", f"{commit}:{name}")
            if done.returncode:
                continue
            # under its own name, since ids can be made from it
            copy = Path(scratch, file.name)
            copy.write_bytes(done.stdout)
            try:
                for entry in read_entries(copy):
                    found.setdefault(entry.id, entry)
            except UseCaseError:
                continue
    return found


def _names(folder: Path, *arguments: str) -> set[Path]:
    done = _git(folder, *arguments)
    if done.returncode:
        raise PolicyError(f"git: {_last_line(done.stderr)}")
    return {folder / name.decode("utf-8", "surrogateescape") for name in done.stdout.split(b"\0") if name}


def _top(folder: Path) -> Path:
    done = _git(folder, "rev-parse", "--show-toplevel")
    if done.returncode:
        raise PolicyError(f"{shown_path(folder)}: --diff needs a git repository: {_last_line(done.stderr)}")
    return Path(done.stdout.decode("utf-8", "surrogateescape").rstrip("\n"))


def _commit(folder: Path, revision: str) -> str:
    done = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if done.returncode or revision.startswith("-"):
        raise PolicyError(
            f"--diff {shown(revision)}: git knows no such revision here; where CI fetches only the last commit, have "
            "it fetch the history too (fetch-depth: 0, or GIT_DEPTH: 0)"
        )
    return done.stdout.decode("ascii").strip()


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, check=False, timeout=_SECONDS
        )
    except FileNotFoundError:
        raise PolicyError("--diff needs git, and there is none on the PATH") from None
    except subprocess.TimeoutExpired:
        raise PolicyError(f"git {arguments[0]} took over {_SECONDS} s") from None


def _last_line(raw: bytes) -> str:
    return shown(raw.decode("utf-8", "replace").strip().rpartition("\n")[2])
