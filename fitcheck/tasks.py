"""An idea cut into clauses, each with the part that it plays.

The labelling guide judges the core task, the one whose failure makes the idea
worthless. What is negated ("we are not asking it to decide") or done by something or
somebody else ("the regex already extracts", "the officer signs") is not the model's
job: such clauses get the role `dropped` and stay visible.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from fitcheck.records import Role, Task
from fitcheck.text import clause_spans, fold

__all__ = ["core_text", "split_tasks"]

_MODEL = (
    r"(?:llms?|gpt[-\w.]{0,20}|chatgpt|claude|gemini|copilot|llama|qwen|deepseek|mistral|kimi|gen(?:erative)?[- ]?ai"
    r"|a\.?i\.?|language models?|chat ?bots?|bots?|assistants?|agents?"
    r"|大模型|模型|人工智能|机器人|助手|智能体|通义|文心|豆包)"
)
_MODEL_SUBJECT = rf"(?:{_MODEL}|it|the (?:model|tool|system|app))"
_A_MODEL = rf"(?:(?:an? |the |our |any )?(?:{_MODEL}|models?))"
_ZH_MODEL = r"(?:大?模型|ai|gpt|llm|机器人|助手|智能体|它|通义|文心|豆包|deepseek|系统)"
_PERSON = (
    r"(?:person|people|humans?|clerks?|officers?|judges?|doctors?|nurses?|physicians?|clinicians?|radiologists?"
    r"|pathologists?|pharmacists?|lawyers?|attorneys?|solicitors?|counsel|paralegals?|notary|managers?|supervisors?"
    r"|analysts?|engineers?|developers?|committee|panel|board|editors?|teachers?|adjusters?|underwriters?|traders?"
    r"|buyers?|planners?|dispatchers?|inspectors?|investigators?|caseworkers?|agents? in the (?:office|call centre)"
    r"|staff|team|colleagues?|experts?|accountants?|auditors?|controllers?|reviewers?|translators?|operators?"
    r"|directors?|head of \w+|owner|chief|partner|consultants?|surveyors?|vets?|professors?|foreman|humans|we|i)"
)
_METHOD = (
    r"(?:reg(?:ular )?ex(?:pression)?s?|regexes|rules?(?: engine)?|sql|scripts?|parser|solver|optimi[sz]er|xgboost"
    r"|lightgbm|catboost|gradient[- ]boost\w*|prophet|arima|scorecard|(?:scoring|forecast\w*|statistical|econometric"
    r"|pricing|risk|detection|vision|time[- ]series|regression|causal|propensity|churn|demand)"
    r" (?:model|system|engine|tool|analysis)s?|erp|sap|wms|crm|ocr|spreadsheet|excel|calculator|database"
    r"|(?:existing|current|present|legacy|old) (?:\w+ )?(?:system|tool|engine|model|process|script|software)"
    r"|(?:our|the) (?:\w+ ){0,2}(?:engine|solver|parser|pipeline|detector|recogni[sz]er|classifier|optimi[sz]er))"
)
_OWNS = (
    r"(?:decides?|approves?|signs?|determines?|chooses?|picks?|rules?|makes? the (?:\w+ )?(?:decision|call|choice)"
    r"|has the (?:last|final) (?:word|say)|takes? the decision|keeps? the decision|owns? the decision)"
)
_DOES = (
    r"(?:extracts?|pulls?|computes?|calculates?|decides?|picks?|assigns?|forecasts?|predicts?|scores?|flags?|detects?"
    r"|finds?|produces?|handles?|does|do|matches?|routes?|validates?|checks?|sets?|runs?|optimi[sz]es?|schedules?"
    r"|ranks?|recommends?|estimates?|measures?|transcribes?|keeps?|stays?|gets?|catch(?:es)?|strips?|parses?|reads?)"
)

# What works today and is to be replaced is the model's job tomorrow.
_REPLACES = re.compile(
    r"\b(?:replac(?:e|es|ed|ing)|replacement (?:of|for)|swap(?:ping|ped)? (?:out|it|that|this|them|the|our)"
    r"|instead of (?:our|the|a) \w+|rather than (?:our|the) \w+|switch\w* (?:from|over|to)|migrat\w+ (?:from|off)"
    r"|get rid of|retire|move (?:that|this|the|it)\b.{0,60}?\bto|(?:in|take|takes|taking) (?:its|their) place"
    r"|tak(?:e|es|ing) (?:(?:it|this|that|them) over|over from)|do (?:it|this|that) from now on"
    r"|hand (?:it|this|that|the (?:decision|job|task|step|work|whole \w+)) over to)\b"
    r"|替换|取代|替代|代替|顶替|接替|顶掉|换掉|不用.{0,12}了|挪到|移到"
    rf"|(?:换成|改用|改由|改成).{{0,6}}?{_ZH_MODEL}|{_ZH_MODEL}.{{0,3}}(?:接手|接管|接过)"
    rf"|(?:改|都|全|部|权|活|环节|步骤?|整个|干脆|直接|这.{{1,5}})交给{_ZH_MODEL}",
    re.I,
)
_KEEPS = re.compile(
    r"(?<!why )(?:\bnot|n['’]t|\bnever) (?:\w+ ){0,3}?(?:replac|swap|retir|switch|migrat|tak(?:e|ing) (?:over|its))\w*"
    r"|(?<![能要可是何好会])(?:不|没有?|无意|并非|而非)(?:是|会|要|打算|准备|想|能|可以?|应该?|必|用来?|为了?){0,4}"
    r"(?:替换|取代|替代|代替|顶替|接替|换成|换掉|改用|改由|改成)",
    re.I,
)
_ZH_ADVERB = (
    r"(?:我们|咱们?|我|工具|但是?|可是|而且?|并且?|也|都|就|绝|决|绝对|完全|本身|自己|只是|肯定|直接|现在|暂时)"
)
_NEGATED = re.compile(
    r"\b(?:we|i)(?:['’]re| are|['’]m| am| do| would|['’]d| will)?(?: (?:explicitly|certainly|definitely))?"
    r"(?: not|n['’]t| never) (?:\w+ )?(?:ask|asking|look|looking|try|trying|propos\w+|plan\w*|go|going|let|letting|want"
    rf"|us(?:e|ing)|ha(?:ve|ving) (?:it|{_A_MODEL})|expect\w*|allow\w*|need (?:it|the|an?))\b"
    rf"|\b{_MODEL_SUBJECT} (?:\w+ )?"
    r"(?:(?:does|do|will|would|should|must|may|can|is|are|shall|did)(?: not|n['’]t| never)"
    r"|(?:won|can|shan)['’]t|cannot|never|makes? no|takes? no|has no|gets no|sends? nothing|decides? nothing)\b"
    r"|^(?:please |but |and |so )?(?:do not|don['’]t) (?:let|ask|have|make|allow|give|use|want|need)\b"
    r"|^(?:and |but |so )?(?:not|never|nothing|nobody"
    r"|no (?:automatic|auto|autonomous|decisions?|actions?|scor\w+|advice))\b"
    r"|^(?:\w+ ){0,3}?(?:\w+ not|\w+n['’]t|never) (?:\w+ ){0,3}?(?:replac|swap|retir)"
    rf"|\b(?:is|are)(?: not|n['’]t) (?:{_A_MODEL}['’]s|its|for (?:it|{_A_MODEL}))\b"
    r"|\b(?:out of|not (?:part of|in)(?: the| our| this)?) (?:scope|idea|project|plan)\b"
    r"|\b(?:instead of|rather than|without (?:letting|asking|it|the model|deciding|any decision))\b"
    r"|\bno (?:automatic|automated|autonomous) \w+"
    # in Chinese only where the model, the proposer or nobody stands before the negation: not in 不改变原意的润色
    rf"|绝不|(?:^|{_ZH_MODEL}){_ZH_ADVERB}{{0,3}}不(?:让|要|会(?!.{{1,8}}的.{{1,6}}[用让想请])|需要|得|许|是让|是要"
    r"|打算|做|碰|给|下|出|改|动|判|定|决|发|批|签|审|评|打分|作|替|涉及|提供|产生|承担)"
    rf"|不(?:自动|直接|负责|参与|允许|替|(?<!归不)(?:让|许|准|由|归){_ZH_MODEL})|不(?:动|碰|管|做)$"
    r"|^.{0,6}?(?<![能要可是何好会])(?:不|并非)(?:是|会|要|打算|准备|想|用来?|为了?){0,4}(?:替换|取代|替代|代替|顶替|接替)"
    r"|^(?:而不是|而非|并非|不是|禁止|无需|不必|别让|严禁|没有让)"
    r"|(?:无权|没有权限|不作为.{0,8}依据)",
    re.I,
)
# "we don't have time for it and want GPT to draft": the denial is not of the model's job
_ASKED_AFTER = re.compile(
    rf"\b(?:and|so|but) (?:\w+ ){{0,3}}?(?:let|have|use|want|like|need|ask|get) (?:\w+ ){{0,2}}?{_A_MODEL}\b", re.I
)
# "have Claude draft the contract reviewed by counsel": the model's job stands before somebody else's
_ASKED_BEFORE = re.compile(rf"\b(?:have|let|use|using|ask|get|want) (?:\w+ )?{_A_MODEL}\b", re.I)
_ELSEWHERE = re.compile(
    rf"\b{_METHOD}\b(?: \w+){{0,3}}? (?:already|still|currently|continues? to)\b"
    rf"|\b{_METHOD} (?:\w+ ){{0,2}}?{_DOES}\b"
    rf"|\b(?:already|still) (?:\w+ ){{0,2}}?by (?:our|the|an?) "
    rf"|\b(?:stays?|remains?|rests?|lies|sits) (?:\w+ )?(?:with|in the hands of|up to)\b"
    rf"|\b(?:decided|calculated|computed|scored|approved|signed|handled|made|set|chosen|extracted|forecast|predicted"
    rf"|optimi[sz]ed|scheduled|validated|reviewed) by (?!{_A_MODEL}\b)"
    rf"|\b{_PERSON} (?:\w+ ){{0,3}}?{_OWNS}\b"
    rf"|(?:^|[^理缘])由(?!{_ZH_MODEL}).{{1,14}}?(?:决定|计算|算|完成|负责|处理|判断|审批|签字|签发|拍板|提取|抽取|预测|执行|把关|定|确认)"
    rf"|(?:正则|规则引擎|sql|脚本|求解器|xgboost|lightgbm|时序模型|现有系统|现行系统|老系统|统计模型|评分卡|引擎|erp|公式|数据库)"
    rf".{{0,8}}?(?:已|负责|处理|提取|抽取|计算|算出|算好|预测|决定|跑|照旧|不动|不变)"
    rf"|(?:已经?|照旧|仍然?|还是)(?:由|用|靠|交给?|归)(?!{_ZH_MODEL})"
    rf"|(?:医生|法官|律师|经理|主管|专员|老师|护士|工程师|分析师|人工|专家|委员会|领导|主任|负责人|值班员|审核员|会计|我|店长|编辑|调度)"
    rf".{{0,8}}?(?:决定|拍板|签字|签发|审批|批准|说了算|定夺|做主|裁定)",
    re.I,
)
_ACTS = re.compile(
    rf"\b{_MODEL}\b|\b(?:have|let|get) it \w+|{_ZH_MODEL}",
    re.I,
)
_WORDS_ONLY = (
    r"(?:draft|write|writ|word|phrase|explain|summari[sz]e|polish|translate|format|reply|notify|tell|inform|describe"
    r"|compose|announce|e-?mail)\w*"
)
_AUXILIARY = re.compile(
    rf"^(?:and )?(?:then|also|afterwards|finally|later|optionally)\b.*?\b{_WORDS_ONLY}\b"
    rf"|^(?:and|or) (?:also |then )?{_WORDS_ONLY}\b"
    r"|\b(?:as a bonus|on the side|nice[- ]to[- ]have|on top of that|while (?:it is|it's) at it)\b"
    r"|^(?:然后|再|并|顺便|同时|另外|最后|顺手|还)(?:把|给|为|让它)?.{0,10}?(?:起草|撰写|写|说明|解释|总结|翻译|润色|告知|通知|回复)"
    r"|顺便|顺手|锦上添花",
    re.I,
)
_WORKFLOW = re.compile(
    r"\b(?:pre-?fill\w*|first drafts?|first pass|rough drafts?|speeds? up|sav(?:e|es|ing) (?:us |them )?(?:time|hours)"
    r"|shorten\w* the|less typing|starting point)\b|初稿|预填|草稿|提速|省时|省去|节省.{0,4}时间",
    re.I,
)


def split_tasks(text: str) -> tuple[Task, ...]:
    """Cut an idea into clauses with roles.

    Args:
        text: What `fitcheck.text.normalise` returned.

    Returns:
        The clauses in order. Unless every clause is dropped, at least one is `core`.

    >>> [(t.text, t.role) for t in split_tasks("Use an LLM to calculate payroll, then draft the letter")]
    [('Use an LLM to calculate payroll', 'core'), ('then draft the letter', 'auxiliary')]
    >>> [(t.text, t.reason) for t in split_tasks("Regexes already pull the IDs; the LLM drafts the reply")]
    [('Regexes already pull the IDs', 'done elsewhere'), ('the LLM drafts the reply', None)]
    """
    folded = fold(text)
    replaces = _replaces(folded)
    tasks = []
    for start, end in clause_spans(text):
        role, reason = _role(folded[start:end], replaces=replaces)
        tasks.append(Task(text=text[start:end], start=start, end=end, role=role, reason=reason))
    return _with_a_core(tasks)


def _replaces(folded: str) -> bool:
    return _REPLACES.search(_KEEPS.sub(" ", folded)) is not None


def _role(clause: str, *, replaces: bool) -> tuple[Role, Literal["negated", "done elsewhere"] | None]:
    if _replaces(clause):
        return "core", None
    negated = _NEGATED.search(clause)
    if negated and not _ASKED_AFTER.search(clause, negated.end()):
        return "dropped", "negated"
    elsewhere = None if replaces else _ELSEWHERE.search(clause)
    if elsewhere and not _ASKED_BEFORE.search(clause, 0, elsewhere.start()):
        return "dropped", "done elsewhere"
    if _AUXILIARY.search(clause):
        return "auxiliary", None
    if _WORKFLOW.search(clause):
        return "workflow", None
    return "core", None


def _with_a_core(tasks: list[Task]) -> tuple[Task, ...]:
    """Give an idea without a core clause the best one that it has."""
    if any(t.role == "core" for t in tasks):
        return tuple(tasks)
    for role in ("workflow", "auxiliary"):
        if any(t.role == role for t in tasks):
            return tuple(replace(t, role="core") if t.role == role else t for t in tasks)
    if any(t.reason == "done elsewhere" for t in tasks):
        # somebody else does everything that is named: only a clause that names the model can still be its job
        kept = [t for t in tasks if t.reason == "done elsewhere" and _ACTS.search(fold(t.text))]
        kept = kept or [t for t in tasks if t.reason == "done elsewhere"]
        return tuple(replace(t, role="core", reason=None) if t in kept else t for t in tasks)
    return tuple(tasks)


def core_text(text: str, tasks: tuple[Task, ...]) -> str:
    """Return the core clauses joined, or the whole text where there are none.

    >>> core_text("a, then draft it", split_tasks("Sum the hours, then draft the letter"))
    'Sum the hours'
    """
    return " / ".join(t.text for t in tasks if t.role == "core") or text
