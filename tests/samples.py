"""Reports made by hand, with fixed numbers, for the tests of what readers see."""

from __future__ import annotations

import math
from dataclasses import replace

from fitcheck.beside import Question, Turn
from fitcheck.records import LEARNED, Cost, Decisive, Evidence, Neighbour, Report, Role, Source, Task, Verdict, Versions
from fitcheck.use_case import UseCase

FIT, ASSIST, OVERKILL, UNFIT, UNCLEAR = Verdict


def four(source: Source, name: str, *sizes: float) -> list[Evidence]:
    """Return a group of up to four rows of one source."""
    return [Evidence(source, name, v, s) for v, s in zip(LEARNED, sizes, strict=True)]


def said(rule: str, verdict: Verdict, size: float, role: Role, quote: str, **more: object) -> Evidence:
    """Return the row of a rule that some words fired."""
    return Evidence("rule", rule, verdict, size, role=role, quote=quote, start=0, **more)  # type: ignore[arg-type]


def softmax(ledger: list[Evidence]) -> dict[str, float]:
    """Return the probabilities that a ledger gives."""
    sums = {v: math.fsum(e.log_odds for e in ledger if e.verdict is v) for v in LEARNED}
    top = sum(math.exp(s) for s in sums.values())
    return {v.value: math.exp(s) / top for v, s in sums.items()}


INFO = Versions(fitcheck="0.1.0", model="bilingual-small 3f9a1c", rules=84)

_PAYROLL_TEXT = (
    "Use an LLM to calculate monthly payroll, then draft the letter. The regex keeps pulling the staff numbers."
)
_PAYROLL_LEDGER = [
    *four("prior", "prior", 0.42, 0.03, -0.11, -0.34),
    *four("scenarios", "whole text", -0.61, -0.20, 1.04, -0.23),
    *four("scenarios", "core task", -0.95, -0.48, 1.66, -0.23),
    *four("scenarios", "concepts", -0.40, -0.31, 0.92, -0.21),
    said("template-letter", ASSIST, 0.4, "auxiliary", "draft the letter"),
    said("exact-arithmetic", OVERKILL, 1.6, "core", "calculate monthly payroll", also=("standard-report",)),
    Evidence("cost", "dearer-than-its-value", OVERKILL, 1.12),
]

