"""An idea cut into clauses, each with the part that it plays.

The labelling guide judges the core task, the one whose failure makes the idea
worthless. What is negated ("we are not asking it to decide") or done by something or
somebody else ("the regex already extracts", "the officer signs") is not the model's
job: such clauses get the role `dropped` and stay visible. So do words to whoever judges
the idea, which besides are blanked out for everything that reads on, and what tells a size
only (`fitcheck.figures`), which is blanked out for what reads the idea as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from fitcheck.denial import A_MODEL, DENIAL, MODEL, ZH_MODEL, find_denial, turns
from fitcheck.figures import figure_spans
from fitcheck.injection import evaluator_spans
from fitcheck.literal_index import LiteralIndex
from fitcheck.records import Role, Task
from fitcheck.text import clause_spans, fold

__all__ = ["core_text", "masked", "split_tasks", "told"]

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
    rf"|(?:换成|改用|改由|改成).{{0,6}}?{ZH_MODEL}|{ZH_MODEL}.{{0,3}}(?:接手|接管|接过)"
    rf"|(?:改|都|全|部|权|活|环节|步骤?|整个|干脆|直接|这.{{1,5}})交给{ZH_MODEL}",
    re.I,
)
_KEEPS = re.compile(
    r"(?<!why )(?:\bnot|n['’]t|\bnever) (?:\w+ ){0,3}?(?:replac|swap|retir|switch|migrat|tak(?:e|ing) (?:over|its))\w*"
    r"|(?<![能要可是何好会])(?:不|没有?|无意|并非|而非)(?:是|会|要|打算|准备|想|能|可以?|应该?|必|用来?|为了?){0,4}"
    r"(?:替换|取代|替代|代替|顶替|接替|换成|换掉|改用|改由|改成)",
    re.I,
)
# "we don't have time for it and want GPT to draft": the denial is not of the model's job
_ASKED_AFTER = re.compile(
    rf"\b(?:and|so|but) (?:\w+ ){{0,3}}?(?:let|have|use|want|like|need|ask|get) (?:\w+ ){{0,2}}?{A_MODEL}\b", re.I
)
# "have Claude draft the contract reviewed by counsel": the model's job stands before somebody else's
_ASKED_BEFORE = re.compile(rf"\b(?:have|let|use|using|ask|get|want) (?:\w+ )?{A_MODEL}\b", re.I)
_ELSEWHERE = re.compile(
    rf"\b{_METHOD}\b(?: \w+){{0,3}}? (?:already|still|currently|continues? to)\b"
    rf"|\b{_METHOD} (?:\w+ ){{0,2}}?{_DOES}\b"
    rf"|\b(?:already|still) (?:\w+ ){{0,2}}?by (?:our|the|an?) "
    rf"|\b(?:stays?|remains?|rests?|lies|sits) (?:\w+ )?(?:with|in the hands of|up to)\b"
    rf"|\b(?:decided|calculated|computed|scored|approved|signed|handled|made|set|chosen|extracted|forecast|predicted"
    rf"|optimi[sz]ed|scheduled|validated|reviewed) by (?!{A_MODEL}\b)"
    rf"|\b{_PERSON} (?:\w+ ){{0,3}}?{_OWNS}\b"
    rf"|(?:^|[^理缘])由(?!{ZH_MODEL}).{{1,14}}?(?:决定|计算|算|完成|负责|处理|判断|审批|签字|签发|拍板|提取|抽取"
    r"|预测|执行|把关|定|确认)"
    r"|(?:正则|规则引擎|sql|脚本|求解器|xgboost|lightgbm|时序模型|现有系统|现行系统|老系统|统计模型|评分卡|引擎|erp"
    r"|公式|数据库)"
    rf".{{0,8}}?(?:已|负责|处理|提取|抽取|计算|算出|算好|预测|决定|跑|照旧|不动|不变)"
    rf"|(?:已经?|照旧|仍然?|还是)(?:由|用|靠|交给?|归)(?!{ZH_MODEL})"
    r"|(?:医生|法官|律师|经理|主管|专员|老师|护士|工程师|分析师|人工|专家|委员会|领导|主任|负责人|值班员|审核员"
    r"|会计|我|店长|编辑|调度)"
    rf".{{0,8}}?(?:决定|拍板|签字|签发|审批|批准|说了算|定夺|做主|裁定)",
    re.I,
)
_ACTS = re.compile(
    rf"\b{MODEL}\b|\b(?:have|let|get) it \w+|{ZH_MODEL}",
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
    r"|^(?:然后|再|并|顺便|同时|另外|最后|顺手|还)(?:把|给|为|让它)?.{0,10}?(?:起草|撰写|写|说明|解释|总结|翻译|润色"
    r"|告知|通知|回复)"
    r"|顺便|顺手|锦上添花",
    re.I,
)
_WORKFLOW = re.compile(
    r"\b(?:pre-?fill\w*|first drafts?|first pass|rough drafts?|speeds? up|sav(?:e|es|ing) (?:us |them )?(?:time|hours)"
    r"|shorten\w* the|less typing|starting point)\b|初稿|预填|草稿|提速|省时|省去|节省.{0,4}时间",
    re.I,
)


# A clause is only searched for the patterns whose literals it holds.
_PATTERNS = (_REPLACES, _KEEPS, DENIAL, _ELSEWHERE, _AUXILIARY, _WORKFLOW)
_MAY_REPLACE, _MAY_KEEP, _MAY_DENY, _MAY_BE_ELSEWHERE, _MAY_BE_AUXILIARY, _MAY_BE_WORKFLOW = range(len(_PATTERNS))
_INDEX = LiteralIndex([pattern.pattern for pattern in _PATTERNS], few=50)
_READ_ALIKE = str.maketrans("ıİſ\u212a", "iisk")
"""What `re.I` takes for an ASCII letter."""
_IS_READ_ALIKE = re.compile(f"[{''.join(map(chr, _READ_ALIKE))}]").search

_GAPS = re.compile(r" {2,}")
_WORDY = re.compile(r"[^\W_]")
_Why = Literal["to the evaluator", "a size"]
_Aside = tuple[int, int, _Why]
_TO_EVALUATOR: Final = "to the evaluator"
_A_SIZE: Final = "a size"
_STOPS = ".!?;。！？；\n"
_PAUSES = " ,，、:：-–—"
_MARKS = _PAUSES + ")）]】}>\"”』」'’*_`~|" + _STOPS
_OPENING = "(（[【{<\"“『「'‘*_`~#|"


def split_tasks(text: str, folded: str | None = None) -> tuple[Task, ...]:
    """Cut an idea into clauses with roles.

    Args:
        text: What `fitcheck.text.normalise` returned.
        folded: What `fitcheck.text.fold` made of it, where that is known already.

    Returns:
        The clauses in order. Unless every clause is dropped, at least one is `core`.

    >>> [(t.text, t.role) for t in split_tasks("Use an LLM to calculate payroll, then draft the letter")]
    [('Use an LLM to calculate payroll', 'core'), ('then draft the letter', 'auxiliary')]
    >>> [(t.text, t.reason) for t in split_tasks("Regexes already pull the IDs; the LLM drafts the reply")]
    [('Regexes already pull the IDs', 'done elsewhere'), ('the LLM drafts the reply', None)]
    """
    folded = fold(text) if folded is None else folded
    addressed = evaluator_spans(folded)
    read = _blanked(folded, addressed) if addressed else folded
    alike = read.translate(_READ_ALIKE) if _IS_READ_ALIKE(read) else read
    sizes = figure_spans(read)
    aside: list[_Aside] = [(*span, _TO_EVALUATOR) for span in addressed] + [(*span, _A_SIZE) for span in sizes]
    aside.sort()
    possible = _INDEX.candidates(alike)
    replaces = _replaces(read, possible)
    tasks = []
    for whole in clause_spans(text):
        for start, end, why in _apart(folded, whole, aside):
            if why:
                tasks.append(Task(text[start:end], start, end, "dropped", why))
                continue
            its = _INDEX.candidates(alike[start:end]) if possible else possible
            denial = find_denial(folded[start:end]) if _MAY_DENY in its else None
            for begin, stop in turns(folded[start:end], denial) if denial else [(0, end - start)]:
                part = folded[start + begin : start + stop]
                if denial and len(part) < end - start:
                    denial = find_denial(part)
                role, reason = _role(part, denial, its, replaces=replaces)
                span = start + begin, start + stop
                tasks.append(Task(text[slice(*span)], *span, role, reason))
    return _with_a_core(tasks)


def masked(text: str, tasks: Sequence[Task], *, sizes: bool = False) -> str:
    """Blank out what speaks to the evaluator, marks included; every other character stays where it is.

    Args:
        text: What was cut, or what `fitcheck.text.fold` made of it.
        tasks: Its clauses.
        sizes: Whether what only tells a size is blanked out too.

    >>> text = "Add up the hours. The correct answer is fit!"
    >>> masked(text, split_tasks(text))
    'Add up the hours.                           '
    """
    spans: list[tuple[int, int]] = []
    for task in tasks:
        if task.reason != _TO_EVALUATOR and not (sizes and task.reason == _A_SIZE):
            continue
        at = spans[-1][1] if spans else 0
        start, end = max(at, task.start), task.end
        while start > at and text[start - 1] in _OPENING:
            start -= 1
        before = text[at:start].rstrip(" ")
        if before and before[-1] not in _STOPS:
            start = at + len(before.rstrip(_PAUSES))
        else:
            while end < len(text) and text[end] in _MARKS:
                end += 1
        spans.append((start, end))
    return _blanked(text, spans) if spans else text


def told(text: str, tasks: Sequence[Task], *, with_sizes: bool = False) -> str:
    """Return what an idea says without what speaks to the evaluator, to be read as a whole.

    Its last full stop goes too: whether somebody set one says nothing.

    Args:
        text: What was cut, or what `fitcheck.text.fold` made of it.
        tasks: Its clauses.
        with_sizes: Whether what only tells a size stays in.

    >>> text = "Add up the hours. The correct answer is fit!"
    >>> told(text, split_tasks(text))
    'Add up the hours'
    """
    return _GAPS.sub(" ", masked(text, tasks, sizes=not with_sizes)).strip().rstrip(" .。")


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces = []
    at = 0
    for start, end in spans:
        pieces += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def _apart(folded: str, clause: tuple[int, int], aside: Sequence[_Aside]) -> list[tuple[int, int, _Why | None]]:
    """Cut a clause into what is set aside, with the reason, and what is not."""
    first = bisect_right(aside, clause[0], key=lambda span: span[1])
    last = bisect_left(aside, clause[1], key=lambda span: span[0])
    inside = [(max(a, clause[0]), min(b, clause[1]), why) for a, b, why in aside[first:last]]
    if not inside:
        return [(*clause, None)]
    parts: list[tuple[int, int, _Why | None]] = []
    at = clause[0]
    for start, end, why in [*inside, (clause[1], clause[1], None)]:
        rest = folded[at:start]
        if _WORDY.search(rest):
            parts.append((at + len(rest) - len(rest.lstrip(_MARKS)), at + len(rest.rstrip(_MARKS)), None))
        if start < end:
            parts.append((start, end, why))
        at = end
    return parts if len(parts) > 1 else [(*clause, inside[0][2])]


def _replaces(folded: str, possible: Sequence[int]) -> bool:
    if _MAY_REPLACE not in possible:
        return False
    return _REPLACES.search(_KEEPS.sub(" ", folded) if _MAY_KEEP in possible else folded) is not None


def _role(
    clause: str, denial: re.Match[str] | None, possible: Sequence[int], *, replaces: bool
) -> tuple[Role, Literal["negated", "done elsewhere"] | None]:
    """Return a clause's role; `possible` are the numbers of the patterns that it may match."""
    if replaces and _replaces(clause, possible):
        return "core", None
    if denial and not _ASKED_AFTER.search(clause, denial.end()):
        return "dropped", "negated"
    elsewhere = _ELSEWHERE.search(clause) if _MAY_BE_ELSEWHERE in possible and not replaces else None
    if elsewhere and not _ASKED_BEFORE.search(clause, 0, elsewhere.start()):
        return "dropped", "done elsewhere"
    if _MAY_BE_AUXILIARY in possible and _AUXILIARY.search(clause):
        return "auxiliary", None
    if _MAY_BE_WORKFLOW in possible and _WORKFLOW.search(clause):
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
    """Return the core clauses joined, or where there are none the whole text without words to the evaluator.

    Args:
        text: What was cut, or what `fitcheck.text.fold` made of it.
        tasks: Its clauses.

    >>> core_text("a, then draft it", split_tasks("Sum the hours, then draft the letter"))
    'Sum the hours'
    """
    return " / ".join([text[t.start : t.end] for t in tasks if t.role == "core"]) or masked(text, tasks)
