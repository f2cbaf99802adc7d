"""What to use instead, by the core task's category, where no rule has named it."""

from __future__ import annotations

from collections.abc import Mapping

from fitcheck.records import Verdict
from fitcheck.rules import Technique
from fitcheck.taxonomy import CATEGORY_VERDICT

__all__ = ["ALTERNATIVES", "alternative_for"]

ALTERNATIVES: dict[str, tuple[Technique, str, str]] = {
    "fixed-extraction": (
        "regex-or-parser",
        "a regular expression or a parser; a model at most for what it leaves over",
        "正则表达式或解析器；剩下匹配不到的部分再考虑模型",
    ),
    "validation": ("validator", "a validator: schema, checksum, required fields", "校验器：结构、校验位、必填项"),
    "lookup": ("lookup-or-sql", "a look-up in the table or system that holds the answer", "直接查存有答案的表或系统"),
    "arithmetic-reporting": (
        "plain-code-or-spreadsheet",
        "plain code, SQL or a spreadsheet, which never miscounts",
        "普通代码、SQL 或电子表格，不会算错",
    ),
    "conversion": ("converter", "a converter or a small script", "格式或单位转换工具、小脚本"),
    "rule-routing": ("rules-engine", "routing rules on the code or the keyword", "按代码或关键词的路由规则"),
    "threshold-alert": (
        "monitoring-thresholds",
        "a fixed limit in the monitoring system, a timer or a scheduled reminder",
        "监控系统里的阈值、定时器或定时提醒",
    ),
    "exact-matching": (
        "exact-or-fuzzy-matching",
        "a join by key, a diff, or fuzzy string matching",
        "按键关联、差异比对或模糊字符串匹配",
    ),
    "template-fill": ("template", "a template filled from the fields (mail merge)", "模板填充（邮件合并）"),
    "keyword-filter": ("keyword-search", "a word list, a menu or keyword search", "词表、菜单或关键词检索"),
    "business-rules": (
        "rules-engine",
        "the written rules as code, a decision table or a rules engine (DMN)",
        "把成文规则写成代码、决策表或规则引擎（DMN）",
    ),
    "workflow-automation": (
        "script-or-rpa",
        "ordinary software: a script, a job scheduler, RPA, a data pipeline",
        "普通软件：脚本、任务调度、RPA、数据管道",
    ),
    "causal-inference": (
        "econometrics-or-experiment",
        "an experiment, or econometrics: difference in differences, instruments, DoWhy, EconML",
        "做实验，或用计量方法：双重差分、工具变量、DoWhy、EconML",
    ),
    "fact-verification": (
        "verification-with-sources",
        "people checking against primary sources; a model may find the passages",
        "由人对照一手来源核实；模型可以帮忙找出处",
    ),
    "investment-trading": (
        "quantitative-trading-model",
        "a backtested quantitative model with risk limits, and people who answer for it",
        "经过回测、有风险限额的量化模型，以及对此负责的人",
    ),
    "forecasting": (
        "time-series-model",
        "a time-series model (statsforecast, Prophet, gradient-boosted trees on lags)",
        "时间序列模型（statsforecast、Prophet、带滞后特征的梯度提升树）",
    ),
    "tabular-prediction": (
        "gradient-boosted-trees",
        "gradient-boosted trees or a scorecard (LightGBM, XGBoost)",
        "梯度提升树或评分卡（LightGBM、XGBoost）",
    ),
    "anomaly-fraud-security": (
        "anomaly-detector",
        "an anomaly detector or a trained classifier on the records",
        "针对记录训练的异常检测器或分类器",
    ),
    "recommendation-ranking": (
        "recommender",
        "a recommender or learning to rank on behaviour data",
        "基于行为数据的推荐或排序学习模型",
    ),
    "optimisation": (
        "solver",
        "a solver: OR-Tools, Timefold, mixed-integer programming",
        "求解器：OR-Tools、Timefold、混合整数规划",
    ),
    "image-recognition": ("vision-model", "a trained vision model", "训练好的视觉模型"),
    "medical-imaging-signals": (
        "vision-model",
        "a certified imaging or signal model, read by a clinician",
        "经认证的影像或信号模型，由医生判读",
    ),
    "speech-ocr": ("ocr-or-speech-recogniser", "a speech recogniser or an OCR engine", "语音识别或 OCR 引擎"),
    "sensor-control": (
        "control-system",
        "a controller or a signal model: PLC, model predictive control, vibration analysis",
        "控制器或信号模型：PLC、模型预测控制、振动分析",
    ),
    "simulation-science": (
        "simulation",
        "a numerical simulation or the field's own scientific model",
        "数值模拟或该领域自己的科学模型",
    ),
    "biometrics": (
        "biometric-matcher",
        "a biometric matcher, tested for error rates",
        "经过错误率测试的生物特征比对系统",
    ),
    "autonomous-decision": (
        "person-decides",
        "a person decides by written criteria; a model may prepare the file",
        "由人按成文标准决定；模型可以准备材料",
    ),
    "autonomous-action": (
        "approval-workflow",
        "an approval workflow: a person releases each act",
        "审批流程：每个动作由人放行",
    ),
    "bodily-work": ("human-work", "people, tools and machines on the spot", "现场的人、工具和机器"),
}


def alternative_for(verdict: Verdict, category_shares: Mapping[str, float]) -> dict[str, str] | None:
    """Return the technique of the likeliest category among those that lead to a verdict.

    Args:
        verdict: `overkill` or `unfit`; others have no alternative.
        category_shares: Probability by category.

    Returns:
        The technique as kind, en and zh, or None.
    """
    leading = [c for c in ALTERNATIVES if CATEGORY_VERDICT[c] is verdict and c in category_shares]
    if not leading:
        return None
    kind, en, zh = ALTERNATIVES[max(leading, key=category_shares.__getitem__)]
    return {"kind": kind, "en": en, "zh": zh}
