"""Verbs that name a job, by kind, so that two jobs can be told apart before anything is read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from fitcheck.text import Language

__all__ = ["TEXTS", "Kind", "base_form", "job_verb", "verb_pattern"]

Kind = Literal[
    "read", "label", "word", "extract", "compute", "decide", "act", "predict", "plan", "see", "ask why", "check"
]

_EN: dict[Kind, str] = {
    "read": "read screen review analyse analyze scan mine monitor",
    "label": "classify categorise categorize sort tag label",
    "word": "draft write compose summarise summarize translate polish proofread rewrite explain describe paraphrase "
    "reply answer brainstorm name caption narrate word phrase",
    "extract": "extract pull parse",
    "compute": "calculate compute add sum total count convert tally multiply validate reconcile reformat fill look "
    "check rename archive",
    "decide": "decide approve reject grant deny refuse hire fire admit grade diagnose sentence convict expel dismiss "
    "disqualify suspend ban evict triage choose select pick shortlist prescribe promote demote",
    "act": "pay refund deploy delete sign trade buy sell bet order wire transfer execute invest rebalance block charge "
    "reimburse send settle cancel terminate",
    "predict": "predict forecast estimate score project rank recommend detect",
    "plan": "schedule allocate optimise optimize route assign pack roster",
    "see": "transcribe recognise recognize measure inspect photograph locate steer drive",
    "ask why": "attribute",
    "check": "fact-check verify debunk",
}
_ALSO_NOUNS = (
    "review scan mine monitor draft reply answer name caption word phrase total count tally archive fire grade "
    "sentence ban order wire transfer block charge refund trade bet score project rank forecast estimate schedule "
    "route pack measure drive screen sum fill look pull convict roster check tag label sort pick"
)
"""Nouns as often as verbs: only taken where what follows shows a verb."""
_DOUBLING = ("plan", "scan", "bet", "ban", "sum")
_ZH: dict[Kind, str] = {
    "read": "阅读|通读|读取|审阅|浏览|查看|看完|读(?!数|者|音|卡)|筛查|筛选|初筛|分析(?!师|员|仪)",
    "label": "整理(?!师|箱)|归类|分类|分门别类|打标签?|贴标签",
    "word": "起草|撰写|拟写|代写|草拟|总结|归纳|概括|翻译|润色|改写|(?<![条段份的页句话位])(?:解释|说明)|答复|回复"
    "|(?<![大小])写(?!字|手|真|实|法|入|进)|编写|生成.{0,8}(?:信|稿|文案|邮件|摘要|说明|报告|通知|回复|话术|草稿)|取名|起名|配文|回答",
    "extract": "提取|抽取|抠出",
    "compute": "计算|算出|核算|汇总|合计|换算|统计|累加|校验|核对|对账(?!单)|转换成|填入|填写"
    "|算(?=工资|提成|总|税|费|金额|利息|奖金|账)",
    "decide": "决定|判定|裁定|批准|审批|驳回|拒绝|拒掉|淘汰|录取|录用|辞退|开除|判(?=分|刑|罚|断谁|合格)|诊断|确诊|处罚"
    "|封号|封禁|评定|评奖|筛掉|刷掉|解雇|解聘|裁掉|开处方|开药",
    "act": "付款|打款|打给|退款|放款|转账|下单|下注|买卖|买入|卖出|买进|交易(?!所|员|对|记录|数据)|执行交易|部署|上线"
    "|删除|签约|签发|扣款|赔付|调仓|投资|炒股|投注|发送|寄出|发出去"
    "|发(?=录用|解雇|辞退|处罚)|支付(?=给|货款|赔偿|工资|账单|费用)",
    "predict": "预测|预估|预判|估算|打(?:绩效|信用|面试|综合|风险)?分|评分|推荐(?!信)|排序|排名",
    "plan": "排班|排产|排课|调度(?!员|室|台)|分配|规划路线|优化路线|派单|配载",
    "see": "转写|听写|识别|测量|检测|质检|巡检|ocr(?=之?后)",
    "ask why": "归因|找出原因|查明原因|查出原因",
    "check": "鉴真|辟谣|核实真假|判断真假",
}
TEXTS: dict[Language, str] = {
    "en": r"(?:(?:news|e-?mails?|mails?|letters?|cvs?|r[eé]sum[eé]s?|applications?|reviews?|comments?|tickets?|notes?"
    r"|transcripts?|filings?|statements?|articles?|posts?|tweets?|headlines?|complaints?|contracts?|documents?|essays?"
    r"|papers?|messages?|feedback|reports?|files?|petitions?|claims?|minutes|calls?|interviews?|surveys?)\b)",
    "zh": "(?:新闻|邮件|来信|信件|简历|申请|评论|留言|工单|纪要|实录|公告|财报|文章|帖子|推文|投诉|合同|文件|材料|"
    "作文|论文|消息|反馈|报告|案卷|诉状|病历|周记|研报|电话会)",
}
"""What is read as language."""

# "refunds orders" goes on with what is refunded, "orders of" does not
_SHOWS_A_VERB = (
    r"(?=\s+(?!(?:of|from|in|for|by|with|to|at|and|or|that|which|are|were|was|is|has|have|had|will|can|must|should|may"
    r"|so|as|against|per|about|after|before|between|than|like|desk|aid|tool|assistant|system|engine|navigator|check"
    r"|service|bot|helper|model|writer|reader|list|process|team|data)\b)\w)"
)

# 检测员, 计算器, 审批系统, 评分表 name no job
_NOT_A_NOUN = (
    "(?!员|器|师|官|组|部|系统|平台|软件|模型|规则|结果|流程|人|表|的|台|岗|机构|标准|信息|率|权|书|函|引擎|代码|号"
    "|字段|自动|稿|件|会(?![议诊谈话员]))"
)


def _forms(base: str) -> tuple[str, str, str]:
    """Return the base form, that of the third person and that in -ing."""
    third = base + ("es" if base.endswith(("s", "ch", "sh", "x", "y")) and base != "y" else "s")
    if base.endswith("y"):
        third = base[:-1] + "ies" if base[-2] not in "aeou" else base + "s"
    stem = base[:-1] if base.endswith("e") else base + base[-1] if base in _DOUBLING else base
    return base, third, stem + "ing"


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[Kind, int]]:
    """Return each English form's kind, and which of the three forms it is."""
    return {
        form: (kind, number)
        for kind, bases in _EN.items()
        for base in bases.split()
        for number, form in enumerate(_forms(base))
    }


