"""The words that people read for categories, concepts and their values, in English and Chinese."""

from __future__ import annotations

from fitcheck.text import Language

__all__ = ["AXIS_LABELS", "LABELS", "TECHNIQUES", "VALUE_LABELS", "axis_label", "label", "value_label"]

LABELS: dict[str, tuple[str, str]] = {
    # concepts
    "category": ("core task", "核心任务"),
    "decides": ("who decides", "谁说了算"),
    "input": ("input", "输入"),
    "format": ("form of the answer", "答案的形式"),
    "stakes": ("what hangs on it", "利害"),
    "review": ("review", "复核"),
    "existing": ("today's solution", "现有办法"),
    # decides
    "model": ("the model decides", "由模型决定"),
    "person": ("a person decides", "由人决定"),
    "method": ("another method decides", "由其他方法决定"),
    "none": ("nothing is decided", "不涉及决定"),
    # input
    "text": ("text", "文本"),
    "code": ("code", "代码"),
    "records": ("records", "表格记录"),
    "numbers": ("numbers", "数值序列"),
    "image": ("images", "图像"),
    "audio": ("audio", "音频"),
    "sensor": ("sensor data", "传感器数据"),
    "physical": ("the physical world", "实物与现场"),
    "mixed": ("mixed input", "混合输入"),
    # format
    "fixed": ("fixed: a pattern, list or rule gives it", "固定：由格式、清单或规则给出"),
    "free": ("free", "自由"),
    # stakes
    "high": ("high: law, health, safety, money or rights", "高：涉及法律、健康、安全、钱或权利"),
    "low": ("low", "低"),
    # review, existing
    "yes": ("a person checks the output", "有人复核"),
    "no": ("nobody checks the output", "无人复核"),
    "unsaid": ("not said", "未说明"),
    "works": ("works well", "好用"),
    "poor": ("poor, or by hand", "不好用或靠人工"),
    # categories, usually fit
    "creative-writing": ("creative writing", "文学创作"),
    "image-media-generation": ("image and media generation", "图像与媒体生成"),
    "ideation-naming": ("ideas and names", "点子与起名"),
    "marketing-copy": ("marketing copy", "营销文案"),
    "polishing-proofreading": ("polishing and proofreading", "润色与校对"),
    "translation-localisation": ("translation and localisation", "翻译与本地化"),
    "official-drafting": ("official drafting", "公文起草"),
    "correspondence-drafting": ("drafting mails and replies", "信函与回复起草"),
    "report-drafting": ("report drafting", "报告起草"),
    "plain-language": ("plain-language rewriting", "通俗改写"),
    "code-generation": ("code generation", "代码生成"),
    "code-explanation": ("code explanation", "代码讲解"),
    "code-review": ("local code review", "局部代码审查"),
    "test-generation": ("test generation", "测试生成"),
    "code-migration": ("code migration", "代码迁移"),
    "text-to-query": ("questions to queries", "自然语言查数"),
    "summarisation": ("summarisation", "摘要"),
    "document-qa": ("answers from documents", "文档问答"),
    "customer-conversation": ("customer conversation", "客户对话"),
    "general-assistant": ("general assistant", "通用助手"),
    "text-classification": ("sorting text by meaning", "按语义分类文本"),
    "free-extraction": ("extraction from free text", "自由文本抽取"),
    "document-comparison": ("comparing and finding documents", "文档比对与检索"),
    "tutoring-training": ("tutoring and training", "辅导与培训"),
    "role-play-companion": ("role play and companions", "角色扮演与陪伴"),
    "data-labelling": ("data labelling", "数据标注"),
    "content-moderation": ("content moderation", "内容审核"),
    # usually assist
    "legal-drafting": ("legal drafting", "法律文书起草"),
    "clinical-drafting": ("clinical drafting", "临床文书起草"),
    "evidence-gathering": ("evidence gathering", "证据收集"),
    "decision-brief": ("decision brief", "决策参考"),
    "expert-review-support": ("support for expert review", "专家审查辅助"),
    "financial-reading": ("reading financial texts", "财经文本阅读"),
    "commentary-on-numbers": ("commentary on numbers", "数据解说"),
    "model-features": ("features for another model", "为其他模型做特征"),
    "in-person-leadership": ("leading and meeting in person", "当面带队与沟通"),
    # usually overkill
    "fixed-extraction": ("fixed-format extraction", "固定格式提取"),
    "validation": ("format validation", "格式校验"),
    "lookup": ("look-up", "查表"),
    "arithmetic-reporting": ("arithmetic and standard reports", "计算与固定报表"),
    "conversion": ("format conversion", "格式转换"),
    "rule-routing": ("routing by code or keyword", "按规则分派"),
    "threshold-alert": ("threshold alerts", "阈值告警"),
    "exact-matching": ("exact matching", "精确匹配"),
    "template-fill": ("template filling", "模板填充"),
    "keyword-filter": ("keyword filter", "关键词过滤"),
    "business-rules": ("business rules", "业务规则判断"),
    "workflow-automation": ("workflow automation", "流程自动化"),
    # usually unfit
    "causal-inference": ("causal inference", "因果推断"),
    "fact-verification": ("fact verification", "事实核查"),
    "investment-trading": ("investment and trading", "投资与交易"),
    "forecasting": ("forecasting", "预测"),
    "tabular-prediction": ("prediction from records", "基于表格的预测评分"),
    "anomaly-fraud-security": ("anomaly, fraud and intrusion detection", "异常、欺诈与入侵检测"),
    "recommendation-ranking": ("recommendation and ranking", "推荐与排序"),
    "optimisation": ("optimisation and scheduling", "优化与排程"),
    "image-recognition": ("image recognition", "图像识别"),
    "medical-imaging-signals": ("medical images and signals", "医学影像与信号"),
    "speech-ocr": ("speech recognition and OCR", "语音识别与文字识别"),
    "sensor-control": ("sensors and control", "传感与控制"),
    "simulation-science": ("scientific simulation", "科学模拟"),
    "biometrics": ("biometric identification", "生物识别"),
    "autonomous-decision": ("deciding about people alone", "对人自动裁决"),
    "autonomous-action": ("acting without a person", "无人把关的自动执行"),
    "bodily-work": ("bodily work", "体力与现场劳动"),
    # usually unclear
    "model-infrastructure": ("model infrastructure", "模型基础设施"),
}
"""Category, concept name or concept value -> (English, Chinese)."""

