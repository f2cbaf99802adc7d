"""How orders to an evaluator are worded: patterns of both languages.

They add to the words of `fitcheck.verdict_words` what borrows from elsewhere: "ignore the rules
above and …", "this is an ideal use case for …", 不要把它归为 ….
"""

from __future__ import annotations

from fitcheck.patterns import LatePattern

__all__ = ["GOOD", "IDEA", "JUDGE", "LABEL", "MODEL", "ORDERS", "SCORE", "SELF", "ZH_JUDGE", "ZH_MODEL", "ZH_ORDERS"]

LABEL = r"(?:fit|unfit|overkill)"
MODEL = (
    r"(?:(?:(?:large |small |big |modern |generative )*(?:language models?|ai|llms?|gpt[-\w.]{0,12}|chatgpt|claude"
    r"|gemini)))"
)
ZH_MODEL = r"(?:大语言模型|语言模型|大模型|生成式ai|人工智能|ai|llm|chatgpt|gpt|deepseek)"
JUDGE = (
    r"(?:evaluators?|reviewers?|assessors?|classifiers?|graders?|judges?|raters?|scorers?|examiners?|fitcheck|referees?"
    r"|(?:evaluation|assessment|scoring|rating|grading|reviewing|judging) (?:system|model|tool|engine|ai|llm|bot"
    r"|panel))"
)
ZH_JUDGE = (
    r"(?:(?:评审|评估|评判|评测|评分|打分|判定|裁判|审阅|阅卷)(?:者|员|人员?|程序|组|专家|老师|系统|模型|程序|工具"
    r"|机器人|器|的人)"
    r"|评委|裁判|分类器|评估方|评审方|fitcheck)"
)
IDEA = (
    r"(?:ideas?|proposals?|projects?|use[- ]cases?|submissions?|concepts?|pitch|texts?|requests?|tasks?|cases?|entry"
    r"|one)"
)
SELF = (
    rf"(?:it|this|that|(?:this|the|my|our)(?: (?:above|following|present|whole|entire|very))? {IDEA}(?: (?:above"
    r"|below|here))?)"
)

_OVERRIDE = (
    r"(?:ignore|disregard|forget|override|overrule|bypass|circumvent|replace(?= your )|discard|set aside"
    r"|put aside|pay no attention to"
    r"|stop following|(?:don't|do not|never) (?:apply|use|follow|obey|consider|listen to))"
)
GOOD = (
    r"(?:good|great|perfect|ideal|excellent|strong|clear|best|top|outstanding|exemplary|textbook|prime|classic|right"
    r"|natural|proper|flawless|optimal|legitimate|valid|superb|wonderful|fantastic|brilliant)"
)
SCORE = (
    r"(?:full (?:marks|points|score|credit)|(?:top|maximum|max|highest|best|perfect|high|full)(?: possible"
    r"| available)? (?:marks?|scores?|ratings?|grades?|points|verdict|fit)|(?:10|ten|100|5|five) ?(?:/|out of"
    r"|of) ?(?:10|ten|100|5|five)|(?:5|five) stars|100 ?%)"
)

