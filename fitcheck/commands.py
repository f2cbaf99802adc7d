"""The commands: each reads its options, calls one function and prints what it returns."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from fitcheck.errors import FitcheckError, RuleError, UseCaseError
from fitcheck.show import show, terminal

if TYPE_CHECKING:

    from fitcheck.pipeline import Assessor
    from fitcheck.records import Report, UseCase
    from fitcheck.rules import Rule

__all__ = ["app"]

_OK, _BAD_INPUT = 0, 2
_SECONDS_PER_FRAME = 0.1

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
Encoder = Annotated[
    str | None, typer.Option(metavar="NAME", help="A sentence-transformers model to read with, by name or folder.")
]
Rules = Annotated[Path | None, typer.Option(metavar="PATH", help="A rule pack to use instead of the shipped one.")]
ExtraRules = Annotated[Path | None, typer.Option(metavar="PATH", help="A rule pack to use beside the shipped one.")]
Fast = Annotated[
    bool, typer.Option("--fast", help="Read once, without the tuned encoder: faster, a little less right.")
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

    _one_form(as_json, as_markdown)
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
    _note(file_note, given.note if given else None)
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

    with _seekable(source) as table, _progress(quiet) as progress:
        summary = score_table(
            table,
            sys.stdout if str(out) == "-" else out,
            assessor=_Later(encoder, rules, extra_rules, fast, risk),
            text_column=text_column,
            use_facts=facts,
            progress=progress,
        )
    if not quiet:
        _note(summary.note)
        columns = f"ideas from {summary.text_column!r}"
        columns += f", facts from {', '.join(summary.fact_columns)}" if summary.fact_columns else ""
        print(f"{summary} ({columns})" + (f" -> {summary.target}" if summary.target else ""), file=sys.stderr)


@app.command(
    "rules",
    epilog="\b\nExamples:\n  fitcheck rules\n  fitcheck rules --stale\n  fitcheck rules --check ./our-rules\n"
    "  fitcheck rules --check ./our-rules --corpora ./our-scenarios --json",
)
def list_rules(
    path: Annotated[Path | None, typer.Argument(metavar="[PATH]", help="A rule pack; the shipped one if none.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Lint the pack and try it on labelled scenarios.")] = False,
    corpora: Annotated[
        Path | None, typer.Option(metavar="PATH", help="With --check: scenarios to try the rules on, all of them.")
    ] = None,
    stale: Annotated[bool, typer.Option("--stale", help="Only rules with a source past its expiry date.")] = False,
    lang: PageLang = "en",
    as_json: AsJson = False,
) -> None:
    """List a pack's rules, or check it.

    The exit code of a check is 2 where something must be mended.
    """
    if check:
        from fitcheck.corpus import load_corpus
        from fitcheck.rules_lint import lint_rules, lint_text

        lint = lint_rules(path, None if corpora is None else load_corpus(corpora))
        _print(_json(lint.to_dict()) if as_json else lint_text(lint))
        raise typer.Exit(_BAD_INPUT if lint.errors else _OK)
    from datetime import date

    from fitcheck.explain import print_rules, rule_json, rules_table
    from fitcheck.rules import load_rules

    pack = load_rules(path)
    listed = [rule for rule in pack if rule.expired(date.today())] if stale else list(pack)
    if as_json:
        _print("[" + ",\n".join(rule_json(rule) for rule in listed) + "]")
    elif stale and not listed:
        _print(f"none of {len(pack)} rules leans on a source past its expiry date")
    elif (console := terminal()) is not None:
        print_rules(listed, console, lang=lang)
    else:
        _print(rules_table(listed, lang=lang))


@app.command(
    epilog="\b\nExamples:\n  fitcheck explain exact-arithmetic\n"
    "  fitcheck explain exact-arithmetic --markdown --lang zh"
)
def explain(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="A rule's id, as the ledger names it.")],
    as_markdown: AsMarkdown = False,
    as_json: AsJson = False,
    lang: PageLang = "en",
    rules: Rules = None,
) -> None:
    """Print a rule's page.

    What it looks for, what it argues and how much, why, its sources and its examples.
    """
    from fitcheck.explain import explain_rule, print_rule, rule_json, rule_markdown
    from fitcheck.rules import load_rules

    _one_form(as_json, as_markdown)
    rule = _find_rule(load_rules(rules), rule_id)
    if as_json:
        _print(rule_json(rule))
    elif as_markdown:
        _print(rule_markdown(rule, lang))
    elif (console := terminal()) is not None:
        print_rule(rule, console, lang=lang)
    else:
        _print(explain_rule(rule, lang=lang))


@app.command(
    epilog="\b\nExamples:\n  fitcheck corpora\n  fitcheck corpora --check ./our-scenarios\n  fitcheck corpora --json"
)
def corpora(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A .jsonl file or a folder; the shipped one if none.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Check every line and look for duplicates.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count the labelled scenarios, or check them.

    The exit code of a check is 2 where something must be mended.
    """
    from fitcheck.corpus_lint import card_counts, describe_corpus, lint_corpus

    if check:
        from dataclasses import asdict

        from fitcheck.rules import load_rules

        lint = lint_corpus(path, rules=load_rules())
        if as_json:
            _print(_json(asdict(lint)))
        else:
            _print("\n".join([*map(str, lint.findings), f"{len(lint.errors)} errors, {len(lint.warnings)} warnings"]))
        raise typer.Exit(_BAD_INPUT if lint.errors else _OK)
    _print(_json(describe_corpus(path)) if as_json else card_counts(path).rstrip("\n"))


