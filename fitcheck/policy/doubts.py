"""What is doubtful about a policy and a registry: it fails nothing, and is told as a warning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from fitcheck.policy.entries import Entry
from fitcheck.policy.escaping import shown
from fitcheck.policy.found import Problem
from fitcheck.policy.keys import attribute_key
from fitcheck.text import Language

__all__ = ["doubtful_columns"]


def doubtful_columns(entries: Sequence[Entry], lang: Language) -> Iterator[Problem]:
    """Yield the columns of tables that look like another name of a fact and are read as attributes, each once."""
    seen: set[tuple[Path, str]] = set()
    for entry in entries:
        for column, meant in entry.doubtful.items():
            if (entry.path, column) in seen:
                continue
            seen.add((entry.path, column))
            own = f"attributes.{attribute_key(column)}"
            yield _warning(
                "column-doubtful",
                entry.path,
                1,
                lang,
                f"the column {column!r} is read as an attribute; did you mean {meant!r}?",
                f"列 {column!r} 被当作自定义属性读取；是否指 {meant!r}？",
                f"rename it, or call it {own} if it is your own",
                f"请改名；如果是您自己的属性，请命名为 {own}",
            )


def _warning(
    kind: str, path: Path, line: int, lang: Language, en: str, zh: str, remedy_en: str, remedy_zh: str
) -> Problem:
    message, remedy = (en, remedy_en) if lang == "en" else (zh, remedy_zh)
    return Problem(kind, path, line, shown(message), shown(remedy), "warning")