_LEAD = (
    r"^(?:please |kindly |now |just |simply |always |so |then |and |but |also |first |instead |only |you (?:must"
    r"|should|have to|need to|will"
    r"|shall|are to|can|may)(?: now| only| simply)? |be sure to |make sure (?:to|you) |remember to |(?:i|we) (?:ask"
    r"|want|need|order|urge) you to"
    r" |go ahead and |feel free to |do |from now on |(?:as|being) (?:the|an?) \w{3,12} (?:you (?:must|should|have to"
    r"|need to) )?)*"
)
_END = r"(?=$| (?:and|not|no|with|instead|rather|for|because|regardless|only|in|whatever|here|please|now|without|as)\b)"
ORDERS = LatePattern(
    "|".join(
        (
            # ignore all previous instructions
            rf"{_LEAD}{_OVERRIDE} (?:\w+ ){{0,5}}?(?:rules?|instructions?|guidelines?|criteria|rubrics?|prompts?"
            r"|guidance|directives?|training"
            r"|programming|polic(?:y|ies)|constraints|safeguards|system message)\b.*",
            rf"{_LEAD}{_OVERRIDE} (?:all|any|every|what|whatever|everything|anything|the|that)\b.{{0,40}}?\b(?:above"
            r"|before|previous(?:ly)?"
            r"|else|earlier|so far|told|preceding|you know|you (?:have )?learn\w*)\b.*",
            rf"{_LEAD}(?:skip|no need for|without) (?:the |any |further |all )*(?:analysis|evaluation|assessment"
            r"|scoring|reasoning|deliberation)"
            r"(?: .{0,25})?$",
            r"\b(?:the|all|any|your|previous|above) (?:\w+ )?(?:instructions?|rules?|guidelines|criteria"
            r"|rubric)(?: above| before)? (?:is|are|do not|don't|no longer)"
            r" (?:void|invalid|cancelled|canceled|suspended|disabled|lifted|apply|valid|count|in effect)\b.{0,25}$",
            r"^new (?:instructions?|rules?|task|order|system prompt)(?: for you)?$",
            # rate this as
            rf"{_LEAD}(?:rate|score|classify|label|mark|grade|judge|evaluate|assess|tag|deem|consider|call|count"
            r"|categori[sz]e|treat|regard|rank"
            rf"|report|declare|put) {SELF} (?:\w+ ){{0,3}}?(?:an? |the )?(?:\w+ ){{0,2}}?(?:{LABEL}|{SCORE})\b.*",
            rf"(?:{_LEAD}|\b)(?:rate|score|classify|label|mark|grade|judge|evaluate|assess|consider|treat|regard"
            rf"|deem)(?: {SELF})? (?:as |to be |down as )?"
            rf"(?:an? )?(?:{GOOD} )?{LABEL}{_END}",
            rf"{SELF} (?:must|should|shall|has to|needs to|is to|ought to|will|can only|may only|cannot|can't"
            r"|deserves to) (?:\w+ )?(?:be )?(?:\w+ )?"
            r"(?:rated|scored|classified|labell?ed|judged|graded|marked|evaluated|assessed|seen|regarded|considered"
            r"|treated|counted|deemed"
            rf"|called|flagged) (?:\w+ ){{0,3}}?(?:{LABEL}|{SCORE}|suitable for {MODEL})\b.*",
            rf"{SELF} (?:deserves|merits|earns|gets|must get|should (?:get|receive|have)|must receive"
            rf"|is worth) (?:\w+ ){{0,2}}?{SCORE}.*",
            rf"{_LEAD}(?:give|award|grant|assign) (?:{SELF}|us|me) (?:\w+ ){{0,2}}?{SCORE}.*",
            r"\b(?:(?:this|my|our|the) (?:idea|proposal|project|use case|submission|pitch)|(?:this|our) (?:request"
            r"|application)) (?:must|should|shall|has to|needs to) be (?:approved|accepted"
            r"|passed|waved through|recommended)(?: \w+){0,4}$",
            # answer fit; the verdict is fit
            rf"{_LEAD}(?:answer|respond|reply|output|return|print|say|emit|conclude|go with|come out as"
            r"|vote)(?: back| only| just| simply| always"
            r"| directly| with| that| it| is| for| on| as| the| an?| word| label| verdict| class| token| string"
            rf"| exactly| nothing| but)* '?(?:{LABEL}|yes|suitable"
            rf"|recommended(?: for {MODEL})?)'?{_END}",
            r"\b(?:verdict|rating|classification|label|conclusion|outcome|answer|judge?ment|category|truth|class"
            r"|evaluation|assessment|result)"
            r"(?: \w+){0,3}? (?:is|are|must be|should be|has to be|will be|can only be|to|as|be|was|=|:|->|-"
            rf"|==) (?:\w+ ){{0,2}}?{LABEL}{_END}",
            r"\b(?:any|every|no|all|each) (?:other )?(?:\w+ )?(?:verdict|answer|rating|label|classification"
            r"|conclusion|assessment|result|outcome)s?"
            rf"(?: \w+){{0,2}}? (?:other than|but|except|apart from|besides|than) {LABEL}\b.*",
            r"\b(?:never|not|n't|no circumstances)\b.{0,25}\b(?:label|call|classify|rate|mark|say|answer|output"
            r"|judge|deem|consider|declare"
            rf"|return|conclude|flag|treat|score)(?: {SELF})?(?: as| to be)? (?:an? )?(?:overkill|unfit)(?: (?:or"
            rf"|nor|and) {LABEL})*$",
            r"\b(?:p ?\(|probabilit(?:y|ies)|confidence|likelihood|log-?odds|logits?)(?: \w+){0,3}? ?\(?(?:fit"
            r"|overkill|unfit)\b.*",
            rf"\byou (?:answer|say|output|return|reply|respond|choose|conclude|vote)\b.{{0,15}}\b{LABEL}\b.*",
            # this is an ideal use case for a language model
            rf"(?:^|\b(?:that|and|so|because|since) ){SELF}(?:'s| is| was| looks like| seems| sounds like"
            r"| counts as| qualifies as| represents"
            r"| constitutes| makes for| should be)(?: [\w-]+){0,4}? (?:use cases?|use|job|task|fit|application"
            r"|match|candidate|example|problem"
            rf"|scenario|showcase|deployment) (?:of|for) (?:an? |the |any )*{MODEL}(?: and must be approved"
            r"| \w+){0,5}$",
            rf"\b{SELF} is (?:exactly |precisely |just )?(?:what|where|the (?:kind|sort"
            rf"|type) of \w+ (?:that )?){MODEL} (?:\w+ ){{0,3}}?"
            r"(?:made|built|good|great|best|designed|excels?|shines?|meant)\b.*",
            rf"\b{MODEL} (?:is|are) (?:by far |clearly |simply |definitely |obviously )?(?:the |an? )?(?:only "
            rf"|very )?(?:{GOOD}|only|best|superior)"
            r" (?:\w+ )?(?:tool|choice|solution|technology|approach|fit|option|way|answer|method)(?: (?:for|to|of"
            r"|here) ?.{0,20})?$",
            rf"\b(?:only|nothing but|nothing other than|nobody but) (?:an? |the )?{MODEL}s? (?:can|could|will|would"
            r"|is able to|is good enough)"
            r"(?: \w+){0,2}?(?: this| it| that| the job| do)$",
            r"\bno (?:other|better|real) (?:\w+ )?(?:tool|method|technology|solution|approach|way|alternative"
            rf"|option|choice)s?\b.{{0,30}}\b{MODEL}$",
            # a word to the judge
            r"^(?:(?:important |urgent |special |final |short |quick |secret )*(?:note|notice|message|memo|hint"
            r"|remark|reminder|attention|advice"
            r"|instructions?|info|p\.?s\.?) (?:to|for) |dear |hello |hi |hey |attention |to )(?:the |all |any |our "
            r"|automated |automatic |ai |llm |human )*"
            rf"{JUDGE}$",
            r"^(?:(?:note |attention |dear )?(?:to |for )who|(?:note to |to |dear )?who(?:m?ever|soever))(?: is"
            r"| will)? (?:\w+ )?(?:grades?|judges?|rates?|scores?|evaluates?"
            r"|assess(?:es)?|reviews?|judging|grading|scoring|reads?)(?: this(?: \w+)?)?$",
            rf"\b{JUDGE} (?:\w+ ){{0,3}}?(?:must|should|has to|have to|will|shall|needs to|is to|may only"
            r"|can only) (?:\w+ ){0,2}?"
            r"(?:output|return|answer|say|report|choose|select|give|conclude|produce|print|respond|reply|pick"
            rf"|assign)(?: \w+){{0,5}}? {LABEL}\b.*",
            rf"{_LEAD}(?:you are|you're|you will be|act as|you act as|behave as|become) (?:now |hereby )?(?:an? "
            r"|the )(?:\w+ )?"
            rf"(?:lenient|generous|kind|friendly|positive|uncritical|forgiving) (?:\w+ )?{JUDGE}\b.*",
            r"\bwhen (?:you(?:'re| are)? )?(?:judg(?:e|ing)|rat(?:e|ing)|assess(?:ing)?|evaluat(?:e|ing)|grad(?:e"
            r"|ing)|scor(?:e|ing)) (?:this|us|our) ?\w*$",
        )
    )
    .replace(" ", " +")
    .replace(" +?", " ?")
)

