"""What a call reads and writes, said as tokens, as a size, or as a file."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from fitcheck.cost.figures import Figure, input_of
from fitcheck.cost.sheet import Input
from fitcheck.errors import CostError
from fitcheck.numerals import read_number

__all__ = ["read_tokens"]

_SIZE = re.compile(
    r"(?P<count>.{1,60}?)\s*(?P<code>code\s+)?(?P<unit>words?|characters?|chars?|pages?|[字页])", re.IGNORECASE
)
_UNITS = {"w": "words", "c": "characters", "p": "pages", "字": "characters", "页": "pages"}
_SIZES = "such as 800 words, 3 pages or 800 字"
_TODO = f"give tokens, such as 1200 or 800..2000, or a size, {_SIZES}"
_MOST_TOKENS = 10**8
_MOST_BYTES = 50_000_000


def read_tokens(name: str, value: Figure, en: str, zh: str, *, model: str | None) -> Input:
    """Return tokens a call as an input.

    Args:
        name: The input's name.
        value: Tokens; or a size as text, such as `3 pages`, `800 words`, `2000 code characters`, `3 页`, `800 字`; or
            `@FILE`, whose text is counted where the model's tokenizer is installed, and estimated otherwise.
        en: What it is.
        zh: The same in Chinese.
        model: The model, for its tokenizer; None for any.

    Raises:
        CostError: It is none of these, or the file can't be read.

    >>> read_tokens("tokens_in", "2 pages", "input", "输入", model="gpt-4o").mid
    Decimal('1300')
    """
    if not isinstance(value, str):
        return input_of(name, value, "tokens", en, zh, most=_MOST_TOKENS, todo=_TODO)
    text = value.strip()
    if text.startswith("@"):
        return _of(name, _in_file(name, Path(text[1:]), model), en, zh)
    match = _SIZE.fullmatch(text)
    if match is None:
        return input_of(name, value, "tokens", en, zh, most=_MOST_TOKENS, todo=_TODO)
    from fitcheck.cost.tokens import estimate_tokens

    unit = match["unit"].lower()
    count = _count(name, value, match["count"], is_pages=unit[0] in "p页")
    size: dict[str, Any] = {_UNITS[unit[0]]: float(count)}
    is_chinese = unit in "字页"
    kind: Any = "code" if match["code"] else "prose"
    found = estimate_tokens(**size, lang="zh" if is_chinese else "en", family=_family(model), kind=kind)
    return _of(name, found, en, zh)


def _count(name: str, value: str, written: str, *, is_pages: bool) -> Decimal:
    """Read how many words, characters or pages there are; nobody knows whether 1.200 pages are many or one and a bit.

    Raises:
        CostError: It is no number, or can be read as two.
    """
    many = read_number(written, counts=True)
    if many is None:
        raise CostError(f"{name}: {value!r} is no size; give one number and its unit, {_SIZES}, or tokens as LOW..HIGH")
    few = read_number(written)
    if is_pages and few is not None and few != many:
        raise CostError(f"{name}: {value!r} can be {few} pages or {many}; write {few}0 pages or {many} pages")
    return many


def _in_file(name: str, path: Path, model: str | None) -> Any:
    from fitcheck.cost.tokens import count_tokens

    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CostError(f"{name}: {path} has more than {_MOST_BYTES:,} bytes; give a typical text")
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise CostError(f"{name}: {path} is no UTF-8 text") from None
    except OSError as error:
        raise CostError(f"{name}: {path} can't be read: {error.strerror}") from None
    return count_tokens(text, _family(model))


def _family(model: str | None) -> str:
    from fitcheck.cost.families import family_of

    return (family_of(model) if model else None) or "other"


def _of(name: str, found: Any, en: str, zh: str) -> Input:
    low, mid, high = (Decimal(v) for v in (found.low, found.mid, found.high))
    return Input(name, low, mid, high, "tokens", en, zh, found.how, "p80")
