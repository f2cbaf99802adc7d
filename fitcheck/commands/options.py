"""The application and what its commands share: options, notes, how they print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from fitcheck.errors import UseCaseError

__all__ = [
    "BAD_INPUT",
    "OK",
    "AsJson",
    "AsMarkdown",
    "Encoder",
    "ExtraRules",
    "Fast",
    "From",
    "Id",
    "Lang",
    "PageLang",
    "Risk",
    "Rules",
    "app",
    "as_json_text",
    "note",
    "one_form",
    "reading_of",
    "say_progress",
]

OK, BAD_INPUT = 0, 2


def reading_of(fast: bool, *packs: object) -> Literal["fast", "cascade"]:
    """Return which reading `--fast` asks for.

    Raises:
        UseCaseError: Fast, and one of `packs`, an encoder or rules, is given too.
    """
    if fast and any(pack is not None for pack in packs):
        raise UseCaseError("--fast reads words alone: leave it out, or leave out --encoder, --rules and --extra-rules")
    return "fast" if fast else "cascade"


app = typer.Typer(
    name="fitcheck",
    help="Is this idea a job for a large language model, and what would it cost? Offline, the same answer every time.",
    epilog='fitcheck "TEXT" is short for fitcheck assess "TEXT". fitcheck --version prints the version.',
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

Lang = Annotated[Literal["en", "zh"] | None, typer.Option(help="Language of the report; the idea's own if not given.")]
PageLang = Annotated[Literal["en", "zh"], typer.Option(help="Language of the titles and pages.")]
From = Annotated[
    Path | None,
    typer.Option(
        "--from", metavar="FILE", help="A TOML file: text and facts by their names; or a file of use cases, *.fit.toml."
    ),
]
Id = Annotated[
    str | None, typer.Option("--id", metavar="ID", help="Which use case of --from; not needed where it holds one.")
]
Encoder = Annotated[
    str | None, typer.Option(metavar="NAME", help="A sentence-transformers model to read with, by name or folder.")
]
Rules = Annotated[Path | None, typer.Option(metavar="PATH", help="A rule pack to use instead of the shipped one.")]
ExtraRules = Annotated[Path | None, typer.Option(metavar="PATH", help="A rule pack to use beside the shipped one.")]
Fast = Annotated[
    bool, typer.Option("--fast", help="Read words alone, for millions of ideas: no rules, no facts, less right.")
]
Risk = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        min=0.0,
        max=0.99,
        help="Answer only what is expected to be right with 1 - SHARE, such as 0.05; the rest comes out unclear.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown.")]


def one_form(as_json: bool, as_markdown: bool) -> None:
    """Refuse two forms at once.

    Raises:
        UseCaseError: Both were asked for.
    """
    if as_json and as_markdown:
        raise UseCaseError("--json and --markdown exclude each other; choose one")


def as_json_text(values: Any) -> str:
    """Return values as indented JSON."""
    import json

    return json.dumps(values, ensure_ascii=False, indent=2, default=str)


def note(*notes: str | None) -> None:
    """Print remarks on standard error."""
    for one in notes:
        if one:
            print(f"fitcheck: note: {one}", file=sys.stderr)


def say_progress(line: str) -> None:
    """Print a line about long work on standard error."""
    print(line, file=sys.stderr, flush=True)
