"""A report or an estimate for people: in a terminal, and in Markdown.

`content.py` and `cost_words.py` say what is told, the others how it looks; so all tell the
same. JSON is `Report.to_json` and `Estimate.to_json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitcheck.render.markdown import report_markdown
from fitcheck.render.terminal import print_report, report_text

if TYPE_CHECKING:
    from fitcheck.render.cost import estimate_text, print_estimate
    from fitcheck.render.cost_markdown import estimate_markdown

__all__ = [
    "estimate_markdown",
    "estimate_text",
    "print_estimate",
    "print_report",
    "report_markdown",
    "report_text",
]

_ROOMS = {"estimate_markdown": "cost_markdown", "estimate_text": "cost", "print_estimate": "cost"}


def __getattr__(name: str) -> Any:
    """Resolve what lays out estimates on first use; a report needs none of it."""
    from importlib import import_module

    if name not in _ROOMS:
        raise AttributeError(f"module 'fitcheck.render' has no attribute {name!r}")
    return getattr(import_module(f"fitcheck.render.{_ROOMS[name]}"), name)
