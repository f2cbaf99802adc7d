"""A policy: what an organisation requires of its use cases, and who may break it until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from fitcheck.policy.errors import PolicyError
from fitcheck.policy.escaping import shown_path
from fitcheck.policy.requirements import Requirement

__all__ = ["POLICY_FILE", "SHIPPED", "SHIPPED_FOLDER", "Policy", "Waiver", "find_policy", "load_policy", "shipped_path"]

SHIPPED = ("balanced", "cost-first", "strict")
"""The names of the policies that come along."""

SHIPPED_FOLDER = Path(__file__).resolve().parent / "shipped"
"""Where they lie."""

POLICY_FILE = "fitcheck-policy.toml"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Leave for one idea to break one requirement.

    Attributes:
        idea: The entry's id.
        requirement: The requirement's id.
        who: Who gave leave.
        why: The reason.
        until: The last day on which it holds.
        path: The policy file that it stands in.
        line: Its line there, from 1.
    """

    idea: str
    requirement: str
    who: str
    why: str
    until: dt.date
    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that was read.

    Attributes:
        name: The file's name, or the shipped policy's.
        path: The file.
        requirements: In the file's order, those of extended policies first, none of them off.
        waivers: In the file's order.
        risk: As in `Assessor`: the share of wrong answers that is accepted, or None.
        rules: A rule pack instead of the shipped one, or None.
        extra_rules: A rule pack beside the shipped one, or None.
        lang: The language of messages.
        places: The file and the line of each requirement, by its id.
        files: Every file that it was read from.
    """

    name: str
    path: Path
    requirements: tuple[Requirement, ...]
    waivers: tuple[Waiver, ...] = ()
    risk: float | None = None
    rules: Path | None = None
    extra_rules: Path | None = None
    lang: Literal["en", "zh"] = "en"
    places: Mapping[str, tuple[Path, int]] = field(default_factory=dict)
    files: tuple[Path, ...] = ()


def load_policy(path: Path | None, *, start: Path) -> Policy:
    """Read a policy.

    Args:
        path: A file, or a shipped policy's name; None to look for one.
        start: The folder from which on to look, upwards.

    Raises:
        PolicyError: There is none, or it is broken, allows nothing or requires nothing; quotes the line.
    """
    from fitcheck.policy.reading import read_policy

    if path is None:
        found = find_policy(start)
        if found is None:
            if not start.exists():
                raise PolicyError(f"{shown_path(start)}: No such file or directory")
            raise PolicyError(
                f"no policy: no {POLICY_FILE} and no [tool.fitcheck.policy] in {shown_path(start)} or above it; "
                f"write one (fitcheck init), or name one that comes along: --policy {' | '.join(SHIPPED)}"
            )
        return read_policy(found)
    if str(path) in SHIPPED:
        return read_policy(shipped_path(str(path)))
    if path.is_dir():
        inside = _policy_in(path)
        if inside is None:
            raise PolicyError(f"{shown_path(path)}: no {POLICY_FILE} in it")
        return read_policy(inside)
    if not path.exists() and path.suffix == "" and path.parent == Path("."):
        from fitcheck.policy.requirements import near

        raise PolicyError(f"no policy is called {str(path)!r}; {near(str(path), SHIPPED)}, or name a file")
    return read_policy(path)


def shipped_path(name: str) -> Path:
    """Return the file of a policy that comes along."""
    return SHIPPED_FOLDER / f"{name}.toml"


def find_policy(start: Path) -> Path | None:
    """Find fitcheck-policy.toml, or a pyproject.toml with [tool.fitcheck.policy], in a folder or above it.

    It looks no further up than the folder that holds .git.

    Raises:
        PolicyError: A folder holds both.
    """
    folder = start.resolve()
    folder = folder if folder.is_dir() else folder.parent
    for here in (folder, *folder.parents):
        found = _policy_in(here)
        if found is not None:
            return found
        if (here / ".git").exists():
            return None
    return None


def _policy_in(folder: Path) -> Path | None:
    own, project = folder / POLICY_FILE, folder / "pyproject.toml"
    in_project = _has_policy(project)
    if own.is_file() and in_project:
        raise PolicyError(
            f"{shown_path(own)}: there is a [tool.fitcheck.policy] in pyproject.toml beside it; keep one of them"
        )
    return own if own.is_file() else project if in_project else None


def _has_policy(project: Path) -> bool:
    import tomli

    try:
        text = project.read_bytes()
        # most projects have none, and theirs need not be parsed
        if b"fitcheck" not in text:
            return False
        values = tomli.loads(text.decode("utf-8", "replace"))
    except (OSError, tomli.TOMLDecodeError, RecursionError):
        return False
    tool = values.get("tool")
    own = tool.get("fitcheck") if isinstance(tool, dict) else None
    return isinstance(own, dict) and "policy" in own
