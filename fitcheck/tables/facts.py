"""Facts as tables name and write them: the columns' names and the values' words, in English and Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

from fitcheck.errors import UseCaseError
from fitcheck.ideas import COUNTED, fact_from_text, states_a_size
from fitcheck.use_case import UseCase

__all__ = ["FACT_NAMES", "column_key", "counts_otherwise", "fact_from_cell", "facts_from_cells", "idea_from_cells"]

FACT_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("编号", "用例编号"),
    "calls_per_month": (
        "monthly calls", "calls monthly", "calls a month", "calls / month", "call volume per month", "monthly volume",
        "monthly call volume", "月调用量", "月调用次数", "每月调用次数", "每月调用量", "月度调用量", "调用量/月",
    ),
    "users": ("number of users", "user count", "no. of users", "用户数", "用户数量", "使用人数", "用户人数"),
    "calls_per_user_per_day": (
        "calls per user a day", "daily calls per user", "calls per user and day", "每人每天调用次数",
        "每人每日调用次数",
        "人均日调用量", "人均日调用次数", "每用户每日调用次数",
    ),
    "tokens_in": (
        "input tokens", "tokens input", "prompt tokens", "input tokens per call", "输入token数", "输入tokens",
        "输入token",
        "输入令牌数", "输入词元数", "每次输入token数",
    ),
    "tokens_out": (
        "output tokens", "tokens output", "completion tokens", "output tokens per call", "输出token数", "输出tokens",
        "输出token", "输出令牌数", "输出词元数", "每次输出token数",
    ),
    "cached_share": ("cache share", "share cached", "cached fraction", "缓存比例", "缓存占比", "缓存命中率"),
    "latency_budget_s": (
        "latency budget", "max latency s", "maximum latency (s)", "latency (s)", "longest answer time (s)",
        "延迟上限", "时延上限", "最长响应时间", "响应时间上限", "最长等待时间",
    ),
    "output": ("output kind", "output type", "输出类型", "产出类型", "输出形式"),
    "input": ("input kind", "input type", "输入类型", "输入形式"),
    "format": ("answer format", "output form", "form of the answer", "答案形式", "格式类型", "答案格式"),
    "decides": ("who decides", "decision maker", "谁决定", "决定者", "谁说了算", "决策者", "决策主体"),
    "human_review": (
        "human in the loop", "reviewed by a person", "manual review", "reviewed by human", "人工复核", "人工审核",
        "人工审查", "人工检查", "是否人工复核", "是否人工审核", "有无人工复核",
    ),
    "stakes": ("stake", "利害", "利害程度"),
    "error_tolerance": ("tolerance for errors", "tolerance of mistakes", "容错", "容错程度", "容错率", "错误容忍度"),
    "usd_per_error": (
        "cost per error (usd)", "cost of an error (usd)", "usd per mistake", "每次错误损失", "单次错误成本",
        "出错损失",
    ),
    "same_answer_required": (
        "deterministic", "must be deterministic", "same answer needed", "要求结果一致", "结果必须一致", "需要确定性",
        "结果可重复",
    ),
    "data_sensitivity": (
        "data class", "data classification", "sensitivity", "sensitivity of the data", "数据敏感度", "数据敏感性",
        "数据级别",
        "数据分级", "数据分类", "数据等级", "敏感程度",
    ),
    "existing_solution": (
        "current solution", "today's solution", "present solution", "status quo", "现有方案", "现有办法", "现行方案",
        "目前做法",
        "现状方案",
    ),
    "existing_quality": (
        "current solution quality", "quality of the existing solution", "quality today", "现有方案质量", "现有方案效果",
        "现有效果",
    ),
    "labelled_examples": (
        "labeled examples", "labelled data", "labeled data", "number of labelled examples", "标注样本", "标注样本数",
        "标注数据量",
        "标注数量",
    ),
    "deployment": ("deployed as", "部署方式", "部署", "部署形态"),
    "model": ("model name", "llm model", "模型", "模型名称", "大模型", "所用模型", "使用模型"),
    "provider": ("model provider", "llm provider", "模型供应商", "模型提供方", "服务商"),
    "suppliers": ("upstream suppliers", "vendors", "上游供应商", "供应商", "依赖供应商"),
    "usd_value_per_call": ("value per call", "value per call (usd)", "每次价值", "单次价值", "每次调用价值"),
    "minutes_saved_per_call": (
        "minutes saved", "minutes saved per use", "time saved per call (min)", "节省分钟", "每次节省分钟",
        "每次节省分钟数",
        "单次节省时间",
    ),
    "task_category": ("core task category", "任务类别", "核心任务类别"),
    "without_it": ("what happens without it", "without this", "没有它会怎样", "不做会怎样"),
    "swap_days": ("days to swap the model", "swap effort (days)", "换模型天数", "替换模型所需天数"),
    "exit_ready": ("can leave the supplier", "way out is written down", "可随时更换供应商", "退出方案已备"),
    "data_rights": ("rights to the data", "data licence", "data license", "数据权利", "数据来源权利", "数据授权"),
    "data_terms": ("data use terms", "training on data", "数据使用条款", "数据条款"),
    "payer": ("who pays", "付费方", "谁付钱", "谁买单"),
    "charge": ("charging model", "pricing model", "收费方式", "收费模式"),
    "moat": ("defensibility", "护城河", "壁垒"),
    "usd_wage_per_hour": ("hourly wage", "hourly wage (usd)", "wage per hour", "时薪", "小时工资", "每小时工资"),
}  # fmt: skip
"""Other names by which a column of each fact is known; the field's own name always is."""