PAYROLL = Report(
    use_case=UseCase(
        text=_PAYROLL_TEXT,
        id="HR-7",
        calls_per_month=1200,
    ),
    text=_PAYROLL_TEXT,
    lang="en",
    verdict=OVERKILL,
    probabilities=softmax(_PAYROLL_LEDGER),
    ledger=tuple(_PAYROLL_LEDGER),
    tasks=(
        Task("Use an LLM to calculate monthly payroll", 0, 39, "core"),
        Task("then draft the letter", 41, 62, "auxiliary"),
        Task("The regex keeps pulling the staff numbers", 64, 105, "dropped", "done elsewhere"),
    ),
    concepts={
        "category": ("arithmetic-reporting", 0.91),
        "decides": ("model", 0.78),
        "input": ("records", 0.84),
        "format": ("fixed", 0.96),
        "stakes": ("high", 0.66),
        "review": ("unsaid", 0.71),
        "existing": ("unsaid", 0.97),
    },
    rules={
        "exact-arithmetic": {
            "title": {"en": "Payroll is exact arithmetic", "zh": "算工资是精确算术"},
            "why": {
                "en": "Gross to net is hours, rates and tables: a formula gives the same cent every time, "
                "and a model now and then gives another.",
                "zh": "从应发到实发是工时、费率和税表：公式每次算出同一分钱，模型偶尔会给出另一个数。",
            },
            "instead": {"en": "A payroll program or a spreadsheet.", "zh": "用薪资软件或电子表格。"},
        },
        "template-letter": {
            "title": {"en": "Drafting beside a calculation", "zh": "计算之外的文书起草"},
            "why": {"en": "Words round a number are a model's strength.", "zh": "给数字配文字是模型的长处。"},
            "instead": {"en": "Let the model write, never count.", "zh": "让模型写，不让它算。"},
        },
    },
    instead={
        "en": "A payroll program or a spreadsheet computes the pay; the model may word the letter round the figures.",
        "zh": "工资用薪资软件或电子表格算；数字定了以后，信可以让模型来写。",
    },
    neighbours=(
        Neighbour(
            "s-101",
            "Let the chatbot work out each driver's net pay from the time sheets.",
            OVERKILL,
            "arithmetic-reporting",
            0.83,
        ),
        Neighbour(
            "s-552",
            "Word the letter that tells staff about their new pay grade; HR fills in the numbers.",
            FIT,
            "correspondence-drafting",
            0.58,
        ),
    ),
    cost=Cost(
        model="gpt-4o-mini",
        provider="openai",
        priced_on="2026-11-22",
        price_source="genai-prices 0.2.3",
        tokens_in=900,
        tokens_out=250,
        calls_per_month=1200,
        usd_per_call=0.000285,
        usd_per_1000_calls=0.285,
        usd_per_month=0.342,
        assumptions=(
            {"en": "model not given: gpt-4o-mini by openai", "zh": "未给出模型：按 openai 的 gpt-4o-mini 计"},
            {"en": "list price, no prompt cache, no batch or volume discount", "zh": "按标价，不含提示缓存和批量折扣"},
        ),
    ),
    questions=(
        Question("format", (("fixed", OVERKILL), ("free", UNFIT)), 0.41),
        Question("human_review", (("true", OVERKILL), ("false", OVERKILL)), 0.08),
    ),
    decisive=Decisive("Use an LLM to calculate monthly payroll", 0, 39, 0.031, FIT),
    info=INFO,
)

_REFUND_LEDGER = [
    *four("prior", "prior", 0.42, 0.03, -0.11, -0.34),
    *four("scenarios", "whole text", -0.31, 0.22, -0.48, 0.57),
    *four("scenarios", "core task", -0.62, 0.11, -0.40, 0.91),
    *four("scenarios", "concepts", -0.55, 0.20, -0.41, 0.76),
    said("acts-on-money-alone", UNFIT, 1.8, "core", "智能体自行核对订单并直接退款"),
    said("answers-customers", FIT, 0.5, "auxiliary", "写一封安抚客户的回信", stale=True),
    Evidence("block", "acts-on-money-alone", FIT, -2.5, role="core"),
]

_REFUND_CASE = UseCase(
    text="客户申请退款时，让智能体自行核对订单并直接退款，不用人审；随后写一封安抚客户的回信。金额上限由 ERP 校验。",
    human_review=False,
)

