"""Mixed ideas: which jobs stand in a text, that each has its verdict, and that one job stays whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from fitcheck.beside import Part
from fitcheck.jobs.parts import find_parts
from fitcheck.jobs.verbs import job_verb, verb_pattern
from fitcheck.pipeline import Assessor
from fitcheck.records import LEARNED, Report, Verdict
from fitcheck.sift import Columns
from fitcheck.tasks import split_tasks
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import detect_language, normalise
from fitcheck.use_case import UseCase

FIT, ASSIST, OVERKILL, UNFIT = LEARNED
MODEL = "model"

MIXED = {
    "Trade on earnings news": [("Trade", UNFIT), ("earnings news", MODEL)],
    "Read the CVs and reject the weak ones": [("Read the CVs", MODEL), ("reject the weak ones", UNFIT)],
    "Extract the totals and draft the reminder": [("Extract the totals", OVERKILL), ("draft the reminder", MODEL)],
    "Use an LLM to calculate monthly payroll, then draft the letter to each employee": [
        ("Use an LLM to calculate monthly payroll", OVERKILL),
        ("draft the letter to each employee", MODEL),
    ],
    "The bot answers customer mails and refunds orders up to 50 euros by itself": [
        ("The bot answers customer mails", MODEL),
        ("refunds orders up to 50 euros by itself", UNFIT),
    ],
    "GPT forecasts next week's beer demand by store and writes a commentary for the managers": [
        ("GPT forecasts next week's beer demand by store", UNFIT),
        ("writes a commentary for the managers", MODEL),
    ],
    "Score each lead's chance of buying and write a personal mail to each": [
        ("Score each lead's chance of buying", UNFIT),
        ("write a personal mail to each", MODEL),
    ],
    "Have the LLM transcribe the calls and write a summary for the agents": [
        ("Have the LLM transcribe the calls", UNFIT),
        ("write a summary for the agents", MODEL),
    ],
    "The assistant reads the tenants' letters, drafts a reply and decides who is evicted": [
        ("The assistant reads the tenants' letters, drafts a reply", MODEL),
        ("decides who is evicted", UNFIT),
    ],
    "Convert the invoices' amounts from dollars to euros, then write a friendly payment reminder": [
        ("Convert the invoices' amounts from dollars to euros", OVERKILL),
        ("write a friendly payment reminder", MODEL),
    ],
    "Predict which machines will fail next month and draft the work order for the fitters": [
        ("Predict which machines will fail next month", UNFIT),
        ("draft the work order for the fitters", MODEL),
    ],
    "Add up the overtime hours per driver and polish the wording of the monthly newsletter": [
        ("Add up the overtime hours per driver", OVERKILL),
        ("polish the wording of the monthly newsletter", MODEL),
    ],
    "Extract drug names from doctor's letters and calculate the dose for each child": [
        ("Extract drug names from doctor's letters", MODEL),
        ("calculate the dose for each child", OVERKILL),
    ],
    "Transcribe the board meetings and decide which managers get a bonus": [
        ("Transcribe the board meetings", UNFIT),
        ("decide which managers get a bonus", UNFIT),
    ],
    "Translate the manual and check the part numbers": [
        ("Translate the manual", MODEL),
        ("check the part numbers", OVERKILL),
    ],
    "Extract the total from supplier invoices (PDF scans) and pay them automatically": [
        ("Extract the total from supplier invoices (PDF scans)", OVERKILL),
        ("pay them automatically", UNFIT),
    ],
    "summarize emails, schedule shifts for nurses, and answer their questions": [
        ("summarize emails", MODEL),
        ("schedule shifts for nurses", UNFIT),
        ("answer their questions", MODEL),
    ],
    "Write the minutes, then fire whoever was late": [("Write the minutes", MODEL), ("fire whoever was late", UNFIT)],
    "把客户投诉邮件归类，然后根据金额计算赔偿": [("把客户投诉邮件归类", MODEL), ("根据金额计算赔偿", OVERKILL)],
    "读简历，淘汰不合格的人": [("读简历", MODEL), ("淘汰不合格的人", UNFIT)],
    "总结会议纪要并给员工打绩效分": [("总结会议纪要", MODEL), ("给员工打绩效分", UNFIT)],
    "把评论分类，预测下个月销量，再写一份报告": [
        ("把评论分类", MODEL),
        ("预测下个月销量", UNFIT),
        ("写一份报告", MODEL),
    ],
    "整理病历并给出诊断": [("整理病历", MODEL), ("给出诊断", UNFIT)],
    "根据财报新闻买卖股票": [("财报新闻", MODEL), ("买卖股票", UNFIT)],
    "先计算每人的加班费，再起草工资说明邮件": [("先计算每人的加班费", OVERKILL), ("起草工资说明邮件", MODEL)],
    "让大模型预测下周销量，然后写一段说明给店长": [("让大模型预测下周销量", UNFIT), ("写一段说明给店长", MODEL)],
    "提取发票号码和金额，再写催款信": [("提取发票号码和金额", OVERKILL), ("写催款信", MODEL)],
    "总结投诉信，决定赔多少并直接打款": [("总结投诉信", MODEL), ("决定赔多少并直接打款", UNFIT)],
    "让大模型读借款人的来信，决定批不批贷款": [("让大模型读借款人的来信", MODEL), ("决定批不批贷款", UNFIT)],
    "给护士排班，并起草班表说明发到群里": [("给护士排班", UNFIT), ("起草班表说明发到群里", MODEL)],
    "把客服录音转写成文字，再总结成三条要点": [("把客服录音转写成文字", UNFIT), ("总结成三条要点", MODEL)],
    "给每个客户的流失风险打分，然后写一封挽留邮件": [("给每个客户的流失风险打分", UNFIT), ("写一封挽留邮件", MODEL)],
    "翻译供应商邮件，然后直接把货款打给对方": [("翻译供应商邮件", MODEL), ("直接把货款打给对方", UNFIT)],
    "预测各门店的客流，并撰写促销文案": [("预测各门店的客流", UNFIT), ("撰写促销文案", MODEL)],
    "把合同扫描件OCR后抽取关键条款，并预测违约概率，再生成一份风险报告给客户经理": [
        ("把合同扫描件OCR", UNFIT),
        ("抽取关键条款", MODEL),
        ("预测违约概率", UNFIT),
        ("生成一份风险报告给客户经理", MODEL),
    ],
    "阅读简历，起草面试邀请，并且，决定录用谁": [("阅读简历,起草面试邀请", MODEL), ("决定录用谁", UNFIT)],
    "识别照片里的裂缝，再起草检测报告": [("识别照片里的裂缝", UNFIT), ("起草检测报告", MODEL)],
}
WHOLE = [
    "Draft replies to customer mails",
    "Forecast demand by store for next week",
    "Summarise the meeting and list the action points",
    "Read the tickets and draft a reply to each",
    "Extract the IBAN and check its checksum",
    "Translate the manual and polish the German",
    "Write a birthday poem and a slogan for the cake",
    "Decide which loans are granted and send the refusals",
    "Schedule the lorries and assign the drivers",
    "Answer staff questions from the handbook and cite the page",
    "XGBoost scores the customers; the LLM only writes the explanation",
    "Review the pull request and suggest better names",
    "模型找出政策条文、拟答复，须税务人员批准才发",
    "给客户邮件写回复",
    "预测下周各店销量",
    "总结会议并列出待办",
    "读工单并起草回复",
    "提取身份证号并校验",
    "翻译说明书再润色一下",
    "写一首生日诗，再想一句蛋糕上的话",
    "决定谁能贷款，并直接拒绝其余的人",
    "给货车排路线，并分配司机",
    "根据员工手册回答问题，并注明页码",
    "XGBoost打分，大模型只写解释",
    "看代码合并请求，提出更好的命名",
]


@pytest.fixture(scope="module")
def parts() -> dict[str, tuple[Part, ...]]:
    """Every idea's parts, found in one block."""
    assessor = Assessor()
    ideas = [*MIXED, *WHOLE]
    return dict(zip(ideas, find_parts(assessor, assessor.assess_many(ideas)), strict=True))


