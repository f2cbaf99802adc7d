"""The words for facts: their names, the questions that ask for them, and what their values say."""

from __future__ import annotations

from fitcheck.text import Language
from fitcheck.wording import say

__all__ = ["clause", "fact_label", "question"]

_FACTS: dict[str, tuple[str, str]] = {
    "calls_per_month": ("calls per month", "每月调用次数"),
    "users": ("users", "用户数"),
    "calls_per_user_per_day": ("calls per user and day", "每人每天调用次数"),
    "tokens_in": ("input tokens", "输入词元数"),
    "tokens_out": ("output tokens", "输出词元数"),
    "cached_share": ("cached share", "缓存比例"),
    "latency_budget_s": ("answer time in seconds", "答复时限（秒）"),
    "output": ("the output", "输出"),
    "input": ("the input", "输入"),
    "format": ("the form of the answer", "答案的形式"),
    "decides": ("who decides", "谁说了算"),
    "human_review": ("human review", "人工复核"),
    "stakes": ("what hangs on it", "利害"),
    "error_tolerance": ("tolerance for mistakes", "容错"),
    "usd_per_error": ("cost of a mistake in USD", "一次错误的代价（美元）"),
    "same_answer_required": ("same answer required", "要求结果一致"),
    "data_sensitivity": ("the data", "数据"),
    "existing_solution": ("today's solution", "现有办法"),
    "existing_quality": ("today's solution", "现有办法"),
    "labelled_examples": ("labelled examples", "已标注样本数"),
    "deployment": ("where it runs", "部署方式"),
    "model": ("the model", "模型"),
    "provider": ("the provider", "服务商"),
    "suppliers": ("the suppliers", "上游供应商"),
    "usd_value_per_call": ("value of an answer in USD", "一次答案的价值（美元）"),
    "minutes_saved_per_call": ("minutes saved per call", "每次省下的分钟数"),
    "usd_wage_per_hour": ("hourly wage in USD", "时薪（美元）"),
    "task_category": ("the core task", "核心任务"),
    "without_it": ("what happens without it", "没有它会怎样"),
    "swap_days": ("days to change the model", "换模型所需天数"),
    "exit_ready": ("a plan for leaving", "退出方案"),
    "data_rights": ("the right to the data", "数据权利"),
    "data_terms": ("what the supplier may do with the data", "供应商对数据的使用条款"),
    "payer": ("who pays", "谁付钱"),
    "charge": ("how money is asked", "收费方式"),
    "moat": ("what a platform lacks", "壁垒"),
}

_QUESTIONS: dict[str, tuple[str, str]] = {
    "calls_per_month": ("How many calls a month?", "每月调用多少次？"),
    "users": ("How many people use it?", "有多少人用？"),
    "calls_per_user_per_day": ("How often does each user call it a day?", "每人每天用多少次？"),
    "tokens_in": ("How long is the input, in tokens?", "每次输入多少词元？"),
    "tokens_out": ("How long is the output, in tokens?", "每次输出多少词元？"),
    "cached_share": ("What share of the input is cached?", "输入有多少命中缓存？"),
    "latency_budget_s": ("How long may an answer take?", "最多能等多少秒？"),
    "output": ("What comes out?", "输出的是什么？"),
    "input": ("What goes in?", "输入的是什么？"),
    "format": ("Does a pattern, list or rule give the answer?", "答案是否由格式、清单或规则给出？"),
    "decides": ("Whose word takes effect?", "最后谁说了算？"),
    "human_review": ("Does a person check each output before it takes effect?", "每份输出生效前有人复核吗？"),
    "stakes": ("Do law, health, safety, money or rights hang on it?", "是否关系到法律、健康、安全、钱或权利？"),
    "error_tolerance": ("What mistakes can be borne?", "能容忍什么样的错误？"),
    "usd_per_error": ("What does one unseen mistake cost?", "一次没被发现的错误代价多大？"),
    "same_answer_required": ("Must the same input always give the same output?", "同样的输入是否必须得到同样的输出？"),
    "data_sensitivity": ("How sensitive is the data that goes in?", "输入的数据有多敏感？"),
    "existing_solution": ("What does the job today?", "现在靠什么做这件事？"),
    "existing_quality": ("How well does today's solution do it?", "现有办法做得怎么样？"),
    "labelled_examples": ("How many labelled examples are there?", "手头有多少标注样本？"),
    "deployment": ("Where would the model run?", "模型部署在哪里？"),
    "model": ("Which model?", "用哪个模型？"),
    "provider": ("Who serves it?", "由谁提供服务？"),
    "suppliers": ("Which suppliers does it depend on?", "依赖哪些上游供应商？"),
    "usd_value_per_call": ("What is one good answer worth?", "一次好答案值多少钱？"),
    "minutes_saved_per_call": ("How many minutes does one call save?", "每次能省多少分钟？"),
    "usd_wage_per_hour": ("What is the wage of who saves the time?", "省下时间的人时薪多少？"),
    "task_category": ("What is the model to do?", "要模型做什么？"),
    "without_it": ("What happens without it?", "没有它会怎样？"),
    "swap_days": ("How many working days does it take to change the model?", "换一个模型要多少个工作日？"),
    "exit_ready": ("Is it written down how to leave the supplier?", "有书面的供应商退出方案吗？"),
    "data_rights": ("By what right is the data used?", "凭什么权利使用这些数据？"),
    "data_terms": ("May the supplier train on what is sent?", "供应商能用发过去的数据训练吗？"),
    "payer": ("Whose money pays for it?", "由谁出钱？"),
    "charge": ("How is money asked?", "怎么收费？"),
    "moat": ("What does it have that a platform's next release has not?", "有什么是平台下一版没有的？"),
}

