"""What words alone say of an idea: its clauses, its language, and the rules whose words stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from fitcheck.matching import Hit, Matcher
from fitcheck.records import Task
from fitcheck.tasks import masked, split_tasks
from fitcheck.text import Language, detect_language, fold, normalise
from fitcheck.use_case import UseCase

__all__ = ["Prepared", "prepare", "scan"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An idea that has been read by everything but the encoders.

    Attributes:
        use_case: The idea as it was given.
        text: Its normalised text.
        folded: The same as `fitcheck.text.fold` returns it.
        masked: The text with blanks for what speaks to the evaluator; this alone is read.
        lang: Its language.
        tasks: Its clauses.
        hits: The rules whose words stand in it.
        facts: The facts that are given.
    """

    use_case: UseCase
    text: str
    folded: str
    masked: str
    lang: Language
    tasks: tuple[Task, ...]
    hits: tuple[Hit, ...]
    facts: Mapping[str, Any]


def prepare(block: Sequence[UseCase], matcher: Matcher) -> list[Prepared]:
    """Read ideas as far as words alone go.

    Args:
        block: The ideas.
        matcher: The rules.

    Raises:
        UseCaseError: One of them is empty or too long.
    """
    # one reader after the other, each over the whole block: what it looks things up in stays in the core's cache
    texts = [normalise(use_case.text) for use_case in block]
    folds = [fold(text) for text in texts]
    tasks = [split_tasks(text, folded) for text, folded in zip(texts, folds, strict=True)]
    reads = [masked(text, own) for text, own in zip(texts, tasks, strict=True)]
    hits = scan(matcher, folds, tasks)
    langs = [detect_language(text if read.isspace() else read) for text, read in zip(texts, reads, strict=True)]
    columns = zip(block, texts, folds, reads, langs, tasks, hits, strict=True)
    return [
        Prepared(idea, text, folded, read, lang, own, found, idea.facts())
        for idea, text, folded, read, lang, own, found in columns
    ]


def scan(matcher: Matcher, folds: Sequence[str], tasks: Sequence[Sequence[Task]]) -> list[tuple[Hit, ...]]:
    """Scan from the first word that is read on: a rule that looks at a beginning must find it behind blanks too.

    Args:
        matcher: The rules.
        folds: Folded texts.
        tasks: The clauses of each.
    """
    reads = [masked(folded, own) for folded, own in zip(folds, tasks, strict=True)]
    blanks = [len(read) - len(read.lstrip()) for read in reads]
    moved = [[_moved(t, -n) for t in own] if n else own for n, own in zip(blanks, tasks, strict=True)]
    found = matcher.scan_all([read.strip() for read in reads], moved)
    return [
        tuple([_moved(h, n) if h.start >= 0 else h for h in own] if n else own)
        for n, own in zip(blanks, found, strict=True)
    ]


_Placed = TypeVar("_Placed", Task, Hit)


def _moved(one: _Placed, by: int) -> _Placed:
    return replace(one, start=one.start + by, end=one.end + by)