def side(part: Part) -> str:
    return MODEL if part.verdict in (FIT, ASSIST) else part.verdict


MISSED = "Extract the total from supplier invoices (PDF scans) and pay them automatically"
"""Its whole is judged rightly, but of the first part the model is not sure enough (.65) to tell it apart."""


@pytest.mark.parametrize(
    "idea", [pytest.param(i, marks=pytest.mark.xfail(strict=True)) if i == MISSED else i for i in MIXED]
)
def test_a_mixed_idea_has_the_parts_that_a_reader_sees(parts: dict[str, tuple[Part, ...]], idea: str) -> None:
    assert [(p.text, side(p)) for p in parts[idea]] == MIXED[idea]


@pytest.mark.parametrize("idea", WHOLE)
def test_an_idea_of_one_job_has_no_parts(parts: dict[str, tuple[Part, ...]], idea: str) -> None:
    assert parts[idea] == ()


def test_a_part_names_where_it_stands_and_what_to_use(parts: dict[str, tuple[Part, ...]]) -> None:
    for idea in MIXED:
        text = normalise(idea)
        for part in parts[idea]:
            assert text[part.start : part.end] == part.text
            assert sum(part.probabilities.values()) == pytest.approx(1)
            assert part.category in CONCEPTS["category"]
            assert (part.instead is None) == (part.verdict in (FIT, ASSIST))


