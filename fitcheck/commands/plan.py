"""The command that says what to do next about one idea."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from fitcheck.commands.options import AsJson, AsMarkdown, From, Id, Lang, app, as_json_text, note, one_form
from fitcheck.errors import UseCaseError
from fitcheck.show import refuse_file_name, terminal

__all__ = ["plan"]


@app.command(
    epilog="\b\nExamples:\n"
    '  fitcheck plan "Use an LLM to plan the drivers\' shifts"\n'
    '  fitcheck plan "用大模型起草客户回信，专员改后再发" --cases cases.csv\n'
    "  fitcheck plan --from idea.toml --markdown > plan.md"
)
def plan(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="The idea, in quotes; - reads standard input.")
    ] = None,
    from_: From = None,
    id_: Id = None,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
    lang: Lang = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="FILE", help="Write the ten test cases to fill in, as CSV.")
    ] = None,
    fact: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Any fact, by its field's name; may be repeated.")
    ] = None,
) -> None:
    """Say what to do next about one idea.

    For overkill and unfit: the alternative, the open-source tools for it, steps, and its cost beside the model's.
    For fit and assist: guardrails, what to measure first, what has to be beaten, and ten test cases to write.
    """
    from dataclasses import asdict

    from fitcheck.ideas import build_use_case, read_stream, words_from_arguments
    from fitcheck.pipeline import Assessor
    from fitcheck.policy.registered import read_from

    one_form(as_json, as_markdown)
    in_file = read_from(from_, id_)
    refuse_file_name(" ".join(words or ()))
    given = read_stream(sys.stdin.buffer) if words == ["-"] else words_from_arguments(words or ())
    use_case = build_use_case(given.text if given else None, file_values=in_file.values, facts=fact or (), options={})
    note(in_file.note, given.note if given else None)
    report = Assessor().assess(use_case)
    found = report.plan
    if cases is not None:
        from fitcheck.plans import write_cases

        if found is None:
            raise UseCaseError('--cases: the verdict is unclear, so there is no plan; fitcheck ask "…" asks for more')
        count = write_cases(found, cases, lang or report.lang)
        note(f"wrote {count} cases to {cases}" if (lang or report.lang) == "en" else f"已写入 {count} 个用例：{cases}")
    if as_json:
        head = {"verdict": report.verdict.value, "probability": report.probability, "text": report.use_case.text}
        print(as_json_text({**head, "plan": found and asdict(found)}))
    elif as_markdown:
        from fitcheck.render.plan_page import plan_markdown

        print(plan_markdown(report, lang=lang))
    elif (console := terminal()) is not None:
        from fitcheck.render.plan_page import print_plan

        print_plan(report, console, lang=lang)
    else:
        from fitcheck.render.plan_page import plan_text

        print(plan_text(report, lang=lang))