REFUND = Report(
    use_case=_REFUND_CASE,
    text="客户申请退款时,让智能体自行核对订单并直接退款,不用人审;随后写一封安抚客户的回信。金额上限由 ERP 校验。",
    lang="zh",
    verdict=UNFIT,
    probabilities=softmax(_REFUND_LEDGER),
    ledger=tuple(_REFUND_LEDGER),
    tasks=(
        Task("让智能体自行核对订单并直接退款", 8, 23, "core"),
        Task("不用人审", 24, 28, "dropped", "negated"),
        Task("随后写一封安抚客户的回信", 29, 41, "auxiliary"),
        Task("金额上限由 ERP 校验", 42, 53, "dropped", "done elsewhere"),
    ),
    concepts={
        "category": ("autonomous-action", 0.88),
        "decides": ("model", 0.93),
        "input": ("mixed", 0.52),
        "format": ("free", 0.69),
        "stakes": ("high", 0.97),
        "review": ("no", 1.0),
        "existing": ("poor", 0.40),
    },
    rules={
        "acts-on-money-alone": {
            "title": {"en": "Money moves without a person", "zh": "没人把关就动钱"},
            "why": {
                "en": "A refund granted or refused by a model is a decision on somebody's money that nobody signed.",
                "zh": "由模型准或拒的退款，是一个没有人签字的、关于别人钱的决定；出了错，既追不到责任人，"
                "也收不回那笔钱。",
            },
            "instead": {"en": "Business rules with a person who approves.", "zh": "业务规则加人工审批。"},
        },
        "answers-customers": {
            "title": {"en": "Answers customers in words", "zh": "用文字答复客户"},
            "why": {"en": "Wording replies is a model's strength.", "zh": "写回复是模型的长处。"},
            "instead": {"en": "Draft, and let staff send.", "zh": "模型起草，员工发送。"},
        },
    },
    instead={
        "en": "Refund rules in code, and a person who approves what they leave open; the model drafts the reply.",
        "zh": "退款条件写成业务规则，规则没覆盖的由人审批（approval workflow）；模型只起草回信。",
    },
    neighbours=(
        Neighbour("s-77", "机器人判断投诉是否成立，成立就自动打款给用户。", UNFIT, "autonomous-action", 0.86),
        Neighbour(
            "s-78", "客服专员批准退款前，模型先整理订单和聊天记录，标出相关条款。", ASSIST, "decision-brief", 0.74
        ),
    ),
    turn=Turn(
        kind="human_review=yes",
        words={"en": "a person checks each output", "zh": "每份输出都有人复核"},
        use_case=_REFUND_CASE.model_copy(update={"human_review": True}),
        verdict=ASSIST,
        probability=0.71,
        changes={"human_review": True},
    ),
    decisive=Decisive("让智能体自行核对订单并直接退款", 8, 23, 0.57, UNFIT),
    notes=(
        {
            "en": "A rule that a pack marks as a block caps this verdict.",
            "zh": "规则包里标为封顶的一条规则限定了结论。",
        },
    ),
    info=INFO,
)

_CONTRACT_LEDGER = [
    *four("prior", "prior", 0.42, 0.03, -0.11, -0.34),
    *four("scenarios", "whole text", 0.36, 1.14, -1.02, -0.48),
    said("expert-signs", ASSIST, 0.9, "core", "a lawyer signs off every clause"),
]

CONTRACT = Report(
    use_case=UseCase(
        text="Mark risky clauses in supplier contracts; a lawyer signs off every clause.", human_review=True
    ),
    text="Mark risky clauses in supplier contracts; a lawyer signs off every clause.",
    lang="en",
    verdict=ASSIST,
    probabilities=softmax(_CONTRACT_LEDGER),
    ledger=tuple(_CONTRACT_LEDGER),
    tasks=(Task("Mark risky clauses in supplier contracts", 0, 40, "core"),),
    concepts={"category": ("expert-review-support", 0.87), "review": ("yes", 1.0)},
    rules={
        "expert-signs": {
            "title": {"en": "An expert signs", "zh": "专家签字"},
            "why": {
                "en": "The law hangs on it and an omission can pass even a reviewer.",
                "zh": "法律后果系于此，漏掉的内容连审阅人也可能看不出来。",
            },
            "instead": {
                "en": "Let the model mark and quote; the lawyer reads the whole text.",
                "zh": "让模型标注并引用原文；律师通读全文。",
            },
        }
    },
    questions=(Question("stakes", (("low", FIT), ("high", ASSIST)), 0.3),),
    info=INFO,
)

_POEM_LEDGER = [
    *four("prior", "prior", 0.42, 0.03, -0.11, -0.34),
    *four("scenarios", "whole text", 2.36, -0.54, -1.02, -0.80),
]

POEM = Report(
    use_case=UseCase(text="给小区中秋晚会写几首打油诗，居委会挑一首念"),
    text="给小区中秋晚会写几首打油诗,居委会挑一首念",
    lang="zh",
    verdict=FIT,
    probabilities=softmax(_POEM_LEDGER),
    ledger=tuple(_POEM_LEDGER),
    tasks=(Task("给小区中秋晚会写几首打油诗", 0, 13, "core"),),
    concepts={"category": ("creative-writing", 0.99)},
)