@lru_cache(maxsize=2)
def verb_pattern(lang: Language) -> re.Pattern[str]:
    """Return the pattern of a verb that names a job, in a folded text."""
    if lang == "zh":
        kinds = "|".join(f"(?P<k{n}>{words})" for n, words in enumerate(_ZH.values()))
        return re.compile(f"(?:{kinds}){_NOT_A_NOUN}")
    nouns = {f for base in _ALSO_NOUNS.split() for f in _forms(base)[:2]}
    free = sorted((f for f in _known() if f not in nouns), key=len, reverse=True)
    shown = sorted(nouns & set(_known()), key=len, reverse=True)
    return re.compile(rf"\b(?:(?:{'|'.join(map(re.escape, free))})\b|(?:{'|'.join(shown)}){_SHOWS_A_VERB})")


def job_verb(found: re.Match[str]) -> tuple[Kind, int]:
    """Return a match's kind, and which form it has: 0 as in "draft", 1 as in "drafts", 2 as in "drafting".

    >>> job_verb(verb_pattern("en").search("and then drafts the letter"))
    ('word', 1)
    >>> job_verb(verb_pattern("zh").search("再起草通知"))
    ('word', 0)
    """
    if found.lastgroup is not None:
        return tuple(_ZH)[int(found.lastgroup[1:])], 0
    return _known()[found[0]]


def base_form(verb: str) -> str:
    """Return a known English verb's base form where it has the third person's; else nothing.

    >>> base_form("rejects"), base_form("clerks")
    ('reject', '')
    """
    return next((base for bases in _EN.values() for base in bases.split() if _forms(base)[1] == verb), "")
