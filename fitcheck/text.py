"""Text as the rest of fitcheck reads it: one normal form, its language, its clause marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from fitcheck.errors import UseCaseError

__all__ = ["MAX_CHARS", "Language", "clause_spans", "detect_language", "fold", "is_cjk", "normalise"]

Language = Literal["en", "zh"]

MAX_CHARS = 100_000
"""The longest idea that is read, in characters after normalisation."""

_SPACES = re.compile(r"[ \t\x0b\f\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_GAPS = re.compile(r" {2,}")
_BREAKS = re.compile(r" *(?:\r\n|\r|\n|\u2028|\u2029)[\s]*")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")

# A sentence ends at these; a full stop only before white space, so that 3.5 and e.g.x stay whole.
_SENTENCE_END = re.compile(
    r"[!?;](?=\s|$)|\.(?=\s+\S|\s*$)|[\u3002\uff01\uff1f\uff1b!?;](?=[\u3400-\u9fff])|[\u3002]|\n"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|no|nr|fig|incl|mr|mrs|ms|dr|st|inc|ltd|co|u\.s|a\.m|p\.m)|\b[a-z])$", re.I
)
# Inside an English sentence a new clause starts at these words after a comma, a dash or a bracket. What is looked for
# begins with one of three characters, so that the others are passed over at once.
_EN_BREAK = re.compile(
    r"[,:\s](?:(?:(?<=,)\s+|(?<=\s)\s*)(?=(?:and|but|or)\s+(?:then|also|not|never|the|a|an|our|we|it|they|nobody|no"
    r"|only|afterwards)\b)"
    r"|(?<=,)\s+(?=(?:then|but|so|while|whereas|which|who|with|and|not|never|nobody|no|the|our|a|an|it|we|they|instead"
    r"|rather|after|before)\b)"
    r"|(?<=\s)\s*(?:(?=(?:while|whereas|whilst|instead of|rather than)\b)|(?<=\s)[-\u2013\u2014]{1,2}\s+)"
    r"|(?<=:)\s+|(?<=\s)\s*(?=\()|(?<=\)\s)\s*)",
    re.I,
)
_ZH_BREAK = re.compile(r"[\uff0c,\uff1a:\u2014\uff08\uff09()]+")


def normalise(text: str) -> str:
    """Return the one form of a text that everything else reads and that spans refer to.

    Unicode NFKC; control and formatting characters dropped; runs of white space and
    of line breaks made one.

    Args:
        text: Any string.

    Raises:
        UseCaseError: The text is empty, or longer than `MAX_CHARS` characters.

    >>> normalise("  Draft\\x00 the\\u200b\\n\\n letter\\t now ")
    'Draft the\\nletter now'
    """
    if len(text) > 4 * MAX_CHARS:
        raise UseCaseError(_too_long(len(text)))
    text = unicodedata.normalize("NFKC", text)
    if len(text) > 4 * MAX_CHARS:  # one character can become eighteen
        raise UseCaseError(_too_long(len(text)))
    if text.isprintable():  # no other space than a blank, no break and nothing to drop
        text = _GAPS.sub(" ", text).strip()
    else:
        dropped = {ord(c) for c in set(text).difference("\n\r\t") if unicodedata.category(c) in _DROPPED}
        text = _BREAKS.sub("\n", _SPACES.sub(" ", text.translate(dict.fromkeys(dropped)))).strip()
    if len(text) > MAX_CHARS:
        raise UseCaseError(_too_long(len(text)))
    if not text:
        raise UseCaseError(
            "the idea is empty: say in a sentence what the model would do, for whom, and what happens with the result"
        )
    return text


_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def _too_long(n_chars: int) -> str:
    return (
        f"the idea has {n_chars:,} characters, and at most {MAX_CHARS:,} are read: "
        "pass the part that says what the model would do"
    )


def detect_language(text: str) -> Language:
    """Say whether a text is mainly Chinese or English.

    >>> detect_language("cover letter 求 GPT 改得不那么中式")
    'zh'
    >>> detect_language("Translate the column 发票 into English")
    'en'
    """
    n_cjk = len(_CJK.findall(text))
    return "zh" if n_cjk and n_cjk >= len(_LATIN_WORD.findall(text)) else "en"


def is_cjk(character: str) -> bool:
    """Say whether a character is a Chinese one."""
    return "\u3400" <= character <= "\u9fff"


def fold(text: str) -> str:
    """Lower-case a normalised text and bring traditional Chinese to simplified.

    The result has as many characters as the input, so that spans hold in both.

    >>> fold("庫存 OCR")
    '库存 ocr'
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    if _CJK.search(lowered) is None:
        return lowered
    table, occurs = _simplified()
    return lowered.translate(table) if occurs(lowered) else lowered


@lru_cache(maxsize=1)
def _simplified() -> tuple[dict[int, str], Callable[[str], object]]:
    """Map each traditional character to its simplified one (OpenCC's table), and give what looks for any of them.

    Most texts hold none, and looking is much quicker than mapping.
    """
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    characters = [chr(c) for c in range(0x4E00, 0x9FA6)]
    table: dict[int, str] = {}
    for character, simple in zip(characters, convert("\n".join(characters)).split("\n"), strict=True):
        if simple != character and len(simple) == 1:
            table[ord(character)] = simple
    return table, re.compile(f"[{''.join(map(chr, table))}]").search


def clause_spans(text: str) -> list[tuple[int, int]]:
    """Cut a normalised text into clauses.

    Args:
        text: What `normalise` returned.

    Returns:
        Start and end of each clause, in order, without surrounding white space;
        every visible character except the marks between clauses lies in one.

    >>> text = "Regexes pull the IDs, and the model drafts the reply. 先算工资，再起草信"
    >>> [text[a:b] for a, b in clause_spans(text)]
    ['Regexes pull the IDs', 'and the model drafts the reply', '先算工资', '再起草信']
    """
    spans: list[tuple[int, int]] = []
    for start, end in _sentence_spans(text):
        is_zh = _CJK.search(text, start, end) is not None
        cut = start
        for match in (_ZH_BREAK if is_zh else _EN_BREAK).finditer(text, start, end):
            # a number such as 1,000 or 9:30 stays whole
            inner = text[match.start() - 1 : match.end() + 1] if match.start() > start else ""
            if len(inner) >= 3 and inner[0].isdigit() and inner[-1].isdigit():
                continue
            if match.end() - cut < 3:
                continue
            _append(spans, text, cut, match.start())
            cut = match.end()
        _append(spans, text, cut, end)
    return spans


def _sentence_spans(text: str) -> list[tuple[int, int]]:
    spans = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[match.start()] == "." and _ABBREVIATION.search(text, max(start, match.start() - 8), match.start()):
            continue
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(" \n,，。.;；:："))
    end -= len(piece) - len(piece.rstrip(" \n,，。.;；:："))
    if end > start:
        spans.append((start, end))
