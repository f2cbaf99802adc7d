"""What an idea says of its size only: a budget, a volume, a length, a date.

Real proposals carry such words, and scenarios hardly do: "budget 2 million yuan" would sound like whatever
scenario has a budget in it. They say nothing of the task, so nobody reads them for a verdict; rules, which look
for words of their own, still see them.
"""

from __future__ import annotations

import re

__all__ = ["figure_spans"]

Span = tuple[int, int]

_NUMBER = r"\d[\d.,]*(?: ?[-~到至–] ?\d[\d.,]*)?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter)"
)
_EN_CURRENCY = r"(?:us ?dollars?|dollars?|euros?|eur|usd|gbp|pounds?|yuan|rmb|cny|chf|francs?|yen|rupees?|crowns?)"
_EN_MONEY = (
    rf"(?:[$€£¥] ?|{_EN_CURRENCY} )?{_NUMBER} ?(?:k|m|bn|thousand|million|billion)?(?: ?(?:[$€£¥]|{_EN_CURRENCY}))?"
)
_EN_NEARLY = (
    r"(?:about|around|roughly|approximately|approx\.?|circa|some|up to|at most|under|over|more than|nearly|almost"
    r"|max\.?|~|of|is|at|currently|expected|:)"
)
_EN_EACH = (
    r"(?:(?:(?:a|per|each|every) ?|/ ?)(?:second|minute|hour|day|night|week|month|quarter|year|annum)"
    r"|daily|weekly|monthly|yearly|annually)"
)
_EN_UNIT = (
    r"(?:calls?|requests?|queries|messages?|mails?|e-?mails?|tickets?|cases?|documents?|docs|letters?|reports?|pages?"
    r"|words?|tokens?|characters?|users?|items?|records?|rows?|entries|files?|posts?|reviews?|comments?|questions?"
    r"|invoices?|contracts?|orders?|claims?|texts?|conversations?|chats?|notes?)"
)
_ENGLISH = (
    r"(?:(?:with|and|on|the|our|a|an|total|annual|yearly|monthly|project|overall|estimated|planned) )*"
    r"(?:budget(?:ed)?|costs?|running costs?|price|investment|funding|spend)"
    rf"(?: {_EN_NEARLY})*:? ?{_EN_MONEY}(?: {_EN_EACH})?"
    r"|(?:(?:and|with|we (?:get|have|see|receive|handle)|there are|volume|load|expect(?:ed|ing)?) )*"
    rf"(?:{_EN_NEARLY} )*{_NUMBER} ?(?:k|m|thousand|million)?(?: {_EN_UNIT})? ?{_EN_EACH}"
    rf"|(?:each |every )?(?:{_EN_NEARLY} )*{_NUMBER} (?:words|tokens|characters|pages) (?:each|long|a call|per call)"
    r"|(?:to )?(?:launch(?:es|ing)?|go(?:es|ing)? live|live|start(?:s|ing)?|roll(?:s|ed)? out|due|deadline|pilot) "
    r"(?:in|by|on|from|:)? ?(?:(?:early|mid|late|the end of|end of) ?-?)?"
    rf"(?:{_MONTH}(?: \d{{1,2}})?(?: ?,? ?20\d\d)?|q[1-4](?: ?20\d\d)?|20\d\d)"
)
_ZH_NUMBER = rf"(?:{_NUMBER}|[一二三四五六七八九十两百千]+) ?(?:百万|千万|万|亿|千|k|w|m)?(?:多|余|来)?"
_ZH_NEARLY = (
    r"(?:大约|大概|约|近|为|是|达到?|共|有|在|不超过?|超过?|控制|上限|合计|[总预]计"
    r"|估计|平均|申请|安排|目前|:| )*"
)
_ZH_PER = r"(?:每个?(?:天|日|周|月|年|季度|小时|分钟|秒)|[日周月年]均|[日月年])"
_ZH_MANY = r"(?:调用|咨询|访问|请求|处理|业务|工单|订单|数据|使用)(?:量|数|次数)"
_ZH_COUNTED = (
    r"(?:次|份|条|张|单|通|件|封|个|篇|起|笔|宗|页|人次|例|人|户|gb|g|tb)(?:左右|上下|以内|以上)?"
    r"(?:咨询|调用|请求|访问|来电|工单|订单|文档|文件|合同|评论|对话|投诉|记录|数据|问题)?"
)
_CHINESE = (
    r"(?:本?项目|整体|全年|年度|首年|首期|一期|二期|总|计划)*(?:的)?"
    r"总?(?:预算|投入|投资|经费|费用|造价|概算|资金|成本)"
    rf"{_ZH_NEARLY}[¥$€]? ?{_ZH_NUMBER} ?(?:元|块钱?|人民币|rmb|美元|美金|欧元|港币|usd|eur)?(?:人民币)?"
    r"(?:左右|上下|以内|以下|封顶)?(?:/[年月])?"
    rf"|{_ZH_NEARLY}{_ZH_PER}{_ZH_NEARLY}(?:{_ZH_MANY}|调用|咨询|单量|件量|来电量?|文档量?)?"
    rf"{_ZH_NEARLY}{_ZH_NUMBER} ?{_ZH_COUNTED}"
    rf"|{_ZH_MANY}{_ZH_NEARLY}{_ZH_PER}?{_ZH_NEARLY}{_ZH_NUMBER} ?{_ZH_COUNTED}(?:/[日天周月年])?"
    rf"|每(?:次|份|条|篇|张|件|单|封){_ZH_NEARLY}{_ZH_NUMBER} ?"
    r"(?:字|页|词|个?tokens?|个?词元|元|分钱?|秒|分钟)(?:左右|上下|以内)?"
    r"|(?:计划|预计|拟|争取|目标|力争|将)?(?:于|在)?(?:20\d\d年|今年|明年|年内)?"
    r"(?:\d{1,2}月(?:份|底|初|中旬)?(?:\d{1,2}[日号])?|第?[一二三四]季度|q[1-4]|上半年|下半年|年?底|年中)?之?(?:前|后)?"
    r"(?:正式|全面)?(?:上线|启动|试点|试运行|交付|验收|投产)"
    rf"|(?:工期|建设期|建设周期|项目周期|周期){_ZH_NEARLY}{_ZH_NUMBER}个?(?:天|周|月|年)"
)
_DIGIT = re.compile(r"\d")
_MARK = re.compile(r"(?:(?<!\d),|,(?!\d{3}))\s*|[;.!?](?=\s|$)\s*|[。！？；，、\n()（）—–]\s*|;\s*|:\s*$")
_ONLY_FIGURES = re.compile(rf"(?:{_ENGLISH}|{_CHINESE})")


def figure_spans(folded: str) -> list[Span]:
    """Find the stretches between marks that hold nothing but a size.

    Args:
        folded: What `fitcheck.text.fold` returned.

    Returns:
        Start and end of each, in order, without the marks; nothing where an idea says nothing else.

    >>> text = "a help desk chatbot, budget 2 million yuan. 客服机器人,每天5万次咨询,预算200万元"
    >>> [text[a:b] for a, b in figure_spans(text)]
    ['budget 2 million yuan', '每天5万次咨询', '预算200万元']
    >>> figure_spans("sort 300 mails a day"), figure_spans("300 mails a day")
    ([], [])
    """
    if _DIGIT.search(folded) is None:
        return []
    found, begin, says_more = [], 0, False
    for end, after in [*(m.span() for m in _MARK.finditer(folded)), (len(folded), len(folded))]:
        piece = folded[begin:end]
        if stripped := piece.strip():
            if _DIGIT.search(stripped) and _ONLY_FIGURES.fullmatch(stripped):
                start = begin + piece.index(stripped)
                found.append((start, start + len(stripped)))
            else:
                says_more = True
        begin = after
    return found if says_more else []
