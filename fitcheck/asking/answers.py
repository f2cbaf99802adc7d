"""Questions and answers in plain words, and words back into facts; English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from fitcheck.asking.groups import GROUPS, group_of
from fitcheck.beside import Question
from fitcheck.errors import UseCaseError
from fitcheck.fact_words import clause, question
from fitcheck.labels import LABELS, label
from fitcheck.taxonomy import CATEGORIES
from fitcheck.text import Language
from fitcheck.use_case import UseCase

__all__ = ["answer_words", "both_answers", "both_words", "question_words", "said_value", "why_asked", "with_answer"]

_QUESTIONS: dict[str, tuple[str, str]] = {
    "calls_per_month": ("How often would it be called a month?", "每月大约调用多少次？"),
    "latency_budget_s": ("How fast must an answer come?", "答复要多快？"),
    "labelled_examples": ("Are there past cases with their right answers?", "手头有多少带正确答案的历史样本？"),
    "usd_per_error": ("What does one mistake cost that nobody sees?", "一次没被发现的错误代价多大？"),
}
"""Questions whose answers are told apart by size."""

_ANSWERS: dict[tuple[str, str], tuple[str, str]] = {
    ("latency_budget_s", "0.1"): ("within a tenth of a second", "十分之一秒以内"),
    ("latency_budget_s", "3"): ("within a few seconds", "几秒以内"),
    ("latency_budget_s", "60"): ("a minute or more is fine", "一分钟以上也行"),
    ("calls_per_month", "1000"): ("about a thousand times", "一千次上下"),
    ("calls_per_month", "100000"): ("about a hundred thousand times", "十万次上下"),
    ("calls_per_month", "20000000"): ("tens of millions of times", "上千万次"),
    ("labelled_examples", "0"): ("hardly any", "几乎没有"),
    ("labelled_examples", "1000"): ("a thousand or more", "一千条以上"),
    ("usd_per_error", "1"): ("next to nothing", "几乎没有代价"),
    ("usd_per_error", "1000"): ("a thousand dollars or more", "上千美元"),
}

_WHY: dict[str, tuple[str, str]] = {
    "task_category": (
        "Without a task nothing can be judged: some tasks are what a model is good at, for others there is a "
        "cheaper or a better method.",
        "没有任务就无从判断：有的任务正是大模型的长处，有的另有更便宜或更可靠的办法。",
    ),
    "decides": (
        "A model whose word takes effect by itself is another matter than a draft that a person signs.",
        "模型说了就算，和模型起草、由人签字，是两回事。",
    ),
    "human_review": (
        "A mistake that a person sees before it takes effect costs a minute; one that nobody sees costs what hangs "
        "on it.",
        "生效前有人看过的错误，只费一分钟；没人看的错误，代价就是它牵连的一切。",
    ),
    "stakes": (
        "Where law, health, safety, money or rights hang on it, somebody has to answer for each result.",
        "关系到法律、健康、安全、钱或权利时，每个结果都要有人负责。",
    ),
    "format": (
        "What a pattern or a rule gives, plain software gives for nothing and the same every time.",
        "格式或规则能给出的答案，普通程序不花钱就能给，而且每次一样。",
    ),
    "output": (
        "Words are a model's trade; numbers, scores and acts mostly have methods of their own.",
        "文字是大模型的本行；数字、评分和动作大多另有专门的方法。",
    ),
    "input": (
        "A model reads text; pictures, sound, sensors and tables of records mostly have methods of their own.",
        "大模型读的是文字；图像、声音、传感器和表格记录大多另有专门的方法。",
    ),
    "existing_quality": (
        "What works well today is not worth replacing by something dearer and less sure.",
        "现在就好用的办法，不值得换成更贵、更没把握的。",
    ),
    "error_tolerance": (
        "A model is now and then wrong; where no mistake can be borne, a person or a rule has to stand behind it.",
        "大模型总会偶尔出错；一点错都不能有的地方，背后得有人或规则把关。",
    ),
    "same_answer_required": (
        "A model may word the same thing differently each time; a rule never does.",
        "同样的问题，大模型每次说法可能不同；规则不会。",
    ),
    "data_sensitivity": (
        "Regulated data asks for a person and for proof of what was done with it.",
        "受监管的数据需要有人负责，并留下处理的凭据。",
    ),
    "latency_budget_s": (
        "A model takes seconds; machines and markets wait for milliseconds.",
        "大模型要几秒钟；机器和市场等的是毫秒。",
    ),
    "calls_per_month": (
        "At tens of millions of calls a small trained model pays.",
        "每月上千万次调用时，训练一个小模型更划算。",
    ),
    "labelled_examples": (
        "With enough past cases a small model can be trained that is faster and cheaper.",
        "历史样本够多，就能训练一个又快又便宜的小模型。",
    ),
    "usd_per_error": (
        "The dearer an unseen mistake, the more a person has to look.",
        "没被发现的错误越贵，越需要有人看一眼。",
    ),
}
_WHY["nearest"] = (
    "What to use instead of a model differs from one to the next.",
    "各种任务不用大模型时的替代办法不一样。",
)
_WHY_ANY = (
    "The verdict hangs on it: each answer says what it leads to.",
    "结论取决于它：每个答案后面写着会得出什么结论。",
)
_YES_OR_NO = {"是": "yes", "有": "yes", "会": "yes", "否": "no", "不": "no", "没有": "no", "无": "no", "不会": "no"}
_TRUTHS = {"true": "yes", "false": "no", "y": "yes", "n": "no"}


def question_words(asked: Question, lang: Language) -> str:
    """Return a question in plain words, with the task for which its answers hold.

    >>> question_words(Question("decides", (), 0.4, {"task_category": "autonomous-decision"}), "en")
    'If it should decide about people or money, or carry things out: whose word takes effect?'
    """
    words = _QUESTIONS[asked.fact][lang == "zh"] if asked.fact in _QUESTIONS else question(asked.fact, lang)
    if asked.stated:
        words += f"（{asked.stated['zh']}）" if lang == "zh" else f" ({asked.stated['en']})"
    task = asked.given.get("task_category")
    if task is None:
        return words
    what = answer_words("task_category", task, lang)
    if lang == "zh":
        return f"如果要它{what}：{words}"
    return f"If it should {what}: {words[:1].lower()}{words[1:]}"


def answer_words(fact: str, value: str, lang: Language) -> str:
    """Return an answer in plain words.

    >>> answer_words("task_category", "lookup", "en"), answer_words("human_review", "yes", "zh")
    ('look up, add up, or make the same report each time', '每份输出都有人复核')
    """
    if fact == "task_category":
        group = group_of(value)
        return group.words(lang) if group is not None else label(value, lang) if value in LABELS else value
    found = _ANSWERS.get((fact, value))
    return found[lang == "zh"] if found is not None else clause(fact, value, lang)


def both_words(asked: Question) -> dict[str, str]:
    """Return a question in plain words, by language."""
    return {"en": question_words(asked, "en"), "zh": question_words(asked, "zh")}


def both_answers(asked: Question) -> dict[str, tuple[str, ...]]:
    """Return a question's answers in plain words, by language."""
    return {
        "en": tuple(answer_words(asked.fact, value, "en") for value, _ in asked.answers),
        "zh": tuple(answer_words(asked.fact, value, "zh") for value, _ in asked.answers),
    }


