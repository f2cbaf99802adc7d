"""The README's own blocks run and print what it shows."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PYTHON = re.findall(r"```pycon\n(.*?)```", README, re.S)
SHELL = re.findall(r"```console\n(.*?)```", README, re.S)


def test_readme_has_blocks() -> None:
    assert PYTHON
    assert SHELL


@pytest.mark.parametrize("block", PYTHON, ids=range(len(PYTHON)))
def test_python_blocks(block: str) -> None:
    example = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(example)
    assert result.attempted
    assert not result.failed


def _commands() -> list[tuple[str, str]]:
    """Return each `$ fitcheck …` line and what is shown below it."""
    found = []
    for block in SHELL:
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, shown = part.partition("\n")
            found.append((command, shown.strip("\n")))
    return found


@pytest.mark.parametrize(("command", "shown"), _commands(), ids=[c for c, _ in _commands()])
def test_console_blocks(command: str, shown: str, tmp_path: Path) -> None:
    words = shlex.split(command)
    assert words[0] == "fitcheck", "the README's console blocks show fitcheck alone"
    (tmp_path / "ideas.csv").write_text("idea\nWrite a haiku for the office plant\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "fitcheck", *words[1:]],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    printed = iter([line.rstrip() for line in done.stdout.splitlines()])
    for line in shown.splitlines():
        if line.strip() == "...":
            continue
        # every shown line is printed, in this order
        assert any(line.rstrip() == out for out in printed), f"{command!r} no longer prints {line!r}:\n{done.stdout}"
