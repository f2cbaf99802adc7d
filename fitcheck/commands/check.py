"""The command that checks a registry of use cases against a policy."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeGuard

import typer

from fitcheck.commands.options import app, note
from fitcheck.errors import FitcheckError, UseCaseError

if TYPE_CHECKING:
    from fitcheck.policy.document import Policy
    from fitcheck.policy.entries import Entry
    from fitcheck.policy.found import Assesses, CheckResult

__all__ = ["check"]

_FAILED = 1
_FEW = 300
"""Use cases up to which starting a second process takes longer than it saves."""

# typer reads it here, and importing the formats' own would cost every command that has none
FormatName = Literal["text", "json", "junit", "sarif", "github", "gitlab", "markdown"]


@app.command(
    epilog="\b\nExamples:\n"
    "  fitcheck check\n"
    "  fitcheck check use-cases/ --policy strict --format markdown\n"
    "  fitcheck check --write-baseline fitcheck-baseline.json\n"
    "  fitcheck check --baseline fitcheck-baseline.json --format sarif -o fitcheck.sarif\n"
    "  fitcheck check --diff origin/main --format github"
)
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATHS]", help="Files of use cases, and folders of them; this folder if none."),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|NAME",
            help="A policy file, or strict, balanced or cost-first; if not given, fitcheck-policy.toml or "
            "[tool.fitcheck.policy] in pyproject.toml is looked for, here and above.",
        ),
    ] = None,
    form: Annotated[FormatName, typer.Option("--format", help="How to write the result.")] = "text",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Where to write it; standard output if not given."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Findings that are known: only new ones fail.")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what is found as a baseline, and pass.")
    ] = None,
    diff: Annotated[
        str | None, typer.Option(metavar="REV", help="Only use cases that changed since a git revision.")
    ] = None,
    lang: Annotated[
        Literal["en", "zh"] | None, typer.Option(help="Language of the messages; the policy's if not given.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Worker processes; if not given, one a core for over 500 use cases.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")] = False,
) -> None:
    """Check use cases against a policy, and say no with reasons.

    Use cases are kept as *.fit.toml, *.fit.csv or *.fit.jsonl. The exit code is 0 where the policy holds, 1 where it
    does not, and 2 where something can't be read. A report that an earlier run wrote to FILE is removed at the start:
    a run that is interrupted leaves one that says so, and a run that is killed leaves none.
    """
    from fitcheck.policy.writing import refuse_missing_folder, remove_earlier

    if _is_file_to_write(out):
        _refuse_to_replace(out, (*(paths or ()), policy, baseline, write_baseline))
    try:
        # before the ideas are judged, which may take minutes
        for path in filter(None, (out, write_baseline)):
            refuse_missing_folder(path)
        if _is_file_to_write(out):
            # whoever kills this run must not find the last one's report
            remove_earlier(out)
        result = _checked(paths, policy, baseline, write_baseline, diff, lang, processes, quiet)
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        _show_error("interrupted: the check was not finished, and nothing is known of the use cases", form, out)
        raise
    except (FitcheckError, OSError) as error:
        _show_error(str(error), form, out)
        raise
    _show(result, form, out, quiet)
    if result.failed():
        raise typer.Exit(_FAILED)


def _checked(
    paths: list[Path] | None,
    policy: str | None,
    baseline: Path | None,
    write_baseline: Path | None,
    diff: str | None,
    lang: Literal["en", "zh"] | None,
    processes: int | None,
    quiet: bool,
) -> CheckResult:
    """Return what the check finds, and write a baseline where one was asked for.

    Raises:
        FitcheckError: Something can't be read, or there is nothing to check.
    """
    from fitcheck.commands.tables import lend_progress
    from fitcheck.policy import CheckResult, check_entries, load_policy, read_registry
    from fitcheck.policy.baseline import Baseline, read_baseline
    from fitcheck.policy.baseline import write_baseline as write_known
    from fitcheck.policy.drift import lock_findings
    from fitcheck.policy.outdated import locked_texts, outdated

    _refuse_contradictions(baseline, write_baseline, diff)
    asked = paths or [Path(".")]
    loaded = load_policy(None if policy is None else Path(policy), start=asked[0])
    before = read_baseline(baseline) if baseline is not None else Baseline()
    entries = read_registry(asked)
    chosen = entries
    if diff is not None:
        chosen = _changed(entries, diff, loaded, quiet)
        if not chosen:
            # what did not change was checked when it did
            return CheckResult((), (), (), loaded, lang=lang or loaded.lang)
    assessor = _assessor(loaded, len(chosen), processes)
    with lend_progress(quiet) as show:
        result = check_entries(
            chosen,
            loaded,
            assessor,
            lang=lang,
            registry=_all_ids(entries, loaded, named=paths is not None),
            progress=None if show is None else lambda done: show(done, len(chosen)),
        )
    if diff is None:
        _refuse_vacuous(result)
    drift = lock_findings(result.judged, loaded, start=asked[0], lang=result.lang)
    result = result.with_findings(drift).knowing(before.known)
    locked = locked_texts(asked[0]) if any(f.waived or f.known for f in result.findings) else {}
    result = result.with_problems(outdated(result.findings, locked, before.texts, result.lang))
    if not quiet:
        note(*_remarks(result, before.known, whole=diff is None), *_remarks_on_packs(loaded))
    if write_baseline is not None:
        n_known = write_known(write_baseline, result.findings)
        result = result.knowing({(f.entry.id, f.requirement) for f in result.findings})
        note(f"{write_baseline}: {n_known:,} findings written; with --baseline only new ones fail")
    return result


def _is_file_to_write(out: Path | None) -> TypeGuard[Path]:
    return out is not None and str(out) != "-"


def _refuse_to_replace(out: Path, read: Iterable[Path | str | None]) -> None:
    """Refuse to write the result over what the check reads, or where the baseline is to be written.

    Raises:
        UseCaseError: Names the file.
    """
    from fitcheck.policy.document import POLICY_FILE
    from fitcheck.policy.registry import ENDINGS

    whole = out.resolve()
    is_ours = out.is_file() and out.name.casefold().endswith((*ENDINGS, POLICY_FILE, "pyproject.toml"))
    if is_ours or any(Path(one).resolve() == whole and not out.is_dir() for one in read if one is not None):
        raise UseCaseError(f"{out}: the result would replace what the check reads or writes beside it; name another")


def _refuse_contradictions(baseline: Path | None, write_baseline: Path | None, diff: str | None) -> None:
    if write_baseline is not None and diff is not None:
        raise UseCaseError("--write-baseline needs the whole registry: leave out --diff")
    if write_baseline is not None and baseline is not None:
        raise UseCaseError("--write-baseline writes all that is found: leave out --baseline")


def _changed(entries: Sequence[Entry], revision: str, policy: Policy, quiet: bool) -> list[Entry]:
    from fitcheck.policy.changed import changed_entries

    packs = (pack for pack in (policy.rules, policy.extra_rules) if pack is not None)
    chosen, because = changed_entries(entries, revision, also=[*policy.files, *packs])
    if not quiet:
        why = f": {because} changed, and every verdict hangs on it" if because else ""
        note(f"{len(chosen):,} of {len(entries):,} use cases changed since {revision}{why}")
    return chosen


def _all_ids(entries: Sequence[Entry], policy: Policy, *, named: bool) -> set[str]:
    """Return the ids of the registry, also of files that were not named, where a waiver asks after them."""
    from fitcheck.policy import read_registry

    ids = {entry.id for entry in entries}
    if named and any(w.idea not in ids for w in policy.waivers):
        with suppress(FitcheckError):
            ids |= {entry.id for entry in read_registry([policy.path.parent])}
    return ids


def _assessor(policy: Policy, n_entries: int, processes: int | None) -> Assesses:
    from fitcheck.policy.judging import AssessesInParallel, load_assessor
    from fitcheck.pool import default_processes

    wanted = processes or (default_processes(n_entries + 1000) if n_entries > _FEW else 1)
    return load_assessor(policy) if wanted == 1 else AssessesInParallel(policy, wanted)


def _refuse_vacuous(result: CheckResult) -> None:
    from fitcheck.policy.escaping import shown_path

    if not result.outcomes:
        path, line = result.policy.path, 1
        if result.idle:
            path, line = result.policy.places.get(result.idle[0], (path, line))
        raise UseCaseError(
            f"{shown_path(path)}:{line}: none of its requirements is for any of the {len(result.entries):,} use cases, "
            "so nothing was checked; look at what where narrows them to"
        )


def _remarks(result: CheckResult, known: Collection[tuple[str, str]], *, whole: bool) -> Iterator[str]:
    if not whole:
        return
    for name in result.idle:
        yield f"{name} is for none of the use cases: see its where"
    found = {(f.entry.id, f.requirement) for f in result.findings}
    n_mended = sum(one not in found for one in known)
    if n_mended:
        yield f"{n_mended:,} of {len(known):,} findings of the baseline are mended: write it anew, so that they stay so"


def _remarks_on_packs(policy: Policy) -> Iterator[str]:
    """Yield a remark for each rule pack of the policy's that its own check would refuse."""
    packs = [pack for pack in (policy.rules, policy.extra_rules) if pack is not None]
    if not packs:
        return
    from fitcheck.policy.escaping import shown, shown_path
    from fitcheck.rules_lint import lint_rules

    for pack in packs:
        # trying them on the shipped scenarios too would take seconds
        errors = lint_rules(pack, ()).errors
        if errors:
            where, first = shown_path(pack), errors[0]
            place = f"{shown_path(Path(first.path))}:{first.line or 1}"
            yield (
                f"{where}: its rules were used, but fitcheck rules --check {where} refuses them: "
                f"{place}: {shown(first.message)}"
            )


