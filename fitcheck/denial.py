"""What an idea says no to: "it never sends anything", "not to rank, only to list", 不是让它决定.

A denial counts where it is about the model's job. "Mails that are not spam", "not only X",
"if it does not know" and 不合格品 deny nothing.
"""

from __future__ import annotations

import re

__all__ = ["A_MODEL", "DENIAL", "MODEL", "ZH_MODEL", "find_denial", "turns"]

MODEL = (
    r"(?:llms?|gpt[-\w.]{0,20}|chatgpt|claude|gemini|copilot|llama|qwen|deepseek|mistral|kimi|gen(?:erative)?[- ]?ai"
    r"|a\.?i\.?|language models?|chat ?bots?|bots?|assistants?|agents?"
    r"|大模型|模型|人工智能|机器人|助手|智能体|通义|文心|豆包)"
)
_MODEL_SUBJECT = rf"(?:{MODEL}|it|the (?:model|tool|system|app))"
A_MODEL = rf"(?:(?:an? |the |our |any )?(?:{MODEL}|models?))"
ZH_MODEL = r"(?:大?模型|ai|gpt|llm|机器人|助手|智能体|它|通义|文心|豆包|deepseek|系统)"
_ZH_THIS = (
    r"(?:这件事|此事|这事|这里|项目|方案|想法|目的|目标|重点|本意|初衷|需求|诉求|任务|用意|出发点|意思|这次|这|此)"
)
_ZH_ADVERB = (
    r"(?:我们|咱们?|我|工具|但是?|可是|而且?|并且?|也|都|就|绝|决|绝对|完全|本身|自己|只是|肯定|直接|现在|暂时)"
)
# "not only X but also Y" and "no longer than a page" deny nothing; neither does a condition or a relative clause
_DENIES_NOTHING = re.compile(
    r"(?:\bnot|n['’]t|\bnever) (?:only|just|merely|simply|solely|alone|(?:more|less|longer|later|fewer|earlier) than"
    r"|least|necessarily)\b"
    r"|\b(?:if|when(?:ever)?|where(?:ver)?|whether|in case|unless|until|what(?:ever)?|who|because|since"
    r"|why)\b(?: \w{1,20}){0,3}?"
    r" (?:\w{1,10} not|\w{1,10}n['’]t|never|cannot)\b"
    r"|不(?:仅|但|光|只|单|止)|([\u4e00-\u9fff])不\1|不[管论].{0,12}?(?:什么|怎么|怎样|是否|多|哪|谁|如何|几|还是"
    r"|与否)|不.{1,12}[吗么嘛](?:\W|$)"
    r"|不.{1,2}的(?:自动|就|则|由|都|转|退|再|直接|一律)|(?:如果|要是|假如|若|一旦|遇到|凡是?|只要|万一"
    r"|当).{0,8}?(?:不[会能懂敢]|无法|没)"
    r"|不(?:会|能|懂|敢|认识|知道|确定).{1,8}?的(?:问题|题|单|邮件|部分|内容|情况|案|词|字|客户|就|再|都|由|交|转"
    r"|留|让|用|请)",
    re.I,
)
_THIS = (
    r"(?:(?:^|\b(?:and|but|so) )(?:this|that)|\b(?:the|our|my|its) (?:\w{1,15} )?(?:ideas?|points?|goals?|aims?"
    r"|purpose|plans?|tasks?|job|intention|intent|project|request|proposal"
    r"|question|ask|wish|brief|scope))"
)
DENIAL = re.compile(
    r"\b(?:we|i)(?:['’]re| are|['’]m| am| do| would|['’]d| will)?(?: (?:explicitly|certainly|definitely))?"
    r"(?: not|n['’]t| never) (?:\w+ )?(?:ask|asking|look|looking|try|trying|propos\w+|plan\w*|go|going|let|letting|want"
    rf"|us(?:e|ing)|ha(?:ve|ving) (?:it|{A_MODEL})|expect\w*|allow\w*|need (?:it|the|an?))\b"
    rf"|\b{_MODEL_SUBJECT} (?:\w+ )?"
    r"(?:(?:does|do|will|would|should|must|may|can|is|are|shall|did|needs?)(?: not|n['’]t| never)"
    r"|(?:won|can|shan)['’]t|cannot|never|neither|makes? no|takes? no|has no|gets no|sends? nothing|decides? nothing"
    r"|(?:has|have|had) nothing to do with|stays? (?:out of|away from)|keeps? (?:its hands )?(?:off|away from|out of)"
    r"|(?:is|are) (?:not|kept (?:out of|away from))|refrains? from|stops? short of|steers? clear of)\b"
    rf"|{_THIS}(?: is|['’]s| was| will)(?: not|n['’]t) (?:\w+ )?(?:about|to|for|a request|meant|intended|supposed|be)\b"
    r"|^(?:and |but |so )?(?:no one|none of us) (?:is |has |was |here )?(?:asking|asked|wants?|expects?|propos\w+"
    r"|suggest\w+)\b"
    r"|^(?:please |but |and |so )?(?:do not|don['’]t)(?! (?:forget|worry|hesitate|miss|lose|know|mind|like|care"
    r"|think|get|understand|speak|trust|feel"
    r"|be|seem|see|want to|have (?:to|time|the|any|enough|an?)|need to|all|really|yet|even|make sense|work|exist|fit"
    r"|match)\b) \w"
    r"|^(?:and |but |so )?(?:not|never|nothing|nobody|nor"
    r"|no (?:automatic|auto|autonomous|decisions?|actions?|scor\w+|advice))\b"
    r"|^(?:and |but |so )?no (?!more )(?:\w+ )?\w{3,}ing(?= (?:of|by|from|or|and|is (?:asked|wanted|involved)|here"
    r"|at all|whatsoever|any)\b|$)"
    r"|^(?:\w+ ){0,3}?(?:\w+ not|\w+n['’]t|never) (?:\w+ ){0,3}?(?:replac|swap|retir)"
    rf"|\b(?:is|are)(?: not|n['’]t) (?:{A_MODEL}['’]s|its|for (?:it|{A_MODEL}))\b"
    r"|\b(?:is|are|['’]s)(?: not|n['’]t) (?:what|something) (?:we|i|this|it)\b"
    r"|\b(?:is|are)(?: not|n['’]t) (?:\w+ )?(?:the (?:goal|aim|point|idea|task|job|plan|purpose|intention)|wanted"
    r"|asked for|requested|on the table)\b"
    r"|\b(?:out of|not (?:part of|in)(?: the| our| this)?|outside(?: the| its| our| this)?) (?:scope|remit|idea"
    r"|project|plan|task)\b"
    r"|\b(?:is|are|stays?|remains?) (?:\w+ly )?(?:excluded$|excluded (?:here|from (?:the |this )?(?:scope|project"
    r"|task))|off[- ]limits|off the table"
    r"|left (?:out$|out of (?:it|this|scope)|alone|untouched|as (?:it is|they are))|untouched)"
    r"|\b(?:instead of|rather than|as opposed to|without (?:letting"
    r"|asking (?:it|them|the (?:model|machine|ai|llm|bot))|it|the model|deciding|any decision))\b"
    r"|\b(?:in no way|by no means|under no circumstances|on no account)\b"
    r"|\bno (?:automatic|automated|autonomous) \w+"
    # in Chinese only where the model, the proposer or nobody stands before the negation: not in 不改变原意的润色
    rf"|绝不|(?:^|{ZH_MODEL}){_ZH_ADVERB}{{0,3}}(?:并|决)?不(?:让|要|会(?!.{{1,8}}的.{{1,6}}[用让想请])|需要|得|许"
    r"|是让|是要"
    r"|打算|做|碰|给|下|出|改|动|判|定|决|发|批|签|审|评|打分|作|替|涉及|提供|产生|承担)"
    rf"|(?:^(?:也|更|但|并)?|{ZH_MODEL}(?:也|就|都|绝|完全|本身|只是|永远|从)?)"
    r"不(?:能|可以?|应|该|去|负|管|算|预测|排[班名序产程]|选|插手|介入|过问|干预)"
    rf"|{ZH_MODEL}(?:也|就|都|完全|从)?不看"
    rf"|^.{{0,10}}?(?<![是要])(?:并不|绝不|不)是(?:在|想|要|为了?)?(?:让|叫|请|由|用|靠|拿|把)(?:.{{0,2}}{ZH_MODEL}"
    r"|它)"
    r"|(?:目的|目标|重点|本意|初衷|用意)(?:也|并|本身|绝|都|就)?(?:不是|并非|绝非|不在于?)"
    rf"|{_ZH_THIS}(?:也|并|本身|绝|都|就)?(?:不是|并非|绝非|不在于?|不为)(?:让|要|叫|请|用|为了?|想|指|由|靠|去|在"
    r"|说|拿|做|搞)"
    r"|^(?:.{0,4}(?:项目|方案|系统|需求|范围|[本一这][期次]|功能|这里|平台)|[它这此])?(?:也|并|都|完全|绝)?不(?:涉及"
    r"|包括|包含|覆盖|介入|干预|插手|过问|触及)"
    r"(?!.{1,12}的.{1,6}$)"
    rf"|(?:无需|无须|不需要?|不用|用不着|没必要|不必|不想|不打算|没打算|没想过?|无意|不指望|不期望|不准备|不希望|别|甭)"
    rf"(?:要|让|叫|请|由|用|靠|把|再){{0,2}}{ZH_MODEL}(?!.{{0,8}}的)"
    r"|^(?:与其|绝非|也不是|更不是|并不是|别[让用叫把拿去替]|请勿|甭让)"
    r"|不(?:在|属于|算在)(?:本.{1,3}|这次|此次|它的|模型的|讨论|考虑|采购|项目|立项){0,2}(?:的)?(?:范围|之内|之列"
    r"|此列|计划内|考虑|职责|任务)|不(?:纳入|列入)|排除在外|(?:不是|并非|不算)(?:重点|目的|目标|本意)"
    rf"|(?:不是|并非|不算|不关){ZH_MODEL}的(?:事|活|任务|职责|工作)|[与跟和]{ZH_MODEL}(?:无关|没关系)"
    rf"|轮不到{ZH_MODEL}|不归{ZH_MODEL}"
    rf"|不(?:自动|直接|负责|参与|允许|替|(?<!归不)(?:让|许|准|由|归){ZH_MODEL})|不(?:动|碰|管|做)$"
    r"|^.{0,6}?(?<![能要可是何好会])(?:不|并非)(?:是|会|要|打算|准备|想|用来?|为了?){0,4}(?:替换|取代|替代|代替|顶替"
    r"|接替)"
    r"|^(?:而不是|而非|并非|不是|禁止|无需|不必|别让|严禁|没有让)"
    r"|(?:无权|没有权限|不作为.{0,8}依据)",
    re.I,
)
# Every match of `DENIAL` holds one of these.
_HINTS = (
    *(
        "no",
        "n't",
        "n’t",
        "never",
        "neither",
        "instead",
        "rather",
        "opposed",
        "scope",
        "remit",
        "exclu",
        "off",
        "left",
        "untouched",
        "refrain",
    ),
    *("stops", "steers", "keep", "kept", "stay", "without", "outside", "out of"),
    *("不", "无", "别", "勿", "非", "禁", "甭", "与其", "排除", "绝", "没"),
)
# behind a denial the job goes on without a mark of its own: "not to rank them, only to list them"; 不是预测而是写说明
_TURN = re.compile(
    rf",\s+(?=(?:only|just|merely|simply|solely|use|using|let|have|all|what|everything|{A_MODEL})\b)"
    r"|(?<!anything)(?<!nothing)(?<!all)\s+(?=but\b)|[;；]\s*|(?=而是|而只[是要做]|只负责|只需要?|只要它|只做)",
    re.I,
)
_LEADS_OFF = re.compile(r"(?:instead of|rather than|as opposed to|far from|not to|never)\b", re.I)
_COMMA = re.compile(r",\s+(?!(?:and|or)\b|\w+ing\b)")


def find_denial(clause: str) -> re.Match[str] | None:
    """Return where a folded clause denies the model a job.

    >>> find_denial("the model must not approve refunds") is None, find_denial("not only draft it") is None
    (False, True)
    """
    if not any([hint in clause for hint in _HINTS]):  # noqa: C419 - a list is faster here
        return None
    return DENIAL.search(clause) and DENIAL.search(_DENIES_NOTHING.sub(lambda m: "x" * len(m[0]), clause))


def turns(clause: str, denial: re.Match[str]) -> list[tuple[int, int]]:
    """Cut a clause that denies one job and asks for another where it turns.

    >>> clause = "not to rank them, only to list them"
    >>> [clause[a:b] for a, b in turns(clause, find_denial(clause))]
    ['not to rank them', 'only to list them']
    """
    turn = _TURN.search(clause, denial.end())
    if turn is None and _LEADS_OFF.match(clause):
        turn = _COMMA.search(clause, denial.end())
    return [(0, turn.start()), (turn.end(), len(clause))] if turn else [(0, len(clause))]
