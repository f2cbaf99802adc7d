"""Words of deeds that no method may be handed: decisions on people, money and acts; and who answers for them."""

from __future__ import annotations

import re
from functools import lru_cache

from fitcheck.denial import ZH_MODEL
from fitcheck.jobs.verbs import base_form
from fitcheck.jobs.words import job_words
from fitcheck.naming import is_vague
from fitcheck.records import Report, Verdict
from fitcheck.resources import rules_dir
from fitcheck.text import Language, fold

__all__ = [
    "DECIDED",
    "attended",
    "is_deed",
    "job_as_quoted",
    "names_no_job",
    "needs_person",
    "says_person_decides",
]

DECIDED = frozenset(("autonomous-decision", "autonomous-action", "investment-trading"))
"""Categories of such deeds."""

_FAMILIES = ("autonomy", "zero-sum")
_MODEL = r"(?:ai|llms?|gpt[-\w.]*|chatgpt|claude|copilot|gemini|model|bot|chatbot|agent|assistant|system|tool|app|it)"
_DEED_EN = re.compile(
    r"(?:^|[,;:.!?\"] *|\b(?:and|then|or|also|automatically|directly)\s"
    rf"|\b{_MODEL}(?: to| can| may| should| must| will)?\s)(?:also |then |automatically |directly |just |simply )?"
    r"(?:fir(?:es?|ing)|dismiss(?:es|ing)?|lay(?:s|ing)? off|sack(?:s|ing)?|pay(?:s|ing)?|refund(?:s|ing)?"
    r"|reimburs(?:es?|ing)|reject(?:s|ing)?|approv(?:es?|ing)|refus(?:es?|ing)|den(?:y|ies|ying)|grant(?:s|ing)?"
    r"|diagnos(?:es?|ing)|prescrib(?:es?|ing)|evict(?:s|ing)?|expel(?:s|ling)?|hir(?:es?|ing)|suspend(?:s|ing)?"
    r"|ban(?:s|ning)?|block(?:s|ing)?|disqualif(?:y|ies|ying)|promot(?:es?|ing)|demot(?:es?|ing)|trad(?:es?|ing)"
    r"|buy(?:s|ing)?|sell(?:s|ing)?|invest(?:s|ing)?|settl(?:es?|ing)|transfer(?:s|ring)?|terminat(?:es?|ing)"
    r"|plac(?:es?|ing) (?:the |an? )?(?:bets?|orders?|trades?)|sentenc(?:es?|ing)|convict(?:s|ing)?)\b(?!-)(?= \w|$)"
    r"|\bdecid(?:es?|ing) (?:who|whom|whose|which|whether|on|if|about|the|how much|what)\b"
)
_DEED_ZH = re.compile(
    r"(?<![会被未不已])(?:开除|辞退|解雇|解聘|裁员|裁掉|付款|打款|付钱|退款|放款|转账|赔付|扣款|支付(?=给|货款|工资|赔偿)|批准|审批"
    r"|驳回|拒绝|拒掉|淘汰|录取|录用|诊断|确诊|开药|开处方|判定|裁定|处罚|封号|封禁|停卡|下单|买卖|买入|卖出|炒股|下注"
    r"|决定(?=[^,，。]{0,6}(?:谁|哪|是否|要不要|[\u4e00-\u9fff]不|多少|录|批|给|赔|拒|留|罚)))"
    r"(?!率|记录|原因|单|凭证|报告|流程|系统|信息|书|日期|时间|方式|申请|请求|的|情况|编号|金额|通知|人|员|与|和|概率|数据|条件)"
)
_ROLES_EN = (
    r"(?:person|human|people|clerks?|officers?|doctors?|physicians?|nurses?|lawyers?|editors?|managers?|supervisors?"
    r"|analysts?|staff|teachers?|accountants?|experts?|engineers?|agents?|reviewers?|colleagues?|teams?|buyers?|i|we)"
)
_UNATTENDED_EN = re.compile(
    r"[,;]?\s*\b(?:(?:and|but|with)\s+)?"
    r"(?:without (?:any(?:one|body)|(?:any |an? |the |further )?(?:human|asking|waiting|review|approval"
    rf"|supervision|sign-?off|checks?|{_ROLES_EN}))\b[^,.;]*"
    rf"|no (?:{_ROLES_EN}|one|review\w*|approval|oversight|checks?|supervis\w+)\b"
    rf"[^,.;]*|(?:the )?{_ROLES_EN} (?:is|are) (?:not |no longer )(?:involved|asked|needed)\b"
    r"|nobody\b[^,.;]*|(?:fully )?automatically\b|autonomously\b|unattended\b|by itself\b|on its own\b|at once\b"
    r"|immediately\b|straight away\b)",
    re.I,
)
_UNATTENDED_ZH = re.compile(
    r"[,，;；、]?(?:并且|而且|且|也)?(?:无人|没人|(?:无需|无须|不用|不需要|不必|不经过?|没有)(?:人|医|审|复核|律师|老师|经理|领导|谁|任何|专家|主管))"
    r"[^,，。;；]{0,10}|(?:全)?自动(?!化|驾驶|售|扶)|直接|自行|当场"
)
_SAYS_EN = re.compile(
    rf"\b{_ROLES_EN}\b(?: \w+){{0,2}}? (?:confirm|approve|review|decide|sign|release|check)s?\b"
    rf"|\b(?:approved|confirmed|reviewed|signed(?: off)?|released|checked|decided) by (?:an? |the |our )?(?:\w+ )?"
    rf"{_ROLES_EN}\b"
    rf"|\bafter (?:an? |the |our )?(?:{_ROLES_EN}['’]?s? )?(?:approval|confirmation|sign-?off)\b",
    re.I,
)
_SAYS_ZH = re.compile(
    r"(?:业务员|人员|专员|经办人?|审核员|人工|主管|经理|老师|医生|医师|律师|会计|同事|专家|领导|店长|客服|编辑|财务|负责人|工程师|分析师|采购"
    r"|法务|[销售管理保审]员|由人|我们?)[^,，。;；由让AIai型]{0,6}(?:确认|审核|批准|复核|签字|拍板|决定|把关|放行|点头|核对|审批)"
    r"|(?:人工|审批|确认|复核)(?:通过|无误)?(?:之?后)再?"
)
_NO_JOB = re.compile(
    rf"(?:an? |the |our )?(?:generative |gen)?{_MODEL}(?: for| in| on| at| with)(?: \w+){{1,3}}"
    r"|(?:our|the|my) \w+|(?:用|上|搞)?(?:ai|大模型|人工智能)(?:做|搞|管|处理)?[\u4e00-\u9fff]{0,4}"
)
_SUBJECT_ZH = re.compile(rf"^(?:{ZH_MODEL}|语言模型|系统|它)(?:模型)?(?:来|去|会|就)?(?=[\u4e00-\u9fff]{{2}})", re.I)
_AND_DOES = re.compile(
    r"(?P<join>(?:, ?|\band |\bthen |\bor )+(?:also |then )?)(?P<verb>[a-z]+s)"
    r"(?= (?:the|an?|its?|our|their|all|each|every|them|him|her|those|whoever|up|out)\b)"
)
_SUBJECT = re.compile(rf"(?:(?:an?|the|our|some) )?(?:\w+ )?{_MODEL}\s+", re.I)


