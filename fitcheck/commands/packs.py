"""The commands about what fitcheck knows: its rules, its scenarios, its model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fitcheck.commands.options import (
    BAD_INPUT,
    OK,
    AsJson,
    AsMarkdown,
    PageLang,
    Rules,
    app,
    as_json_text,
    one_form,
    say_progress,
)
from fitcheck.errors import RuleError
from fitcheck.show import terminal

if TYPE_CHECKING:
    from fitcheck.rules import Rule

__all__ = ["corpora", "explain", "list_rules", "train"]


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
        print(as_json_text(lint.to_dict()) if as_json else lint_text(lint))
        raise typer.Exit(BAD_INPUT if lint.errors else OK)
    from datetime import date

    from fitcheck.explain import print_rules, rule_json, rules_table
    from fitcheck.rule_packs import load_rules

    pack = load_rules(path)
    listed = [rule for rule in pack if rule.expired(date.today())] if stale else list(pack)
    if as_json:
        print("[" + ",\n".join(rule_json(rule) for rule in listed) + "]")
    elif stale and not listed:
        print(f"none of {len(pack)} rules leans on a source past its expiry date")
    elif (console := terminal()) is not None:
        print_rules(listed, console, lang=lang)
    else:
        print(rules_table(listed, lang=lang))


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
    from fitcheck.rule_packs import load_rules

    one_form(as_json, as_markdown)
    rule = _find_rule(load_rules(rules), rule_id)
    if as_json:
        print(rule_json(rule))
    elif as_markdown:
        print(rule_markdown(rule, lang))
    elif (console := terminal()) is not None:
        print_rule(rule, console, lang=lang)
    else:
        print(explain_rule(rule, lang=lang))


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

        from fitcheck.rule_packs import load_rules

        lint = lint_corpus(path, rules=load_rules())
        if as_json:
            print(as_json_text(asdict(lint)))
        else:
            print("\n".join([*map(str, lint.findings), f"{len(lint.errors)} errors, {len(lint.warnings)} warnings"]))
        raise typer.Exit(BAD_INPUT if lint.errors else OK)
    print(as_json_text(describe_corpus(path)) if as_json else card_counts(path).rstrip("\n"))


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
        progress=say_progress,
    )
    # the lens reads the shipped model's reports; other rules or scenarios leave it as it is
    if corpora is None and rules is None:
        from fitcheck.lens.scenarios import read_lens_scenarios, read_partly_labelled
        from fitcheck.pipeline import Assessor
        from fitcheck.training.lens import fit_lens

        say_progress("fitting the lens")
        folder = out or model_dir()
        assess = Assessor(model_folder=folder).assess_many
        card["lens"] = fit_lens(read_lens_scenarios("train"), read_partly_labelled(), assess, folder)
    print(as_json_text(card))


def _find_rule(pack: Sequence[Rule], rule_id: str) -> Rule:
    for rule in pack:
        if rule.id == rule_id:
            return rule
    from difflib import get_close_matches

    near = get_close_matches(rule_id, [rule.id for rule in pack], n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "fitcheck rules lists them"
    raise RuleError(f"no rule is called {rule_id!r}; {hint}")
