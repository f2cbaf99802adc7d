"""What would turn a verdict: the smallest change comes first, and what is told is what is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.sets import Idea
from benchmarks.turns import figures, suggestions
from fitcheck.beside import Part, Turn
from fitcheck.corpus import load_corpus
from fitcheck.errors import RuleError
from fitcheck.jobs.deeds import attended
from fitcheck.jobs.words import LONGEST, job_words
from fitcheck.pipeline import Assessor
from fitcheck.records import LEARNED, Report, Verdict
from fitcheck.resources import rules_dir
from fitcheck.rule_packs import rule_files
from fitcheck.tasks import split_tasks
from fitcheck.taxonomy import CATEGORY_VERDICT
from fitcheck.turns.files import TURNED, load_changes, read_change
from fitcheck.turns.finding import find_turn
from fitcheck.turns.mixed import turned_parts
from fitcheck.use_case import UseCase

DAY = dt.date(2026, 11, 22)
FIT, ASSIST, OVERKILL, UNFIT = LEARNED
CHANGES = [(verdict, change) for verdict in TURNED for change in load_changes(verdict)]


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor()


TURNS = {
    "The agent grants refunds under 50 euros": ("a-person-approves", "grants refunds under 50 euros"),
    "Use GPT to predict which tenants will stop paying": ("a-trained-model-scores", "stop paying"),
    "Ask an LLM which campaign caused the rise in sales": ("the-analysis-is-the-input", "campaign caused the rise"),
    "The chatbot rules whether a politician's claim is true": ("cite-the-source", "politician's claim is true"),
    "Let the model pick the shares and place the orders": ("the-analyst-decides", "pick the shares"),
    "Have the LLM build the weekly shift roster for 60 nurses": ("a-solver-plans", "weekly shift roster for 60 nurses"),
    "Use an LLM to sum the overtime hours per driver": ("the-figures-stay-the-words-are-drafted", "overtime hours"),
    "Let GPT check that every IBAN has a valid checksum": ("a-validator-checks", "every IBAN has a valid checksum"),
    "让大模型预测下周各门店的啤酒销量": ("a-forecast-model-forecasts", "预测下周各门店的啤酒销量"),
    "由AI决定哪些学生可以拿助学金": ("a-person-decides", "决定哪些学生可以拿助学金"),
    "用大模型从邮件里提取身份证号": ("the-pattern-goes-to-a-regex", "从邮件里提取身份证号"),
    "讓AI預測各門市下週的啤酒銷量": ("a-forecast-model-forecasts", "預測各門市下週的啤酒銷量"),
}


@pytest.mark.parametrize("idea", TURNS)
def test_the_change_fits_the_job_and_keeps_its_words(assessor: Assessor, idea: str) -> None:
    kind, words = TURNS[idea]
    turn = find_turn(assessor, assessor.assess(idea, today=DAY))
    assert turn is not None
    assert turn.kind == kind
    assert words in turn.use_case.text


def test_what_is_foretold_is_what_the_changed_idea_gets(assessor: Assessor) -> None:
    scenarios = [s for s in load_corpus() if s.split == "test" and s.verdict in (UNFIT, OVERKILL)][::60]
    reports = assessor.assess_many([s.text for s in scenarios], today=DAY)
    turned = 0
    for report in reports:
        turn = find_turn(assessor, report)
        if turn is None:
            continue
        turned += 1
        again = assessor.assess(turn.use_case, today=DAY)
        assert (again.verdict, round(again.probability, 4)) == (turn.verdict, turn.probability)
        assert again.verdict in ((FIT,) if report.verdict is ASSIST else (FIT, ASSIST))
    assert turned > 0.9 * sum(r.verdict in (UNFIT, OVERKILL) for r in reports)


@pytest.mark.parametrize("reading", ["first", "fast"])
def test_other_readings_find_changes_too(reading: Any) -> None:
    assessor = Assessor(reading=reading)
    turn = find_turn(assessor, assessor.assess("Use GPT to predict which tenants will stop paying", today=DAY))
    assert turn is not None
    assert assessor.assess(turn.use_case, today=DAY).verdict is turn.verdict


def test_traditional_characters_stay_traditional(assessor: Assessor) -> None:
    turn = find_turn(assessor, assessor.assess("讓AI預測各門市下週的啤酒銷量", today=DAY))
    assert turn is not None
    assert "時間序列模型負責" in turn.use_case.text


def test_facts_are_kept_but_for_those_that_the_change_speaks_against(assessor: Assessor) -> None:
    idea = UseCase(text="Let the model grant or refuse the loans", decides="model", users=40, stakes="high")
    turn = find_turn(assessor, assessor.assess(idea, today=DAY))
    assert turn is not None
    assert (turn.use_case.decides, turn.use_case.users, turn.use_case.stakes) == ("person", 40, "high")


DEEDS = {
    "Let a bot fire underperforming drivers by SMS": "named person",
    "Diagnose skin cancer from phone photos, no doctor": "named person",
    "AI detects fraud and blocks the customer's account at once": "approved by a person",
    "大模型自动开除迟到的员工，无人审核": "由指定的人决定",
    "预测下周销量，并直接向供应商下单": "由人审批",
}


@pytest.mark.parametrize("idea", DEEDS)
def test_a_deed_goes_to_a_person(assessor: Assessor, idea: str) -> None:
    turn = find_turn(assessor, assessor.assess(idea, today=DAY))
    assert turn is not None
    assert DEEDS[idea] in turn.use_case.text
    # nothing in it leaves people out any more
    lang: Any = "en" if idea.isascii() else "zh"
    assert attended(turn.use_case.text, lang).rstrip(".。") == turn.use_case.text.rstrip(".。")


@pytest.mark.parametrize(
    ("clause", "kept"),
    [
        ("deny claims without a receipt", "deny claims without a receipt"),
        ("approve loans without anyone looking", "approve loans"),
        ("approve loans without a human review", "approve loans"),
        ("辞退没有工号的员工", "辞退没有工号的员工"),
        ("审核报销单，不用人看", "审核报销单"),
    ],
)
def test_only_what_leaves_people_out_is_dropped(clause: str, kept: str) -> None:
    assert attended(clause, "en" if clause.isascii() else "zh") == kept


def test_no_script_is_offered_for_paying(assessor: Assessor) -> None:
    idea = "Extract the total from supplier invoices (PDF scans) and pay them automatically"
    turn = find_turn(assessor, assessor.assess(idea, today=DAY))
    assert turn is None or "approved by a person" in turn.use_case.text


MIXED = {
    "Translate the manual and check the part numbers": (
        "Translate the manual. ",
        'The job "check the part numbers" is handled by a validator.',
    ),
    "把评论分类，预测下个月销量，再写一份报告": ("把评论分类。", "“预测下个月销量”由时间序列模型负责。"),
    "抽取简历里的字段，然后决定录用谁，并写一封通知信": ("抽取简历里的字段。", "“决定录用谁”这件事"),
    "阅读简历，起草面试邀请，并且，决定录用谁": ("阅读简历，起草面试邀请。", "“决定录用谁”这件事"),
    "把合同扫描件OCR后抽取关键条款，并预测违约概率，再生成一份风险报告给客户经理": (
        "“把合同扫描件OCR”由语音识别或 OCR 引擎完成。抽取关键条款。",
        "“预测违约概率”由梯度提升树根据记录来算。生成一份风险报告给客户经理。",
    ),
}


@pytest.mark.parametrize("idea", MIXED)
def test_only_the_faulty_part_changes_hands(assessor: Assessor, idea: str) -> None:
    turn = find_turn(assessor, assessor.assess(idea, today=DAY))
    assert turn is not None
    stays, changed = MIXED[idea]
    assert turn.use_case.text.startswith(stays + changed)


def test_what_the_idea_says_is_not_advised() -> None:
    fake = Fake("人", worse=UNFIT)
    assert find_turn(fake, replace(report("大模型读订单并下单，业务员确认后进ERP"), lang="zh")) is None


def test_a_changed_idea_begins_with_a_capital() -> None:
    turn = find_turn(Fake("named person decides"), report("pays the invoices"))
    assert turn is not None
    assert turn.use_case.text.startswith("Pays the invoices. ")


def test_a_vague_phrase_is_not_quoted() -> None:
    assert find_turn(Fake("The job"), report("AI for our invoices", category="speech-ocr")) is None


@pytest.mark.parametrize("verdict", TURNED)
def test_what_a_method_does_is_marked_as_such(verdict: Verdict) -> None:
    by_person = [c for c in load_changes(Verdict.UNFIT) if c.by == "person"]
    assert any("autonomous-decision" in c.categories and c.restate for c in by_person)
    assert all(c.by == "method" for c in load_changes(verdict) if c.facts.get("decides") == "method")


class Fake:
    """Gives every changed idea that holds a word one verdict, and all others another."""

    def __init__(self, word: str, better: Verdict = ASSIST, worse: Verdict = UNFIT) -> None:
        self.word, self.better, self.worse = word, better, worse
        self.assessed: list[UseCase] = []

    def _of(self, idea: UseCase) -> Verdict:
        told = f"{idea.text} decides={idea.decides}"
        return self.better if self.word in told else self.worse

    def probabilities(
        self, ideas: Sequence[UseCase], /, *, today: dt.date | None = None, reading: str | None = None
    ) -> np.ndarray[Any, Any]:
        return np.array([[0.7 if v is self._of(idea) else 0.1 for v in LEARNED] for idea in ideas])

    def assess(self, idea: UseCase, /, *, today: dt.date | None = None) -> Report:
        self.assessed.append(idea)
        return report(idea.text, self._of(idea))


def report(text: str, verdict: Verdict = UNFIT, category: str = "autonomous-action", **more: Any) -> Report:
    shares = {v.value: 0.7 if v is verdict else 0.1 for v in LEARNED}
    concepts = {"category": (category, 0.9)}
    tasks = split_tasks(text)
    return Report(UseCase(text=text), text, "en", verdict, shares, (), tasks=tasks, concepts=concepts, **more)


def by_fact(verdict: Verdict) -> Turn:
    changed = UseCase(text="The agent pays the invoices", decides="person")
    return Turn(
        "decides=person", {"en": "a person decides", "zh": "由人决定"}, changed, verdict, 0.8, {"decides": "person"}
    )


def test_a_fact_is_the_smallest_change() -> None:
    fake = Fake("decides=person")
    turn = find_turn(fake, report("The agent pays the invoices", turn=by_fact(ASSIST)))
    assert turn is not None
    assert (turn.kind, turn.changes) == ("decides=person", {"decides": "person"})


def test_a_sum_stays_a_sum_whoever_checks_it() -> None:
    fake = Fake("decides=person", worse=OVERKILL)
    assert (
        find_turn(fake, report("The agent sums it up", OVERKILL, "arithmetic-reporting", turn=by_fact(ASSIST))) is None
    )


def test_a_sentence_added_is_smaller_than_one_restated() -> None:
    turn = find_turn(Fake("named person decides"), report("The agent pays the invoices"))
    assert turn is not None
    assert turn.kind == "a-person-approves"
    assert turn.use_case.text.startswith("The agent pays the invoices. ")


def test_nothing_is_added_to_what_it_would_contradict() -> None:
    turn = find_turn(Fake("person"), report("The agent pays the invoices without any approval"))
    assert turn is not None
    assert turn.kind == "a-person-releases"


def test_what_is_not_confirmed_is_not_told() -> None:
    class Liar(Fake):
        def assess(self, idea: UseCase, /, *, today: dt.date | None = None) -> Report:
            return replace(super().assess(idea), verdict=UNFIT)

    assert find_turn(Liar("person"), report("The agent pays the invoices")) is None


def test_becoming_plain_software_is_no_better_an_idea() -> None:
    assert find_turn(Fake("person", better=OVERKILL), report("The agent pays the invoices")) is None


@pytest.mark.parametrize("verdict", [FIT, Verdict.UNCLEAR])
def test_nothing_turns_what_is_fit_or_withheld(verdict: Verdict) -> None:
    fake = Fake("")
    assert find_turn(fake, report("The agent pays the invoices", verdict)) is None
    assert fake.assessed == []


def test_other_sentences_stay(assessor: Assessor) -> None:
    other = "Each month we get 4,000 letters from customers in three languages."
    text = f"{other} The LLM builds the shift roster for each week."
    turn = find_turn(assessor, assessor.assess(text, today=DAY))
    assert turn is not None
    assert turn.use_case.text.startswith(f"{other} The job ")


@pytest.mark.parametrize(
    ("clause", "lang", "words"),
    [
        ("Use an LLM to draft replies", "en", "draft replies"),
        ("we'd like to have GPT-4 score the leads", "en", "score the leads"),
        ('the "hot" leads get a call', "en", "the 'hot' leads get a call"),
        ("让大模型拧螺丝", "zh", "拧螺丝"),
        ("建议由大模型来写通知", "zh", "写通知"),
    ],
)
def test_the_words_of_a_job(clause: str, lang: Any, words: str) -> None:
    assert job_words(clause, lang) == words


def test_long_words_are_cut() -> None:
    assert len(job_words("count " + "very many sheep and " * 40, "en")) <= LONGEST["en"] + 1


@pytest.mark.parametrize(("verdict", "change"), CHANGES, ids=[change.id for _, change in CHANGES])
def test_a_file_is_complete(verdict: Verdict, change: Any) -> None:
    assert all(CATEGORY_VERDICT[c] is not Verdict.UNCLEAR for c in change.categories)
    for text in (change.words, change.add, change.restate):
        if text is not None:
            assert text.en.isascii()
            assert any("\u4e00" <= c <= "\u9fff" for c in text.zh)
    assert not change.words.en.endswith(".")


@pytest.mark.parametrize("verdict", [UNFIT, OVERKILL])
def test_every_category_has_a_change(verdict: Verdict) -> None:
    changes = load_changes(verdict)
    assert any(not change.categories for change in changes)
    named = {c for change in changes for c in change.categories}
    usual = {c for c, v in CATEGORY_VERDICT.items() if v is verdict}
    assert usual - named <= {"conversion", "threshold-alert", "workflow-automation"}


def test_changes_are_no_rules() -> None:
    assert not [f for f in rule_files(rules_dir()) if "turns" in f.parts]


@pytest.mark.parametrize(
    ("line", "instead", "says"),
    [
        ("order = 5", "order = -5", "order"),
        ("schema = 1", "schema = 2", "schema"),
        ('"autonomous-action"', '"autonomous-acting"', "no such category: 'autonomous-acting'"),
        ('decides = "person"', 'decides = "cat"', "decides"),
        ('id = "a-person-approves"', 'id = "somebody"', "the id must be the file's name"),
        ("[add]", "[[add]]", "add"),
        ("schema = 1", "schema = ", "not valid TOML"),
    ],
)
def test_a_broken_file_names_its_place(tmp_path: Path, line: str, instead: str, says: str) -> None:
    shipped = rules_dir() / "turns" / "unfit" / "a-person-approves.toml"
    text = shipped.read_text("utf-8")
    assert line in text
    broken = tmp_path / shipped.name
    broken.write_text(text.replace(line, instead, 1), "utf-8")
    with pytest.raises(RuleError, match=says) as caught:
        read_change(broken)
    assert str(broken) in str(caught.value)


def test_the_benchmark_counts_what_holds(assessor: Assessor) -> None:
    ideas = [
        Idea("a", "Use GPT to predict which tenants will stop paying", "en", "unfit"),
        Idea("b", "Write a birthday poem", "en", "fit"),
    ]
    found = list(suggestions(assessor, assessor, ideas))
    assert [s.idea for s in found] == ["a"]
    assert (figures(found)["suggested"], figures(found)["right"]) == (1, 1)
    assert figures([replace(found[0], fresh="unfit")])["right"] == 0


@pytest.mark.parametrize("join", [", then ", " and then ", ", and finally ", "; after that, "])
def test_words_that_only_join_two_jobs_make_no_sentence(join: str, assessor: Assessor) -> None:
    idea = f"calculate monthly payroll{join}draft the letter"
    report = assessor.assess(idea, today=DAY)
    jobs = {"calculate monthly payroll": (OVERKILL, "arithmetic-reporting"), "draft the letter": (FIT, "drafting")}
    parts = tuple(
        Part(job, idea.index(job), idea.index(job) + len(job), verdict, {verdict.value: 1.0}, category)
        for job, (verdict, category) in jobs.items()
    )
    turned = list(turned_parts(replace(report, parts=parts)))
    assert turned
    assert [s for one in turned for s in one.sentences if len(s.split()) < 3] == []
