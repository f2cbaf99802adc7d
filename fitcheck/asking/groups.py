"""What a model can be asked to do, in a dozen plain answers: the categories in groups of one usual verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fitcheck.taxonomy import CATEGORY_VERDICT, Verdict
from fitcheck.text import Language

__all__ = ["GROUPS", "TaskGroup", "group_of"]

_STANDS_OUT = 0.2


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Categories that a proposer would name by the same words.

    Attributes:
        id: Its name.
        en: What the model does, in English, to be read after "it should".
        zh: The same in Chinese.
        categories: The categories of the closed list, the commonest first; they share their usual verdict.
        often: How often it is meant where a text tells nothing, 0 to 1: a guess, for the order of a short list.
    """

    id: str
    en: str
    zh: str
    categories: tuple[str, ...]
    often: float

    def words(self, lang: Language) -> str:
        """Return what the model does, in plain words."""
        return self.zh if lang == "zh" else self.en

    @property
    def verdict(self) -> Verdict:
        """What such tasks usually get."""
        return CATEGORY_VERDICT[self.categories[0]]

    def likeliest(self, shares: Mapping[str, float]) -> str:
        """Return its likeliest category; the commonest unless another clearly stands out.

        Args:
            shares: Probabilities by category.
        """
        best = max(self.categories, key=lambda category: shares.get(category, 0.0))
        commonest = self.categories[0]
        return best if shares.get(best, 0.0) >= shares.get(commonest, 0.0) + _STANDS_OUT else commonest


GROUPS: tuple[TaskGroup, ...] = (
    TaskGroup(
        "write",
        "write or reply: mails, letters, reports, first drafts",
        "写东西、回消息：邮件、信函、文案、报告、初稿",
        (
            "correspondence-drafting",
            "report-drafting",
            "marketing-copy",
            "official-drafting",
            "creative-writing",
            "ideation-naming",
        ),
        0.15,
    ),
    TaskGroup(
        "reword",
        "shorten, translate, proofread or reword a given text",
        "把现成的文字缩短、翻译、校对或改写",
        ("summarisation", "polishing-proofreading", "translation-localisation", "plain-language"),
        0.08,
    ),
    TaskGroup(
        "answer",
        "find or answer from documents, or talk with people",
        "查文档、答问题，或者陪人对话",
        ("document-qa", "customer-conversation", "general-assistant", "tutoring-training", "role-play-companion"),
        0.15,
    ),
    TaskGroup(
        "read",
        "read free text: sort it, tag it, pull facts out of it",
        "读自由书写的文字：分类、打标签、抽取信息",
        ("text-classification", "free-extraction", "document-comparison", "data-labelling", "content-moderation"),
        0.1,
    ),
    TaskGroup(
        "code",
        "write, explain, check or test code; questions to queries",
        "写代码、讲代码、查代码、写测试，或把问题变成查询语句",
        ("code-generation", "text-to-query", "code-explanation", "code-review", "test-generation", "code-migration"),
        0.03,
    ),
    TaskGroup(
        "media",
        "make pictures, sound or film",
        "生成图片、声音或视频",
        ("image-media-generation",),
        0.02,
    ),
    TaskGroup(
        "prepare",
        "prepare the papers for the one who decides or signs",
        "为做决定或签字的人准备材料",
        (
            "decision-brief",
            "evidence-gathering",
            "expert-review-support",
            "commentary-on-numbers",
            "financial-reading",
            "legal-drafting",
            "clinical-drafting",
            "model-features",
        ),
        0.12,
    ),
    TaskGroup(
        "fields",
        "pull out, check, convert or match numbers and dates",
        "提取、校验、转换或比对编号、日期、金额等",
        ("fixed-extraction", "validation", "conversion", "exact-matching", "template-fill", "keyword-filter"),
        0.12,
    ),
    TaskGroup(
        "count",
        "look up, add up, or make the same report each time",
        "查数、算数，或出固定的报表",
        ("arithmetic-reporting", "lookup"),
        0.1,
    ),
    TaskGroup(
        "steps",
        "follow set rules or steps: route, remind, alert, pass on",
        "按写好的规则和步骤办：分派、提醒、告警、流转",
        ("workflow-automation", "rule-routing", "business-rules", "threshold-alert"),
        0.08,
    ),
    TaskGroup(
        "forecast",
        "forecast, score, rank, or spot what is unusual in figures",
        "预测、打分、排序，或从数据里找异常",
        (
            "forecasting",
            "tabular-prediction",
            "anomaly-fraud-security",
            "recommendation-ranking",
            "investment-trading",
        ),
        0.12,
    ),
    TaskGroup(
        "plan",
        "plan under limits: rosters, routes, schedules, stock",
        "在约束下排计划：排班、路线、排产、备货",
        ("optimisation", "simulation-science"),
        0.05,
    ),
    TaskGroup(
        "recognise",
        "recognise what is in pictures, scans, speech or signals",
        "识别图片、扫描件、语音或信号里的内容",
        ("image-recognition", "speech-ocr", "medical-imaging-signals", "biometrics", "sensor-control"),
        0.06,
    ),
    TaskGroup(
        "decide",
        "decide about people or money, or carry things out",
        "对人、对钱做决定，或直接动手执行",
        ("autonomous-decision", "autonomous-action"),
        0.1,
    ),
    TaskGroup(
        "truth",
        "say what caused something, or whether a claim is true",
        "说清事情的原因，或判断说法是真是假",
        ("causal-inference", "fact-verification"),
        0.03,
    ),
    TaskGroup("meet", "lead or meet people in person", "当面带人、与人打交道", ("in-person-leadership",), 0.01),
    TaskGroup("hands", "work with the hands, on site", "动手干活，在现场作业", ("bodily-work",), 0.01),
)
"""In the order in which they are read out."""

_GROUP_OF = {category: group for group in GROUPS for category in group.categories}


def group_of(category: str) -> TaskGroup | None:
    """Return the group of a category; None for those that are no task for anyone's model.

    >>> group_of("lookup").id
    'count'
    """
    return _GROUP_OF.get(category)
