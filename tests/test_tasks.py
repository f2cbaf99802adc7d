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
    # forms of denial
    (
        "This is not about having AI forecast sales. Use an LLM to write the page.",
        {"forecast": "negated", "page": "core"},
    ),
    ("The point is not to rank the applicants. It is to tidy our notes.", {"rank": "negated", "tidy": "core"}),
    ("Our aim isn't to detect fraud; GPT words the letter.", {"detect": "negated", "words": "core"}),
    ("Not to price the policies, only to explain them.", {"price": "negated", "explain": "core"}),
    ("The bot must not score tenants but draft the notice.", {"score": "negated", "draft": "core"}),
    ("Instead of forecasting sales, GPT writes the notes.", {"forecasting": "negated", "writes": "core"}),
    (
        "Rather than sorting, counting and filing the mails, summarise them.",
        {"sorting": "negated", "summarise": "core"},
    ),
    ("As opposed to grading the essays, the model gives hints.", {"grading": "negated", "hints": "core"}),
    ("The model neither scores nor ranks; it lists open questions.", {"scores": "negated", "lists": "core"}),
    ("Nor will it book a payment. It writes the cover letter.", {"book": "negated", "cover": "core"}),
    ("Dosage is off limits. The assistant explains the leaflet.", {"Dosage": "negated", "leaflet": "core"}),
    ("Routing stays out of it: drivers' notes are what the LLM tidies.", {"tidies": "core"}),
    (
        "Claims decisions are outside the scope; we want the letters reworded.",
        {"Claims": "negated", "reworded": "core"},
    ),
    ("Ranking is not what we want; write the summary.", {"Ranking": "negated", "summary": "core"}),
    ("Payouts are excluded. Draft the reply.", {"Payouts": "negated", "Draft": "core"}),
    ("Do not calculate anything: word the reminder.", {"calculate": "negated", "word": "core"}),
    ("Under no circumstances send it; prepare the wording.", {"send": "negated", "wording": "core"}),
    (
        "The model stays out of the diagnosis. It turns the dictation into clean text.",
        {"diagnosis": "negated", "clean": "core"},
    ),
    (
        "The model has nothing to do with pricing; it writes the offer's cover letter.",
        {"pricing": "negated", "cover": "core"},
    ),
    ("No scoring, no ranking. Put the applicant's answers in order by theme.", {"ranking": "negated", "theme": "core"}),
    ("GPT needn't check the sums, the script adds them up; it words the note.", {"check": "negated", "words": "core"}),
    ("None of us wants it to pick the winner. It shortens the entries.", {"pick": "negated", "shortens": "core"}),
]
DENIES_NOTHING = [
    ("We do not have time to answer reviews and want GPT to draft the answers.", {"draft": "core"}),
    ("Why not replace the regex with GPT?", {"replace": "core"}),
    ("Detect mails that are not spam.", {"spam": "core"}),
    ("Write to customers who do not pay.", {"pay": "core"}),
    ("The model does not only draft replies but also translates them.", {"draft": "core", "translates": "core"}),
    ("Not only draft the replies but also translate them.", {"draft": "core"}),
    ("The bot doesn't just summarise, it translates.", {"summarise": "core", "translates": "core"}),
    ("It is not merely a summary that GPT writes.", {"summary": "core"}),
    ("Explain why the model does not converge.", {"converge": "core"}),
    ("GPT answers, and if it does not know it passes the call on.", {"know": "core"}),
    ("Flag what it cannot read in the scans.", {"Flag": "core"}),
    ("Sum up each call when the agent has not written a note.", {"Sum": "core"}),
    ("It is not longer than a page: a summary of the case.", {"summary": "core"}),
    ("Find invoices without an order number.", {"Find": "core"}),
    ("List questions nobody asked the witnesses.", {"List": "core"}),
    ("Don't forget the greeting when you draft the letter.", {"greeting": "core"}),
    ("No existing template covers it, so GPT writes the letter.", {"writes": "core"}),
    ("Rewrite the notes in a tone that isn't stiff.", {"Rewrite": "core"}),
    ("Sort the reviews that never mention the price.", {"Sort": "core"}),
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
    ("这件事不是让AI预测销量,而是用大模型写说明。", {"预测": "negated", "写说明": "core"}),
    ("大模型不会计算工资,它只负责写通知。", {"计算": "negated", "写通知": "core"}),
    ("本项目不涉及定价,只润色报价单的文字。", {"定价": "negated", "润色": "core"}),
    ("无需模型预测销量,写说明即可。", {"预测": "negated", "写说明": "core"}),
    ("并非要模型给学生打分,只要它写评语。", {"打分": "negated", "评语": "core"}),
    ("目的不是筛掉谁,用GPT把笔记理通顺。", {"筛掉": "negated", "理通顺": "core"}),
    ("我们不是在让AI选股,让它总结会议纪要。", {"选股": "negated", "纪要": "core"}),
    ("不是让模型判案而是写案情摘要。", {"判案": "negated", "摘要": "core"}),
    ("大模型不能改账,它给每笔差异写说明。", {"改账": "negated", "写说明": "core"}),
    ("模型不预测客流,只把计划员的话写成通知。", {"预测": "negated", "写成": "core"}),
    ("排班不归模型管,它只写换班通知。", {"排班": "negated", "换班": "core"}),
    ("理赔金额不在本次范围内。大模型起草回信。", {"金额": "negated", "起草": "core"}),
    ("录取与模型无关,它只拟回信。", {"录取": "negated", "拟回信": "core"}),
    ("诊断轮不到AI,它整理病历。", {"诊断": "negated", "整理": "core"}),
    ("与其让模型打分,不如让它写评语。", {"打分": "negated", "评语": "core"}),
    ("千万别让它报价。让它归纳行情。", {"报价": "negated", "归纳": "core"}),
    ("AI不插手审批,它起草请示。", {"审批": "negated", "请示": "core"}),
    ("查重不是重点,用大模型给论文写摘要。", {"查重": "negated", "摘要": "core"}),
    ("校验税号排除在外,模型只写催办短信。", {"税号": "negated", "短信": "core"}),
    ("不需要它识别图片,它写邀请信。", {"识别": "negated", "邀请信": "core"}),
    ("人事决定不属于它的职责,它汇总访谈。", {"人事": "negated", "汇总": "core"}),
    ("找出不合格品并写通知。", {"不合格品": "core"}),
    ("筛出不涉及个人信息的邮件。", {"筛出": "core"}),
    ("大模型不仅写回复,还要翻译。", {"写回复": "core"}),
    ("大模型不只是写回复。", {"写回复": "core"}),
    ("给没付款的客户写提醒。", {"提醒": "core"}),
    ("大模型回答员工提问,如果它不会答就转人工。", {"回答": "core", "就转": "core"}),
    ("模型不会答的题转给老师。", {"转给": "core"}),
    ("可不可以让机器人回答咨询?", {"回答": "core"}),
    ("不管原帖用什么词,找出同一件事的帖子。", {"原帖": "core", "找出": "core"}),
    ("总结不超过一页的会议纪要。", {"总结": "core"}),
    ("夜里没人接电话,AI不能代接吗?", {"代接": "core"}),
    ("给不会用电脑的老人写操作说明。", {"操作说明": "core"}),
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
