"""The words that facts are said in: yes and no, the closed lists' values in Chinese, and that nobody knows."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["NOT_KNOWN", "closed_value", "fold_word", "truth_of"]

NOT_KNOWN = frozenset(
    ("-", "--", "–", "—", "?", "n/a", "na", "#n/a", "tbd", "unknown", "not known", "未知", "不详", "待定", "不清楚",
     "不确定", "不確定")
)  # fmt: skip
"""What a cell says of which nobody knows the fact."""

_YES_OR_NO = {
    **dict.fromkeys(("是", "有", "需要", "对", "√", "✓", "✔", "✅", "☑"), "yes"),
    **dict.fromkeys(("否", "无", "没有", "不需要", "不是", "×", "✗", "✘", "✕", "✖", "❌"), "no"),
}
CLOSED_WORDS: dict[str, dict[str, str]] = {
    "output": {"文本": "text", "文字": "text", "数字": "number", "数值": "number", "标签": "label", "类别": "label",
               "字段": "fields", "代码": "code", "图像": "image", "图片": "image", "决定": "decision",
               "决策": "decision",
               "动作": "action", "操作": "action"},
    "input": {"文本": "text", "文字": "text", "代码": "code", "表格": "records", "记录": "records", "数字": "numbers",
              "数值": "numbers", "图像": "image", "图片": "image", "音频": "audio", "语音": "audio", "传感器": "sensor",
              "实物": "physical", "混合": "mixed"},
    "format": {"固定": "fixed", "自由": "free", "开放": "free"},
    "decides": {"模型": "model", "人": "person", "人工": "person", "方法": "method", "规则": "method", "无": "none",
                "无人": "none", "llm": "model", "human": "person", "people": "person", "nobody": "none"},
    "stakes": {"低": "low", "高": "high"},
    "error_tolerance": {"无": "none", "不容错": "none", "零容忍": "none", "部分": "some", "一些": "some",
                        "任意": "any"},
    "data_sensitivity": {"公开": "public", "内部": "internal", "个人": "personal", "个人信息": "personal",
    "受监管": "regulated",
                         "监管": "regulated", "受管制": "regulated"},
    "existing_quality": {"好用": "works", "可用": "works", "有效": "works", "差": "poor", "较差": "poor", "无": "none",
                         "没有": "none"},
    "without_it": {"停": "stops", "停摆": "stops", "变慢": "slower", "无影响": "nothing", "没影响": "nothing"},
    "data_rights": {"自有": "own", "授权": "licensed", "公开": "public", "不清楚": "unclear", "存疑": "unclear",
                    "licenced": "licensed", "doubtful": "unclear"},
    "data_terms": {"不训练": "no-training", "不用于训练": "no-training", "可训练": "may-train",
                   "可用于训练": "may-train"},
    "payer": {"客户": "customers", "用户": "customers", "节省": "savings", "无人": "nobody", "没人": "nobody"},
    "charge": {"订阅": "subscription", "包月": "subscription", "按次": "per-use", "按量": "per-use",
               "增值": "value-added", "打赏": "tipping", "无": "none", "免费": "none"},
    "moat": {"自有数据": "own-data", "流程": "workflow", "渠道": "distribution", "自研模型": "tuned-model",
             "牌照": "regulation", "无": "none"},
    "deployment": {"自有gpu": "own_gpus", "自建": "own_gpus", "本地": "own_gpus", "本地部署": "own_gpus",
                   "on premises": "own_gpus", "own gpus": "own_gpus", "接口": "api"},
}  # fmt: skip
_APART = re.compile(r"[\s_\-]+")


def fold_word(word: str) -> str:
    """Return what a word is compared by: width, case, spaces and underscores play no part.

    >>> fold_word(" Calls_per-Month ")
    'calls per month'
    """
    return _APART.sub(" ", unicodedata.normalize("NFKC", word).casefold()).strip()


def truth_of(said: str) -> str:
    """Return yes or no for its Chinese word or its sign; anything else as it is.

    >>> truth_of("是"), truth_of("✗"), truth_of("on")
    ('yes', 'no', 'on')
    """
    return _YES_OR_NO.get(said.strip().removesuffix("\ufe0f"), said)


def closed_value(fact: str, said: str, values: tuple[str, ...]) -> str:
    """Return the value of a closed list that a word stands for; the word as it is where it stands for none.

    Args:
        fact: The fact.
        said: A value, or a word for it.
        values: The fact's closed list.

    >>> closed_value("stakes", "高", ("low", "high")), closed_value("stakes", "huge", ("low", "high"))
    ('high', 'huge')
    """
    word = fold_word(said)
    for one in (CLOSED_WORDS.get(fact, {}).get(word), word.replace(" ", "_"), word.replace(" ", "-")):
        if one in values:
            return one
    return said
