"""Whether a job for a model can be named from an idea at all.

"Transform our business with AI" names none; neither does a bare product name, nor a
text about serving or training models. Such ideas get `unclear`, never a guess.
"""

from __future__ import annotations

import re

from fitcheck.text import fold, is_cjk

__all__ = ["ABOUT_MODELS", "about_models", "is_specific", "is_vague"]

_GENERIC_WORDS = """
    a about across adopt adoption agent agentic agents ai all an and any apply application applications are artificial
    as at automate automation automatically be become benefit best better big bot boost bring build business businesses
    business-wide by can capability capabilities chatbot chatgpt claude cloud companies company company-wide competitive
    competitor competitors copilot core corporate could create customer customers cutting data deepseek department
    departments deploy develop digital disrupt disruptive do does driven e edge efficiency efficient employee employees
    empower enable end ends engine enhance enterprise enterprises every everyone everything experience explore facing
    fast faster first for from full fully future game gain gemini gen genai generation generative get give global go
    good gpt great group grow growth harness has have help higher how i idea ideas implement improve improved in
    industries industry initiative innovate innovation innovative integrate integrated intelligence intelligent into
    introduce is it its journey just language large launch lead leader leading let leverage leveraging licence licences
    license licenses like llm llms made make making management market max maybe me microsoft mission model models modern
    modernise modernize more move much need needs new next of off office on one openai operation operations optimise
    optimize or organisation organization our out part people per performance pilot plan platform platforms please
    potential power powered pro process processes product products productivity productive programme program progress
    project projects put ready really reimagine revolutionise revolutionize roadmap roll rollout scale seats service
    services should smart smarter so solution solutions some something stack start state stay strategic strategy
    subscription synergy system systems team teams tech technologies technology than that the their them then there
    they thing things this through time to today together tomorrow tool tools top transform transformation transformed
    transformative unlock unleash up us use used user users using value via vision want way ways we what which whole
    will with work workflow workflows workforce workplace world year years you your
"""
_GENERIC_EN = frozenset(_GENERIC_WORDS.split())
# one of these is a job by itself: "proofread with GPT"
_JOB = re.compile(
    r"(?:translat|proofread|summari[sz]|transcri|paraphras|rewrit|polish|brainstorm|caption|subtitl|moderat|forecast)\w*"
)
_GENERIC_ZH = re.compile(
    "人工智能|大语言模型|大模型|语言模型|生成式|智能体|机器人|模型|算法|赋能|业务|企业|公司|集团|部门|行业|产业|全面|全员|全流程|"
    "端到端|数字化|智能化|智慧|智能|数智|转型|升级|改造|变革|革新|创新|创造|降本|增效|提质|提升|提高|效率|效能|能力|核心|竞争力|"
    "打造|构建|建设|搭建|平台|生态|体系|系统|方案|解决|战略|规划|布局|落地|场景|应用|引入|引进|采用|使用|利用|借助|基于|通过|运用|结合|"
    "拥抱|时代|未来|趋势|风口|领先|领导|要求|我们|他们|大家|咱们|公司|所有|各个|各种|各条|线|一切|万物|实现|推动|推进|加速|加快|促进|助力|驱动|"
    "发展|增长|价值|体验|服务|管理|运营|流程|工作|员工|客户|用户|团队|项目|产品|技术|科技|工具|先进|前沿|国际|国内|一流|示范|标杆|试点|"
    "需要|希望|想要|打算|准备|计划|考虑|能否|能不能|可以|如何|怎么|怎样|什么|一下|一个|一些|更好|更多|更强|更快|全新|重塑|重构|引擎|大脑|中台|"
    "账号|许可|订阅|采购|购买|上线|部署|接入|上|用|让|把|将|给|做|搞|要|想|的|了|和|与|及|等|在|对|为|以|从|到|来|去|是|有|也|都|就|再|还|"
    "我|你|他|它|其|这|那|各|全|新|好|大|小|多|个|年|月|今|明|吗|呢|吧|啊|请|帮|一"
)
_PRODUCT = re.compile(
    r"\b(?:chatgpt|gpt-?\d[\w.]*|copilot|claude(?: code)?|gemini|deepseek(?:-\w+)?|qwen[\w.]*|llama[\w.]*|mistral|grok|"
    r"m365|microsoft 365|office 365|kimi|perplexity|bedrock|vertex|azure openai|ernie|notebooklm)\b"
    r"|文心一言|通义千问|通义|豆包|讯飞星火|星火|智谱|混元|钉钉|飞书"
)
ABOUT_MODELS = re.compile(
    r"\b(?:(?:llms?|(?:large )?language models?|foundation models?|transformers?|gpu|model)[- ](?:inference|serving|"
    r"training|pre-?training|hosting|gateway|cluster|fleet|utili[sz]ation|throughput|deployment platform)"
    r"|(?:inference|serving|training|pre-?training|fine-?tuning) (?:stack|engine|platform|infrastructure|cluster|"
    r"framework|throughput|latency|cost|pipeline for (?:llms?|large models?|transformers?))"
    r"|(?:serv(?:e|ing)|host(?:ing)?|train(?:ing)?|pre-?train(?:ing)?|quanti[sz](?:e|ing)|scal(?:e|ing)"
    r"|deploy(?:ing)?) (?:\w+ ){0,3}(?:llms?|(?:large )?language models?|foundation models?|transformers?|moe"
    r"|deep learning models?|ml models?)"
    r"|kv[- ]cache|speculative decoding|tensor parallel\w*|model parallel\w*|continuous batching|vllm|tensorrt-llm|"
    r"gpu utili[sz]ation|tokens? per second|mixture[- ]of[- ]experts|checkpoint(?:ing)? (?:system|time)|"
    r"distributed training|feature store|ml platform|mlops|model registry)\b"
    r"|推理加速|推理引擎|推理服务|训练框架|训练平台|训练集群|模型训练平台|分布式训练|显存|算力平台|算力集群|模型网关|模型部署平台|量化部署"
)


def is_vague(text: str) -> bool:
    """Say whether nothing but generic words stands in a normalised text.

    >>> is_vague("Use AI to transform our business end to end")
    True
    >>> is_vague("Draft the weekly letter to parents")
    False
    """
    folded = _PRODUCT.sub(" ", fold(text))
    words = re.findall(r"[a-z][a-z'’-]+", folded)
    content = {w for w in words if w.strip("'’-") not in _GENERIC_EN}
    chinese = re.sub(r"[^\u3400-\u9fff]", "", _GENERIC_ZH.sub("", folded))
    return len(content) < 2 and len(chinese) < 2 and not any(map(_JOB.fullmatch, content))


_GENERIC_CHARACTERS = frozenset(_GENERIC_ZH.pattern)
_LATIN = re.compile(r"[a-z]{3,}")


def is_specific(token: str) -> bool:
    """Say whether a token of a folded text is one that no vague idea holds many of.

    >>> [is_specific(token) for token in ("payroll", "business", "##ing", "薪", "业")]
    [True, False, False, True, False]
    """
    if _LATIN.fullmatch(token):
        return token not in _GENERIC_EN
    return len(token) == 1 and is_cjk(token) and token not in _GENERIC_CHARACTERS


def about_models(text: str) -> bool:
    """Say whether a normalised text speaks of serving or training models.

    >>> about_models("Cutting KV cache memory in our LLM serving stack by half")
    True
    """
    return ABOUT_MODELS.search(fold(text)) is not None