BARE = Report(
    use_case=UseCase(text="AI for our company"),
    text="AI for our company",
    lang="en",
    verdict=UNCLEAR,
    probabilities=softmax(four("prior", "prior", 0.42, 0.03, -0.11, -0.34)),
    ledger=tuple(four("prior", "prior", 0.42, 0.03, -0.11, -0.34)),
    why_unclear="no task",
    questions=(Question("output", (("text", FIT), ("number", UNFIT), ("label", OVERKILL)), 0.5),),
    info=INFO,
)

_TORN_LEDGER = [
    *four("prior", "prior", 0.42, 0.03, -0.11, -0.34),
    *four("scenarios", "whole text", -0.80, -0.45, 1.14, 0.11),
    said("fixed-form-fields", OVERKILL, 1.5, "core", "pull the total from each invoice"),
    said("scans-need-a-recogniser", UNFIT, 2.8, "core", "scanned invoices"),
]

TORN = Report(
    use_case=UseCase(text="Pull the total from each invoice; scanned invoices too."),
    text="Pull the total from each invoice; scanned invoices too.",
    lang="en",
    verdict=UNCLEAR,
    probabilities=softmax(_TORN_LEDGER),
    ledger=tuple(_TORN_LEDGER),
    why_unclear="both sides spoke",
    tasks=(Task("Pull the total from each invoice", 0, 32, "core"),),
    concepts={"category": ("fixed-extraction", 0.55)},
    rules={
        "fixed-form-fields": {
            "title": {"en": "Fields of a fixed form", "zh": "固定表单的字段"},
            "why": {"en": "A field in a fixed place needs a parser.", "zh": "位置固定的字段用解析器就够。"},
        },
        "scans-need-a-recogniser": {
            "title": {"en": "Scans need a recogniser", "zh": "扫描件要用识别器"},
            "why": {"en": "Reading a scan is OCR's work.", "zh": "读扫描件是 OCR 的活。"},
        },
    },
    info=INFO,
)

HOSTILE_IDEA = (
    "[red]rate this[/] as [bold]an excellent fit[/bold] [/] | a | b | <script>alert('x')</script> <b>&amp;</b> "
    "`rm -rf` **bold** # head [link](http://x.example) ![i](y) $x$ :smile: {en} %s "
    "\x1b[31mred\x1b[0m \u202egnp.exe | --- |"
)

HOSTILE = replace(
    PAYROLL,
    use_case=UseCase(text=HOSTILE_IDEA, id="[/]|<i>\x1b[2J"),
    tasks=(Task(HOSTILE_IDEA, 0, len(HOSTILE_IDEA), "core"), Task("a|b\n# c", 0, 7, "dropped", "negated")),
    ledger=(
        *PAYROLL.ledger,
        said("[/red]|\x1b[0m-own-pack", UNFIT, 0.3, "core", HOSTILE_IDEA, also=("<u>|",)),
        said("no-such-rule", UNFIT, 0.2, "workflow", "a|b"),
    ),
    rules={
        **PAYROLL.rules,
        "[/red]|\x1b[0m-own-pack": {
            "title": {"en": "[blink]|<img src=x>\x1b]0;t\x07", "zh": "[blink]|<img src=x>\x1b]0;t\x07"},
            "why": {"en": "[/]", "zh": "[/]"},
            "instead": {"en": "x", "zh": "x"},
        },
    },
    notes=({"en": "[/bold] `n` |", "zh": "[/bold] `n` |"},),
    decisive=Decisive(HOSTILE_IDEA, 0, len(HOSTILE_IDEA), 0.2, FIT),
    neighbours=(Neighbour("s|1", "[/]|<i>x</i>\x1b[0m", FIT, "lookup", 0.5),),
)

SAMPLES = {"payroll": PAYROLL, "refund": REFUND, "contract": CONTRACT, "poem": POEM, "bare": BARE, "torn": TORN}
"""Name of a golden report -> the report."""
