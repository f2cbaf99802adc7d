"""Why a row could not be judged, or not be read in full, in the reader's language."""

from __future__ import annotations

import re

from fitcheck.text import Language

__all__ = ["error_words"]

_PARTS = re.compile(r"; (?=column |no model |no price )|(?<=judged without it); ")
_IN_CHINESE = (
    (r"the idea is empty: .*", "想法是空的：请用一句话说明模型做什么、给谁用、结果怎么用"),
    (
        r"the idea has ([\d,]+) characters, and at most ([\d,]+) are read: .*",
        r"想法有 \1 个字符，最多读 \2 个：请只留下说明模型做什么的部分",
    ),
    (r"this row has no idea: .*", "这一行没有想法：单元格是空的"),
    (
        r"column '(.*?)': a formula whose result is not stored: .*",
        r"“\1”列的公式没有存下结果，评判时未计入：请用 Excel 打开文件并保存",
    ),
    (
        r"a formula whose result is not stored: .*",
        "想法是公式，但没有存下结果：请用 Excel 打开文件并保存",
    ),
    (r"column '(.*?)': \w+ = (.*?): .*; judged without it", r"“\1”列的 \2 读不懂，评判时未计入"),
    (r"column '(.*?)': \w+ = (.*?): .*", r"“\1”列的 \2 读不懂"),
    (r"no model '(.*?)'.*; judged without a cost", r"价目里没有模型 \1，评判时未计费用"),
    (r"no (?:batch )?price .*?'(.*?)'.*; judged without a cost", r"查不到 \1 的价格，评判时未计费用"),
)


def error_words(error: str, lang: Language | None) -> str:
    """Return a row's error for reading; what has no Chinese words stays as it is.

    >>> error_words("column 'People': users = 'many': input should be a valid integer; judged without it", "zh")
    "“People”列的 'many' 读不懂，评判时未计入"
    """
    return error if lang != "zh" else "；".join(_in_chinese(part) for part in _PARTS.split(error))


def _in_chinese(part: str) -> str:
    for pattern, words in _IN_CHINESE:
        if match := re.fullmatch(pattern, part, re.DOTALL):
            return match.expand(words)
    return part
