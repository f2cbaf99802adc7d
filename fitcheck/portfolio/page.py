"""A portfolio as one self-contained page.

Chart.js draws the charts: of the libraries looked at, it alone works under a policy without `unsafe-eval` and
`unsafe-inline` (Vega builds functions from text, Plotly writes style elements), draws 5,000 dots on a canvas within a
filter's budget, follows theme and language, and adds 0.2 MB, where Plotly adds more than 4 MB. What lies in `assets/`
is the published package's `dist/chart.umd.min.js`, version 4.6.1, without the line that names its source map.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from fitcheck.portfolio.contents import pack
from fitcheck.portfolio.words import tell
from fitcheck.text import Language

if TYPE_CHECKING:
    from fitcheck.portfolio.record import Portfolio

__all__ = ["inert_json", "portfolio_page"]

_SCRIPTS = ("core.js", "table.js", "ledger.js", "charts.js", "lens.js", "sections.js")
# nothing may be loaded, sent or framed, and only the scripts and styles with these hashes run
_POLICY = (
    "default-src 'none'; script-src $scripts; style-src $style; base-uri 'none'; form-action 'none'; "
    "object-src 'none'; connect-src 'none'; img-src 'none'; frame-src 'none'"
)
_PAGE = Template("""<!doctype html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>$title</title>
<style>$style</style>
</head>
<body>
<main><noscript><p>$no_script</p><p>$summary</p></noscript></main>
<dialog id="ledger" aria-labelledby="ledger-head"></dialog>
<script type="application/json" id="data">$data</script>
<script>$chart</script>
<script>$script</script>
</body>
</html>
""")


def portfolio_page(portfolio: Portfolio, lang: Language) -> str:
    """Return the page; it opens in `lang` and holds both languages."""
    chart = _asset("chart.umd.min.js")
    script = '(() => {\n"use strict";\n' + "".join(map(_asset, _SCRIPTS)) + "})();\n"
    style = _asset("page.css")
    values = pack(portfolio)
    counts = ", ".join(f"{n} {values['words'][f'v:{v}'][lang == 'zh']}" for v, n in portfolio.counts.items())
    policy = Template(_POLICY).substitute(scripts=f"{_hash(chart)} {_hash(script)}", style=_hash(style))
    return _PAGE.substitute(
        lang="zh-CN" if lang == "zh" else "en",
        policy=policy,
        title=html.escape(values["meta"]["title"] or tell("title", lang)),
        style=style,
        no_script=html.escape(tell("no script", lang)),
        summary=html.escape(counts),
        data=inert_json(values),
        chart=chart,
        script=script,
    )


def inert_json(values: Any) -> str:
    """Return JSON that no HTML parser reads as markup: marks and line separators are written as escapes.

    >>> inert_json({"a": "</script>"})
    '{"a":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def _asset(name: str) -> str:
    return files("fitcheck.portfolio").joinpath("assets", name).read_text("utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
