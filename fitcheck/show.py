"""A report on standard output, in the form that was asked for."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import Console

    from fitcheck.records import Report

__all__ = ["refuse_file_name", "show", "show_verdict_on", "terminal"]

_FILE = re.compile(r"[^\s，。；：、！？]+\.(?:csv|tsv|xlsx|jsonl?|parquet|txt|toml|md)", re.IGNORECASE)
# 汇总成report.csv is a sentence, as is a long one without a space
_SENTENCE = re.compile(r"[\u4e00-\u9fff][A-Za-z]|(?:[\u4e00-\u9fff].*){13}")

Form = Literal["text", "json", "markdown"]


def show(report: Report, *, form: Form = "text", lang: Literal["en", "zh"] | None) -> None:
    """Print a report; as text in colour where a person reads."""
    if form == "json":
        print(report.to_json())
    elif form == "markdown":
        from fitcheck.render import report_markdown

        print(report_markdown(report, lang=lang))
    elif (console := terminal()) is not None:
        from fitcheck.render import print_report

        print_report(report, console, lang=lang)
    else:
        from fitcheck.render import report_text

        print(report_text(report, lang=lang))


def show_verdict_on(text: str) -> None:
    """Judge one idea given on the command line without options, and print the report."""
    from fitcheck.ideas import words_from_arguments
    from fitcheck.pipeline import Assessor

    refuse_file_name(text)
    given = words_from_arguments([text])
    assessor = Assessor()
    show(assessor.explain(assessor.assess(given.text if given else "")), lang=None)


def refuse_file_name(text: str) -> None:
    """Refuse the name of a file in place of an idea.

    Raises:
        UseCaseError: Says whether the file is there, and what to write.
    """
    from fitcheck.errors import UseCaseError

    if not _FILE.fullmatch(text) or _SENTENCE.search(text):
        return
    ending = text.rsplit(".", 1)[1].lower()
    command = f"fitcheck --from {text}" if ending == "toml" else f"fitcheck batch {text}"
    command = f"fitcheck - < {text}" if ending in ("txt", "md") else command
    if Path(text).is_file():
        raise UseCaseError(f"{text!r} is a file, not an idea; run: {command}")
    raise UseCaseError(
        f"{text!r} is a file's name, not an idea, and no such file is there; give its whole path ({command}), "
        "or say the idea in a sentence"
    )


def terminal() -> Console | None:
    """Return a console where a person reads, else None; importing it takes a while."""
    if not sys.stdout.isatty():
        return None
    from rich.console import Console

    return Console()
