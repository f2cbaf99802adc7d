"""The command that asks for what an idea leaves open."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fitcheck.commands.options import AsJson, AsMarkdown, ExtraRules, Rules, app, note, one_form

if TYPE_CHECKING:
    from rich.console import Console

    from fitcheck.render.layout import Page
    from fitcheck.use_case import UseCase

__all__ = ["ask"]


@app.command(
    epilog="\b\nExamples:\n"
    '  fitcheck ask "AI for our invoices"\n'
    '  fitcheck ask "给人事部用大模型"\n'
    '  fitcheck ask "A bot for refunds" --fact stakes=high --json > refunds.json\n'
    "  printf '4\\n1\\n' | fitcheck ask \"AI for our invoices\""
)
def ask(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="The idea, in quotes; asked for if not given.")
    ] = None,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
    lang: Annotated[
        Literal["en", "zh"] | None, typer.Option(help="Language of questions and report; the idea's own if not given.")
    ] = None,
    fact: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Any fact that is known; may be repeated.")
    ] = None,
    rules: Rules = None,
    extra_rules: ExtraRules = None,
) -> None:
    """Ask at most three questions about an idea, one at a time, and show the report.

    Each answer is assessed at once, and the questions end as soon as the verdict is firm. Answer by number; Enter
    skips, ? says why it is asked, and what the model should do can be said in your own words. Ends with the command
    that gives the same report without asking.
    """
    from fitcheck.ideas import build_use_case, words_from_arguments
    from fitcheck.interview.talk import interview
    from fitcheck.pipeline import Assessor
    from fitcheck.show import refuse_file_name, show

    one_form(as_json, as_markdown)
    talk = _Terminal()
    refuse_file_name(" ".join(words or ()))
    given = words_from_arguments(words or ())
    text = given.text if given else talk.idea(lang)
    use_case = build_use_case(text, facts=fact or ())
    note(given.note if given else None)
    assessor = Assessor(rules=rules, extra_rules=extra_rules)
    try:
        report = interview(assessor, use_case, talk, lang=lang)
    except KeyboardInterrupt:
        # the next prompt of the shell stands on a line of its own
        print(file=sys.stderr)
        raise
    print(file=sys.stderr, flush=True)
    show(assessor.explain(report), form="json" if as_json else "markdown" if as_markdown else "text", lang=lang)
    sys.stdout.flush()
    settings: dict[str, str | bool | Path | None] = {
        "--json": as_json,
        "--markdown": as_markdown,
        "--lang": lang,
        "--rules": rules,
        "--extra-rules": extra_rules,
    }
    chinese = (lang or report.lang) == "zh"
    talk.say("\n不用再问，直接得到这份报告：" if chinese else "\nThe same report without asking:")
    talk.say(f"  {_command(report.use_case, settings)}")


def _command(use_case: UseCase, settings: Mapping[str, str | bool | Path | None]) -> str:
    """Return the command line that gives a report without asking."""
    from fitcheck.interview.talk import fact_option

    text = shlex.quote(use_case.text)
    options = [f"--fact {shlex.quote(fact_option(name, value))}" for name, value in use_case.facts().items()]
    for name, setting in settings.items():
        if setting:
            options.append(name if setting is True else f"{name} {shlex.quote(str(setting))}")
    if use_case.text.startswith("-"):
        return " ".join(["fitcheck assess", *options, "--", text])
    # one bare word could be a command's name
    return " ".join(["fitcheck" if " " in text or not text.isascii() else "fitcheck assess", text, *options])


class _Terminal:
    """Asks on standard error, so that the report alone stands on standard output, and reads standard input."""

    def __init__(self) -> None:
        self._console: Console | None = None
        if sys.stderr.isatty():
            from rich.console import Console

            self._console = Console(stderr=True)

    @property
    def width(self) -> int:
        """The width that is laid out for, in cells."""
        from fitcheck.render.layout import MAX_WIDTH, WIDTH

        return WIDTH if self._console is None else min(self._console.width, MAX_WIDTH)

    def idea(self, lang: Literal["en", "zh"] | None) -> str | None:
        """Ask for the idea itself."""
        self.say("想法是什么？" if lang == "zh" else "What is the idea?")
        return self.hear()

    def tell(self, page: Page) -> None:
        """Show some lines."""
        if self._console is None:
            print(page.text(), file=sys.stderr, flush=True)
        else:
            page.print(self._console)

    def say(self, line: str) -> None:
        """Show one line as it is, whatever its width: it may be copied."""
        print(line, file=sys.stderr, flush=True)

    def hear(self) -> str | None:
        """Return one line of answer; None at the end of input."""
        from fitcheck.ideas import MAX_BYTES, decode

        print("> ", end="", file=sys.stderr, flush=True)
        raw = sys.stdin.buffer.readline(MAX_BYTES)
        if not raw:
            print(file=sys.stderr)
            return None
        said = decode(raw, where="the answer").text.rstrip("\r\n")
        if not sys.stdin.isatty():
            # what was piped in reads like what was typed
            print(said, file=sys.stderr)
        return said
