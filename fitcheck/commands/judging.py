"""The command that judges one idea."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fitcheck.commands.options import (
    AsJson,
    AsMarkdown,
    Encoder,
    ExtraRules,
    Fast,
    From,
    Id,
    Lang,
    Risk,
    Rules,
    app,
    note,
    one_form,
    reading_of,
)
from fitcheck.show import refuse_file_name, show

if TYPE_CHECKING:
    from fitcheck.pipeline import Assessor

__all__ = ["assess"]


@app.command(
    epilog="\b\nExamples:\n"
    '  fitcheck "Draft replies to customer mails; a clerk edits each before it goes out"\n'
    '  fitcheck "用大模型核对每张发票的税额" --calls-per-month 40000 --no-human-review\n'
    "  fitcheck --from idea.toml --markdown > idea.md\n"
    "  fitcheck --from use-cases.fit.toml --id complaint-replies\n"
    "  cat idea.txt | fitcheck - --json"
)
def assess(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="The idea, in quotes; - reads standard input.")
    ] = None,
    from_: From = None,
    id_: Id = None,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
    lang: Lang = None,
    calls_per_month: Annotated[
        str | None, typer.Option(metavar="N[/day|/month|/year]", help="Calls to the model, a month if not said.")
    ] = None,
    tokens_in: Annotated[str | None, typer.Option(metavar="N", help="Input tokens per call.")] = None,
    tokens_out: Annotated[str | None, typer.Option(metavar="N", help="Output tokens per call.")] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="The model to price, such as gpt-4o-mini.")] = None,
    human_review: Annotated[
        bool | None,
        typer.Option("--human-review/--no-human-review", help="Whether a person checks each output."),
    ] = None,
    fact: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Any fact, by its field's name; may be repeated.")
    ] = None,
    encoder: Encoder = None,
    rules: Rules = None,
    extra_rules: ExtraRules = None,
    fast: Fast = False,
    risk: Risk = None,
) -> None:
    """Judge one idea, and show every number behind it.

    The verdict is fit, assist, overkill, unfit or unclear. In JSON, probability is that of the likeliest of the first
    four: where the verdict is unclear, of the one that was withheld.
    """
    from dataclasses import replace

    from fitcheck.cost import with_listed_model
    from fitcheck.ideas import build_use_case, read_stream, words_from_arguments
    from fitcheck.policy.registered import read_from

    one_form(as_json, as_markdown)
    in_file = read_from(from_, id_)
    refuse_file_name(" ".join(words or ()))
    given = read_stream(sys.stdin.buffer) if words == ["-"] else words_from_arguments(words or ())
    use_case = build_use_case(
        given.text if given else None,
        file_values=in_file.values,
        facts=fact or (),
        options={
            "calls_per_month": calls_per_month,
            "tokens_in": tokens_in,
            "tokens_out": tokens_out,
            "model": model,
            "human_review": human_review,
        },
    )
    note(in_file.note, given.note if given else None)
    # a check takes a model of one's own without a price
    asked, unpriced = with_listed_model(use_case) if in_file.is_registered else (use_case, "")
    note(unpriced)
    assessor = _assessor(encoder, rules, extra_rules, fast, risk)
    report = assessor.explain(assessor.assess(asked))
    if unpriced:
        report = replace(report, use_case=use_case, cost=None)
    show(report, form="json" if as_json else "markdown" if as_markdown else "text", lang=lang)


def _assessor(
    encoder: str | None, rules: Path | None, extra_rules: Path | None, fast: bool, risk: float | None
) -> Assessor:
    from fitcheck.pipeline import Assessor

    reading = reading_of(fast, encoder, rules, extra_rules)
    return Assessor(encoder=encoder, rules=rules, extra_rules=extra_rules, reading=reading, risk=risk)
