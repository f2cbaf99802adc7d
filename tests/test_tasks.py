"""Tasks: which part each clause plays, in both languages."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fitcheck.errors import UseCaseError
from fitcheck.records import Task
from fitcheck.tasks import core_text, split_tasks
from fitcheck.text import MAX_CHARS, clause_spans, normalise

# each idea, and for words of its clauses the role, or for a dropped clause the reason
NEGATED = [
    ("The model drafts the reply. We are NOT asking it to decide the claim.", {"drafts": "core", "decide": "negated"}),
    ("It summarises the complaint; it never sends anything.", {"summarises": "core", "sends": "negated"}),
    ("Summarise the complaint, but do not let the model approve refunds.", {"Summarise": "core", "approve": "negated"}),
    ("The assistant cannot book payments; it only writes the summary.", {"book": "negated", "writes": "core"}),
    ("GPT won't decide anything here. It words the letter.", {"decide": "negated", "words": "core"}),
    (
        "The bot can't change a booking; it answers questions about the timetable.",
        {"change": "negated", "answers": "core"},
    ),
    ("We don't want it to score anyone; we want it to tidy the interview notes.", {"score": "negated", "tidy": "core"}),
    (
        "Tidy the interview notes. Nobody is asking the model to rank the applicants.",
        {"Tidy": "core", "rank": "negated"},
    ),
    ("The LLM must not make the lending decision, it only explains it.", {"lending": "negated", "explains": "core"}),
    ("Summarise the case rather than decide it.", {"Summarise": "core", "decide": "negated"}),
    ("Draft a summary of the case instead of deciding it.", {"Draft": "core", "deciding": "negated"}),
    ("Write the vet's discharge note. No automatic sending.", {"Write": "core", "sending": "negated"}),
    ("Draft the notice. Choosing the tenants is not the model's job.", {"Draft": "core", "Choosing": "negated"}),
    ("Draft the notice; setting the rent is out of scope.", {"Draft": "core", "rent": "negated"}),
    ("Translate the menu. It isn't supposed to touch the prices.", {"Translate": "core", "prices": "negated"}),
    ("It is not meant to replace the judge. It summarises the file.", {"replace": "negated", "summarises": "core"}),
    (
        "The tool does not replace our scoring engine; it explains the score to the client.",
        {"replace": "negated", "explains": "core"},
    ),
]
DENIES_NOTHING = [
    ("We do not have time to answer reviews and want GPT to draft the answers.", {"draft": "core"}),
    ("Why not replace the regex with GPT?", {"replace": "core"}),
]
DONE_ELSEWHERE = [
    ("Our regex already extracts the IDs, the model drafts the reply.", {"regex": "done elsewhere", "drafts": "core"}),
    ("The LLM writes the summary; the underwriter decides.", {"summary": "core", "underwriter": "done elsewhere"}),
    (
        "XGBoost forecasts the demand, and the model writes the commentary.",
        {"forecasts": "done elsewhere", "commentary": "core"},
    ),
    (
        "The solver assigns the lorries. Have an LLM explain the plan to the drivers.",
        {"assigns": "done elsewhere", "explain": "core"},
    ),
    (
        "Turn the scouts' voice notes into clean text. The decision stays with the committee.",
        {"clean text": "core", "stays": "done elsewhere"},
    ),
    (
        "Discounts are approved by the sales manager; the assistant drafts the offer.",
        {"approved": "done elsewhere", "drafts": "core"},
    ),
    (
        "A nurse has the final say. The model lists what is missing in the form.",
        {"nurse": "done elsewhere", "lists": "core"},
    ),
    (
        "Fares are calculated by the tariff engine; the bot words the answer.",
        {"calculated": "done elsewhere", "words": "core"},
    ),
    ("We choose the topics and GPT writes the posts.", {"writes": "core"}),
    ("Have Claude draft the contract reviewed by our counsel, and translate it.", {"draft": "core"}),
]
REPLACED = [
    ("Replace our working regex by GPT.", {"regex": "core"}),
    (
        "Our parser extracts the order numbers, zero misses since 2021; move that step to GPT.",
        {"extracts": "core", "move": "core"},
    ),
    ("The regex already extracts the IDs. We want an LLM in its place.", {"regex": "core", "in its place": "core"}),
    ("The SQL script already computes the balances; let an LLM take it over.", {"SQL": "core"}),
    (
        "Our rules engine routes the tickets today, and a model should take its place.",
        {"routes": "core", "take its place": "core"},
    ),
    ("The solver schedules the crews. We would rather have GPT do that from now on.", {"schedules": "core"}),
    ("The underwriter decides today; hand the decision over to a model.", {"underwriter": "core", "hand": "core"}),
]
REPLACES_NOTHING = [
    (
        "Our regex already finds the order number; the model drafts replies about replacement parts.",
        {"regex": "done elsewhere", "drafts": "core"},
    ),
]
BESIDE = [
    ("Use an LLM to calculate payroll, then draft the letter.", {"calculate": "core", "draft": "auxiliary"}),
    ("Forecast next week's load and then explain it to the shift lead.", {"Forecast": "core", "explain": "auxiliary"}),
    ("Grade the essays, and also write a note to the parents.", {"Grade": "core", "write a note": "auxiliary"}),
    (
        "Pre-fill the intake form from the call. Classify the caller's wish.",
        {"Pre-fill": "workflow", "Classify": "core"},
    ),
    ("First drafts of our tender answers.", {"First drafts": "core"}),
    ("Then draft the letter.", {"draft": "core"}),
    ("The regex extracts the IDs.", {"regex": "core"}),
]
CHINESE = [
    ("让大模型起草回复,不让模型做决定。", {"起草": "core", "不让": "negated"}),
    ("大模型写初审意见的说明,它绝不替法官下结论。", {"说明": "core", "法官": "negated"}),
    ("只让AI整理会议记录,不自动发送。", {"整理": "core", "不自动": "negated"}),
    ("大模型只负责润色,不是让它判断真假。", {"润色": "core", "真假": "negated"}),
    ("模型把病历整理成摘要,诊断不由它做。", {"摘要": "core", "诊断": "negated"}),
    ("用大模型回答员工的制度问题,无权改动任何数据。", {"回答": "core", "无权": "negated"}),
    ("不会写代码的运营想用大模型查数。", {"查数": "core"}),
    ("让大模型润色稿子不改变原意。", {"润色": "core"}),
    ("要不要让大模型来写周报?", {"周报": "core"}),
    ("能不能用GPT给新品起名?", {"起名": "core"}),
    ("是不是可以让AI写活动文案?", {"文案": "core"}),
    ("派单仍由运筹引擎算,大模型给司机写说明。", {"派单": "done elsewhere", "说明": "core"}),
    ("正则已经提取单号,大模型起草回复。", {"正则": "done elsewhere", "起草": "core"}),
    ("大模型汇总材料,是否放款由信贷经理决定。", {"汇总": "core", "放款": "done elsewhere"}),
    ("销量由LightGBM预测,让大模型写解读。", {"预测": "done elsewhere", "解读": "core"}),
    ("大模型列出疑点,最后医生拍板。", {"疑点": "core", "拍板": "done elsewhere"}),
    ("审批由大模型决定。", {"审批": "core"}),
    ("把跑得好好的正则换成大模型。", {"正则": "core"}),
    ("现在用SQL脚本算余额,从没出过错,打算改由GPT来算。", {"SQL": "core", "改由": "core"}),
    ("规则引擎负责分派工单,我们想让大模型接手。", {"规则引擎": "core", "接手": "core"}),
    ("求解器排班排得很好,领导要求用大模型顶替它。", {"求解器": "core", "顶替": "core"}),
    ("要不要换成大模型?现在正则已经能提取单号。", {"换成": "core", "正则": "core"}),
    ("不是要取代医生,只是帮他把病程写通顺。", {"取代": "negated", "写通顺": "core"}),
    ("大模型不会替代评分卡,评分卡照旧打分;它只写说明。", {"替代": "negated", "照旧": "done elsewhere", "只写": "core"}),
    ("让大模型算工资,然后起草通知。", {"工资": "core", "起草": "auxiliary"}),
    ("用大模型判断是否理赔,顺便给客户写一段说明。", {"理赔": "core", "顺便": "auxiliary"}),
    ("大模型先出一版投标书的初稿。", {"初稿": "core"}),
    ("给客诉分类。回复预填好,人来改。", {"分类": "core", "预填": "workflow"}),
]


def read(text: str) -> tuple[Task, ...]:
    """Split a text that needs normalising first."""
    return split_tasks(normalise(text))


def part_of(words: str, tasks: tuple[Task, ...]) -> str:
    """Return the reason or the role of the clause that holds some words."""
    (task,) = (t for t in tasks if normalise(words) in t.text)
    return task.reason or task.role


@pytest.mark.parametrize(
    ("text", "wanted"),
    [*NEGATED, *DENIES_NOTHING, *DONE_ELSEWHERE, *REPLACED, *REPLACES_NOTHING, *BESIDE, *CHINESE],
)
def test_the_part_of_each_clause(text: str, wanted: dict[str, str]) -> None:
    tasks = read(text)
    assert {words: part_of(words, tasks) for words in wanted} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "We are not asking the model to decide. It never sends anything.",
        "The model must not approve refunds",
        "不让模型做决定,它也不自动发送。",
    ],
)
def test_an_idea_that_only_denies_has_no_core(text: str) -> None:
    tasks = read(text)
    assert {(t.role, t.reason) for t in tasks} == {("dropped", "negated")}
    assert core_text(normalise(text), tasks) == normalise(text)


@pytest.mark.parametrize(
    "text",
    [
        "The regex already extracts the order numbers.",
        "The assistant's figures are approved by the controller.",
        "Then draft the letter, and also translate it.",
        "First drafts and pre-filled forms.",
        "正则已经提取了单号。",
        "然后起草通知。",
    ],
)
def test_an_idea_of_side_jobs_alone_has_a_core(text: str) -> None:
    assert any(t.role == "core" for t in read(text))


def test_where_all_is_done_elsewhere_the_clause_that_names_the_model_is_its_job() -> None:
    tasks = read("The solver assigns the crews. The manager approves what GPT has worded.")
    assert [t.role for t in tasks] == ["dropped", "core"]


def test_a_task_is_the_words_of_its_span() -> None:
    text = normalise("Sum the hours, then draft the letter; 不自动发送")
    tasks = split_tasks(text)
    assert [t.text for t in tasks] == [text[t.start : t.end] for t in tasks]
    assert [t.text for t in tasks] == ["Sum the hours", "then draft the letter", "不自动发送"]


def test_the_core_text_joins_the_core_clauses() -> None:
    text = normalise("Grade the essays, then write to the parents. Rank the pupils.")
    assert core_text(text, split_tasks(text)) == "Grade the essays / Rank the pupils"


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "the model drafts the reply",
                "our regex already extracts it",
                "it never sends anything",
                "then draft the letter",
                "replace the script with GPT",
                "让大模型写信",
                "正则已经提取",
                "不自动发送",
                "由经理决定",
                "first drafts",
                "a",
                "的",
            ]
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([". ", "; ", ", and the ", "\n", "，", "。"]),
)
def test_every_idea_that_is_not_wholly_denied_has_a_core(parts: list[str], mark: str) -> None:
    tasks = read(mark.join(parts))
    assert tasks
    assert any(t.role == "core" for t in tasks) or all(t.reason == "negated" for t in tasks)


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_text_has_tasks_that_are_its_clauses(text: str) -> None:
    try:
        text = normalise(text)
    except UseCaseError:
        assume(False)
    tasks = split_tasks(text)
    assert [(t.start, t.end) for t in tasks] == clause_spans(text)
    assert all((t.role == "dropped") == (t.reason is not None) for t in tasks)


UNITS = [
    "(a", ", and the ", "we ", "n't ", "x'", "gpt-", "gpt.", "a.i.", "it ", "the engine ", "our a b ", "person ",
    "the officer ", "move that ", "then draft ", "finally a ", "instead of ", "hand the whole ", "and want ", "replac",
    "由", "大,由", "正则", "然后", "不", "不会", "它不", "不用", "换成", "这", "还 ", "医生",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_text_is_read_in_a_bounded_time(unit: str) -> None:
    text = normalise((unit * MAX_CHARS)[: MAX_CHARS - 1] + "x")
    begin = time.perf_counter()
    split_tasks(text)
    assert time.perf_counter() - begin < 8
