"""What tells a size only: found, left out of what is read, and without a say in the verdict."""

from __future__ import annotations

import pytest

from fitcheck import Assessor
from fitcheck.figures import figure_spans
from fitcheck.tasks import core_text, masked, split_tasks, told
from fitcheck.text import fold, normalise

SIZES = [
    "budget 2 million yuan",
    "with a budget of about $20k a year",
    "about 3,000 mails a day",
    "roughly 300 per month",
    "launch in June 2026",
    "预算200万元",
    "项目总预算:约300万元人民币",
    "每天5万次咨询",
    "月调用量约1.2亿次",
    "每次约800字",
    "2026年6月上线",
    "工期6个月",
]
JOBS = [
    "sort 300 mails a day",
    "forecast demand for 12 weeks",
    "bill clients over 5,000 euros",
    "预测未来3个月销量",
    "给200家门店排班",
    "审批3万元以下的报销",
    "把30页合同压成一页",
]


def found(text: str) -> list[str]:
    folded = fold(normalise(text))
    return [folded[a:b] for a, b in figure_spans(folded)]


@pytest.mark.parametrize("size", SIZES)
def test_a_size_beside_a_job_is_found_and_alone_it_is_not(size: str) -> None:
    assert found(f"Draft the letters, {size}") == [fold(normalise(size))]
    assert found(f"{size}. 起草信件") == [fold(normalise(size))]
    assert found(size) == []


@pytest.mark.parametrize("job", JOBS)
def test_a_number_in_a_job_stays_with_it(job: str) -> None:
    assert found(f"{job}, budget 5,000 euros") == ["budget 5,000 euros"]


def test_what_is_read_leaves_sizes_out_and_rules_do_not() -> None:
    text = normalise("客服机器人自动回答退换货问题，每次约800字，预算50万元")
    tasks = split_tasks(text)
    dropped = [(t.text, t.reason) for t in tasks if t.role == "dropped"]
    assert dropped == [("每次约800字", "a size"), ("预算50万元", "a size")]
    assert told(text, tasks) == core_text(text, tasks) == "客服机器人自动回答退换货问题"
    assert told(text, tasks, with_sizes=True) == masked(text, tasks) == text


@pytest.mark.parametrize("reading", ["cascade", "fast"])
@pytest.mark.parametrize(
    ("idea", "size"),
    [
        ("客服知识库机器人", "，每天5万次咨询，预算200万元"),
        ("给采购部起草合同", "，预算50万元"),
        ("商品评论摘要", "，2026年6月上线，投入120万元"),
        ("Customer support knowledge-base chatbot", ", budget 2 million yuan"),
        ("Write release notes from merged pull requests", ", about 90 a month"),
    ],
)
def test_a_size_moves_no_probability(idea: str, size: str, reading: str) -> None:
    assessor = Assessor(reading=reading)  # type: ignore[arg-type]
    alone, with_size = assessor.probabilities([idea, idea + size])
    assert abs(alone - with_size).max() < 0.02
