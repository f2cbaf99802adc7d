"""The names of what stands beside an idea: facts and attributes, as tables, files and policies write them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from fitcheck.fact_words import fact_label
from fitcheck.tables.columns import header_key
from fitcheck.tables.facts import FACT_NAMES, column_key
from fitcheck.use_case import UseCase

__all__ = ["attribute_key", "attribute_of", "attribute_toml", "criticality_meant", "key_of", "name_zh"]

_NAMES = {
    "expect": ("expect", "expected", "expected verdict", "期望结论", "预期结论", "期望", "预期"),
    "owner": ("owner", "responsible", "负责人", "责任人", "所有者"),
    "department": ("department", "dept", "division", "部门"),
    "criticality": ("criticality", "关键程度", "重要程度", "关键性"),
    "agreement": ("agreement", "data agreement", "协议", "数据协议"),
    "exit_plan": ("exit plan", "退出方案", "退出计划"),
}
_CRITICALITY = {"至关重要": "critical", "关键": "critical", "高": "high", "中": "medium", "中等": "medium", "低": "low"}
_KNOWN = {column_key(name): key for key, names in _NAMES.items() for name in names}
_IN_CHINESE = {"department": "部门", "criticality": "关键程度", "agreement": "协议", "exit_plan": "退出方案"}
_FACTS = {column_key(name): fact for fact in UseCase.model_fields for name in (fact, *FACT_NAMES.get(fact, ()))}


def attribute_key(name: str) -> str:
    """Return the key of a column that holds no fact.

    >>> attribute_key("部门"), attribute_key("Cost Centre")
    ('department', 'cost_centre')
    """
    return _KNOWN.get(header_key(name)) or column_key(name).replace(" ", "_")


def key_of(name: str) -> str:
    """Return the fact or the attribute that a name stands for.

    >>> key_of("月调用量"), key_of("部门"), key_of("calls_per_month")
    ('calls_per_month', 'department', 'calls_per_month')
    """
    return _FACTS.get(header_key(name)) or attribute_key(name)


def attribute_of(attributes: Mapping[str, str], name: str) -> str | None:
    """Return an entry's attribute by any of its names, or None.

    >>> attribute_of({"department": "hr"}, "部门"), attribute_of({"部门": "hr"}, "department")
    ('hr', 'hr')
    """
    if name in attributes:
        return attributes[name]
    key = attribute_key(name)
    return next((value for own, value in attributes.items() if attribute_key(own) == key), None)


def criticality_meant(value: str) -> str:
    """Return how critical a word says something is; a word that is not known as it is.

    >>> criticality_meant("高"), criticality_meant("High"), criticality_meant("urgent")
    ('high', 'High', 'urgent')
    """
    return _CRITICALITY.get(value.strip(), value)


def attribute_toml(name: str) -> str:
    """Return the key by which an attribute stands in a TOML file.

    >>> attribute_toml("team"), attribute_toml("团队")
    ('attributes.team', 'attributes."团队"')
    """
    is_bare = re.fullmatch(r"[A-Za-z0-9_.-]+", name)
    return f"attributes.{name if is_bare else json.dumps(name, ensure_ascii=False)}"


def name_zh(name: str) -> str:
    """Return a fact's or an attribute's name in Chinese with its key, or the key alone.

    >>> name_zh("deployment"), name_zh("team")
    ('部署方式（deployment）', 'team')
    """
    told = _IN_CHINESE.get(name) or fact_label(name, "zh")
    return name if told == name else f"{told}（{name}）"
