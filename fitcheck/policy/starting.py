"""The first files of a project: example use cases, a policy, and the job that checks them in CI."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from fitcheck.errors import UseCaseError
from fitcheck.policy.document import POLICY_FILE, find_policy
from fitcheck.policy.escaping import shown_path
from fitcheck.policy.registry import registry_files
from fitcheck.text import Language

__all__ = ["CI_FILES", "USE_CASES_FILE", "Ci", "Started", "write_starter"]

Ci = Literal["github", "gitlab", "none"]

USE_CASES_FILE = "use-cases.fit.toml"
CI_FILES: dict[str, str] = {"github": ".github/workflows/fitcheck.yml", "gitlab": ".gitlab-ci.yml"}
"""Where each CI server looks for its jobs, from the repository's root."""

_STARTER = Path(__file__).resolve().parent / "starter"
_CHECK = "fitcheck check"


@dataclass(frozen=True, slots=True)
class Started:
    """A file of a new project.

    Attributes:
        path: The file.
        kept: What stood there instead and was left alone; None where the file was written.
        to_add: What has to be added by hand to the file that is there, or nothing.
    """

    path: Path
    kept: Path | None = None
    to_add: str = ""


def write_starter(folder: Path, *, ci: Ci = "github", lang: Language = "en") -> tuple[Started, ...]:
    """Write what a project begins with, and leave alone whatever is there.

    Args:
        folder: Made if it isn't there. The CI job goes to the root of the git repository round it.
        ci: Whose job to write.
        lang: The language of the comments and of the example ideas.

    Returns:
        The use cases, the policy, and the job unless `ci` is `none`.

    Raises:
        UseCaseError: The folder is a file.
        PolicyError: The folder holds two policies.
    """
    if folder.exists() and not folder.is_dir():
        raise UseCaseError(f"{shown_path(folder)}: a file; name a folder, or leave it out for this one")
    folder.mkdir(parents=True, exist_ok=True)
    registry = registry_files([folder])
    policy = find_policy(folder)
    # one further up counts for this folder too, but whoever starts a project here wants one of its own
    own_policy = policy if policy is not None and policy.parent == folder.resolve() else None
    started = [
        _write(folder / USE_CASES_FILE, _read(f"use-cases.{lang}.toml"), registry[0] if registry else None),
        _write(folder / POLICY_FILE, _read(f"policy.{lang}.toml"), own_policy),
    ]
    if ci != "none":
        root = _repository(folder)
        command = _check_command(folder, root)
        job = _write(root / CI_FILES[ci], text := _read(f"{ci}.yml").replace(_CHECK, command), None)
        if job.kept is not None and f"{command} --format" not in job.kept.read_text("utf-8", "replace"):
            job = replace(job, to_add=text)
        started.append(job)
    return tuple(started)


def _read(name: str) -> str:
    return (_STARTER / name).read_text("utf-8")


def _write(path: Path, text: str, instead: Path | None) -> Started:
    if instead is not None:
        return Started(path, instead)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # "x" refuses whatever is there, a link that leads nowhere too
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return Started(path, path)
    return Started(path)


def _repository(folder: Path) -> Path:
    """Return the root of the git repository that a folder lies in, or the folder itself."""
    whole = folder.resolve()
    return next((place for place in (whole, *whole.parents) if (place / ".git").exists()), folder)


def _check_command(folder: Path, root: Path) -> str:
    """Return the command that checks a folder from the repository's root, as a line of YAML takes it."""
    below = folder.resolve().relative_to(root.resolve()).as_posix()
    if below == ".":
        return _CHECK
    if not re.fullmatch(r"[\w./-]+", below):
        below = shlex.quote(below)
        if re.search(r": | #|[\"\\\n]", below):
            raise UseCaseError(f"{below}: a folder's name that a CI job can't hold; take --ci none")
    return f"{_CHECK} {below}"
