"""The command that records today's verdicts in a lock file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from fitcheck.commands.options import app

__all__ = ["lock"]


@app.command(epilog="\b\nExamples:\n  fitcheck lock\n  fitcheck lock use-cases/ --out use-cases/fitcheck.lock")
def lock(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATHS]", help="Files of use cases, and folders of them; this folder if none."),
    ] = None,
    policy: Annotated[
        str | None, typer.Option(metavar="FILE|NAME", help="Whose rules and risk to judge by; looked for if not given.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="The lock file; if not given, the nearest fitcheck.lock, here or above."
        ),
    ] = None,
    lang: Annotated[Literal["en", "zh"] | None, typer.Option(help="Language of the messages.")] = None,
) -> None:
    """Record today's verdicts, costs and versions, so that fitcheck check can say later what has moved, and why.

    Prints what moved since the lock file was written before. Commit the file beside the use cases.
    """
    from fitcheck.policy import check_entries, load_policy, read_registry
    from fitcheck.policy.document import find_policy
    from fitcheck.policy.drift import update_lock
    from fitcheck.policy.escaping import shown, shown_path
    from fitcheck.policy.judging import load_assessor
    from fitcheck.policy.lock import LOCK_NAME, find_lock, read_lock
    from fitcheck.policy.writing import refuse_missing_folder

    if out is not None:
        refuse_missing_folder(out)
    asked = paths or [Path(".")]
    start = asked[0] if asked[0].is_dir() else asked[0].parent
    # what a policy requires does not matter here, only its rules and risk, and a shipped one names none
    without = None if find_policy(start) is not None else Path("balanced")
    loaded = load_policy(without if policy is None else Path(policy), start=start)
    result = check_entries(read_registry(asked), loaded, load_assessor(loaded), lang=lang)
    said = result.lang
    path = out or find_lock(start) or (start / LOCK_NAME)
    before = read_lock(path).ideas if path.exists() else {}
    moved = update_lock(path, result.judged, loaded, lang=said)
    after = read_lock(path).ideas
    anew = [name for name in before if name in after and before[name] != after[name]]
    gone = [name for name in before if name not in after]
    for finding in moved:
        place = f"{shown_path(finding.entry.path)}:{finding.entry.line}"
        print(f"{place}: {shown(finding.entry.id)}: {finding.message}")
    ideas, changes = len(result.judged), len(moved)
    if said == "zh":
        more = f"；重写：{'、'.join(map(shown, anew))}" if anew else ""
        more += f"；已不在，删去：{'、'.join(map(shown, gone))}" if gone else ""
        print(f"{shown_path(path)}：记录了 {ideas:,} 个用例，结论或花费 {changes:,} 处变动{more}")
    else:
        counts = f"{ideas:,} use case{_s(ideas)} recorded, {changes:,} change{_s(changes)} of verdict or cost"
        counts += f"; written anew: {', '.join(map(shown, anew))}" if anew else ""
        counts += f"; gone and dropped: {', '.join(map(shown, gone))}" if gone else ""
        print(f"{shown_path(path)}: {counts}")


def _s(number: int) -> str:
    return "" if number == 1 else "s"