_CLAUSES: dict[tuple[str, str], tuple[str, str]] = {
    ("human_review", "yes"): ("a person checks each output", "每份输出都有人复核"),
    ("human_review", "no"): ("nobody checks the output", "没有人复核"),
    ("same_answer_required", "yes"): ("the same input must give the same output", "同样的输入必须同样的输出"),
    ("same_answer_required", "no"): ("answers may differ", "答案可以不一样"),
    ("decides", "model"): ("the model decides", "由模型决定"),
    ("decides", "person"): ("a person decides or signs", "由人决定或签字"),
    ("decides", "method"): ("another method decides", "由其他方法决定"),
    ("decides", "none"): ("nothing is decided", "不涉及决定"),
    ("stakes", "low"): ("little hangs on it", "利害不大"),
    ("stakes", "high"): ("law, health, safety, money or rights hang on it", "关系到法律、健康、安全、钱或权利"),
    ("format", "fixed"): ("a pattern, list or rule gives the answer", "答案由格式、清单或规则给出"),
    ("format", "free"): ("the answer is free in form", "答案形式自由"),
    ("input", "text"): ("text goes in", "输入是文本"),
    ("input", "code"): ("code goes in", "输入是代码"),
    ("input", "records"): ("records go in", "输入是表格记录"),
    ("input", "numbers"): ("numbers go in", "输入是数值序列"),
    ("input", "image"): ("images go in", "输入是图像"),
    ("input", "audio"): ("audio goes in", "输入是音频"),
    ("input", "sensor"): ("sensor data goes in", "输入是传感器数据"),
    ("input", "physical"): ("the work is physical", "面对的是实物与现场"),
    ("input", "mixed"): ("the input is mixed", "输入是混合的"),
    ("output", "text"): ("text comes out", "输出是文本"),
    ("output", "number"): ("a number comes out", "输出是数字"),
    ("output", "label"): ("a label comes out", "输出是标签"),
    ("output", "fields"): ("fields come out", "输出是字段"),
    ("output", "code"): ("code comes out", "输出是代码"),
    ("output", "image"): ("an image comes out", "输出是图像"),
    ("output", "decision"): ("a decision comes out", "输出是决定"),
    ("output", "action"): ("an action follows", "输出直接变成操作"),
    ("error_tolerance", "none"): ("no mistake can be borne", "一点错都不能有"),
    ("error_tolerance", "some"): ("some mistakes can be borne", "可以容忍少量错误"),
    ("error_tolerance", "any"): ("mistakes don't matter", "错了也无妨"),
    ("data_sensitivity", "public"): ("the data is public", "数据是公开的"),
    ("data_sensitivity", "internal"): ("the data is internal", "数据是内部的"),
    ("data_sensitivity", "personal"): ("the data is personal", "数据涉及个人信息"),
    ("data_sensitivity", "regulated"): ("the data is regulated", "数据受监管"),
    ("existing_quality", "works"): ("today's solution works well", "现有办法好用"),
    ("existing_quality", "poor"): ("today's solution is poor, or by hand", "现有办法不好用或靠人工"),
    ("existing_quality", "none"): ("there is no solution today", "目前没有办法"),
    ("deployment", "api"): ("it runs by API", "走 API"),
    ("deployment", "own_gpus"): ("it runs on own GPUs", "跑在自己的显卡上"),
}
"""Fact and value -> a clause that says so, in English and Chinese."""


def fact_label(fact: str, lang: Language) -> str:
    """Return the name of a fact in words, or the fact's own name where there is none.

    >>> fact_label("users", "zh")
    '用户数'
    """
    if fact not in _FACTS:
        return fact
    return _FACTS[fact][lang == "zh"]


def question(fact: str, lang: Language) -> str:
    """Return the question that asks for a fact.

    >>> question("decides", "en")
    'Whose word takes effect?'
    """
    if fact not in _QUESTIONS:
        return f"{fact}？" if lang == "zh" else f"{fact}?"
    return _QUESTIONS[fact][lang == "zh"]


def clause(fact: str, value: str, lang: Language) -> str:
    """Return a clause that says that a fact has a value.

    Args:
        fact: A field of `UseCase`.
        value: Its value as text; a truth value may read true, false, yes or no.

    >>> clause("human_review", "True", "en"), clause("users", "900", "en")
    ('a person checks each output', 'users is 900')
    """
    folded = {"true": "yes", "false": "no"}.get(value.lower(), value.lower())
    found = _CLAUSES.get((fact, folded))
    if found is None:
        return say("is", lang, fact=fact_label(fact, lang), value=value)
    return found[lang == "zh"]
