"""An example of each task that goes by a term of the trade."""

from __future__ import annotations

from fitcheck.text import Language

__all__ = ["example_of"]

_EXAMPLES: dict[str, tuple[str, str]] = {
    "fixed-extraction": ("the invoice number out of a set form", "从固定版式里取发票号"),
    "validation": ("is the tax number well formed?", "税号格式对不对"),
    "conversion": ("dates, units, one file format to another", "日期、单位、文件格式互转"),
    "exact-matching": ("payments against invoices", "付款和发票对上号"),
    "template-fill": ("name and sum into a set letter", "把姓名、金额填进固定信函"),
    "keyword-filter": ("mails that hold the word “refund”", "挑出含“退款”二字的邮件"),
    "arithmetic-reporting": ("sums by month and branch", "按月按门店汇总"),
    "lookup": ("the price of an article", "查某个商品的价格"),
    "workflow-automation": ("copy each order into the other system", "每张订单抄到另一个系统"),
    "rule-routing": ("by postcode to the branch", "按邮编分到网点"),
    "business-rules": ("the discount by the written terms", "按成文条款算折扣"),
    "threshold-alert": ("a notice when stock falls below 20", "库存低于 20 就提醒"),
    "forecasting": ("next month's sales", "下个月的销量"),
    "tabular-prediction": ("who will cancel", "哪些客户会流失"),
    "anomaly-fraud-security": ("payments that look like fraud", "像欺诈的付款"),
    "recommendation-ranking": ("what to show a shopper next", "接下来给顾客看什么"),
    "investment-trading": ("what to buy and sell", "买卖哪些股票"),
    "optimisation": ("rosters, routes", "排班、路线"),
    "simulation-science": ("how a design behaves", "推演设计的表现"),
    "image-recognition": ("faults on photos", "照片里的瑕疵"),
    "speech-ocr": ("scans or speech into text", "扫描件、录音转文字"),
    "medical-imaging-signals": ("X-rays, heart curves", "X 光片、心电图"),
    "biometrics": ("faces, fingerprints", "人脸、指纹"),
    "sensor-control": ("run a heating or a machine", "控制供暖或设备"),
    "autonomous-decision": ("who gets the flat", "房子分给谁"),
    "autonomous-action": ("pay, order, delete", "付款、下单、删除"),
    "causal-inference": ("did the campaign raise sales?", "销量上涨是不是因为促销"),
    "fact-verification": ("is the claim true?", "这个说法是真是假"),
}


def example_of(category: str, lang: Language) -> str:
    """Return an example of a task, to be read after its name; empty where the name says enough.

    >>> example_of("lookup", "en")
    ' (the price of an article)'
    """
    found = _EXAMPLES.get(category)
    if found is None:
        return ""
    return f"（{found[1]}）" if lang == "zh" else f" ({found[0]})"
