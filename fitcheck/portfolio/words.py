"""The words of a portfolio, in English and Chinese."""

from __future__ import annotations

from fitcheck.text import Language

__all__ = ["INSTEAD_COLUMNS", "PAGE", "column_words", "tell"]

INSTEAD_COLUMNS = ("technique", "asked", "money of", "model month", "simpler month", "saving", "build")
"""The columns of the table of techniques, as keys of `PAGE`: the money is of as many ideas as the third says."""

PAGE: dict[str, tuple[str, str]] = {
    "title": ("Where a language model pays", "哪些想法值得用大模型"),
    "n ideas": ("{n} ideas", "{n} 个想法"),
    "1 idea": ("1 idea", "1 个想法"),
    "made": ("made {date}", "生成于 {date}"),
    "different": (
        "{n} verdicts differ from those in the table: it was scored by another version or with other options, "
        "or changed by hand",
        "有 {n} 个结论与表中不同：表是用其他版本或选项评的，或经人工改动",
    ),
    "1 different": (
        "1 verdict differs from that in the table: it was scored by another version or with other options, "
        "or changed by hand",
        "有 1 个结论与表中不同：表是用其他版本或选项评的，或经人工改动",
    ),
    "id": ("id {id}", "编号 {id}"),
    "no script": (
        "This page needs JavaScript, all of which is in the file; nothing is loaded.",
        "本页需要 JavaScript，代码都在本文件内，不加载任何外部内容。",
    ),
    "error": ("not judged", "未能评判"),
    # buttons
    "switch language": ("中文", "English"),
    "theme": ("Light or dark", "浅色或深色"),
    "print": ("Print", "打印"),
    "close": ("Close", "关闭"),
    "previous": ("Previous idea", "上一个"),
    "next": ("Next idea", "下一个"),
    "clear": ("Clear filters", "清除筛选"),
    "all": ("all", "全部"),
    "show": ("show them", "看这些想法"),
    # sections
    "at a glance": ("At a glance", "一览"),
    "map": ("Value against fit", "价值与适合度"),
    "months": ("Cost by month", "每月花费"),
    "table": ("Ideas", "想法"),
    "groups": ("Proposed more than once", "重复提出的想法"),
    "themes": ("Themes", "主题"),
    "mixed": ("mixed", "混合"),
    "key words": ("key words", "关键词"),
    "shared category": ("core task of most", "多数的核心任务"),
    "asks": ("What to ask whom", "该问谁什么"),
    "instead": ("What to use instead", "改用什么"),
    "lens": ("Are they worth doing?", "值不值得做"),
    "lens lead": (
        "Need, money, dependence: findings beside the verdicts, never in their sums. Click a number for its ideas.",
        "刚需、钱、依赖：与结论并列的判断，不计入账本。点数字看对应的想法。",
    ),
    "need against verdict": ("Need against verdict", "刚需与结论"),
    "build first": ("Needed, and a job for a model: build first", "确有所需，大模型也做得了：先做"),
    "fit but decoration": ("A job for a model, but a decoration: can wait", "大模型做得了，但只是锦上添花：可以等"),
    "need but no model": (
        "Needed, but no job for a model: solve it another way",
        "确有所需，但不该用大模型：换办法解决",
    ),
    "drop": ("A decoration, and no job for a model: drop", "锦上添花，又不该用大模型：放下"),
    "need not said": ("Not said who suffers without it: ask", "没说缺了它谁受苦：去问"),
    "to be mended": ("To be mended", "要补的"),
    "nothing to mend": ("No finding asks to be mended.", "没有需要补的。"),
    "all findings": ("All findings", "全部判断"),
    "not said": ("not said: {names}", "没说：{names}"),
    "as usual": ("as usual: {names}", "照常理：{names}"),
    # money
    "to build": ("a month for what should be built", "值得做的，每月"),
    "burnt": ("a month for what should not be built", "不该花的，每月"),
    "saved": ("saved by simpler tools, a month", "更简单的办法每月省下"),
    "undecided": ("a month still unclear", "还说不清的，每月"),
    "usd": ("USD {usd}", "{usd} 美元"),
    "a month": ("USD {usd} a month", "每月 {usd} 美元"),
    "once": ("USD {usd} once to set them up", "一次性投入 {usd} 美元"),
    "known of": ("{n} of {m} ideas say how often they would be used", "{m} 个想法中 {n} 个给出了用量"),
    "no volume": (
        "No idea says how often it would be used, so nothing can be said by month. "
        "Add a column such as calls_per_month.",
        "没有想法给出用量，因此算不出每月花费。请加一列，例如“每月调用量”。",
    ),
    "cheaper": (
        "For {n} ideas the simpler tool, kept and run, is cheaper than the model's calls.",
        "有 {n} 个想法，更简单的办法（含维护与运行）比调用大模型便宜。",
    ),
    "dearer": (
        "For {n} the right tool costs more by month than the calls: it is chosen for being right, not for being cheap.",
        "有 {n} 个想法，合适的办法每月花费更高：选它是因为可靠，而不是便宜。",
    ),
    "orders": ("These are orders of magnitude.", "以上只是数量级。"),
    # charts
    "fit axis": ("fit: probability of fit or assist", "适合度：“适合”与“辅助”的概率之和"),
    "value axis": ("value, USD per month", "价值（美元/月）"),
    "calls axis": ("calls per month", "每月调用次数"),
    "stakes axis": ("probability that much hangs on it", "利害重大的概率"),
    "axis": ("Up the side", "纵轴"),
    "size": (
        "A dot's size is the calls' cost by month; a hollow dot's cost is not known. Click a dot for its ledger.",
        "圆点大小表示每月调用花费；空心圆点花费未知。点击圆点看账本。",
    ),
    "sample": ("The dots are a sample of {n} of {m} ideas.", "图中是从 {m} 个想法里抽取的 {n} 个。"),
    "left out one": ("1 idea without this measure is left out.", "1 个想法没有这项数据，未画出。"),
    "left out": ("{n} ideas without this measure are left out.", "{n} 个想法没有这项数据，未画出。"),
    "usd month": ("USD per month", "美元/月"),
    # table
    "number": ("no.", "序号"),
    "idea": ("idea", "想法"),
    "verdict": ("verdict", "结论"),
    "probability": ("sure", "把握"),
    "category": ("core task", "核心任务"),
    "decides": ("who decides", "谁说了算"),
    "department": ("department", "部门"),
    "owner": ("owner", "负责人"),
    "cost": ("USD/month", "美元/月"),
    "search": ("Search ( / )", "搜索（按 /）"),
    "at least": ("USD/month from", "每月至少（美元）"),
    "shown": ("{n} of {m} ideas", "{m} 个想法中的 {n} 个"),
    "nothing": ("No idea is left: clear a filter.", "没有符合的想法：请放宽筛选。"),
    "keys": (
        "Arrow keys move, Enter opens the ledger, Escape closes it, / searches.",
        "方向键移动，回车打开账本，Esc 关闭，/ 搜索。",
    ),
    "printed": ("The first {n} of {m} ideas are printed.", "只打印前 {n} 个，共 {m} 个。"),
    "unread": ("Judged without some of their facts", "有些事实没有读懂"),
    "1 unread": (
        "1 idea was judged without a fact or a cost that could not be read.",
        "有 1 个想法的事实或费用没有读懂，评判时未计入。",
    ),
    "n unread": (
        "{n} ideas were judged without a fact or a cost that could not be read.",
        "有 {n} 个想法的事实或费用没有读懂，评判时未计入。",
    ),
    # the sections below
    "group": ("{n} ideas say nearly the same (similarity {s})", "{n} 个想法几乎相同（相似度 {s}）"),
    "no groups": ("No two ideas say nearly the same.", "没有两个想法几乎相同。"),
    "more": ("… and {n} more", "……还有 {n} 个"),
    "group departments": ("from {names}", "来自：{names}"),
    "asks lead": (
        "Facts that the ideas leave open. An answer to one of them would turn so many verdicts.",
        "想法里没有说清的事实；答案会改变这么多结论。",
    ),
    "fact": ("question", "问题"),
    "asked": ("ideas", "想法数"),
    "turned": ("verdicts it can turn", "可改变的结论数"),
    "whom": ("whom to ask", "问谁"),
    "nothing to ask": ("No report asks for anything.", "没有需要再问的。"),
    "technique": ("technique", "办法"),
    "saving": ("saved where cheaper", "便宜时每月省下"),
    "build": ("to set up, USD once", "一次性投入（美元）"),
    "money of": ("with known money", "其中金额已知"),
    "simpler month": ("kept and run, USD/month", "维护与运行，美元/月"),
    "model month": ("by model, USD/month", "用大模型，美元/月"),
    "unknown": ("not known", "未知"),
    "finding": ("finding", "判断"),
    "value": ("value", "取值"),
    # the ledger
    "why": ("Why", "为什么"),
    "against": ("Against it", "反面"),
    "turn": ("What would turn it", "什么会改变结论"),
    "questions": ("Worth asking", "值得问清"),
    "parts": ("Parts, each judged by itself", "拆开看，各自单独评判"),
    "one lens": ("Is it worth doing?", "值不值得做"),
    "plan": ("Plan", "下一步"),
    "step do": ("Steps", "步骤"),
    "step guard": ("Guardrails", "护栏"),
    "step measure": ("Measure first", "先量什么"),
    "step baseline": ("Has to beat", "要赢过什么"),
    "api cost": ("Cost by API", "API 成本"),
    "read as": ("How the idea was read", "想法是这样读的"),
    "ledger": ("Ledger", "账本"),
    "neighbours": ("Nearest labelled scenarios", "最相近的已标注场景"),
    "notes": ("Notes", "备注"),
    "cut": ("… (the table holds the rest)", "……（其余见原表）"),
    "facts": ("Given facts", "已给出的事实"),
    # the workbook
    "summary sheet": ("Summary", "汇总"),
    "ideas sheet": ("Ideas", "想法"),
    "groups sheet": ("Groups", "重复"),
    "questions sheet": ("Questions", "问题"),
    "lens sheet": ("Findings", "判断"),
    "count": ("count", "数量"),
    "says": ("in words", "说明"),
    "rests on": ("rests on", "依据"),
    "what to do": ("what to do", "怎么办"),
    "reasons": ("reasons", "理由"),
    "alternative": ("alternative", "改用什么"),
    "similarity": ("similarity", "相似度"),
    "row": ("row", "行"),
    "total": ("total", "合计"),
}
"""Key -> (English, Chinese)."""


def column_words(key: str, own: str) -> tuple[str, str]:
    """Return what a column of the table is called on the page, in English and Chinese: its own name.

    A name that only says what the column is, such as "department", is said in the reader's language.

    >>> column_words("department", "Department"), column_words("department", "Division")
    (('department', '部门'), ('Division', 'Division'))
    """
    return PAGE[key] if not own or own.casefold() in PAGE[key] else (own, own)


def tell(key: str, lang: Language, **values: object) -> str:
    """Return the words for a key, with its places filled.

    >>> tell("n ideas", "en", n=3)
    '3 ideas'
    """
    words = PAGE[key][lang == "zh"]
    return words.format(**values) if values else words
