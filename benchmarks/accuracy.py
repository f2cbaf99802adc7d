"""How often fitcheck is right: `python -m benchmarks.accuracy [--data DIR] [--encoder NAME] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from benchmarks.layout import open_console, print_set
from benchmarks.sets import (
    FOLDER_SETS,
    OWN_TEST,
    SET_NAMES,
    IdeaSet,
    SetError,
    data_folder,
    origins,
    own_test_split,
    read_set,
)
from fitcheck.errors import FitcheckError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 0 also where a set is absent, 2 for a broken one."""
    options = _parser().parse_args(arguments)
    wanted = tuple(dict.fromkeys(options.only)) if options.only else SET_NAMES
    folder = data_folder(options.data)
    try:
        sets = _read(wanted, folder)
        assessor = _make_assessor(options.encoder, options.reading)
        figures = _measure(sets, assessor)
    except (FitcheckError, SetError) as error:
        print(f"benchmarks.accuracy: {error}", file=sys.stderr)
        return 2
    if options.json:
        asked = {"encoder": options.encoder or "default", "reading": options.reading}
        values = {**asked, "versions": _versions(assessor), "sets": figures}
        Path(options.json).write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        print(f"all figures: {options.json}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description="How often fitcheck is right.")
    parser.add_argument("--data", metavar="DIR", help="third-party sets; else FITCHECK_DATA, else ../shared/data")
    parser.add_argument("--encoder", metavar="NAME", help="another encoder than the default")
    parser.add_argument("--reading", default="cascade", choices=("cascade", "first", "fast"), help="how it reads")
    parser.add_argument("--json", metavar="FILE", help="write every figure to this file too")
    parser.add_argument("--only", metavar="SET", nargs="+", choices=SET_NAMES, help=", ".join(SET_NAMES))
    return parser


def _read(wanted: Sequence[str], folder: Path) -> list[IdeaSet]:
    """Read the wanted sets that are there; say where to get the others."""
    read = {name: read_set(name, folder) for name in wanted if name in FOLDER_SETS}
    absent = [name for name, ideas in read.items() if ideas is None]
    if absent:
        print(f"Not in {folder} (name another folder by --data or FITCHECK_DATA):\n\n{origins(absent)}\n")
    sets = [ideas for ideas in read.values() if ideas is not None]
    if OWN_TEST in wanted:
        sets.append(own_test_split())
    if not sets:
        print("Nothing was measured.")
    return sets


def _make_assessor(encoder: str | None, reading: Literal["cascade", "first", "fast"] = "cascade") -> Any:
    from fitcheck import Assessor

    return Assessor(encoder=encoder, reading=reading)


def _measure(sets: Sequence[IdeaSet], assessor: Any) -> dict[str, Any]:
    from benchmarks.score import score_set

    console = open_console()
    figures: dict[str, Any] = {}
    for ideas in sets:
        figures[ideas.name] = score_set(ideas, assessor, _progress(ideas))
        print_set(console, ideas.name, figures[ideas.name])
    return figures


def _progress(ideas: IdeaSet) -> Callable[[int], None] | None:
    """Return what counts on standard error while a set runs, where somebody watches."""
    if not sys.stderr.isatty():
        return None

    def count(done: int) -> None:
        end = "\n" if done == len(ideas.ideas) else ""
        print(f"\r{ideas.name}: {done:,} of {len(ideas.ideas):,}", end=end, file=sys.stderr, flush=True)

    return count


def _versions(assessor: Any) -> dict[str, Any]:
    info = assessor.assess("Draft replies to customer mails").info
    return {"fitcheck": info.fitcheck, "model": info.model, "rules": info.rules} if info else {}


if __name__ == "__main__":
    sys.exit(main())
