"""Waivers and baselines whose idea's text is another by now: somebody should look again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from fitcheck.policy.document import Waiver
from fitcheck.policy.doubts import as_warning
from fitcheck.policy.found import Finding, Problem
from fitcheck.policy.lock import find_lock, read_lock, text_hash
from fitcheck.text import Language

__all__ = ["locked_texts", "outdated"]


def locked_texts(start: Path) -> dict[str, str]:
    """Return a hash of each idea's text, by id, as the lock file of a folder has it; nothing where there is none.

    Raises:
        UseCaseError: The lock file is broken.
    """
    path = find_lock(start)
    return {} if path is None else {name: locked.text for name, locked in read_lock(path).ideas.items()}


def outdated(
    findings: Iterable[Finding], locked: Mapping[str, str], in_baseline: Mapping[str, str], lang: Language
) -> Iterator[Problem]:
    """Yield a warning for each waiver, and each idea in the baseline, whose text was changed since.

    Args:
        findings: Those of a check, with what is waived or known marked.
        locked: A hash of each idea's text, by id, from the lock file.
        in_baseline: The same from the baseline, which goes before the lock file for what the baseline holds.
        lang: The language of the messages.
    """
    known: dict[str, list[Finding]] = {}
    for finding in findings:
        name = finding.entry.id
        text = text_hash(finding.entry.use_case.text)
        if finding.waived is not None and locked.get(name, text) != text:
            yield _of_waiver(name, finding.waived, lang)
        if finding.known and (in_baseline if name in in_baseline else locked).get(name, text) != text:
            known.setdefault(name, []).append(finding)
    for name, held in known.items():
        yield _of_baseline(held, by_baseline=name in in_baseline, lang=lang)


def _of_waiver(name: str, waiver: Waiver, lang: Language) -> Problem:
    what = waiver.requirement
    return as_warning(
        "waiver-outdated",
        (waiver.path, waiver.line),
        lang,
        f"the text of {name!r} changed since fitcheck.lock was written: look at the waiver of {what} again",
        f"{name!r} 的文字自写入 fitcheck.lock 以来已改动：请重新审视其对 {what} 的豁免",
        "if it still holds, record the text: fitcheck lock; if not, remove the waiver",
        "如仍成立，运行 fitcheck lock 记下新的文字；否则删除该豁免",
    )


def _of_baseline(held: Sequence[Finding], *, by_baseline: bool, lang: Language) -> Problem:
    entry = held[0].entry
    what = ", ".join(dict.fromkeys(finding.requirement for finding in held))
    file, file_zh = ("the baseline", "基线") if by_baseline else ("fitcheck.lock", " fitcheck.lock ")
    return as_warning(
        "baseline-outdated",
        (entry.path, entry.line),
        lang,
        f"the text of {entry.id!r} changed since {file} was written: look again at what the baseline lets pass "
        f"({what})",
        f"{entry.id!r} 的文字自写入{file_zh}以来已改动：请重新审视基线放行的要求（{what}）",
        "mend the idea, or write the baseline anew: fitcheck check --write-baseline FILE",
        "改正该想法，或重写基线：fitcheck check --write-baseline FILE",
    )
