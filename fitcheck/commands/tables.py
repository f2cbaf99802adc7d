"""The command that judges a table of ideas."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from fitcheck.commands.options import Encoder, ExtraRules, Fast, Risk, Rules, app, note, reading_of
from fitcheck.errors import UseCaseError

if TYPE_CHECKING:
    from fitcheck.batch import BatchSummary
    from fitcheck.rows import LoadsLater

__all__ = ["batch", "heeding_interrupts"]

_SECONDS_PER_FRAME = 0.1

# typer reads it here, and importing the tables' own would cost every command that has none
FormName = Literal["csv", "tsv", "xlsx", "jsonl", "json", "parquet"]
Progress = Callable[[int, int], None]


@app.command(
    epilog="\b\nExamples:\n"
    "  fitcheck batch ideas.csv -o scored.csv\n"
    "  fitcheck batch intake.xlsx --sheet 'Ideas 2026' --text-column 'Project summary' -o scored.xlsx\n"
    "  fitcheck batch ideas.parquet --columns columns.toml --processes 4\n"
    "  fitcheck batch 想法.xlsx --lang zh -o 结论.xlsx\n"
    "  cat ideas.csv | fitcheck batch - -o - | column -s, -t"
)
def batch(
    source: Annotated[Path, typer.Argument(metavar="IN", help="The table; - reads standard input.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="What to write; - for standard output.")
    ] = None,
    text_column: Annotated[str | None, typer.Option(metavar="NAME", help="The column of ideas.")] = None,
    columns: Annotated[
        Path | None,
        typer.Option(metavar="MAP.toml", help='Which columns hold which facts: lines like calls_per_month = "Volume".'),
    ] = None,
    facts: Annotated[bool, typer.Option("--facts/--no-facts", help="Read columns named like a fact as facts.")] = True,
    sheet: Annotated[str | None, typer.Option(metavar="NAME", help="The sheet of a workbook.")] = None,
    from_format: Annotated[
        FormName | None, typer.Option(help="The input's format, where its name and content don't say.")
    ] = None,
    out_format: Annotated[
        FormName | None, typer.Option("--format", help="The output's format, where its name doesn't say.")
    ] = None,
    lang: Annotated[
        Literal["en", "zh"] | None,
        typer.Option(
            help="Language of the words in cells: reasons, alternatives, questions, errors. If not given, that of each "
            "idea, with errors in English. Names of columns, verdicts and other codes stay as they are."
        ),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Worker processes; if not given, one a core for 1,000 rows or more.")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Judge again what an interrupted run had judged.")] = False,
    engine: Annotated[
        Literal["local", "spark"], typer.Option(help="spark judges a folder of Parquet into a new folder.")
    ] = "local",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
    encoder: Encoder = None,
    rules: Rules = None,
    extra_rules: ExtraRules = None,
    fast: Fast = False,
    risk: Risk = None,
) -> None:
    """Judge every row of a table: CSV, TSV, Excel, JSON lines or Parquet, also packed as .gz.

    Its columns and ours are written to a new file, in the format that its name says; IN.scored.csv if not named.
    The column of ideas is called text, idea, use_case, description, 想法 or the like, or holds the longest texts, or is
    named with --text-column. A row that can't be judged is kept, and its column error says why.
    The column probability is that of the likeliest of fit, assist, overkill and unfit; where the verdict is unclear, it
    belongs to the verdict that was withheld, and does not say how sure it is that the idea is unclear.
    If it is interrupted, the same command goes on where it was.
    """
    from fitcheck.rows import LoadsLater
    from fitcheck.tables import read_mapping

    assessor = LoadsLater(encoder, rules, extra_rules, reading_of(fast, encoder, rules, extra_rules), risk)
    mapping = read_mapping(columns) if columns is not None else {}
    if engine == "spark":
        if sheet is not None or from_format is not None or out_format is not None or restart:
            raise UseCaseError("--engine spark takes no --sheet, --from-format, --format or --restart")
        named = {field: column for field, column in mapping.items() if field != "text"}
        wanted = text_column or mapping.get("text")
        _on_spark(source, out, assessor, wanted, named or None, facts, lang, processes, quiet)
        return
    from fitcheck.batch import score_file

    if str(out) == "-" and out_format in ("xlsx", "parquet") and sys.stdout.isatty():
        raise UseCaseError(f"{out_format} is not for a terminal; name a file with -o, or pipe it on")
    with (
        _telling_if_nothing_was_done(quiet) as heard,
        heeding_interrupts() as interrupted,
        lend_seekable(source) as table,
        lend_progress(quiet) as show,
    ):

        def progress(done: int, total: int) -> None:
            heard.set()
            if interrupted():
                raise KeyboardInterrupt
            if show is not None:
                show(done, total)

        def remark(words: str) -> None:
            heard.set()
            note(words)

        summary = score_file(
            table,
            sys.stdout.buffer if str(out) == "-" else out,
            assessor=assessor,
            text_column=text_column,
            use_facts=facts,
            mapping=mapping,
            sheet=sheet,
            form=from_format,
            out_form=out_format,
            lang=lang,
            processes=processes,
            versions=assessor.versions(),
            restart=restart,
            progress=progress,
            remark=None if quiet else remark,
        )
    _sum_up(summary, quiet)


def _sum_up(summary: BatchSummary, quiet: bool) -> None:
    if not quiet:
        note(*summary.notes)
        columns = f"ideas from {summary.text_column!r}"
        columns += f", facts from {', '.join(summary.fact_columns)}" if summary.fact_columns else ""
        print(f"{summary} ({columns})" + (f" -> {summary.target}" if summary.target else ""), file=sys.stderr)
    _refuse_if_none(summary.rows, summary.by_verdict, summary.first_error)


def _refuse_if_none(rows: int, by_verdict: Mapping[str, int], first_error: str | None) -> None:
    if by_verdict.get("error", 0) < rows:
        return
    what = f"; the first says: {first_error}" if first_error else "; the column error says why"
    raise UseCaseError(f"none of the {rows:,} rows could be judged{what}")


def _on_spark(
    source: Path,
    out: Path | None,
    assessor: LoadsLater,
    text_column: str | None,
    facts: Mapping[str, str] | None,
    use_facts: bool,
    lang: Literal["en", "zh"] | None,
    processes: int | None,
    quiet: bool,
) -> None:
    from fitcheck.spark import score_folder

    if str(source) == "-" or str(out) == "-":
        raise UseCaseError("--engine spark reads a folder of Parquet and writes one; name both")
    target = out or source.with_name(f"{source.stem}.scored")
    with lend_progress(quiet) as show:
        by_verdict = score_folder(
            source,
            target,
            text_column=text_column,
            facts=facts,
            use_facts=use_facts,
            lang=lang,
            processes=processes,
            progress=show,
            encoder=assessor.encoder,
            rules=assessor.rules,
            extra_rules=assessor.extra_rules,
            reading=assessor.reading,
            risk=assessor.risk,
        )
    rows = sum(by_verdict.values())
    if not quiet:
        counts = ", ".join(f"{n:,} {name}" for name, n in by_verdict.items() if n)
        print(f"{rows:,} {'idea' if rows == 1 else 'ideas'}: {counts} -> {target}", file=sys.stderr)
    _refuse_if_none(rows, by_verdict, None)


@contextmanager
def _telling_if_nothing_was_done(quiet: bool) -> Iterator[threading.Event]:
    """Lend what is set once there are rows to speak of; tell a person who interrupts before that nothing is lost."""
    heard = threading.Event()
    try:
        yield heard
    except KeyboardInterrupt:
        # to a program the exit code says it
        if not quiet and sys.stderr.isatty() and not heard.is_set():
            note("interrupted: nothing was judged yet, and nothing is written")
        raise


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
def lend_seekable(source: Path) -> Iterator[Any]:
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
def lend_progress(quiet: bool) -> Iterator[Progress | None]:
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
