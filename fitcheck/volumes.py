"""What an idea says of how often it comes up: one clear volume, offered to be confirmed and never taken as a fact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from fitcheck.errors import UseCaseError
from fitcheck.quantities import DAYS_PER_YEAR, MONTHS_PER_YEAR, read_quantity
from fitcheck.text import fold, normalise

__all__ = ["StatedVolume", "stated_volume"]

_PER_MONTH = {
    "day": DAYS_PER_YEAR / MONTHS_PER_YEAR,
    "week": DAYS_PER_YEAR / 7 / MONTHS_PER_YEAR,
    "month": 1.0,
    "year": 1 / MONTHS_PER_YEAR,
}
_PERIODS = {
    **dict.fromkeys(("day", "daily", "天", "日"), "day"),
    **dict.fromkeys(("week", "weekly", "周", "星期"), "week"),
    **dict.fromkeys(("month", "monthly", "月"), "month"),
    **dict.fromkeys(("year", "yearly", "annually", "年"), "year"),
}
_EN_NUMBER = (
    r"(?<![\w.$€£¥#%-])(?<!\d,)(?P<number>\d{1,3}(?:[,.' ]\d{3}){1,6}(?!\d)|\d+(?:[.,]\d+)?(?!\d))"
    r"(?P<size> ?(?:k|m|thousand|million))?(?![a-z\d])"
)
_EN_THING = (
    r"(?:[a-z-]+ ){0,2}?(?:calls?|requests?|quer(?:y|ies)|messages?|mails?|e-?mails?|tickets?|cases?|documents?|docs"
    r"|letters?|reports?|chats?|conversations?|questions?|in?quir(?:y|ies)|enquir(?:y|ies)|invoices?|contracts?|orders?"
    r"|claims?|reviews?|comments?|complaints?|posts?)\b"
)
_EN_PERIOD = r"(?P<period>day|week|month|year)\b"
_ZH_NUMBER = (
    r"(?P<number>\d[\d,.]{0,20}|[一二两三四五六七八九]?[十百千万亿][一二两三四五六七八九十百千万亿]{0,12})"
    r"(?P<size> ?(?:百万|千万|万|亿|千|k|w))?(?:多|余|来)? ?"
)
_ZH_THING = (
    r"(?:次|份|条|张|单|通|件|封|篇|起|笔|个(?=请求|工单|订单|咨询|问题|文档|文件|电话|来电|投诉))"
    r"(?:咨询|调用|请求|访问|来电|电话|工单|订单|文档|文件|合同|发票|评论|对话|投诉|邮件|消息)?"
)
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_EN_NUMBER} {_EN_THING}(?: (?:from|by|of|in|with|to) [a-z]+)?"
        r",? ?(?:(?:an?|per|each|every) |/ ?)" + _EN_PERIOD,
        rf"{_EN_NUMBER} {_EN_THING} (?P<period>daily|weekly|monthly|yearly|annually)\b",
        rf"\b(?:each|every|per) {_EN_PERIOD},? (?:[a-z]+ ){{0,4}}?{_EN_NUMBER} {_EN_THING}",
        rf"(?:每个?(?P<period>天|日|周|星期|月|年)|(?P<mean>[日周月年])均)[\u4e00-\u9fff]{{0,8}}?{_ZH_NUMBER}{_ZH_THING}",
        rf"(?<![\d.])(?<!\d,){_ZH_NUMBER}{_ZH_THING} ?(?:/ ?|每)(?P<period>天|日|周|月|年)",
    )
)
_SHARED = re.compile(
    r"\b(?:per|each|every) (?:user|agent|clerk|person|employee|customer|client|store|branch|shop|site|team|office"
    r"|region|seller|doctor|nurse|lawyer|rep|tenant|account|country|department|worker|member)|\bapiece\b"
    r"|\d ?(?:k |m |thousand )?(?:[a-z-]+ )?(?:users|agents|clerks|people|employees|workers|members|seats)\b"
    r"|每人|人均|每[位名家]|每个(?:人|员工|客服|坐席|用户|客户|门店|网点|店|部门|医生|律师)"
    r"|[\d十百千万] ?[名位个]?(?:用户|员工|客服|坐席|人)(?!工|次)"
)
"""Words after which nobody knows whether a volume is one person's or everybody's."""
_UNSURE = re.compile(
    r"[\d十百千万亿kmw] ?(?:[a-z]+ ){0,2}(?:to|or|and|-|–|—|~|至|到|或)\s*\Z"
    r"|(?:\b(?:not|never|no longer|used to|if|instead of)\b|n't\b)[^.;!?]{0,40}\Z"
    r"|(?:不到|不足|没有|并非|不是|如果|假如|曾)[^。；，,;]{0,6}\Z"
)
"""What before a number makes it a range, a denial or a supposition."""
_NAMES_A_PERIOD = re.compile(r"day|daily|week|month|year|annual|[天日周週月年]|星期", re.IGNORECASE)
_MOST_WORDS = 60
_MOST_CALLS = 10**12


@dataclass(frozen=True, slots=True)
class StatedVolume:
    """How often a text says that something comes up.

    Attributes:
        words: Its words, as written.
        calls_per_month: The same by the month: as stated, or to two digits where it is stated by another period.
        is_exact: Whether it is stated by the month.
    """

    words: str
    calls_per_month: int
    is_exact: bool

    @property
    def offer(self) -> dict[str, str]:
        """What the text says and how to confirm it, by language."""
        by_month, zh_by_month = "", ""
        if not self.is_exact:
            by_month = f", about {self.calls_per_month:,} a month"
            zh_by_month = f"，约合每月 {self.calls_per_month:,} 次"
        fact = f"calls_per_month={self.calls_per_month}"
        return {
            "en": f"the text says “{self.words}”{by_month}; confirm with {fact}",
            "zh": f"文中写有“{self.words}”{zh_by_month}；属实请以 {fact} 确认",
        }


@lru_cache(maxsize=256)
def stated_volume(text: str) -> StatedVolume | None:
    """Return the one clear volume that a text states; None where it states none, several, a range or a share of one.

    Args:
        text: The idea's text, as written.

    >>> stated_volume("An LLM answers 50,000 chats a day").calls_per_month
    1500000
    >>> stated_volume("客服机器人回复客户，每天5万次咨询").words
    '每天5万次咨询'
    >>> stated_volume("Answer 300 to 500 mails a day") is stated_volume("500 agents, 20 chats a day") is None
    True
    """
    if _NAMES_A_PERIOD.search(text) is None:
        return None
    try:
        written = normalise(text)
    except UseCaseError:
        return None
    folded = fold(written)
    found = {match.start("number"): match for form in _FORMS for match in form.finditer(folded)}
    if len(found) != 1 or _SHARED.search(folded):
        return None
    ((start, match),) = found.items()
    if _UNSURE.search(folded[max(0, start - _MOST_WORDS) : start]):
        return None
    try:
        number = read_quantity("tokens_in", f"{match['number']}{match['size'] or ''}")
    except ValueError:
        return None
    named = match.groupdict()
    period = _PERIODS[named["period"] or named["mean"]]
    calls = round(number * _PER_MONTH[period])
    if not 1 <= calls <= _MOST_CALLS:
        return None
    if period != "month":
        calls = int(float(f"{calls:.1e}"))
    words = written[match.start() : match.end()] if len(written) == len(folded) else match[0]
    return StatedVolume(words[:_MOST_WORDS].strip(), calls, period == "month")
