"""Facts as tables name and write them: the columns' names and the values' words, in English and Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

from fitcheck.errors import UseCaseError
from fitcheck.fact_values import NOT_KNOWN, fold_word
from fitcheck.ideas import fact_from_text
from fitcheck.quantities import CNY_PER_USD, COUNTED, QUANTITIES, Currency, usd_of
from fitcheck.text import is_cjk
from fitcheck.use_case import UseCase

__all__ = [
    "FACT_NAMES",
    "column_key",
    "counts_otherwise",
    "currency_of",
    "fact_from_cell",
    "facts_from_cells",
    "idea_from_cells",
    "note_on_yuan",
]

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
_DOLLARS = re.compile(r"\busd\b|\bdollars?\b|美元|美金|\$")
_YUAN = re.compile(r"(?<!美)元|人民币|块钱|\b(?:rmb|cny|yuan)\b")
_OTHER_MONEY = re.compile(
    r"[欧日港韩澳加新台]元|港币|台币|日圆|英镑|欧|\( *[角分] *\)|[€£₹₩]|(?<!us)(?<=[a-z])\$"
    r"|\b(?:eur|euros?|gbp|pounds?|inr|rupees?|jpy|yen|hkd|chf|aud|cad|sgd|krw|twd|brl|mxn|sek|nok|dkk|pln)\b"
)
"""A currency that no rate is known for: such a column is no fact of ours unless a mapping says so."""
_SIZES = {"k": 1_000, "w": 10_000, "m": 1_000_000, "y": 100_000_000}


def column_key(name: str, *, bare: bool = False) -> str:
    """Return what a column's name is compared by: width, case, spaces and underscores play no part.

    Args:
        name: As written.
        bare: Whether to leave out what stands in brackets, such as a unit.

    >>> column_key(" Calls_per-Month "), column_key("月调用量（次）", bare=True)
    ('calls per month', '月调用量')
    """
    return fold_word(_BRACKETED.sub(" ", unicodedata.normalize("NFKC", name)) if bare else name)


def fact_from_cell(field: str, cell: Any, text: str, column: str = "") -> Any:
    """Return a fact's value as `UseCase.read` takes it; None for a cell that is empty or says that nobody knows.

    Args:
        field: A field of `UseCase`.
        cell: The cell as the table holds it.
        text: The same as text.
        column: The column's name, which may say what its numbers count by, or their currency.

    >>> fact_from_cell("stakes", "高", "高"), fact_from_cell("human_review", "Yes", "Yes")
    ('high', 'yes')
    >>> fact_from_cell("data_sensitivity", "Personal ", "Personal "), fact_from_cell("users", "n/a", "n/a")
    ('personal', None)
    >>> fact_from_cell("calls_per_month", "3", "3", "月调用量（万次）"), fact_from_cell("users", 2.0, "2")
    (30000, 2.0)
    """
    if field == "suppliers" and isinstance(cell, list):
        return tuple(str(one) for one in cell) or None
    text = text.strip()
    if fold_word(text) in NOT_KNOWN or text in NOT_KNOWN:
        return None
    size, currency = (_unit(column) if field in COUNTED else 1), currency_of(field, column) or "USD"
    if field in QUANTITIES and isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return _as_the_column_counts(cell, size, currency)
    return fact_from_text(field, text, size=size, currency=currency)


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
        value = fact_from_cell(field, cell, text, columns[field])
        if value is not None:
            found[field] = value
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


def _as_the_column_counts(cell: float | Decimal, size: int, currency: Currency) -> Any:
    if currency == "CNY":
        return usd_of(cell, currency)
    return cell if size == 1 or not isfinite(cell) else float(Decimal(str(cell)) * size)


@lru_cache(maxsize=256)
def currency_of(field: str, column: str) -> Currency | None:
    """Return the currency of a money column's bare numbers, as its name says it; None for one that is not converted.

    Args:
        field: A field of `UseCase`; one that is no money has US dollars.
        column: The column's name. A Chinese name that says no currency means yuan.

    >>> [currency_of("usd_wage_per_hour", name) for name in ("wage per hour", "时薪", "时薪（美元）", "时薪（欧元）")]
    ['USD', 'CNY', 'USD', None]
    """
    if QUANTITIES.get(field) != "money":
        return "USD"
    name = unicodedata.normalize("NFKC", column).casefold()
    if _OTHER_MONEY.search(name):
        return None
    if _DOLLARS.search(name):
        return "USD"
    is_chinese = any(map(is_cjk, name))
    if "¥" in name and not is_chinese:
        # yen as well as yuan
        return None
    return "CNY" if is_chinese or _YUAN.search(name) else "USD"


def note_on_yuan(columns: Mapping[str, str]) -> str | None:
    """Say which columns' bare numbers were read as yuan; None where there are none.

    Args:
        columns: The name of each fact's column, by field.

    >>> note_on_yuan({"users": "用户数", "usd_wage_per_hour": "时薪"})
    "'时薪': numbers without a currency are read as yuan, at 7.1 CNY to the USD; dollars are written $60 or 60 USD"
    """
    names = [repr(name) for field, name in columns.items() if currency_of(field, name) == "CNY"]
    if not names:
        return None
    what = f"numbers without a currency are read as yuan, at {CNY_PER_USD[1]} CNY to the USD"
    return f"{', '.join(names)}: {what}; dollars are written $60 or 60 USD"