def why_asked(fact: str, lang: Language) -> str:
    """Say in a sentence why a fact is asked for."""
    return _WHY.get(fact, _WHY_ANY)[lang == "zh"]


def said_value(fact: str, said: str, answers: Sequence[str] = ()) -> str:
    """Return the value that words stand for: the value itself, or an answer in plain words in either language.

    Args:
        fact: A field of `UseCase`.
        said: What somebody said.
        answers: The values that were offered; others of the closed lists are known too.

    Returns:
        The value, or the words as they are where they are no known answer.

    >>> said_value("decides", "A person decides or signs"), said_value("human_review", "是")
    ('person', 'yes')
    """
    folded = _folded(said)
    known: dict[str, str] = {}
    for value in (*answers, *_values_of(fact)):
        for words in (value, answer_words(fact, value, "en"), answer_words(fact, value, "zh")):
            known.setdefault(_folded(words), value)
        if fact == "task_category":
            known.setdefault(_folded(label(value, "en")), value)
            known.setdefault(_folded(label(value, "zh")), value)
    if "yes" in known:
        folded = _YES_OR_NO.get(folded, _TRUTHS.get(folded, folded))
    return known.get(folded, said.strip())


def with_answer(use_case: UseCase, fact: str | Question, value: Any, questions: Sequence[Question] = ()) -> UseCase:
    """Return an idea with one more fact.

    Args:
        use_case: The idea.
        fact: A field of `UseCase`, but not its text or its id; or a question, whose `given` facts are taken along.
        value: The fact's value, or an answer in the question's words; for a question also the answer's number, from 1.
        questions: Those that were asked, whose answers are known by their words.

    Raises:
        UseCaseError: The fact is unknown, or the value does not fit.

    >>> with_answer(UseCase(text="Grant refunds"), "human_review", "nobody checks the output").human_review
    False
    """
    taken: dict[str, Any] = {}
    if isinstance(fact, Question):
        questions, taken = (fact, *questions), {k: v for k, v in fact.given.items() if k not in use_case.facts()}
        value, fact = _answer_of(fact, value), fact.fact
    if not isinstance(fact, str):
        raise UseCaseError(f"name a fact of the idea, such as 'stakes', or give a question, not {type(fact).__name__}")
    if fact in ("text", "id"):
        raise UseCaseError(f"{fact!r} is no fact that answers a question; assess the other idea instead")
    if isinstance(value, str):
        offered = [v for asked in questions if asked.fact == fact for v, _ in asked.answers]
        value = said_value(fact, value, offered)
    facts: Mapping[str, Any] = use_case.model_dump(exclude_none=True)
    return UseCase.read({**facts, **taken, fact: value}, where="the answer")


def _answer_of(asked: Question, value: Any) -> Any:
    """Return the answer that a number stands for; what is no such number, as it is."""
    known = [told for told, _ in asked.answers]
    if isinstance(value, bool) or not isinstance(value, int) or str(value) in known:
        return value
    if not 1 <= value <= len(known):
        raise UseCaseError(f"{asked.fact}: no answer {value}; there are {len(known)}, numbered from 1")
    return known[value - 1]


@cache
def _values_of(fact: str) -> tuple[str, ...]:
    """Return the values that a fact's answers in words stand for."""
    if fact == "task_category":
        return (*(group.categories[0] for group in GROUPS), *CATEGORIES)
    if fact not in UseCase.model_fields:
        return ()
    kinds: list[Mapping[str, Any]] = UseCase.model_json_schema()["properties"][fact].get("anyOf", [])
    closed = tuple(value for kind in kinds for value in kind.get("enum", ()))
    truth = ("yes", "no") if any(kind.get("type") == "boolean" for kind in kinds) else ()
    return (*closed, *truth, *(value for name, value in _ANSWERS if name == fact))


def _folded(words: str) -> str:
    return " ".join(words.casefold().split()).strip(" .。!！")
