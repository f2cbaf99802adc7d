"""A report on standard output, in the form that was asked for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import Console

    from fitcheck.records import Report

__all__ = ["show", "show_verdict_on", "terminal"]


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

    given = words_from_arguments([text])
    assessor = Assessor()
    show(assessor.explain(assessor.assess(given.text if given else "")), lang=None)


def terminal() -> Console | None:
    """Return a console where a person reads, else None; importing it takes a while."""
    if not sys.stdout.isatty():
        return None
    from rich.console import Console

    return Console()
