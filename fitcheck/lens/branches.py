"""What a rule would say of texts that its author had not seen.

A pattern is often a list of wordings, some of them taken from the very training text that they match. What such a
wording says of that text tells nothing of others. So a branch of a pattern counts for a text only where it matches
another idea's text too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fitcheck.lens.files import LensRule
from fitcheck.lens.pack import LensPack
from fitcheck.lens.words import Spoken, fires, spoken_on
from fitcheck.literal_index import LiteralIndex
from fitcheck.records import Report
from fitcheck.rules import Patterns, with_boundaries

__all__ = ["branches_of", "met_elsewhere", "said_unseen"]

_MOST = 64
"""A branch is written out into no more."""
_REPEATS = ("?", "*", "+", "{")


def branches_of(pattern: str) -> list[str]:
    """Cut a pattern at its outermost bars, and at those of its groups while the branches stay few.

    >>> branches_of(r"back-?logs?|(?:piles?|stacks) up|[|]")
    ['back-?logs?', '(?:piles?) up', '(?:stacks) up', '[|]']
    """
    return [branch for outer in _cut(pattern) for branch in _spread(outer)]


def _cut(pattern: str) -> list[str]:
    """Cut at the bars outside of all groups and classes."""
    found, begin = [], 0
    for at, depth in _places(pattern):
        if pattern[at] == "|" and depth == 0:
            found.append(pattern[begin:at])
            begin = at + 1
    return [branch for branch in (*found, pattern[begin:]) if branch]


def _spread(branch: str) -> list[str]:
    """Write a branch out for each alternative of its outermost groups that stand there once."""
    found = [branch]
    for begin, end in reversed(_groups(branch)):
        inner = branch[begin + 3 : end - 1]
        parts = _cut(inner)
        if branch[end : end + 1] in _REPEATS or len(parts) < 2 or len(parts) * len(found) > _MOST:
            continue
        # later groups are written out already: only what follows the group differs
        found = [f"{one[:begin]}(?:{part}){one[end:]}" for part in parts for one in found]
    return found


def _groups(pattern: str) -> list[tuple[int, int]]:
    """Return where the outermost groups that capture nothing begin and end."""
    found, begin = [], -1
    for at, depth in _places(pattern):
        if pattern.startswith("(?:", at) and depth == 0:
            begin = at
        elif pattern[at] == ")" and depth == 0 and begin >= 0:
            found.append((begin, at + 1))
            begin = -1
    return found


def _places(pattern: str) -> Iterator[tuple[int, int]]:
    """Yield the places outside of classes and escapes, each with how many groups are open around it."""
    depth, in_class, at = 0, False, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        else:
            depth -= char == ")"
            yield at, depth
            depth += char == "("
        at += 1


def met_elsewhere(rules: Iterable[LensRule], texts: Sequence[str], owners: Sequence[str]) -> dict[str, set[str]]:
    """Return for each branch of the rules' patterns the owners of the texts that it matches, at most two of each.

    Args:
        rules: The rules.
        texts: Folded texts, cut into lines at their sentences' ends.
        owners: Whose each text is, such as a pair; two owners are enough to tell that a wording is met elsewhere.
    """
    import re2

    options = re2.Options()
    options.never_capture = True
    branches = sorted({b for rule in rules for b in _branches(rule)})
    index = LiteralIndex(branches, few=0)
    compiled: dict[int, Any] = {}
    met: dict[str, set[str]] = {branch: set() for branch in branches}
    for text, owner in zip(texts, owners, strict=True):
        encoded = text.encode()
        for number in index.candidates(text):
            found = met[branches[number]]
            if owner in found or len(found) > 1:
                continue
            if number not in compiled:
                compiled[number] = re2.compile(branches[number], options)
            if compiled[number].search(encoded) is not None:
                found.add(owner)
    return met


def said_unseen(pack: LensPack, report: Report, met: Mapping[str, set[str]], owner: str) -> dict[str, Spoken]:
    """Return what the rules say of a text once they know no wording from its owner's texts alone.

    Args:
        pack: The lens's files.
        report: Of the text.
        met: As `met_elsewhere` gives it.
        owner: Whose the text is.
    """
    concepts = {name: value for name, (value, _) in report.concepts.items()}
    facts = report.use_case.facts()
    names = fires(pack, report.text, report.tasks, facts=facts, concepts=concepts)
    speaking = [rule for rule in pack.rules if f"{rule.axis}/{rule.id}" in names]
    left = [one for rule in speaking if (one := _without_unmet(rule, met, owner)) is not None]
    fewer = LensPack.model_construct(axes=pack.axes, rules=tuple(left), literals={})
    return spoken_on(fewer, report.text, report.tasks, facts=facts, concepts=concepts) if left else {}


def _without_unmet(rule: LensRule, met: Mapping[str, set[str]], owner: str) -> LensRule | None:
    """Return a rule without the branches that match nobody's text but one owner's; None where nothing is left of it."""
    blocks = []
    for block in rule.when:
        if block.text is None:
            blocks.append(block)
            continue
        kept = {lang: tuple(_kept(getattr(block.text, lang), lang, met, owner)) for lang in ("en", "zh")}
        if any(kept.values()):
            blocks.append(block.model_copy(update={"text": Patterns(**kept)}))
    return rule.model_copy(update={"when": tuple(blocks)}) if blocks else None


def _kept(patterns: Sequence[str], lang: str, met: Mapping[str, set[str]], owner: str) -> Iterable[str]:
    for pattern in patterns:
        branches = [b for b in branches_of(pattern) if met[_matched(b, lang)] != {owner}]
        if branches:
            yield "|".join(branches)


def _branches(rule: LensRule) -> Iterable[str]:
    for block in rule.when:
        if block.text is not None:
            for lang in ("en", "zh"):
                for pattern in getattr(block.text, lang):
                    yield from (_matched(branch, lang) for branch in branches_of(pattern))


def _matched(branch: str, lang: str) -> str:
    """Return a branch as it is matched: English ones with word boundaries."""
    return with_boundaries(branch) if lang == "en" else branch
