"""Lines of text for a terminal: wrapped by cells, with Chinese breaking where Chinese may break."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = ["COLOURS", "GAP", "MAX_WIDTH", "WIDTH", "Page", "bar", "pad", "widest", "wrap"]

COLOURS = {"fit": "green", "assist": "cyan", "overkill": "yellow", "unfit": "red", "unclear": "magenta"}
"""The colour of each verdict; a mark and a word always stand beside it."""

WIDTH = 80
"""Cells of a line where nobody names a width."""

MAX_WIDTH = 100
"""Cells beyond which a line is hard to read."""

GAP = 2
"""Cells between columns."""

_MIN_WIDTH = 50

_WIDE = r"\u2e80-\u2fff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_CLOSERS = "，。、；：！？）》」』】〉”…％%"
_OPENERS = "（《「『【〈“"
# ASCII marks close a Chinese clause too, since reading an idea folds full-width marks to them
_TOKEN = re.compile(
    rf"\s+|[{_CLOSERS}]+|(?<=[{_WIDE}])[,.;:!?)\]]+|[{_OPENERS}]|[{_WIDE}]|[^\s{_WIDE}{_CLOSERS}{_OPENERS}]+"
)
_ASCII_CLOSERS = ",.;:!?)]"
_EIGHTHS = "▏▎▍▌▋▊▉█"


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` terminal cells.

    Western words stay whole where they fit; Chinese breaks between any two characters,
    but no line begins with a closing mark or ends with an opening one.

    >>> wrap("用 LLM 算工资，再写信。", 11)
    ['用 LLM 算工', '资，再写', '信。']
    """
    from rich.cells import cell_len

    lines: list[str] = []
    line, gap = "", ""
    for piece in _glued(_TOKEN.findall(text)):
        if piece.isspace():
            gap = " " if line else ""
            continue
        if cell_len(line + gap + piece) <= width:
            line, gap = line + gap + piece, ""
            continue
        if line:
            lines.append(line)
        *full, line = _fold(piece, width)
        lines += full
        gap = ""
    return [*lines, line] if line or not lines else lines


def _glued(tokens: Sequence[str]) -> list[str]:
    """Glue closing marks to what stands before them and opening marks to what follows."""
    pieces: list[str] = []
    opened = False
    for token in tokens:
        closes = token[0] in _CLOSERS or token[0] in _ASCII_CLOSERS
        if pieces and not token.isspace() and (opened or (closes and not pieces[-1].isspace())):
            pieces[-1] += token
        else:
            pieces.append(token)
        opened = token[0] in _OPENERS or (opened and token.isspace())
    return pieces


def _fold(piece: str, width: int) -> list[str]:
    """Cut a piece that is wider than a line."""
    from rich.cells import cell_len

    parts = [""]
    for c in piece:
        if parts[-1] and cell_len(parts[-1] + c) > width:
            parts.append("")
        parts[-1] += c
    return parts


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text with spaces to `width` cells, on its left where it is to stand on the right."""
    from rich.cells import cell_len

    spaces = " " * max(0, width - cell_len(text))
    return spaces + text if right else text + spaces


def widest(names: Iterable[str]) -> int:
    """Return the cells of the widest name."""
    from rich.cells import cell_len

    return max((cell_len(n) for n in names), default=0)


def bar(share: float, n_cells: int) -> str:
    """Draw a share, 0 to 1, as a bar of at most `n_cells` cells; nothing but zero is invisible.

    >>> bar(0.5, 4), bar(0.001, 4), bar(0.0, 4)
    ('██', '▏', '')
    """
    eighths = round(min(1.0, max(0.0, share)) * n_cells * 8)
    if share > 0 and eighths == 0:
        eighths = 1
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest - 1] if rest else "")


class Page:
    """Lines that are collected and then printed, all laid out for one width.

    Args:
        width: In cells; at least 50 are used.
    """

    def __init__(self, width: int) -> None:
        self.width = max(_MIN_WIDTH, width)
        self._lines: list[Text] = []

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Add one line; a part is a text, or a text and its style."""
        from rich.text import Text

        text = Text(no_wrap=True, overflow="ignore")
        for part in parts:
            if isinstance(part, str):
                text.append(part)
            else:
                text.append(part[0], part[1])
        text.rstrip()
        self._lines.append(text)

    def blank(self) -> None:
        """Add an empty line."""
        self.line("")

    def heading(self, words: str, remark: str = "") -> None:
        """Add a section's name, after an empty line, with a remark beside or below it."""
        self.blank()
        if remark and widest([words]) + 2 + widest([remark]) > self.width:
            self.line((words, "bold"))
            self.paragraph(remark, style="dim")
            return
        self.line((words, "bold"), (f"  {remark}" if remark else "", "dim"))

    def paragraph(self, words: str, *, indent: int = 2, hang: int = 0, style: str = "") -> None:
        """Add wrapped text; lines after the first stand `hang` cells further in."""
        first = True
        for row in self._wrapped(words, indent, hang):
            self.line(" " * (indent if first else indent + hang), (row, style))
            first = False

    def _wrapped(self, words: str, indent: int, hang: int) -> list[str]:
        rows = wrap(words, self.width - indent)
        if hang and len(rows) > 1:
            rows = [rows[0], *wrap(words[len(rows[0]) :].lstrip(), self.width - indent - hang)]
        return rows

    def entry(self, before: Sequence[tuple[str, str]], words: str, *, indent: int = 2, style: str = "") -> None:
        """Add cells that are padded already, each with its style, and words wrapped beside them."""
        taken = indent + sum(widest([cell]) + GAP for cell, _ in before)
        for number, row in enumerate(wrap(words, self.width - taken)):
            if number:
                self.line(" " * taken, (row, style))
            else:
                self.line(" " * indent, *((cell + " " * GAP, s) for cell, s in before), (row, style))

    def print(self, console: Console) -> None:
        """Print the lines as they are: nothing is wrapped, highlighted or read as markup."""
        for text in self._lines:
            console.print(text, end="\n", soft_wrap=True, highlight=False, markup=False, emoji=False)

    def text(self, *, colour: bool = False) -> str:
        """Return the lines, with ANSI colours on request, whatever the environment says."""
        from io import StringIO

        from rich.console import Console

        if not colour:
            return "\n".join(text.plain for text in self._lines)
        out = StringIO()
        self.print(
            Console(
                file=out,
                width=self.width,
                force_terminal=True,
                color_system="standard",
                legacy_windows=False,
                _environ={},
            )
        )
        return out.getvalue().removesuffix("\n")