def is_deed(text: str, lang: Language) -> bool:
    """Say whether words name a decision on people, money or an act.

    >>> [is_deed(t, "en") for t in ("Let a bot fire slow drivers", "Predict which tenants will stop paying")]
    [True, False]
    """
    return (_DEED_ZH if lang == "zh" else _DEED_EN).search(fold(text)) is not None


def needs_person(report: Report) -> bool:
    """Say whether a report's idea holds a deed: by a rule on its ledger, by its parts or by its words."""
    rules = _rules_of_deeds()
    if any(e.id in rules and e.role == "core" and e.verdict is Verdict.UNFIT and e.log_odds > 0 for e in report.ledger):
        return True
    if any(p.verdict is Verdict.UNFIT and p.category in DECIDED for p in report.parts):
        return True
    return any(task.role != "dropped" and is_deed(task.text, report.lang) for task in report.tasks)


@lru_cache(maxsize=1)
def _rules_of_deeds() -> frozenset[str]:
    return frozenset(file.stem for family in _FAMILIES for file in (rules_dir() / family).glob("*.toml"))


def says_person_decides(text: str, lang: Language) -> bool:
    """Say whether a text already has a person confirm what is done.

    >>> says_person_decides("业务员确认后进ERP", "zh")
    True
    """
    unattended, says = (_UNATTENDED_ZH, _SAYS_ZH) if lang == "zh" else (_UNATTENDED_EN, _SAYS_EN)
    return unattended.search(text) is None and says.search(text) is not None


def attended(text: str, lang: Language) -> str:
    """Return a text without the words that leave people out.

    >>> attended("Diagnose skin cancer from photos, no doctor", "en")
    'Diagnose skin cancer from photos'
    """
    return (_UNATTENDED_ZH if lang == "zh" else _UNATTENDED_EN).sub("", text).strip(" ,;，；、")


def job_as_quoted(clause: str, lang: Language) -> str:
    """Return a job's words, to be quoted: nobody does it in them, and nobody is left out.

    >>> job_as_quoted("An agent rejects visa applications and nobody checks", "en")
    'reject visa applications'
    """
    words = job_words(attended(clause, lang), lang)
    if lang == "zh":
        return _SUBJECT_ZH.sub("", words) or words
    found = _SUBJECT.match(words)
    verb, _, rest = words[found.end() if found else 0 :].partition(" ")
    base = base_form(verb.lower())
    # "pick the shares and places the orders" would be no English
    return f"{base} {_AND_DOES.sub(_as_base, rest)}".strip() if base else words


def _as_base(found: re.Match[str]) -> str:
    verb = found["verb"]
    base = base_form(verb) or re.sub(r"(?<=[sxz])es$|(?<=[cs]h)es$|s$", "", re.sub(r"ies$", "ys", verb))
    return found["join"] + base


def names_no_job(words: str) -> bool:
    """Say whether words name a thing, or nothing, rather than a job that could change hands.

    >>> names_no_job("AI for our invoices"), names_no_job("sort our invoices")
    (True, False)
    """
    return is_vague(words) or _NO_JOB.fullmatch(fold(words)) is not None
