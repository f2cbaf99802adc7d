"""The command that makes a page of a table of ideas."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from fitcheck.commands.options import Encoder, ExtraRules, Lang, Risk, Rules, app, note
from fitcheck.commands.tables import heeding_interrupts, lend_progress, lend_seekable
from fitcheck.errors import UseCaseError

__all__ = ["report"]

Form = Literal["html", "markdown", "xlsx"]
_FORMS: dict[str, Form] = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".xlsx": "xlsx"}
_ENDINGS: dict[Form, str] = {"html": ".html", "markdown": ".md", "xlsx": ".xlsx"}


@app.command(
    epilog="\b\nExamples:\n"
    "  fitcheck report ideas.csv -o portfolio.html\n"
    "  fitcheck report scored.xlsx -o portfolio.html --department Division --owner 'Submitted by' --lang zh\n"
    "  fitcheck report scored.csv -o summary.md\n"
    "  fitcheck report scored.csv --format markdown -o - >> merge-request.md"
)
def report(
    source: Annotated[Path, typer.Argument(metavar="TABLE", help="Ideas, scored or not; - reads standard input.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="OUT", help="What to write; - for standard output. TABLE.html if not given."
        ),
    ] = None,
    form: Annotated[
        Form | None, typer.Option("--format", help="What to make; as the ending of OUT says if not given.")
    ] = None,
    lang: Lang = None,
    title: Annotated[str, typer.Option(metavar="WORDS", help="The page's title.")] = "",
    text_column: Annotated[str | None, typer.Option(metavar="NAME", help="The column of ideas.")] = None,
    columns: Annotated[
        Path | None,
        typer.Option(metavar="MAP.toml", help='Which columns hold which facts: lines like calls_per_month = "Volume".'),
    ] = None,
    department: Annotated[str | None, typer.Option(metavar="NAME", help="The column of departments.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="NAME", help="The column that says whom to ask.")] = None,
    sheet: Annotated[str | None, typer.Option(metavar="NAME", help="The sheet of a workbook.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
    encoder: Encoder = None,
    rules: Rules = None,
    extra_rules: ExtraRules = None,
    risk: Risk = None,
) -> None:
    """Make one page of a table of ideas: what to build, what not, what it costs, what to ask.

    The page needs nothing but a browser: no network, no server. The table is read as `fitcheck batch` reads it, and
    every idea is judged again, so that its whole ledger can stand on the page.
    """
    from fitcheck.portfolio.reading import read_portfolio
    from fitcheck.rows import LoadsLater
    from fitcheck.tables import read_mapping

    made, target = _choose(source, out, form)
    assessor = LoadsLater(encoder, rules, extra_rules, "cascade", risk)
    with heeding_interrupts() as interrupted, lend_seekable(source) as table, lend_progress(quiet) as show:

        def progress(done: int, total: int) -> None:
            if interrupted():
                raise KeyboardInterrupt
            if show is not None:
                show(done, total)

        portfolio, notes = read_portfolio(
            table,
            assessor=assessor,
            text_column=text_column,
            mapping=read_mapping(columns) if columns is not None else {},
            sheet=sheet,
            department=department,
            owner=owner,
            title=title,
            progress=progress,
        )
    if not quiet:
        note(*notes)
    if portfolio.counts["error"] == len(portfolio):
        first = portfolio.entries[0].error
        raise UseCaseError(f"none of the {len(portfolio):,} rows could be judged; the first says: {first}")
    if made == "xlsx" and target is not None:
        portfolio.to_xlsx(target, lang=lang)
    else:
        _write(portfolio.to_html(lang=lang) if made == "html" else portfolio.to_markdown(lang=lang), target)
    if not quiet:
        if portfolio.n_different:
            differ = "differs" if portfolio.n_different == 1 else "differ"
            note(
                f"{portfolio.n_different:,} of {len(portfolio):,} verdicts {differ} from the table's: "
                "it was scored by another version or with other options, or changed by hand"
            )
        counts = ", ".join(f"{n:,} {verdict}" for verdict, n in portfolio.counts.items() if n)
        arrow = f" -> {target}" if target is not None else ""
        print(f"{len(portfolio):,} {'idea' if len(portfolio) == 1 else 'ideas'}: {counts}{arrow}", file=sys.stderr)


def _choose(source: Path, out: Path | None, form: Form | None) -> tuple[Form, Path | None]:
    """Return what to make and the file to write, None for standard output."""
    if str(out) == "-" or (out is None and str(source) == "-"):
        if form == "xlsx":
            raise UseCaseError("a workbook is not for standard output; name a file with -o")
        return form or "html", None
    if out is None:
        made = form or "html"
        if not source.name:
            raise UseCaseError(f"{str(source)!r} is no table's name; name a file, or - for standard input")
        return made, source.with_name(f"{source.stem}.report{_ENDINGS[made]}")
    made_of_name = _FORMS.get(out.suffix.casefold())
    if form is None and made_of_name is None:
        raise UseCaseError(f"{out}: end the name in .html, .md or .xlsx, or say --format")
    target = Path(os.path.realpath(out))
    if target.is_dir():
        raise UseCaseError(f"{out}: a folder; name a file")
    if not target.parent.is_dir():
        raise UseCaseError(f"{out}: its folder does not exist; make it first")
    if target == Path(os.path.realpath(source)):
        raise UseCaseError(f"{out}: the report would replace the table; name another file")
    return form or made_of_name or "html", target


def _write(text: str, target: Path | None) -> None:
    """Write a text, to a file whole or not at all."""
    if target is None:
        sys.stdout.write(text)
        return
    # a device, such as /dev/null, is never replaced
    is_device = target.exists() and not target.is_file()
    beside = target if is_device else target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        beside.write_text(text, "utf-8", newline="\n")
        if not is_device:
            beside.replace(target)
    except OSError as error:
        raise UseCaseError(f"{target}: can't be written: {error.strerror or error}") from None
    finally:
        if not is_device:
            beside.unlink(missing_ok=True)