AXIS_LABELS: dict[str, tuple[str, str]] = {
    "need": ("need", "刚需与否"),
    "role": ("the model's part", "模型的角色"),
    "innovation": ("what is new", "新在哪里"),
    "payer": ("who pays", "谁买单"),
    "assets": ("assets", "资产轻重"),
    "trap": ("trap", "常见陷阱"),
    "dependence": ("dependence", "上游依赖"),
    "price": ("price", "价格"),
    "link": ("link of the chain", "产业链位置"),
    "data": ("data rights", "数据来路"),
    "data-use": ("data use", "数据去向"),
    "moat": ("moat", "壁垒"),
    "track": ("track", "赛道"),
    "charge": ("charge", "收费方式"),
}
"""An axis of the lens -> (English, Chinese)."""

VALUE_LABELS: dict[tuple[str, str], tuple[str, str]] = {
    ("need", "need"): ("a real need", "确有所需"),
    ("need", "decoration"): ("a decoration", "锦上添花"),
    ("role", "core"): ("the core ability", "核心能力"),
    ("role", "auxiliary"): ("an auxiliary function", "辅助功能"),
    ("role", "workflow"): ("a shorter workflow", "缩短流程"),
    ("innovation", "scene"): ("a new scene", "场景创新"),
    ("innovation", "way-of-working"): ("a new way of working", "工作方式创新"),
    ("innovation", "tool"): ("a better tool", "工具创新"),
    ("innovation", "none"): ("nothing that needs a model", "用不着大模型"),
    ("payer", "customers"): ("customers", "客户"),
    ("payer", "savings"): ("own savings", "自己省下的钱"),
    ("payer", "nobody"): ("nobody", "没人买单"),
    ("assets", "heavy-without-means"): ("heavy, and the means are not shown", "重资产，看不到相应的家底"),
    ("assets", "heavy-with-means"): ("heavy, with the means", "重资产，有相应的家底"),
    ("assets", "light"): ("ready models", "用现成的模型"),
    ("trap", "technology-first"): ("technology looking for a problem", "拿着技术找问题"),
    ("trap", "custom-delivery"): ("made anew for each customer", "一家一做的定制交付"),
    ("trap", "none"): ("no trap", "没踩常见陷阱"),
    ("dependence", "locked"): ("locked to one supplier", "绑死一家供应商"),
    ("dependence", "exit"): ("a way out is there", "留有退路"),
    ("price", "subsidised"): ("subsidised", "靠补贴"),
    ("price", "hoped"): ("hoped to fall", "指望以后降价"),
    ("link", "compute"): ("compute", "算力"),
    ("link", "model"): ("models and their tools", "模型与模型工具"),
    ("link", "data"): ("data", "数据"),
    ("link", "application"): ("application", "应用"),
    ("link", "spans"): ("several links at once", "横跨几个环节"),
    ("data", "lawful"): ("lawful", "来路正当"),
    ("data", "doubtful"): ("doubtful", "来路存疑"),
    ("data-use", "guarded"): ("guarded", "有防护"),
    ("data-use", "exposed"): ("exposed", "敞着口"),
    ("moat", "internal"): ("own use", "自用"),
    ("moat", "own-data"): ("data that others lack", "独有数据"),
    ("moat", "workflow"): ("deep in the customer's process", "扎在客户流程里"),
    ("moat", "distribution"): ("customers or a channel that stand", "现成的客户与渠道"),
    ("moat", "tuned-model"): ("a special model of its own", "自己的专用模型"),
    ("moat", "regulation"): ("a licence, or liability taken", "牌照资质或担责"),
    ("moat", "none"): ("none: a thin layer", "没有：薄薄一层壳"),
    ("track", "ads-marketing"): ("advertising and marketing", "广告营销"),
    ("track", "education"): ("education", "教育"),
    ("track", "companion"): ("companions and play", "陪伴娱乐"),
    ("track", "coding"): ("coding", "编程"),
    ("track", "small-tool"): ("a small single-purpose tool", "单一功能小工具"),
    ("track", "agents"): ("agents: watched, not proven", "智能体：还在观望"),
    ("track", "none"): ("no proven track", "没有跑通的先例"),
    ("charge", "subscription"): ("subscription", "订阅"),
    ("charge", "per-use"): ("by use", "按量"),
    ("charge", "value-added"): ("inside what is paid for already", "并入已收费的产品或服务"),
    ("charge", "tipping"): ("tips and gifts", "打赏"),
}
"""An axis of the lens and one of its values -> (English, Chinese); `unsaid` reads alike everywhere."""