_NOT_KNOWN = frozenset(
    ("-", "--", "–", "—", "?", "n/a", "na", "#n/a", "tbd", "unknown", "not known", "未知", "不详", "待定", "不清楚")
)
_WORDS: dict[str, dict[str, str]] = {
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
_BRACKETED = re.compile(r"\([^()]*\)")
_UNITS = re.compile(
    r"\( *(?:(?:in|单位) *:? *)?(?:(?P<k>k|thousands?|'?000s?|[x×] ?1,?000|千)|(?P<w>w|ten thousands?|万)"
    r"|(?P<m>m|mm|mn|mio|millions?|百万)|(?P<y>亿)) *(?:次|条|个|人|件|户|名|calls|requests|users|people|tokens?)?"
    r" *(?:/ *(?:月|months?))? *\)"
)
_SIZED = re.compile(
    r"\( *(?:(?:in|单位) *:? *)?(?:(?:k|w|m|mm|mn|thousands?|millions?|hundreds?|ms|milliseconds?|cents?)\b"
    r"|'?000|[x×] ?1|[千万亿百]|毫秒|美分)"
)
_SIZES = {"k": 1_000, "w": 10_000, "m": 1_000_000, "y": 100_000_000}
_APART = re.compile(r"[\s_\-]+")


def column_key(name: str, *, bare: bool = False) -> str:
    """Return what a column's name is compared by: width, case, spaces and underscores play no part.

    Args:
        name: As written.
        bare: Whether to leave out what stands in brackets, such as a unit.

    >>> column_key(" Calls_per-Month "), column_key("月调用量（次）", bare=True)
    ('calls per month', '月调用量')
    """
    name = unicodedata.normalize("NFKC", name).casefold()
    if bare:
        name = _BRACKETED.sub(" ", name)
    return _APART.sub(" ", name).strip()


def fact_from_cell(field: str, cell: Any, text: str) -> Any:
    """Return a fact's value as `UseCase.read` takes it; None for a cell that is empty or says that nobody knows.

    Args:
        field: A field of `UseCase`.
        cell: The cell as the table holds it.
        text: The same as text.

    >>> fact_from_cell("stakes", "高", "高"), fact_from_cell("human_review", "Yes", "Yes")
    ('high', 'Yes')
    >>> fact_from_cell("data_sensitivity", "Personal ", "Personal "), fact_from_cell("users", "n/a", "n/a")
    ('personal', None)
    """
    if field == "suppliers" and isinstance(cell, list):
        return tuple(str(one) for one in cell) or None
    text = text.strip()
    plain = column_key(text)
    if plain in _NOT_KNOWN or text in _NOT_KNOWN:
        return None
    if field in _CLOSED:
        word = _WORDS.get(field, {}).get(plain, plain.replace(" ", "_"))
        return word if word in _CLOSED[field] else fact_from_text(field, text)
    return fact_from_text(field, text)


def facts_from_cells(cells: Mapping[str, tuple[Any, str]], columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the facts that a row states.

    Args:
        cells: For each field its cell, as the table holds it and as text.
        columns: The name of each field's column, for errors and for the unit that it states.

    Raises:
        UseCaseError: A cell can't be read; names each such column and its value.
    """
    values = _values(cells, columns)
    if wrong := _wrong(values, columns):
        raise UseCaseError("; ".join(wrong.values()))
    return values


def idea_from_cells(text: str, cells: Mapping[str, tuple[Any, str]], columns: Mapping[str, str]) -> tuple[UseCase, str]:
    """Return a row's idea with the facts that could be read, and a remark on those that could not; else empty.

    Args:
        text: The idea.
        cells, columns: As in `facts_from_cells`.

    Raises:
        UseCaseError: The idea itself does not fit.

    >>> idea, remark = idea_from_cells("Draft replies", {"users": ("many", "many")}, {"users": "People"})
    >>> idea.users, remark.endswith("judged without it")
    (None, True)
    """
    values = _values(cells, columns)
    wrong = _wrong(values, columns)
    known = {field: value for field, value in values.items() if field not in wrong}
    remark = f"{'; '.join(wrong.values())}; judged without it" if wrong else ""
    return UseCase.read({**known, "text": text}, where="this row"), remark


def _values(cells: Mapping[str, tuple[Any, str]], columns: Mapping[str, str]) -> dict[str, Any]:
    found = {}
    for field, (cell, text) in cells.items():
        value = fact_from_cell(field, cell, text)
        if value is not None:
            # a cell that states its own size, such as 5万, is taken at its word
            found[field] = value if states_a_size(text) else _in_units(field, value, columns[field])
    return found


def _wrong(values: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    """Return why values can't be taken, by field."""
    if not values:
        return {}
    try:
        UseCase.read({**values, "text": "-"}, where="this row")
    except UseCaseError:
        pass
    else:
        return {}
    wrong = {}
    for field, value in values.items():
        try:
            UseCase.read({field: value, "text": "-"}, where=f"column {columns[field]!r}")
        except UseCaseError as error:
            wrong[field] = str(error)
    return wrong


def counts_otherwise(field: str, column: str) -> bool:
    """Say whether a column's name states a size, in brackets, that its fact is not read in: then it is no fact of ours.

    >>> counts_otherwise("users", "Users (k)"), counts_otherwise("latency_budget_s", "Latency (ms)")
    (False, True)
    """
    folded = unicodedata.normalize("NFKC", column).casefold()
    return _SIZED.search(folded) is not None and (field not in COUNTED or _unit(column) == 1)


@lru_cache(maxsize=256)
def _unit(column: str) -> int:
    """Return what one of a column's numbers stands for, as its name says in brackets.

    >>> _unit("Calls a month (k)"), _unit("月调用量（万次）"), _unit("Users (active)")
    (1000, 10000, 1)
    """
    for stated in _BRACKETED.findall(unicodedata.normalize("NFKC", column).casefold()):
        if unit := _UNITS.fullmatch(stated):
            return next(size for name, size in _SIZES.items() if unit[name])
    return 1


def _in_units(field: str, value: Any, column: str) -> Any:
    """Return a number as the column's name says that it counts; anything else as it is."""
    size = _unit(column)
    if size == 1 or field not in COUNTED:
        return value
    try:
        return format((Decimal(str(value)) * size).normalize(), "f")
    except InvalidOperation:
        return value


def _closed_lists() -> dict[str, tuple[str, ...]]:
    lists = {}
    for name, info in UseCase.model_fields.items():
        for kind in get_args(info.annotation):
            if get_origin(kind) is Literal:
                lists[name] = get_args(kind)
    return lists


_CLOSED = _closed_lists()
