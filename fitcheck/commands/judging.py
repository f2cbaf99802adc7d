"""The commands that judge ideas: one, or a table of them."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from fitcheck.commands.options import (
    AsJson,
    AsMarkdown,
    Encoder,
    ExtraRules,
    Fast,
    Lang,
    Risk,
    Rules,
    app,
    note,
    one_form,
)
from fitcheck.errors import FitcheckError
from fitcheck.show import show

if TYPE_CHECKING:
    from fitcheck.pipeline import Assessor
    from fitcheck.records import Report, UseCase

__all__ = ["assess", "batch", "heeding_interrupts"]

_SECONDS_PER_FRAME = 0.1


@app.command(
    epilog="\b\nExamples:\n"
    '  fitcheck "Draft replies to customer mails; a clerk edits each before it goes out"\n'
    '  fitcheck "用大模型核对每张发票的税额" --calls-per-month 40000 --no-human-review\n'
    "  fitcheck --from idea.toml --markdown > idea.md\n"
    "  cat idea.txt | fitcheck - --json"
)
def assess(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="The idea, in quotes; - reads standard input.")
    ] = None,
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="A TOML file: text and facts by their names.")
    ] = None,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
    lang: Lang = None,
    calls_per_month: Annotated[float | None, typer.Option(help="Calls to the model per month.")] = None,
    tokens_in: Annotated[int | None, typer.Option(help="Input tokens per call.")] = None,
    tokens_out: Annotated[int | None, typer.Option(help="Output tokens per call.")] = None,
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

    The verdict is fit, assist, overkill, unfit or unclear.
    """
    from fitcheck.ideas import build_use_case, read_idea_file, read_stream, words_from_arguments

    one_form(as_json, as_markdown)
    file_values, file_note = read_idea_file(from_) if from_ is not None else (None, None)
    given = read_stream(sys.stdin.buffer) if words == ["-"] else words_from_arguments(words or ())
    use_case = build_use_case(
        given.text if given else None,
        file_values=file_values,
        facts=fact or (),
        options={
            "calls_per_month": calls_per_month,
            "tokens_in": tokens_in,
            "tokens_out": tokens_out,
            "model": model,
            "human_review": human_review,
        },
    )
    note(file_note, given.note if given else None)
    assessor = _assessor(encoder, rules, extra_rules, fast, risk)
    report = assessor.explain(assessor.assess(use_case))
    show(report, form="json" if as_json else "markdown" if as_markdown else "text", lang=lang)


@app.command(
    epilog="\b\nExamples:\n"
    "  fitcheck batch ideas.csv -o scored.csv\n"
    "  fitcheck batch intake.csv --text-column 'Project summary' --quiet\n"
    "  cat ideas.csv | fitcheck batch - -o - | column -s, -t"
)
def batch(
    source: Annotated[Path, typer.Argument(metavar="IN.csv", help="The table; - reads standard input.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT.csv", help="What to write; - for standard output.")
    ] = None,
    text_column: Annotated[str | None, typer.Option(metavar="NAME", help="The column of ideas.")] = None,
    facts: Annotated[bool, typer.Option("--facts/--no-facts", help="Read columns named like a fact as facts.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
    encoder: Encoder = None,
    rules: Rules = None,
    extra_rules: ExtraRules = None,
    fast: Fast = False,
    risk: Risk = None,
) -> None:
    """Judge every row of a CSV file.

    Its columns and ours are written to a new file, IN.scored.csv if not named.
    The column of ideas is called text, idea, use_case, description, 想法 or the like, or named
    with --text-column. A row that can't be judged is kept, and its column error says why.
    """
    from fitcheck.batch import score_table

    with heeding_interrupts() as interrupted, _seekable(source) as table, _progress(quiet) as progress:
        summary = score_table(
            table,
            sys.stdout if str(out) == "-" else out,
            assessor=_Later(interrupted, encoder, rules, extra_rules, fast, risk),
            text_column=text_column,
            use_facts=facts,
            progress=progress,
        )
    if not quiet:
        note(summary.note)
        columns = f"ideas from {summary.text_column!r}"
        columns += f", facts from {', '.join(summary.fact_columns)}" if summary.fact_columns else ""
        print(f"{summary} ({columns})" + (f" -> {summary.target}" if summary.target else ""), file=sys.stderr)


def _assessor(
    encoder: str | None, rules: Path | None, extra_rules: Path | None, fast: bool, risk: float | None
) -> Assessor:
    from fitcheck.pipeline import Assessor

    reading: Literal["fast", "cascade"] = "fast" if fast else "cascade"
    return Assessor(encoder=encoder, rules=rules, extra_rules=extra_rules, reading=reading, risk=risk)


class _Later:
    """An assessor that is loaded when the first idea comes, so that a table that can't be read fails at once."""

    def __init__(self, interrupted: Callable[[], bool], *options: Any) -> None:
        self._interrupted = interrupted
        self._options = options

    def assess_each(self, ideas: Iterable[UseCase]) -> Iterator[Report | FitcheckError]:
        for outcome in _assessor(*self._options).assess_each(ideas):
            if self._interrupted():
                raise KeyboardInterrupt
            yield outcome


@contextmanager
def heeding_interrupts() -> Iterator[Callable[[], bool]]:
    """Lend a question: has somebody pressed Ctrl-C?

    The interpreter raises KeyboardInterrupt wherever it happens to be. In a finaliser, or inside a library
    that clears errors, that is lost, and hours of work would go on.
    """
    seen = threading.Event()

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        seen.set()
        signal.default_int_handler(number, frame)

    is_ours = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    # whoever started us with interrupts ignored, or handles them, keeps that
    if not is_ours or before is not signal.default_int_handler:
        yield seen.is_set
        return
    signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield seen.is_set
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _seekable(source: Path) -> Iterator[Any]:
    """Lend the path, or for - a copy of standard input that can be read twice."""
    if str(source) != "-":
        yield source
        return
    import shutil
    import tempfile

    with tempfile.SpooledTemporaryFile(max_size=1 << 24) as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.seek(0)
        yield copy


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Lend a progress bar on standard error, where a person can see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="")
        shown = 0.0

        def show(done: int, total: int) -> None:
            nonlocal shown
            now = time.monotonic()
            if now - shown < _SECONDS_PER_FRAME and done < total:
                return
            shown = now
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:,.0f} ideas/s" if speed else "")

        yield show
