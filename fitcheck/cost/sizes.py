"""How many tokens a call of each kind takes, where the idea does not say.

Orders of magnitude, not measurements: instructions of 300 to 500 tokens, and what the task
reads and writes at OpenAI's rule of thumb of 0.75 English words to the token (help.openai.com,
"What are tokens and how to count them?"), so that a page of 500 words is about 670 tokens. They
are assumptions, shown as such in every report.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

__all__ = ["WORKING_DAYS_PER_MONTH", "CallSize", "in_language", "typical_size"]

WORKING_DAYS_PER_MONTH = 21
"""252 working days a year (365 less weekends and some nine holidays), over twelve months."""


@dataclass(frozen=True, slots=True)
class CallSize:
    """A typical call.

    Attributes:
        tokens_in: Input tokens, the instructions included.
        tokens_out: Output tokens; for an image, the image's.
        en: What that stands for.
        zh: The same in Chinese.
        is_image: An image comes out.
    """

    tokens_in: int
    tokens_out: int
    en: str
    zh: str
    is_image: bool = False


_TEXT = CallSize(1_000, 400, "instructions and a page in, half a page out", "指令加一页输入，半页输出")
_LABEL = CallSize(600, 10, "instructions and a short text in, a label out", "指令加一段短文输入，一个标签输出")
_FIELDS = CallSize(1_200, 150, "instructions and a page in, a dozen fields out", "指令加一页输入，十来个字段输出")
_WRITE = CallSize(500, 700, "a brief in, a page out", "一份简要说明输入，一页输出")
_REWRITE = CallSize(1_000, 700, "instructions and a page in, the page out again", "指令加一页输入，改好的一页输出")
_CODE = CallSize(2_000, 600, "a few functions in, some 60 lines out", "几个函数输入，约 60 行代码输出")
_LONG = CallSize(4_000, 500, "instructions and five pages in, two thirds of a page out", "指令加五页输入，大半页输出")
_PASSAGES = CallSize(
    3_000, 300, "a question with four pages of passages in, an answer out", "一个问题加四页资料片段输入，一段回答输出"
)
_TURN = CallSize(2_000, 200, "instructions and the talk so far in, one answer out", "指令加此前对话输入，一次回复输出")
_DECISION = CallSize(
    2_000,
    200,
    "instructions and a case of two pages in, a reasoned decision out",
    "指令加两页案情输入，一个附理由的结论输出",
)
# OpenAI's image guide: 1,056 tokens for this size and quality, 0.034 USD with gpt-image-1.5
_IMAGE = CallSize(
    100,
    1_056,
    "a sentence or two in, one square image of 1,024 pixels in medium quality out",
    "一两句话输入，一张 1024 像素的中等质量方图输出",
    is_image=True,
)

_BY_OUTPUT = {
    "text": _TEXT,
    "number": _LABEL,
    "label": _LABEL,
    "fields": _FIELDS,
    "code": _CODE,
    "image": _IMAGE,
    "decision": _DECISION,
    "action": _DECISION,
}
_BY_CATEGORY = {
    **dict.fromkeys(("text-classification", "content-moderation", "data-labelling", "lookup", "rule-routing"), _LABEL),
    **dict.fromkeys(("keyword-filter", "threshold-alert", "arithmetic-reporting", "exact-matching"), _LABEL),
    **dict.fromkeys(("free-extraction", "fixed-extraction", "model-features", "validation", "conversion"), _FIELDS),
    **dict.fromkeys(("creative-writing", "ideation-naming", "marketing-copy", "report-drafting"), _WRITE),
    **dict.fromkeys(("official-drafting", "legal-drafting", "clinical-drafting", "template-fill"), _WRITE),
    **dict.fromkeys(("polishing-proofreading", "translation-localisation", "plain-language"), _REWRITE),
    **dict.fromkeys(("code-generation", "code-explanation", "code-review"), _CODE),
    **dict.fromkeys(("test-generation", "code-migration"), _CODE),
    **dict.fromkeys(("summarisation", "document-comparison", "decision-brief", "evidence-gathering"), _LONG),
    **dict.fromkeys(("expert-review-support", "financial-reading"), _LONG),
    "document-qa": _PASSAGES,
    **dict.fromkeys(("customer-conversation", "general-assistant", "tutoring-training"), _TURN),
    "role-play-companion": _TURN,
    **dict.fromkeys(("autonomous-decision", "autonomous-action", "business-rules"), _DECISION),
    "image-media-generation": _IMAGE,
}

_CHINESE_PER_ENGLISH = 34 / 27


def typical_size(output: str | None, category: str | None) -> CallSize:
    """Return the typical call for what comes out, or else for the core task's category.

    "text" says little, so a known category refines it.

    >>> typical_size("label", "summarisation").tokens_out, typical_size("text", "summarisation").tokens_in
    (10, 4000)
    """
    if output is not None and output != "text":
        return _BY_OUTPUT[output]
    return _BY_CATEGORY.get(category or "", _TEXT)


def in_language(tokens: int, text_lang: str, provider: str) -> int:
    """Turn English tokens into those of the same content in another language.

    OpenAI published one sentence in both (openai.com/index/hello-gpt-4o, May 2024): 24 tokens each
    with the tokenizer used since GPT-4o, 27 in English and 34 in Chinese with the one before.
    Other providers get the older ratio, the dearer reading.

    >>> in_language(1000, "zh", "openai"), in_language(1000, "zh", "mistral")
    (1000, 1260)
    """
    if text_lang != "zh" or provider == "openai":
        return tokens
    return ceil(tokens * _CHINESE_PER_ENGLISH)