TECHNIQUES: dict[str, tuple[str, str]] = {
    "language-model": ("a language model", "大模型"),
    "language-model-with-review": ("a language model with review", "大模型加人工复核"),
    "retrieval-with-sources": ("retrieval that shows its sources", "带出处的检索"),
    "small-trained-classifier": ("a small trained classifier", "训练好的小分类器"),
    "regex-or-parser": ("a regular expression or parser", "正则表达式或解析器"),
    "lookup-or-sql": ("a look-up or SQL query", "查表或 SQL 查询"),
    "plain-code-or-spreadsheet": ("plain code or a spreadsheet", "普通代码或电子表格"),
    "rules-engine": ("a rules engine", "规则引擎"),
    "template": ("a template", "模板"),
    "script-or-rpa": ("a script or RPA", "脚本或 RPA"),
    "converter": ("a converter", "转换工具"),
    "validator": ("a validator", "校验器"),
    "keyword-search": ("keyword search", "关键词检索"),
    "monitoring-thresholds": ("monitoring thresholds", "监控阈值"),
    "exact-or-fuzzy-matching": ("exact or fuzzy matching", "精确或模糊匹配"),
    "econometrics-or-experiment": ("econometrics or an experiment", "计量方法或实验"),
    "verification-with-sources": ("verification against sources", "对照来源核实"),
    "quantitative-trading-model": ("a quantitative trading model", "量化交易模型"),
    "time-series-model": ("a time-series model", "时间序列模型"),
    "gradient-boosted-trees": ("gradient-boosted trees", "梯度提升树"),
    "anomaly-detector": ("an anomaly detector", "异常检测器"),
    "recommender": ("a recommender", "推荐系统"),
    "solver": ("a solver", "求解器"),
    "vision-model": ("a vision model", "视觉模型"),
    "ocr-or-speech-recogniser": ("OCR or a speech recogniser", "文字或语音识别"),
    "signal-model": ("a signal model", "信号模型"),
    "control-system": ("a control system", "控制系统"),
    "simulation": ("a simulation", "模拟"),
    "biometric-matcher": ("a biometric matcher", "生物特征比对系统"),
    "person-decides": ("a person who decides", "由人决定"),
    "approval-workflow": ("an approval workflow", "审批流程"),
    "human-work": ("people's work", "人工"),
    "static-analysis": ("static analysis", "静态分析"),
    "measure-first": ("measuring first", "先测量"),
    "other-software": ("other software", "其他软件"),
}
"""What to use instead, of the rules' closed list -> (English, Chinese)."""


def label(name: str, lang: Language) -> str:
    """Return the words for a category, a concept or a concept's value.

    Raises:
        KeyError: The name is in no closed list.

    >>> label("fixed-extraction", "en"), label("fixed-extraction", "zh")
    ('fixed-format extraction', '固定格式提取')
    """
    en, zh = LABELS[name]
    return zh if lang == "zh" else en


def axis_label(axis: str, lang: Language) -> str:
    """Return the words for an axis of the lens, or its own name where there are none.

    >>> axis_label("payer", "en"), axis_label("payer", "zh")
    ('who pays', '谁买单')
    """
    return AXIS_LABELS.get(axis, (axis, axis))[lang == "zh"]


def value_label(axis: str, value: str, lang: Language) -> str:
    """Return the words for a value of an axis, or the value itself where there are none.

    >>> value_label("need", "decoration", "en"), value_label("price", "unsaid", "zh")
    ('a decoration', '未说明')
    """
    words = LABELS["unsaid"] if value == "unsaid" else VALUE_LABELS.get((axis, value), (value, value))
    return words[lang == "zh"]
