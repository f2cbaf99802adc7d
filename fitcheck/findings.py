"""What a check of files finds, by file and line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fitcheck.errors import quote_line

__all__ = ["Finding", "Lint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a contributor should mend (error) or look at again (warning).

    Attributes:
        line: Counted from 1; None where a whole file is meant.
        quote: The line itself, or "".
    """

    path: str
    line: int | None
    level: Literal["error", "warning"]
    message: str
    quote: str = ""

    def __str__(self) -> str:
        return quote_line(self.path, self.line, self.quote or None, f"{self.level}: {self.message}")


class Lint:
    """What a check found, told apart by how grave it is."""

    __slots__ = ()

    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that must be mended."""
        return tuple(f for f in self.findings if f.level == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings to look at again."""
        return tuple(f for f in self.findings if f.level == "warning")
