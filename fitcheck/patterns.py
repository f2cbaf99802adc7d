"""Regular expressions that are compiled when they are first asked, for those that few ideas need."""

from __future__ import annotations

import re
from functools import cached_property

__all__ = ["LatePattern"]


class LatePattern:
    """A pattern of `re` that costs nothing until it is used.

    Args:
        source: In the syntax of `re`.

    >>> LatePattern("a+").search("baac").group()
    'aa'
    """

    def __init__(self, source: str) -> None:
        self._source = source

    @property
    def source(self) -> str:
        """The pattern as it was given."""
        return self._source

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._source)

    def search(self, text: str) -> re.Match[str] | None:
        """Look for the pattern anywhere."""
        return self._compiled.search(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Match the whole text."""
        return self._compiled.fullmatch(text)

    def sub(self, by: str, text: str) -> str:
        """Put something else where the pattern stands."""
        return self._compiled.sub(by, text)
