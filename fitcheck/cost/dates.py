"""What a price list leaves out: since when a price has held, and what a bare name stood for.

genai-prices records price changes, not launches, and gives a name that has moved on to
another version today's price for every day. Rows are appended, never overwritten.
"""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["day_in_name", "held_since", "name_on"]

# (provider, model): (day, source). The first day on which the listed price is known to have held.
_HELD_SINCE: dict[tuple[str, str], tuple[dt.date, str]] = {
    ("openai", "gpt-4"): (dt.date(2023, 3, 14), "openai.com/index/gpt-4-research"),
    ("openai", "gpt-4-1106-preview"): (
        dt.date(2023, 11, 6),
        "openai.com/index/new-models-and-developer-products-announced-at-devday",
    ),
    # announced on 2024-01-25; the bare name moved to the cheaper version three weeks later
    ("openai", "gpt-3.5-turbo"): (dt.date(2024, 2, 16), "openai.com/index/new-embedding-models-and-api-updates"),
    # dearer at first than the list, which knows only the price after the cut of early 2025: a safe day after it
    ("openai", "o1-mini"): (dt.date(2025, 4, 16), "openai.com/index/introducing-o3-and-o4-mini"),
    ("anthropic", "claude-3-opus-latest"): (dt.date(2024, 3, 4), "anthropic.com/news/claude-3-family"),
    ("anthropic", "claude-3-sonnet"): (dt.date(2024, 3, 4), "anthropic.com/news/claude-3-family"),
    ("anthropic", "claude-3-haiku"): (dt.date(2024, 3, 13), "anthropic.com/news/claude-3-haiku"),
    ("anthropic", "claude-3-5-sonnet"): (dt.date(2024, 6, 20), "anthropic.com/news/claude-3-5-sonnet"),
    ("anthropic", "claude-3-7-sonnet-latest"): (dt.date(2025, 2, 24), "anthropic.com/news/claude-3-7-sonnet"),
    ("anthropic", "claude-opus-4-0"): (dt.date(2025, 5, 22), "anthropic.com/news/claude-4"),
    ("anthropic", "claude-sonnet-4-0"): (dt.date(2025, 5, 22), "anthropic.com/news/claude-4"),
    ("anthropic", "claude-opus-4-1"): (dt.date(2025, 8, 5), "anthropic.com/news/claude-opus-4-1"),
    ("anthropic", "claude-sonnet-4-5"): (dt.date(2025, 9, 29), "anthropic.com/news/claude-sonnet-4-5"),
    ("anthropic", "claude-haiku-4-5"): (dt.date(2025, 10, 15), "anthropic.com/news/claude-haiku-4-5"),
    ("anthropic", "claude-opus-4-5"): (dt.date(2025, 11, 24), "anthropic.com/news/claude-opus-4-5"),
    # on sale in June 2025; the first day that a page by their maker shows
    ("google", "gemini-2.5-pro"): (
        dt.date(2025, 7, 7),
        "developers.googleblog.com/ja/scale-your-ai-workloads-batch-mode-gemini-api",
    ),
    ("google", "gemini-2.5-flash"): (
        dt.date(2025, 7, 7),
        "developers.googleblog.com/ja/scale-your-ai-workloads-batch-mode-gemini-api",
    ),
    # the day on which its maker's price page was archived
    ("x-ai", "grok-3"): (dt.date(2025, 6, 2), "archive.fo/dYUtw"),
    ("x-ai", "grok-3-mini"): (dt.date(2025, 6, 2), "archive.fo/dYUtw"),
}

# (provider, bare name): (first day, the version it stood for from then on), oldest first.
# gpt-4o: launched on 2024-05-13; OpenAI's letter to developers of September 2024 moved the
# name to the cheaper version on 2 October 2024.
_STOOD_FOR: dict[tuple[str, str], tuple[tuple[dt.date, str], ...]] = {
    ("openai", "gpt-4o"): ((dt.date(2024, 5, 13), "gpt-4o-2024-05-13"), (dt.date(2024, 10, 2), "gpt-4o")),
}

_DAY = re.compile(r"(?<!\d)(20\d\d)(-?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


def name_on(model: str, provider: str, on: dt.date) -> str:
    """Return the name that a model's name stood for on a day.

    >>> name_on("gpt-4o", "openai", dt.date(2024, 7, 20))
    'gpt-4o-2024-05-13'
    """
    versions = _STOOD_FOR.get((provider, model), ())
    return next((name for first, name in reversed(versions) if first <= on), model)


def held_since(model: str, provider: str) -> dt.date | None:
    """Return the first day on which a model's price is known, from its maker's announcements.

    >>> held_since("gpt-4o", "openai")
    datetime.date(2024, 5, 13)
    """
    if versions := _STOOD_FOR.get((provider, model)):
        return versions[0][0]
    row = _HELD_SINCE.get((provider, model))
    return row and row[0]


def day_in_name(name: str) -> dt.date | None:
    """Return the day that a model's name carries, if it carries one.

    >>> day_in_name("claude-3-5-sonnet-20241022"), day_in_name("gpt-4-0613")
    (datetime.date(2024, 10, 22), None)
    """
    match = _DAY.search(name)
    if match is None:
        return None
    try:
        return dt.date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None
