"""What is doubtful about a policy and a registry: it fails nothing, and is told as a warning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from fitcheck.policy.document import Policy
from fitcheck.policy.entries import Entry
from fitcheck.policy.escaping import shown
from fitcheck.policy.found import Problem
from fitcheck.policy.keys import attribute_key
from fitcheck.policy.model_names import model_meant
from fitcheck.policy.requirements import Models
from fitcheck.text import Language

__all__ = ["as_warning", "doubts"]


def doubts(policy: Policy, entries: Sequence[Entry], today: dt.date, lang: Language) -> Iterator[Problem]:
    """Yield what looks like a slip in a policy or in the tables of a registry.

    Args:
        policy: Whose lists of models are looked at.
        entries: Whose tables are.
        today: The day of the price list.
        lang: The language of the messages.
    """
    yield from _doubtful_columns(entries, lang)
    yield from _unknown_models(policy, entries, today, lang)


def _doubtful_columns(entries: Sequence[Entry], lang: Language) -> Iterator[Problem]:
    """Yield the columns of tables that look like another name of a fact and are read as attributes, each once."""
    seen: set[tuple[Path, str]] = set()
    for entry in entries:
        for column, meant in entry.doubtful.items():
            if (entry.path, column) in seen:
                continue
            seen.add((entry.path, column))
            own = f"attributes.{attribute_key(column)}"
            yield as_warning(
                "column-doubtful",
                (entry.path, 1),
                lang,
                f"the column {column!r} is read as an attribute; did you mean {meant!r}?",
                f"列 {column!r} 被当作自定义属性读取；是否指 {meant!r}？",
                f"rename it, or call it {own} if it is your own",
                f"请改名；如果是您自己的属性，请命名为 {own}",
            )


def _unknown_models(policy: Policy, entries: Sequence[Entry], today: dt.date, lang: Language) -> Iterator[Problem]:
    """Yield the names in a policy's lists of models that are none, where one that is comes near."""
    used = {entry.use_case.model for entry in entries if entry.use_case.model is not None}
    for one in policy.requirements:
        lists = {"allow": one.allow or (), "deny": one.deny or ()} if isinstance(one, Models) else {}
        for key, name in ((key, name) for key, names in lists.items() for name in names):
            meant = model_meant(name, used, today)
            if meant is None:
                continue
            yield as_warning(
                "model-unknown",
                policy.places.get(one.id, (policy.path, 1)),
                lang,
                f"{one.id}: {key} names {name!r}, which no price list knows; did you mean {meant!r}?",
                f"{one.id}：{key} 中的 {name!r} 不在任何价目中；是否指 {meant!r}？",
                "correct the name, or leave it if it is a model of your own",
                "请更正名称；如果是自有模型，可保留",
            )


def as_warning(
    kind: str, place: tuple[Path, int], lang: Language, en: str, zh: str, remedy_en: str, remedy_zh: str
) -> Problem:
    """Return a problem that fails nothing, in one of the languages.

    Args:
        kind: As in `Problem`.
        place: The file and the line.
        lang: The language.
        en, zh: What is doubtful.
        remedy_en, remedy_zh: What to do.
    """
    message, remedy = (en, remedy_en) if lang == "en" else (zh, remedy_zh)
    return Problem(kind, *place, shown(message), shown(remedy), "warning")
