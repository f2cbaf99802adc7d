"""Whether a job for a model can be named from an idea at all.

"Transform our business with AI" names none; neither does a bare product name, nor a
text about serving or training models. Such ideas get `unclear`, never a guess.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fitcheck.text import Language, fold, is_cjk

__all__ = ["ABOUT_MODELS", "about_models", "is_specific", "is_vague"]

_GENERIC_WORDS = """
    a about across adopt adoption agent agentic agents ai all an and any apply application applications are
    artificial as at automate automation automatically be become benefit best better big bot boost boosts bring
    build business businesses business-wide by can capability capabilities chatbot chatgpt claude cloud companies
    company company-wide competitive competitor competitors copilot core corporate could create customer customers
    cutting data deepseek department departments deploy develop digital disrupt disruptive do does driven e edge
    efficiency efficient employee employees empower enable end ends engine enhance enterprise enterprises every
    everyone everything experience explore facing fast faster first for from full fully future game gain gemini gen
    genai generation generative get give global go good gpt great group grow growth harness has have help higher how
    i idea ideas implement improve improved in industries industry initiative innovate innovation innovative
    integrate integrated intelligence intelligent into introduce is it its journey just language large launch lead
    leader leading let leverage leveraging licence licences license licenses like llm llms made make making
    management market max maybe me microsoft mission model models modern modernise modernize more move much need
    needs new next of off office on one openai operating operation operations optimise optimize or organisation
    organization our out part people per performance pilot plan platform platforms please potential power powered
    pro process processes product products productivity productive programme program progress project projects put
    ready really reimagine revolutionise revolutionize roadmap roll rollout scale seats service services should
    smart smarter so solution solutions some something stack start state stay strategic strategy subscription
    synergy system systems team teams tech technologies technology than that the their them then there they thing
    things this through time to today together ten times tomorrow tool tools top transform transformation
    transformed transformative unlock unlocks unleash up us use used user users using value via vision want way ways
    we what which whole will with work workflow workflows workforce workplace world year years you your