def _show(result: CheckResult, form: FormatName, out: Path | None, quiet: bool) -> None:
    from fitcheck.policy.formats import format_result, plain
    from fitcheck.policy.writing import write_whole

    if form == "text" and out is None:
        sys.stdout.write(plain.write(result, _painted) if _in_colour() else plain.write(result))
        return
    text = format_result(result, form)
    if not _is_file_to_write(out):
        sys.stdout.write(text)
        return
    write_whole(out, text)
    if not quiet and form != "text":
        # whoever reads the log should not have to open a file
        sys.stdout.write(plain.write(result))


def _show_error(message: str, form: FormatName, out: Path | None) -> None:
    """Write why nothing was checked, in the form that was asked for, over what an earlier run wrote there."""
    from fitcheck.policy.formats import format_error
    from fitcheck.policy.writing import write_whole

    text = format_error(message, form)
    if _is_file_to_write(out):
        # what is to be told is the first error
        with suppress(FitcheckError, OSError):
            write_whole(out, text)
    elif form != "text":
        sys.stdout.write(text)


def _in_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


_COLOURS: dict[str, dict[str, Any]] = {
    "place": {"bold": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "help": {"fg": "cyan"},
}


def _painted(text: str, role: str) -> str:
    return typer.style(text, **_COLOURS[role])