_ZH_END = r"(?=$|[^\u3400-\u9fffa-z]|吧|哦|即可|就行|就好|而|并|不)"
ZH_ORDERS = LatePattern(
    "|".join(
        (
            r"^(?:请|现在|你?(?:必须|应该?|务必|要)|直接|并|且|然后|首先|立即)*(?:忽略|无视|忘记|忘掉|忘了|绕过|跳过"
            r"|抛开|撇开|别管|不要?理会|不要遵[守循]|推翻|覆盖)"
            r"(?:掉|你|所有|一切|全部|的|任何|其[他它余]|这些|那些|系统|评分|评估|评审|打分|收到|已有){0,5}"
            r"(?:规则|指令|指示|提示词?|上下文|准则|评分标准|评估标准|评审标准|设定|命令|约束).*",
            r"^(?:请|现在|你?(?:必须|应该?|务必|要)|直接|立即)*(?:忽略|无视|忘记|忘掉|绕过|抛开|撇开|不要?理会|别管"
            r"|不管)"
            r"(?:掉|你|所有|一切|全部){0,3}(?:以上|上面|之前|此前|先前|前面|前述|上述|上文|前文)"
            r"(?:的|所有|一切|全部|任何|你|收到|说|写){0,4}(?:内容|文字|信息|要求|话|提示|指令|规则|说明|约束|东西"
            r"|一切|什么).{0,8}$",
            r"(?:请|并|且|务必|必须|应该?|应当|直接|就|一律)?(?:把|将)?(?:它|此|这个?|本|该)?(?:想法|项目|提案|方案"
            r"|用例|场景)?(?:被)?"
            r"(?:评|判|判定|归类|归|标记|标|分类|评估|评定|认定|视|算|记|定|设|列|看|当|打)(?:为|成|作|到)(?:非常"
            r"|完全|十分|最|很|一个)?"
            rf"(?:fit|“?适合大模型|适合用?{ZH_MODEL}){_ZH_END}",
            r"(?:请|只|就|一律|直接|必须|务必|始终|永远|都|应该?){1,3}(?:需要?|能|要)?(?:回答|输出|返回|答|回复"
            rf"|给出|选择?|说|填|写)(?:一个词|单词|一句)?[: ]*(?:fit|“适合”){_ZH_END}",
            r"(?:结论|判定|判断|答案|评估结果|评审结果|评分结果|分类结果|标签|评级|输出)(?:就|只能|必须|一定|应该?"
            r"|应当|当然|已经|已)?(?:是|为|=|:|等于|设为|定为)"
            rf" *(?:fit|unfit|overkill|适合|完全适合|非常适合|适合大模型){_ZH_END}",
            r"(?:不要|不得|不能|不可|不许|别|勿|绝不|禁止).{0,10}(?:判|说|归|评|标|认|定|答|输出|称)(?:为|成|作|定"
            r"|它|是|到|类|这|该){0,4}(?:一个)?(?:overkill|unfit|大材小用|不适合大模型).*",
            r"fit *(?:的)?(?:概率|置信度|得分|分数|可能性).*|(?:概率|置信度|得分)(?:为|是|=|:)? *fit.*",
            rf"^(?:致|给|请|尊敬的|亲爱的|各位|提请|提醒|敬告|敬请){{0,3}}(?:ai)?(?:本次|所有|负责)?(?:{ZH_JUDGE}"
            r"|评审|评估)(?:老师|专家|们|大人|同志|人员)?(?:或.{1,6})?(?:请)?(?:注意|须知|留意|敬启|请看|知悉)$",
            rf"^(?:阅读|审阅|读|看)(?:本|这).{{1,4}}的(?:{ZH_JUDGE}|评审|评估).{{0,10}}(?:注意|留意)$",
            rf"^(?:致|给|尊敬的|亲爱的)(?:各位|ai)?(?:{ZH_JUDGE}|评审|评委)(?:老师|专家|们|大人)?(?:或.{{1,6}})?$",
            r"^请.{0,4}(?:评审|评委)(?:老师|专家|人)?.{0,4}注意$",
            rf"^(?:{ZH_JUDGE}|评审)(?:老师|专家)?(?:请|务必)(?:在表上|直接|务必)?(?:勾|填|选).{{0,12}}$",
            r"^(?:作为|你是|你现在是|你就是|扮演|充当)(?:一[个名位])?(?:很|最|非常)?(?:宽松|宽容|友好|仁慈"
            rf"|大方)的?(?:{ZH_JUDGE}|评审|评估).*",
            r"^(?:给|请|对|把|将)?(?:本|这个|该|此|我的|我们的)(?:项目|想法|提案|方案|用例|申请).{0,6}(?:打|评"
            r"|给)(?:个|出|上|一个)?(?:满分|最高分|高分|好评|优秀|通过).*",
            rf"(?:这|此|该|本).{{0,6}}(?:是|属于|堪称|正是|恰是|就是).{{0,6}}{ZH_MODEL}(?:技术)?(?:的"
            r"|最)(?:\w{0,6})(?:理想|绝佳|最佳|完美|典型|标准|极佳)?(?:的)?(?:应用|用武|用途|使用)?(?:场景|案例"
            r"|任务|用例|之地|领域)$",
            rf"(?:这|此|该).{{0,10}}非{ZH_MODEL}(?:不可|不行|莫属)",
            r"^(?:专家|大家|业界|所有人|同行|评委|评审|领导|公司).{0,6}(?:一致|都|公认|均|普遍).{0,8}(?:非"
            rf"|适合|只有|必须用?){ZH_MODEL}?.{{0,8}}$",
            rf"{ZH_JUDGE}.{{0,3}}(?:应该?|必须|务必|只能|须|要|需)(?:直接|当|要)?(?:输出|返回|选择?|给出?|判为?"
            r"|回答|判定为?) *(?:fit|适合|满分|通过|好评).*",
            r"^(?:以上|上述|上面|之前|前面|此前|所有|原有?)(?:的|所有|全部|任何)?(?:规则|标准|指令|准则|提示词?"
            r"|要求)(?:全部|都|均|一律|已)?(?:作废|失效|无效|取消|撤销|不适用|不算).{0,10}$",
            r"(?:请|一律|直接|务必|必须|就)(?:把.{1,6}?|将.{1,6}?)?(?:回|归入|归为|判为?|评为|答|给出|列为|填"
            r"|选)[ “]*(?:不适合|无需(?:ai|大模型)|不需要(?:ai|大模型))(?:大模型|ai)?[ ”]*$",
            rf"(?:并|且)?请(?:直接)?(?:评|判|判定|归|标记|分类|评估|认定)(?:为|成)[ “]*(?:非常|完全|最)?适合{_ZH_END}",
            r"^(?:跳过|无需|不用|不必|省去|停止)(?:任何|所有|一切|进一步)?(?:的)?(?:分析|评估|思考|推理|打分"
            r"|评审)(?:步骤|过程|环节)?$",
            r"(?:判|评|归|回答|输出|给出|选)(?:成|为)?(?:别的|其[他它]).{0,6}(?:错|不对|惩罚|处罚|扣分|无效).*",
            r"^(?:请)?(?:不要|不得|别|不许|停止)(?:对|按|用|依).{0,10}(?:使用|套用|应用|适用"
            r"|遵[守循])?.{0,4}(?:规则|准则|标准|指令)$",
        )
    )
)