"""
_GENERIC_EN = frozenset(_GENERIC_WORDS.split())
# one of these is a job by itself: "proofread with GPT"
_JOB = re.compile(
    r"(?:translat|proofread|summari[sz]|transcri|paraphras|rewrit|polish|brainstorm|caption|subtitl|moderat"
    r"|forecast)\w*"
)
_GENERIC_ZH = re.compile(
    "人工智能|大语言模型|大模型|语言模型|生成式|智能体|机器人|模型|算法|赋能|业务|企业|公司|集团|部门|行业|产业|全面|全员|全流程|"
    "端到端|数字化|智能化|智慧|智能|数智|转型|升级|改造|变革|革新|创新|创造|降本|增效|提质|提升|提高|效率|效能|能力|核心|竞争力|"
    "打造|构建|建设|搭建|平台|生态|体系|系统|方案|解决|战略|规划|布局|落地|场景|应用|引入|引进|采用|使用|利用|借助|基于|通过|运用|结合|"
    "拥抱|时代|未来|趋势|风口|领先|领导|要求|我们|他们|大家|咱们|公司|所有|各个|各种|各条|线|一切|万物|实现|推动|推进|加速|加快|促进|助力|驱动|"
    "发展|增长|价值|体验|服务|管理|运营|流程|工作|员工|客户|用户|团队|项目|产品|技术|科技|工具|先进|前沿|国际|国内|一流|示范|标杆|试点|"
    "需要|希望|想要|打算|准备|计划|考虑|能否|能不能|可以|如何|怎么|怎样|什么|一下|一个|一些|更好|更多|更强|更快|全新|重塑|重构|引擎|大脑|中台|"
    "提效|减轻|工作量|负担|试试|自动化|能|"
    "账号|许可|订阅|采购|购买|上线|部署|接入|上|用|让|把|将|给|做|搞|要|想|的|了|和|与|及|等|在|对|为|以|从|到|来|去|是|有|也|都|就|再|还|"
    "我|你|他|它|其|这|那|各|全|新|好|大|小|多|个|年|月|今|明|吗|呢|吧|啊|请|帮|一"
)
_PLACEHOLDER = re.compile(
    r"\W*(?:tests?|testing|tbd|to ?do|none|nothing|n/?a|nil|dummy|foo|same as above|see above"
    r"|测试|待定|待补充|同上|无|暂无|没有)?\W*"
)
_PRODUCT = re.compile(
    r"\b(?:chatgpt|gpt-?\d[\w.]*|copilot|claude(?: code)?|gemini|deepseek(?:-\w+)?|qwen[\w.]*|llama[\w.]*"
    r"|mistral|grok|"
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


# what a model is called where no job is said: a chatbot or a reader would name one
_AI_ZH = (
    "(?:生成式)?(?:ai|aigc|人工智能|大(?:语言)?模型|语言模型|llm|gpt|chatgpt|deepseek|智能体|豆包|文心一言|通义千问|数字员工)"
    "(?:技术|能力|系统|平台|工具|助手|agent|智能体)?"
)
# an object, but nothing that is done to it
_WORK_ZH = (
    "写|译|答|问(?!诊)|读|查|算|审(?!计)|判|识|认|测|检(?!察)|验|析|类|签|取|摘|总结|汇|润|草|生成|预|推荐|排|校(?!园|区|长)|批(?!发)|评|监(?!狱)"
    "|听|看(?!守)|画|配(?!件)|匹|核|对账|录|催|提醒|通知|转|派(?!出)|选|筛|挑|找|搜|比|改|编|讲|教(?!育|务|学|培|师|堂)|聊|陪|回复|回访|接待"
    "|填|拟|说|报|归|整理|纪要|邮件(?!组|部)|合同(?!部|管)|简历|信(?!贷|托|息|用社)|文案|报|摘要|标|字|考勤|下单|付|退款|交易(?!所)|炒|投(?!资部)|决|定"
    "|录用|扣|罚|发(?!票|电|动机|展)|开(?!发)|修(?!理|车)|喂|洗|搬|送|巡|控|驾|诊(?!所|室)|办(?!公|事)|起名|取名|代码|代(?!理)|脚本|翻|数(?!据中)|猜"
    "|估|规划(?!局)|调度(?!中心)|设计(?!院)|做|当|替|处理|扫|打(?!造)|量|换|拆"
)
_OBJECT_ZH = rf"(?:(?!{_WORK_ZH})[\u3400-\u9fff]){{1,8}}?"
_LEAD_ZH = (
    "(?:(?:我们|咱们?|我|本|公司|集团|单位|学校|领导|老板|院里|厂里|行里|局里|想要?|希望|打算|计划|准备|建议|考虑|需要|要|能不能|能否|"
    "可不可以|可以|请|拟|应该|也|都|全面|尽快|今年|明年|下一步)*+)?"
)
_SMART_ZH = "(?:智能|智慧|数智|ai|人工智能|数字)(?:化)?"
_TAIL_ZH = "(?:了|吧|吗|呢|啊|一下|项目|方案|试点|计划|建设|的?应用|的?场景|落地|起来)*+"
_TOPIC_ZH = (
    rf"{_LEAD_ZH}(?:"
    rf"(?:给|在|为|帮|让|把|对)?{_OBJECT_ZH}(?:的|里|中|上|方面|环节|业务|部门|工作|管理|领域|这块|那边)*(?:也|都|全|全面)?"
    rf"(?:上|用|用上|接|接上|接入|引入|引进|搞|搞上|加|加上|装|配上|部署|上线|弄|弄上|来|拥抱|做)(?:一?个|一?套|点|些|点儿|一下)?{_AI_ZH}"
    rf"|(?:把|将)?{_AI_ZH}(?:用|应用|引|引入|接|接入|部署|落地|嵌|融|融入|放|推广|带)(?:到|在|进|入|于)*{_OBJECT_ZH}"
    r"(?:里|中|上|里面|当中|方面|环节|业务|部门|工作|管理|领域)*"
    rf"|(?:用|靠|拿|借助|利用|让|通过|运用|以){_AI_ZH}(?:来|去)?(?:全面)?"
    rf"(?:管|管理|管好|赋能|改造|提升|优化|升级|搞|搞好|助力|驱动|重塑|改善|变革|帮助|帮帮?|支持){_OBJECT_ZH}"
    rf"|{_AI_ZH}(?:全面)?(?:赋能|助力|驱动|重塑|改造|走进|进|\+|＋|x|×|管|管理){_OBJECT_ZH}"
    rf"|{_OBJECT_ZH}(?:\+|＋|x|×){_AI_ZH}"
    rf"|(?:推进|推动|实现|加快|做)?(?:把|让)?{_OBJECT_ZH}(?:的|全面|要|也)*(?:{_SMART_ZH}(?:升级|改造|转型|赋能|提升)|智能化|智慧化|数智化|ai化)"
    rf"|(?:打造|建设|建|搞|做)(?:一?个|一?座|一?家)?(?:智慧|数智|智能|ai){_OBJECT_ZH}|智慧{_OBJECT_ZH}"
    # a bare title: a department's work and a fashionable word before it
    rf"|(?:{_SMART_ZH}|{_AI_ZH})(?:质检|发票|合同|财务|采购|营销|法务|人事|办公|物流|仓储|供应链|工厂|园区|金融|医疗|教育)"
    r"(?:系统|平台|项目|管理)?"
    rf"){_TAIL_ZH}"
)
_AI_EN = (
    r"(?:(?:gen(?:erative)?|agentic|smart|artificial|the|an?|some|more|our|own|new|large|modern|latest|power of"
    r"|magic of) )*"
    r"(?:ai|gen-?ai|artificial intelligence|llms?|(?:large )?language models?|gpts?(?:-\w+)?|chatgpt|copilots?"
    r"|claude|gemini|deepseek)"
    r"(?: (?:agents?|assistants?|copilots?|tools?|technolog(?:y|ies)|solutions?|models?|capabilit(?:y|ies)"
    r"|systems?|stuff|magic))*"
)
_LEAD_EN = (
    r"(?:(?:we|i|(?:we|i)['’]d|they|you|let us|let['’]s|please|should|could|would|will|must|can|need|needs|want"
    r"|wants|like"
    r"|love|plan|have|has|got"
    r"|to|do|something|also|now|maybe|how about|what about|use|using|put|putting|bring|bringing|deploy"
    r"|deploying|introduce|introducing"
    r"|roll|rolling|out|embed|adopt|adopting|get|getting|try|apply|applying|implement|install|launch|leverage"
    r"|leveraging|add|with|idea|project"
    r"|boss|says|the board|wants?)[: ]++)*+"
)
# a noun of work or a verb's -ing names a job; so does who or what does it
_WORK_EN = (
    r"(?!(?:nursing|housing|shipping|banking|building|catering|manufacturing|marketing|accounting|purchasing"
    r"|engineering|mining|printing"
    r"|department|departments|government|procurement|investment|management|stations?|production|associations?"
    r"|corporation|administration"
    r"|education|construction|hospitals?|foundation|division|council)\b)"
    r"\w*(?:ing|tion|tions|sion|ise|ize|lator|mator|cker|iner|iser|izer|reader|bot|bots|ment|ments|als|sis|yses)\b"
    r"|(?:answers?|questions?|replies|reply|drafts?|letters?|e-?mails?|mails?|reports?|notes?|minutes|summar\w+"
    r"|reviews?|checks?|scores?|forecasts?"
    r"|estimates?|predict\w*|search|match\w*|alerts?|reminders?|lookups?|queries|query|quer\w+|code|tests?"
    r"|transl\w*|captions?|names?|copy|posts?"
    r"|plans?|schedules?|rosters?|routes?|decisions?|approvals?|refunds?|trades?|trade|bets?|prices?|quotes?"
    r"|tags?|labels?|titles?|speech|speeches"
    r"|stor(?:y|ies)|poems?|songs?|images?|pictures?|photos?|videos?|who|that|which|to|and|or|then|from|into"
    r"|when|where|by|if|as|against|before"
    r"|after|is|are|who|whose|about|between|per|recipes?|tutor|coach|helpdesk|chat|faqs?|advice|help|ideas?"
    r"|slogans?|diagnos\w*|triage|fraud|churn|backups?|chores?|nightly|daily|weekly"
    r"|find|finds|remind\w*|detect\w*|spot|spots|count|counts|read|reads|write|writes|pick|picks|choose|chooses"
    r"|decide|decides|tell|tells|sort|sorts|rank|ranks|guess|guesses)\b"
)
_OBJECT_EN = rf"(?:(?!(?:{_WORK_EN}))[\w'’&-]++ ?){{1,5}}"
_WIDE_EN = (
    r"(?:(?:everywhere|all over|across|throughout|in|into|inside|for|at|on|within|around|to|over|through"
    r"|company-wide)\b ?)++"
)
_TOPIC_EN = (
    rf"{_LEAD_EN}(?:{_AI_EN} {_WIDE_EN}{_OBJECT_EN}"
    rf"|{_AI_EN} (?:to )?(?:run|runs|manage|manages|managing|transform|improve|improves|boost|power|drive"
    rf"|modernise|modernize|revolutionise"
    rf"|revolutionize|disrupt|fix|reinvent|reimagine|empower|help|support)(?: with)? {_OBJECT_EN}"
    rf"|(?:make|makes|turn) (?:the |our )?{_OBJECT_EN}(?:smart|smarter|intelligent|ai-first|ai-native|ai-driven"
    rf"|ai-powered)(?: (?:with|by|using) {_AI_EN})?"
    rf"|(?:modernise|modernize|transform|digitalise|digitalize|digitise|digitize|upgrade|automate|reinvent"
    rf"|revolutionise|revolutionize|improve"
    rf"|ai-enable|ai-ify) (?:the |our )?{_OBJECT_EN}(?:(?:with|by|using|through) {_AI_EN})"
    rf"|(?:an? |the |our )?(?:ai-powered|ai-driven|ai-first|ai-native|ai-enabled|smart"
    rf"|intelligent) {_OBJECT_EN}(?:with {_AI_EN})"
    rf"|{_OBJECT_EN}(?:goes|going|meets|gets|plus|needs|\+|x) {_AI_EN})(?: ?(?:now|please|today|soon|asap"
    r"|(?:before|by|until|in time for) (?:the |our )?(?:next|end of) (?:[\w'’-]++ ?){1,2}"
    r"|(?:this|next) (?:year|quarter|month|week)))?"
)
_LONGEST_TOPIC = 120
_CLAUSES = re.compile(r"[,;.!?，。；！？、\n]+")


_CHINESE = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=2)
def _topic(lang: Language) -> re.Pattern[str]:
    # compiled when first asked for: importing stays cheap
    return re.compile(_TOPIC_ZH if lang == "zh" else _TOPIC_EN)


def is_vague(text: str) -> bool:
    """Say whether a normalised text names no job: nothing but generic words, or a model and a place for it.

    >>> is_vague("Use AI to transform our business end to end"), is_vague("用AI管仓库")
    (True, True)
    >>> is_vague("Draft the weekly letter to parents")
    False
    """
    folded = fold(text)
    return _is_generic(folded) or _is_topic(folded)


def _is_topic(folded: str) -> bool:
    """Say whether each clause sets a model beside an object, and none says what is done with it."""
    if len(folded) > _LONGEST_TOPIC:
        return False
    topics = 0
    for clause in _CLAUSES.split(folded):
        words = " ".join(clause.split()).strip(" -–—:：\"'“”‘’")
        if not words or _is_generic(words):
            continue
        chinese = _CHINESE.search(words) is not None
        if _topic("zh" if chinese else "en").fullmatch(words.replace(" ", "") if chinese else words) is None:
            return False
        topics += 1
    return topics > 0


def _is_generic(folded: str) -> bool:
    """Say whether nothing but generic words stands in a folded text, or a filler."""
    if _PLACEHOLDER.fullmatch(folded):
        return True
    folded = _PRODUCT.sub(" ", folded)
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
