"""The command line as a process, for tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run(
    *arguments: str | Path, stdin: str | bytes | None = None, timeout: float = 60, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line and return what it printed, decoded as UTF-8."""
    done = subprocess.run(
        [sys.executable, "-m", "fitcheck", *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        timeout=timeout,
        check=False,
        env=os.environ | env,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def ok(*arguments: str | Path, stdin: str | bytes | None = None, **env: str) -> str:
    done = run(*arguments, stdin=stdin, **env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(*arguments: str | Path, stdin: str | bytes | None = None) -> str:
    """Run what must fail, and return its one message."""
    done = run(*arguments, stdin=stdin)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stderr.startswith("fitcheck: error: ")
    assert "Traceback" not in done.stderr
    return done.stderr
