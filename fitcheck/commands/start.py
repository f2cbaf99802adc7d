"""The command that a project begins with."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Literal

import typer

from fitcheck.commands.options import app

__all__ = ["init"]


@app.command(epilog="\b\nExamples:\n  fitcheck init\n  fitcheck init use-cases --ci gitlab\n  fitcheck init --lang zh")
def init(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Where to; this folder if not given.")] = Path("."),
    ci: Annotated[
        Literal["github", "gitlab", "none"], typer.Option("--ci", help="Whose CI job to write beside them.")
    ] = "github",
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of the files and of what is printed.")] = "en",
) -> None:
    """Write example use cases, a policy and a CI job, each commented.

    Nothing that is there is written over. The first fitcheck check fails on purpose, and says how to mend it.
    """
    from fitcheck.policy.escaping import shown_path
    from fitcheck.policy.starting import write_starter

    started = write_starter(folder, ci=ci, lang=lang)
    zh = lang == "zh"
    for one in started:
        path = shown_path(one.path)
        if one.kept is None:
            print(f"已写入 {path}" if zh else f"wrote {path}")
        elif one.kept.absolute() == one.path.absolute():
            print(f"已有 {path}，保留不动" if zh else f"kept {path}: it was there")
        else:
            there = shown_path(one.kept)
            print(f"已有 {there}，未写入 {path}" if zh else f"kept {there}, so {path} was not written")
    for one in started:
        if one.to_add:
            path = shown_path(one.path)
            print(f"\n请把下面的任务加进 {path}：\n" if zh else f"\nAdd this job to {path}:\n")
            print("\n".join(f"    {line}".rstrip() for line in one.to_add.splitlines()))
    where = "" if folder == Path(".") else f" {shlex.quote(shown_path(folder))}"
    wrote_ideas = started[0].kept is None
    print("\n接下来：" if zh else "\nNext:")
    for number, step in enumerate(_steps(where, shown_path(started[0].path), wrote_ideas, zh), 1):
        print(f"  {number}. {step}")


def _steps(where: str, ideas: str, wrote_ideas: bool, zh: bool) -> list[str]:
    if zh:
        own = f"把 {ideas} 里的示例换成自己的想法" if wrote_ideas else "按检查结果修改用例或策略"
        first = (
            [
                f"fitcheck check{where}    会不通过，这是有意的：一个示例把个人数据发往 API，却没有写明协议",
                f"在 {ideas} 里去掉 attributes.agreement 一行开头的 #，再检查一次：通过",
            ]
            if wrote_ideas
            else [f"fitcheck check{where}"]
        )
        return [*first, own, f"fitcheck lock{where}    记下今天的结论，以后的检查会说明变动和原因"]
    own = f"put your own ideas in place of the examples in {ideas}" if wrote_ideas else "mend what it finds"
    first = (
        [
            f"fitcheck check{where}    fails on purpose: an example sends personal data to an API without an agreement",
            f"in {ideas}, take the # from the line attributes.agreement, and check again: it passes",
        ]
        if wrote_ideas
        else [f"fitcheck check{where}"]
    )
    return [*first, own, f"fitcheck lock{where}    records today's verdicts, so that a check can say what has moved"]
