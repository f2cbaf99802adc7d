"""How many tokens a text has: estimated offline with a range, or counted where a tokenizer is at hand.

A tokenizer cuts a text into words, pieces of words, marks and runs of digits before it looks
anything up. So those are counted, and each family of tokenizers has its own tokens for each of
them (`tokens.toml`). `python -m benchmarks.tokens` measures the error.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from fitcheck.cost.families import FAMILIES, UNMEASURED, family_of
from fitcheck.errors import CostError

__all__ = ["FAMILIES", "Kind", "Lang", "TokenEstimate", "count_tokens", "estimate_tokens", "family_of"]

Kind = Literal["prose", "code"]
Lang = Literal["en", "zh", "mixed"]

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_WIDE = r"\u2010-\u206f\u3000-\u303f\uff00-\uffef"
_COUNTED = {
    "han": re.compile(f"[{_HAN}]"),
    "cjk_mark": re.compile(f"[{_WIDE}]"),
    "word": re.compile(r"[A-Za-z]+"),
    "digit": re.compile(r"[0-9]"),
    "digit_run": re.compile(r"[0-9]+"),
    "mark": re.compile(r"[!-/:-@\[-`{-~]"),
    "mark_run": re.compile(r"[!-/:-@\[-`{-~]+"),
    "line": re.compile(r"\n+"),
    "indent": re.compile(r"[ \t]{2,}"),
    "other": re.compile(f"[^\\x00-\\x7f{_HAN}{_WIDE}]"),
}
# getUserID: get, User, ID
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_EARLY_LETTERS = 6

# Half of the 90% interval in logarithms: what stays however long a text is, and what fades with its
# length (the error of n tokens falls as 1 / sqrt(n)); letters of other scripts may be off by half, and
# numbers by a quarter, where a text is full of them.
_STAYS = {"prose": 0.10, "code": 0.16}
_FADES = 0.9
_MAY_BE_OFF = {"other": 0.5, "digit": 0.25, "digit_run": 0.25}

# Low and high by the middle, from the 5th to the 95th percentile of texts, with documents full of
# tables and names at the high end of English and minified or numeric code at that of code.
_SIZE_RANGE = {"word": (0.87, 1.4), "en": (0.88, 1.3), "zh": (0.85, 1.18), "code": (0.78, 1.5)}

_PAGE = {"en": (400, 500, 600), "zh": (600, 800, 1000)}
_PAGE_SOURCE = {
    "en": "500 words (400 to 600), the usual reckoning for single spacing",
    "zh": "800 characters (600 to 1,000; an official page by GB/T 9704-2012 holds 22 lines of 28)",
}
_MAX_SIZE = 10**12


@dataclass(frozen=True, slots=True)
class TokenEstimate:
    """A number of tokens.

    Attributes:
        low: The low end; nine of ten texts or more lie between the two ends.
        mid: The middle.
        high: The high end.
        how: What it rests on.
    """

    low: int
    mid: int
    high: int
    how: str

    @property
    def is_exact(self) -> bool:
        """Whether a tokenizer counted."""
        return self.low == self.high


def estimate_tokens(
    text: str | None = None,
    *,
    words: float | None = None,
    characters: float | None = None,
    pages: float | None = None,
    lang: Lang = "en",
    family: str = "o200k",
    kind: Kind = "prose",
) -> TokenEstimate:
    """Estimate a number of tokens from a text, or from its size.

    Give exactly one of the first four.

    Args:
        text: The text itself.
        words: Its words; in Chinese its characters, which Chinese word counts count.
        characters: Its characters, spaces included.
        pages: Its pages: 500 English words or 800 Chinese characters, and 400 to 600 or 600 to 1,000.
        lang: Of a size: `en`, `zh` or `mixed`, which is half of each.
        family: A tokenizer family, one of `FAMILIES`, or a model's name.
        kind: `prose`, or `code`, which varies more.

    Raises:
        CostError: Not exactly one size, a negative or endless one, an unknown family, language or kind.

    >>> estimate_tokens("Draft a reply to this customer and keep it short.")
    TokenEstimate(low=8, mid=11, high=16, how='estimated for o200k: 49 characters')
    >>> estimate_tokens(pages=1, lang="zh", family="qwen").mid
    570
    """
    given = {"text": text, "words": words, "characters": characters, "pages": pages}
    named = [name for name, value in given.items() if value is not None]
    if len(named) != 1:
        raise CostError(
            f"tokens: give exactly one of text, words, characters, pages, not {' and '.join(named) or 'none'}"
        )
    if lang not in ("en", "zh", "mixed"):
        raise CostError(f"lang: {lang!r} is none of en, zh, mixed")
    if kind not in ("prose", "code"):
        raise CostError(f"kind: {kind!r} is none of prose, code")
    known = _known_family(family)
    if text is not None:
        low, mid, high = _of_text(text, known, kind)
        how = f"{len(text):,} characters"
    else:
        size = next(v for v in (words, characters, pages) if v is not None)
        if isinstance(size, bool) or not (isinstance(size, int | float) and 0 <= size <= _MAX_SIZE):
            raise CostError(f"{named[0]}: {size!r} makes no sense; give a number of 0 or more, up to {_MAX_SIZE:.0e}")
        low, mid, high = _of_size(named[0], float(size), lang, known, kind)
        how = f"{size:,} {named[0]}" + (f", {_page_words(lang)}" if pages is not None else "")
    label = "any tokenizer" if known == "other" else known
    return TokenEstimate(math.floor(low), round(mid), math.ceil(high), f"estimated for {label}: {how}")


def count_tokens(text: str, family: str = "o200k", *, tokenizer: str | Path | None = None) -> TokenEstimate:
    """Count a text's tokens where a tokenizer is at hand, or estimate them; nothing is ever fetched.

    Args:
        text: The text.
        family: A tokenizer family, or a model's name.
        tokenizer: A `tokenizer.json`, as models are published with; it counts, whatever the family.

    Raises:
        CostError: The file can't be read, or the family is unknown.
    """
    if tokenizer is not None:
        return _exactly(_count_with_file(text, Path(tokenizer)), f"counted with {Path(tokenizer).name}")
    known = _known_family(family)
    counted = _count_with_tiktoken(text, known)
    return estimate_tokens(text, family=known) if counted is None else _exactly(counted, f"counted with {known}_base")


def _exactly(count: int, how: str) -> TokenEstimate:
    return TokenEstimate(count, count, count, how)


def _known_family(family: str) -> str:
    name = family.strip().lower()
    if name in FAMILIES:
        return name
    if name in UNMEASURED:
        return "other"
    found = family_of(name)
    if found is None:
        near = get_close_matches(name, [*FAMILIES, *UNMEASURED], n=3, cutoff=0.5)
        todo = f"did you mean {' or '.join(near)}?" if near else f"families are {', '.join(FAMILIES)}"
        raise CostError(f"family: {family!r} is no tokenizer family and no model that is known; {todo}")
    return found


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[dict[str, float], tuple[float, ...]]]:
    import tomllib

    read = tomllib.loads((files("fitcheck.cost") / "tokens.toml").read_text("utf-8"))
    return {
        name: (dict(zip(read["things"], row["per"], strict=True)), tuple(row["size"]))
        for name, row in read["family"].items()
    }


def _things(text: str) -> dict[str, int]:
    counts = {name: len(pattern.findall(text)) for name, pattern in _COUNTED.items()}
    inner = late = capital = 0
    for word in _COUNTED["word"].findall(text):
        pieces = _PIECE.findall(word)
        inner += len(pieces) - 1
        for piece in pieces:
            late += max(0, len(piece) - _EARLY_LETTERS)
            capital += len(piece) if len(piece) > 1 and piece.isupper() else 0
    return {**counts, "inner_piece": inner, "late_letter": late, "capital": capital}


def _of_text(text: str, family: str, kind: Kind) -> tuple[float, float, float]:
    if not text:
        return 0, 0, 0
    things = _things(text)
    found = []
    for per, _ in _rows(family):
        mid = max(1.0, sum(per[name] * count for name, count in things.items()))
        doubt = sum(share * per[name] * things[name] for name, share in _MAY_BE_OFF.items()) / mid
        half = math.hypot(_STAYS[kind], math.sqrt(_FADES / mid)) + doubt
        found.append((mid * math.exp(-half), mid, mid * math.exp(half)))
    # no tokenizer has more tokens than bytes, nor fewer than one
    low, mid, high = _together(found)
    most = len(text.encode("utf-8", "surrogatepass"))
    return max(1.0, min(low, most)), min(mid, most), min(high, most)


def _of_size(what: str, size: float, lang: Lang, family: str, kind: Kind) -> tuple[float, float, float]:
    if lang == "mixed":
        half = [_of_size(what, size / 2, one, family, kind) for one in ("en", "zh")]
        return half[0][0] + half[1][0], half[0][1] + half[1][1], half[0][2] + half[1][2]
    if kind == "code" and what == "characters":
        column, spread, amounts = 3, _SIZE_RANGE["code"], (size, size, size)
    elif lang == "zh":
        column, spread = 2, _SIZE_RANGE["zh"]
        amounts = _pages(size, "zh") if what == "pages" else (size, size, size)
    elif what == "characters":
        column, spread, amounts = 1, _SIZE_RANGE["en"], (size, size, size)
    else:
        column, spread = 0, _SIZE_RANGE["code" if kind == "code" else "word"]
        amounts = _pages(size, "en") if what == "pages" else (size, size, size)
    found = [
        (amounts[0] * per[column] * spread[0], amounts[1] * per[column], amounts[2] * per[column] * spread[1])
        for _, per in _rows(family)
    ]
    return _together(found)


def _pages(pages: float, lang: str) -> tuple[float, float, float]:
    low, mid, high = _PAGE[lang]
    return pages * low, pages * mid, pages * high


def _page_words(lang: Lang) -> str:
    return f"a page of {' or '.join(_PAGE_SOURCE[one] for one in (('en', 'zh') if lang == 'mixed' else (lang,)))}"


def _rows(family: str) -> list[tuple[dict[str, float], tuple[float, ...]]]:
    table = _table()
    return list(table.values()) if family == "other" else [table[family]]


def _together(found: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    middles = sorted(mid for _, mid, _ in found)
    return min(f[0] for f in found), middles[len(middles) // 2], max(f[2] for f in found)


def _count_with_file(text: str, path: Path) -> int:
    from tokenizers import Tokenizer

    if not path.is_file():
        raise CostError(f"tokenizer: {path} is no file; give the path of a tokenizer.json")
    try:
        reader = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise CostError(f"tokenizer: {path} can't be read as a tokenizer.json: {error}") from None
    return len(reader.encode(text, add_special_tokens=False).ids)


def _count_with_tiktoken(text: str, family: str) -> int | None:
    from fitcheck.cost.families import tiktoken_encoding

    encoding = tiktoken_encoding(family)
    return None if encoding is None else len(encoding.encode_ordinary(text))
