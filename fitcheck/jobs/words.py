"""The words of a job, without those that only say that somebody would like a model to do it."""

from __future__ import annotations

import re

from fitcheck.denial import A_MODEL, ZH_MODEL
from fitcheck.text import Language

__all__ = ["LONGEST", "job_words"]

LONGEST = {"en": 160, "zh": 60}
"""Longer words are cut, in characters."""

_ADJECTIVE = r"(?:own|new|small|large|local|simple|internal|custom|private|smart|ai|gen(?:erative)?[- ]?ai)"
_A_MODEL = (
    rf"(?:(?:an?|the|our|any|some) )?(?:{_ADJECTIVE} ){{0,2}}(?:{A_MODEL[:-1]}|tool|system|app|service|feature"
    r"|solution|gpt-\w+))(?:[- ](?:powered|based|driven))?(?: (?:tool|system|app|assistant|bot|agent|model|service))?"
)
_EN_LEADS = re.compile(
    r"(?:(?:and|but|so|then|also|please|hi|hello|hey|ok|well|idea|proposal|goal|task|request|maybe|ideally|basically)\b"
    r"[,:;]? +)+"
    r"|(?:we|i|they|you|the \w+)(?:['’]d| would| will|['’]ll| should| want| need)? "
    r"(?:like|love|want|plan|propose|hope|intend|wish|suggest|need|go|going)\w* (?:to )?"
    r"|(?:can|could|should|may|might|would|will|let['’]s|why not|how about|what about|what if) (?:(?:we|i|you|it) )?"
    rf"|(?:to )?(?:use|using|have|having|let|letting|get|getting|ask|asking|want|put|deploy|build|building|train|make"
    rf"|need|try|employ|leverage|feed it to|create|develop) {_A_MODEL}(?: (?:to|that|which|for|who|and))? "
    rf"|{_A_MODEL} (?:to|that|which|will|would|should|must|can|could|may|is to|shall) (?:also |then |just |simply )?"
    rf"|(?:swap|replac)\w* \w+(?: \w+)? (?:for|with|by) {_A_MODEL}(?: (?:to|that|which))? (?:just )?"
    r"|(?:to|just|simply|automatically) ",
    re.I,
)
_ZH_LEADS = re.compile(
    r"(?:我们|咱们?|我|本人|公司|领导)?(?:想要?|希望|打算|计划|准备|建议|提议|考虑|需要|要|能不能|能否|可不可以|可以|是否"
    r"|是不是|请|拟|正?在)+(?=.)"
    rf"|(?:就|直接|再|也|干脆|全部?|都)?(?:让|叫|请|由|用|靠|拿|给|使用|利用|借助|通过|采用|训练|做一?个|搞个?|上个?)"
    rf"(?:一个)?(?:生成式|语言)?{ZH_MODEL}(?:模型)?(?:助手|机器人|工具)?(?:来|去|帮忙?|自动|直接|帮我们?)*"
    rf"|(?:生成式|语言)?(?:大模型|大语言模型|语言模型|AI|ai|GPT|LLM|机器人|助手|智能体|它)(?:来|要|会|能|去|帮忙?|自动)+",
    re.I,
)
_TRIM = ' \n\t,，、;；:：。.!?！？-–—()（）[]【】"“”『』「」'


def job_words(clause: str, lang: Language) -> str:
    """Return what a clause says is to be done, to be quoted.

    Args:
        clause: The clause, as written.
        lang: Its language.

    >>> job_words("We would like to use an LLM to predict which customers churn", "en")
    'predict which customers churn'
    >>> job_words("想让大模型预测各门店每周啤酒需求", "zh")
    '预测各门店每周啤酒需求'
    """
    words = clause.strip(_TRIM)
    leads = _ZH_LEADS if lang == "zh" else _EN_LEADS
    while (found := leads.match(words)) is not None and len(words) - found.end() > 2:
        words = words[found.end() :].lstrip(_TRIM)
    return _shortened(words, LONGEST[lang]).replace('"', "'").replace("“", "‘").replace("”", "’")


def _shortened(words: str, n_chars: int) -> str:
    if len(words) <= n_chars:
        return words
    cut = words[:n_chars]
    space = max(cut.rfind(mark) for mark in (" ", "，", ",", "、"))
    return (cut[:space] if space > n_chars // 2 else cut).rstrip(_TRIM) + "…"