@app.command(epilog="\b\nExamples:\n  fitcheck train\n  fitcheck train --teacher ./all-MiniLM-L6-v2 --out ./my-model")
def train(
    teacher: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A sentence-transformers model to build the encoders from, by name or folder, which takes long; "
            "without it the encoders stay as they are.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the model goes; in place if none.")] = None,
    corpora: Annotated[Path | None, typer.Option(metavar="PATH", help="Scenarios to learn from.")] = None,
    rules: Rules = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 0,
    epochs: Annotated[
        float, typer.Option(min=0, help="With --teacher: passes of the tuning over the scenarios; 0 leaves it out.")
    ] = 2.0,
    export: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="With --teacher: write the tuned encoder for sentence-transformers here too."),
    ] = None,
) -> None:
    """Build the model from the scenarios and the rules.

    With --teacher it needs more packages: pip install "usecase-fitcheck[transformers]".
    """
    from fitcheck.resources import model_dir
    from fitcheck.training import train as build

    card = build(
        teacher=teacher,
        folder=out or model_dir(),
        corpora=corpora,
        rules=rules,
        seed=seed,
        epochs=epochs,
        export=export,
        progress=_say_progress,
    )
    _print(_json(card))


def _assessor(
    encoder: str | None, rules: Path | None, extra_rules: Path | None, fast: bool, risk: float | None
) -> Assessor:
    from fitcheck.pipeline import Assessor

    reading: Literal["fast", "cascade"] = "fast" if fast else "cascade"
    return Assessor(encoder=encoder, rules=rules, extra_rules=extra_rules, reading=reading, risk=risk)


class _Later:
    """An assessor that is loaded when the first idea comes, so that a table that can't be read fails at once."""

    def __init__(self, *options: Any) -> None:
        self._options = options

    def assess_each(self, ideas: Iterable[UseCase]) -> Iterator[Report | FitcheckError]:
        yield from _assessor(*self._options).assess_each(ideas)


def _one_form(as_json: bool, as_markdown: bool) -> None:
    if as_json and as_markdown:
        raise UseCaseError("--json and --markdown exclude each other; choose one")


def _find_rule(pack: Sequence[Rule], rule_id: str) -> Rule:
    for rule in pack:
        if rule.id == rule_id:
            return rule
    from difflib import get_close_matches

    near = get_close_matches(rule_id, [rule.id for rule in pack], n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "fitcheck rules lists them"
    raise RuleError(f"no rule is called {rule_id!r}; {hint}")


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


def _print(text: str) -> None:
    print(text)


def _json(values: Any) -> str:
    import json

    return json.dumps(values, ensure_ascii=False, indent=2, default=str)


def _note(*notes: str | None) -> None:
    for note in notes:
        if note:
            print(f"fitcheck: note: {note}", file=sys.stderr)


def _say_progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