class Fake:
    """Answers a part by the words in it, and counts what it is asked."""

    def __init__(self, **rows: Sequence[float]) -> None:
        self.rows = rows
        self.calls: list[list[str]] = []

    def columns(self, texts: Sequence[str], /) -> Columns:
        n = len(texts)
        none = np.zeros(n, np.int8)
        return Columns(none, np.zeros((n, 4)), none, none, np.zeros((n, 3), np.int16), none, none.astype(np.bool_), {})

    def probabilities(
        self, ideas: Sequence[UseCase], /, *, today: dt.date | None = None, reading: str | None = None
    ) -> np.ndarray[Any, Any]:
        assert reading == "first"
        self.calls.append([i.text for i in ideas])
        return np.array([next(row for word, row in self.rows.items() if word in i.text.lower()) for i in ideas])


SUMS, WORDS = (0.0, 0.05, 0.9, 0.05), (0.9, 0.05, 0.05, 0.0)


def report(text: str, verdict: Verdict = OVERKILL, unfit: float = 0.1) -> Report:
    text = normalise(text)
    shares = {"fit": 0.1, "assist": 0.1, "overkill": 0.8 - unfit, "unfit": unfit}
    return Report(UseCase(text=text), text, detect_language(text), verdict, shares, (), tasks=split_tasks(text))


def test_all_ideas_are_read_in_one_block() -> None:
    fake = Fake(calculate=SUMS, draft=WORDS)
    idea = "Calculate the sums, then draft the letter"
    found = find_parts(fake, [report(idea), report("Poem for Ada"), report(idea.lower())])
    assert [len(own) for own in found] == [2, 0, 2]
    assert len(fake.calls) == 1


def test_one_job_is_not_read_at_all() -> None:
    fake = Fake()
    assert find_parts(fake, [report("Calculate the sums and count the tickets")]) == [()]
    assert find_parts(fake, []) == []
    assert fake.calls == []


@pytest.mark.parametrize(("verdict", "n_parts"), [(OVERKILL, 2), (FIT, 2), (UNFIT, 0), (Verdict.UNCLEAR, 2)])
def test_parts_that_contradict_the_whole_are_not_shown(verdict: Verdict, n_parts: int) -> None:
    fake = Fake(calculate=SUMS, draft=WORDS)
    (found,) = find_parts(fake, [report("calculate the sums, then draft the letter", verdict)])
    assert len(found) == n_parts


def test_a_part_that_is_not_sure_is_not_told_apart() -> None:
    fake = Fake(calculate=(0.2, 0.2, 0.4, 0.2), draft=WORDS)
    assert find_parts(fake, [report("calculate the sums, then draft the letter")]) == [()]


def test_what_only_says_how_much_stays_with_its_job() -> None:
    fake = Fake(calculate=SUMS, draft=WORDS)
    (found,) = find_parts(fake, [report("calculate the sums, 900 a month, then draft the letter, with our logo on it")])
    assert [p.text for p in found] == ["calculate the sums, 900 a month", "draft the letter, with our logo on it"]


def test_what_the_model_does_not_do_is_no_part() -> None:
    fake = Fake(calculate=SUMS, draft=WORDS)
    assert find_parts(fake, [report("The ERP already calculates the sums; the LLM drafts the letter")]) == [()]


def test_a_document_is_not_cut() -> None:
    fake = Fake()
    assert find_parts(fake, [report("calculate the sums, then draft the letter. " * 400)]) == [()]
    assert fake.calls == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [("drafts the letter", "word"), ("orders the stock", "act"), ("classified ads", None), ("orders from Ulm", None)],
)
def test_a_noun_is_no_job(text: str, kind: str | None) -> None:
    found = verb_pattern("en").match(text)
    assert (job_verb(found)[0] if found else None) == kind


@pytest.mark.parametrize(
    ("text", "kind"), [("检测照片", "see"), ("检测员巡场", None), ("审批系统", None), ("审批贷款", "decide")]
)
def test_a_chinese_noun_is_no_job(text: str, kind: str | None) -> None:
    found = verb_pattern("zh").match(text)
    assert (job_verb(found)[0] if found else None) == kind
