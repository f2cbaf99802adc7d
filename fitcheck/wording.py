"""The sentences that reports and rule pages are made of, in English and Chinese.

`labels.py` names the closed lists (categories, concepts and their values); all other
words that a reader sees stand here.
"""

from __future__ import annotations

from fitcheck.text import Language

__all__ = ["SYMBOLS", "say"]

SYMBOLS = {"fit": "✓", "assist": "◐", "overkill": "↓", "unfit": "✗", "unclear": "?"}
"""A mark for each verdict, so that no verdict is told by its colour alone."""

_WORDS: dict[str, tuple[str, str]] = {
    # verdicts
    "fit": ("fit", "适合"),
    "assist": ("assist", "辅助"),
    "overkill": ("overkill", "大材小用"),
    "unfit": ("unfit", "不适合"),
    "unclear": ("unclear", "说不清"),
    # what the proposer should do
    "do fit": (
        "Use a language model. The core task is what it is good at, and a mistake is cheap "
        "or is seen and mended by whoever uses the output.",
        "可以用大模型。核心任务正是它的长处，出错代价小，或者使用的人自然会看到并改正。",
    ),
    "do assist": (
        "Use a language model for the auxiliary part only. A person or another method must own the core decision.",
        "大模型只做辅助的部分，核心决定要交给人或其他方法。",
    ),
    "do overkill": (
        "Write plain deterministic software. It does the whole job as well or better, at almost no running cost.",
        "写普通的确定性程序就够了：整件事做得一样好甚至更好，运行几乎不花钱。",
    ),
    "do unfit": (
        "Use the method made for this task. A language model is unreliable at it, or a specialised method "
        "is the proven one.",
        "用专为这类任务而生的方法：大模型做这件事不可靠，或者早有经过验证的专门方法。",
    ),
    "do unclear": ("Say more first.", "请先把话说全。"),
    # why a verdict is withheld
    "no task": (
        "No task can be named from the text: say what the model would read, what it would give back, "
        "and what happens with the result.",
        "从文字里找不到具体任务：请说明模型读什么、给出什么、结果拿来做什么。",
    ),
    "nothing spoke": (
        "Nothing spoke: neither a rule nor the labelled scenarios know an idea like this one. "
        "Ideas are read in English and Chinese.",
        "没有证据开口：规则和已标注的场景里都没有类似的想法。能读的是中文和英文。",
    ),
    "both sides spoke": (
        "Both sides spoke loudly: the verdict hangs on a fact that the text withholds.",
        "两边的证据都很强：结论取决于一个没有说出的事实。",
    ),
    "too risky": (
        "Less sure than the risk that you accept asks for; the probabilities say which verdict leads.",
        "把握不够，超出了你能接受的风险；哪个结论领先，见下面的概率。",
    ),
    "words alone": (
        "What the words alone are nearest to, which is no verdict:",
        "下面只是字面上最接近的类型，不是结论：",
    ),
    "a guess": (
        "Not firm: the words are much like no one kind of labelled job.",
        "与已标注的各类任务都不太像，这个结论不牢靠。",
    ),
    # headings
    "why": ("Why", "为什么"),
    "instead": ("Instead", "改用什么"),
    "advice": ("Do it like this", "这样做"),
    "turn": ("What would turn it", "什么会改变结论"),
    "questions": ("Worth asking", "值得问清"),
    "cost": ("Cost by API", "API 成本"),
    "read as": ("How the idea was read", "想法是这样读的"),
    "ledger": ("Ledger", "账本"),
    "neighbours": ("Nearest labelled scenarios", "最相近的已标注场景"),
    "notes": ("Notes", "备注"),
    "numbers": ("The numbers behind it", "背后的数字"),
    "idea": ("Idea", "想法"),
    # the reading
    "core words": ("core clause", "核心语句"),
    "beside it": ("beside it", "附带"),
    "workflow step": ("workflow step", "流程步骤"),
    "set aside": ("set aside", "不计入"),
    "because": ("{words} ({reason})", "{words}（{reason}）"),
    "negated": ("the text says no to it", "文中否定"),
    "done elsewhere": ("done elsewhere", "由别处完成"),
    "to the evaluator": ("said to whoever judges, moves nothing", "对评判者说的话，不起作用"),
    "a size": ("a size, no task", "只是规模，不是任务"),
    "given": ("given", "已给出"),
    # the ledger
    "unit": ("log-odds in nats; the columns add up", "对数几率，单位 nat；各列可相加"),
    "evidence": ("evidence", "证据"),
    "total": ("total", "合计"),
    "probability": ("probability", "概率"),
    "softmax": ("probabilities are the softmax of the totals", "概率是合计的 softmax"),
    "prior": ("Before reading", "先验（读之前）"),
    "whole text": ("Scenarios: whole text", "场景：全文"),
    "core task": ("Scenarios: core task", "场景：核心任务"),
    "meaning": ("Scenarios: meaning", "场景：语义"),
    "wording": ("Words: all others", "用词：其余"),
    "word": ("Word: {word}", "用词：{word}"),
    "named task": ("The task as named", "已说明的任务"),
    "named task why": (
        "Such tasks ({task}) usually come out {verdict}.",
        "这类任务（{task}）通常是“{verdict}”。",
    ),
    "by its output": ("by output and form", "按输出和形式看"),
    "second reading": ("Scenarios: second reading", "场景：再读一遍"),
    "concepts": ("Scenarios: concepts", "场景：概念"),
    "scenarios": ("Scenarios: {id}", "场景：{id}"),
    "dearer-than-its-value": ("Dearer than its value", "花费高于所得"),
    "dearer-than-simpler": ("Dearer than the simpler tool", "比更简单的办法贵"),
    "cost row": ("Cost: {id}", "成本：{id}"),
    "block": ("Cap: {title}", "封顶：{title}"),
    "also": ("also", "同类另有"),
    "stale mark": ("source past its date", "来源已过期"),
    "core": ("core", "核心"),
    "auxiliary": ("auxiliary", "辅助任务"),
    "workflow": ("workflow", "流程步骤"),
    "dropped": ("not the model's job", "不归模型"),
    # why, when no rule is the strongest voice
    "scenarios why title": ("Scenarios like it", "类似的场景"),
    "scenarios why": (
        "Labelled scenarios that read like this idea point to {verdict}.",
        "读起来相近的已标注场景指向“{verdict}”。",
    ),
    "dearer-than-its-value why": (
        "A call costs more than all that is known to come back from it.",
        "每次调用的花费高于已知能拿回来的价值。",
    ),
    "dearer-than-simpler why": (
        "At this volume the simpler tool is paid back within a year.",
        "按这样的用量，更简单的办法一年之内就能回本。",
    ),
    "but": ("Against it", "反面"),
    # cost
    "per month": ("USD {usd} per month for {calls} calls", "每月 {usd} 美元，{calls} 次调用"),
    "per 1000": ("USD {usd} per 1,000 calls", "每 1,000 次调用 {usd} 美元"),
    "per call": ("{tokens_in} tokens in and {tokens_out} out per call", "每次输入 {tokens_in}、输出 {tokens_out} 词元"),
    "simpler": (
        "Beside it {tool}: {parts}; the model's own building and upkeep are not counted",
        "换成{tool}：{parts}；未计大模型方案自身的开发与维护",
    ),
    "simpler times": (
        "a call costs 1/{times} of the model's",
        "每次的运行费用是大模型的 1/{times}",
    ),
    "simpler build": ("some USD {usd} to set up", "一次性投入约 {usd} 美元"),
    "simpler month": ("USD {usd} per month kept and run", "维护与运行每月 {usd} 美元"),
    "simpler kept": ("USD {usd} per month to keep", "维护每月 {usd} 美元"),
    "simpler paid": ("paid back in {months} months", "{months} 个月回本"),
    "simpler soon": ("paid back within a month", "一个月内回本"),
    "simpler unpaid": (
        "at this volume never paid back: choose it for being right, not for being cheap",
        "按此用量不会回本：选它是因为可靠，而不是便宜",
    ),
    "priced": (
        "{model} by {provider}, price of {date}, from {source}",
        "{provider} 的 {model}，{date} 的价格，来源：{source}",
    ),
    # the clause that the verdict hangs on
    "hangs on": (
        "Hangs on “{words}”: without it {other}, and {verdict} falls from {whole} to {rest}.",
        "关键在“{words}”：去掉它就成了“{other}”，“{verdict}”从 {whole} 降到 {rest}。",
    ),
    "leans on": (
        "Leans most on “{words}”: without it still {verdict}, {rest} instead of {whole}.",
        "最倚重“{words}”：去掉它仍是“{verdict}”，但从 {whole} 降到 {rest}。",
    ),
    # questions
    "same verdict": (
        "No answer changes the verdict; a probability moves by up to {points} points.",
        "怎么答结论都不变；概率最多移动 {points} 个百分点。",
    ),
    "if": ("If {clause}: {verdict}.", "如果{clause}：{verdict}。"),
    "is": ("{fact} is {value}", "{fact}为 {value}"),
    # what stands beside the verdict
    "turned": ("{words} Then: {verdict} ({sure}).", "{words}这样就是“{verdict}”（{sure}）。"),
    "parts": ("Parts", "拆开看"),
    "part": ("part", "部分"),
    "parts remark": ("each judged by itself", "各自单独评判"),
    "tool": ("tool", "用什么"),
    "lens": ("Is it worth doing?", "值不值得做"),
    "lens remark": ("stands beside the verdict, never in its sum", "与结论并列，不计入账本"),
    "not said": ("not said: {names}", "没说：{names}"),
    "as usual": ("as usual: {names}", "照常理：{names}"),
    "list": (", ", "、"),
    "finding": ("finding", "判断"),
    "answer": ("answer", "答案"),
    "rests on": ("rests on", "依据"),
    "sure": ("sure", "把握"),
    "do it": ("what to do", "怎么办"),
    "given facts": ("given: {names}", "已给出：{names}"),
    "worked out": ("worked out from the cost", "按成本算出"),
    "like it": ("scenarios like it", "类似的场景"),
    "nothing said": ("nothing is said of it", "文中没提"),
    "usual answer": ("the usual answer", "通常如此"),
    "plan": ("Plan", "下一步"),
    "tools": ("tools: {names}", "工具：{names}"),
    "step do": ("Steps", "步骤"),
    "step guard": ("Guardrails", "护栏"),
    "step measure": ("Measure first", "先量什么"),
    "step baseline": ("Has to beat", "要赢过什么"),
    "step case": ("Test cases to write", "要写的测试用例"),
    "plan cost": ("Cost beside it", "成本对照"),
    "more": ('more: fitcheck plan "…", or this report with --markdown', '更多：fitcheck plan "…"，或加 --markdown'),
    "more plan": ('the whole plan, with test cases: fitcheck plan "…"', '完整计划与测试用例：fitcheck plan "…"'),
    # the last line
    "versions": (
        "fitcheck {fitcheck}, model {model}, {rules} rules",
        "fitcheck {fitcheck}，模型 {model}，{rules} 条规则",
    ),
    "similarity": ("similarity", "相似度"),
    "verdict": ("verdict", "结论"),
    "scenario": ("scenario", "场景"),
    # a rule's page
    "argues": ("Argues for", "主张"),
    "weights": ("nats, as written; a fitted model may scale them", "nat，按规则文件；模型拟合后可能缩放"),
    "looks for": ("Looks for", "看什么"),
    "block n": ("case {n}", "情形 {n}"),
    "any case": ("any one case is enough", "满足任一情形即可"),
    "facts": ("facts", "事实"),
    "reads": ("reads as", "读作"),
    "pattern": ("patterns are shown in part; the rule's file has them in full", "词句只显示一部分，全文见规则文件"),
    "words en": ("words, English", "英文词句"),
    "words zh": ("words, Chinese", "中文词句"),
    "unless en": ("unless, English", "除非英文有"),
    "unless zh": ("unless, Chinese", "除非中文有"),
    "pair": ("{fact}: {values}", "{fact}：{values}"),
    "or": (" or ", " 或 "),
    "and": ("; ", "；"),
    "at least": ("at least {value}", "不小于 {value}"),
    "at most": ("at most {value}", "不大于 {value}"),
    "sources": ("Sources", "来源"),
    "seen": ("seen {date}", "查阅于 {date}"),
    "expires": ("holds until {date}", "有效至 {date}"),
    "expired": ("past its date since {date}: check it again", "{date} 起已过期：请重新核对"),
    "examples": ("Examples", "例子"),
    "fires": ("fires: {role}", "触发：{role}"),
    "silent": ("stays silent", "不触发"),
    "note severity": ("note", "提示"),
    "high severity": ("high severity", "重要"),
    "block severity": ("block: caps the verdict", "封顶：限定结论"),
    "rule": ("rule", "规则"),
    "title": ("title", "标题"),
    "family": ("family", "类别"),
    "count": ("rules: {n}, families: {m}", "{m} 类共 {n} 条规则"),
}


def say(key: str, lang: Language, **values: object) -> str:
    """Return the words for a key, with its places filled.

    Raises:
        KeyError: There are no words for the key.

    >>> say("per 1000", "zh", usd="0.45")
    '每 1,000 次调用 0.45 美元'
    """
    en, zh = _WORDS[key]
    words = zh if lang == "zh" else en
    return words.format(**values) if values else words
