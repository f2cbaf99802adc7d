"""Checks a rule pack before it argues: its files, patterns, sources and examples, and that each rule fires at all."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from fitcheck.corpus import Scenario, load_corpus
from fitcheck.errors import RuleError, UseCaseError
from fitcheck.findings import Finding, Lint
from fitcheck.matching import Matcher
from fitcheck.resources import rules_dir
from fitcheck.rule_packs import read_rule, rule_files
from fitcheck.rule_rows import RuleRow, rule_rows
from fitcheck.rules import Example, Rule, with_boundaries
from fitcheck.tasks import split_tasks
from fitcheck.text import normalise
from fitcheck.toml_lines import find_line
from fitcheck.use_case import UseCase

__all__ = ["MAX_REPETITION", "RulesLint", "lint_rules", "lint_text"]

MAX_REPETITION = 20
"""The highest count that a pattern may ask for, as in `.{0,20}`: RE2 unrolls each, and its automaton grows with it."""

_FIRING_EXAMPLES = 2
_NEAR_MISSES = 1
_LANGS: tuple[Literal["en", "zh"], ...] = ("en", "zh")
# A counted repetition; the brace of \p{Han} or of an escaped \{ has no digit after it, or a backslash before.
_COUNTED = re.compile(r"(?<!\\)\{(\d*)(?:,(\d*))?\}")
# what holds letters that stand for no letter of the text: escapes, classes by name, groups' names
_NO_LETTERS = re.compile(r"\\[pPx]\{[^}]*\}|\\x[0-9A-Fa-f]{2}|\\[pP]?.|\(\?P?<\w+>")
_CLASS = re.compile(r"\[\]?[^\]]*\]")
_ESCAPED_BRACKET = re.compile(r"\\[\[\]]")
_ANY_CASE = re.compile(r"\(\?[a-zA-Z]*i")
_ADDRESS = re.compile(r"https?://[^\s/.]+(?:\.[^\s/.]+)+(?:[:/?#]\S*)?")

# Verbs that any proposal may hold; a rule that fires on one of them alone fires everywhere.
_GENERIC_EN = (
    "use uses using used help helps helping analyse analyze analysing analyzing analysis process processes processing "
    "manage managing management handle handling support supporting improve improving automate automating automation "
    "assist assisting provide providing enable enabling do doing make making work working run running apply applying "
    "build building develop create creating perform implement integrate deploy optimise optimize streamline"
)
_GENERIC_ZH = (
    "使用 利用 用 帮助 帮 协助 辅助 分析 处理 管理 支持 提升 提高 改进 优化 实现 进行 提供 应用 开发 构建 打造 建设 "
    "赋能 自动化 智能化 执行 完成 工作 业务 流程 系统 平台 智能 数据"
)


@dataclass(frozen=True, slots=True)
class RulesLint(Lint):
    """All that was found in a pack, by file and line, and each rule's figures.

    Attributes:
        path: The pack.
        scenarios: How many labelled scenarios it was tried on.
        findings: Sorted by file and line.
        rows: One per rule that could be read, by family and id.
    """

    path: str
    scenarios: int
    findings: tuple[Finding, ...]
    rows: tuple[RuleRow, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Return plain values that `json.dumps` takes."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    rule: Rule

    def finding(self, what: str, place: Sequence[int | str], *, needle: str | None = None) -> Finding:
        line, quote = find_line(self.path, place, needle)
        return Finding(str(self.path), line, "error", what, quote or "")


def lint_rules(
    path: Path | str | None = None, scenarios: Iterable[Scenario] | None = None, *, today: dt.date | None = None
) -> RulesLint:
    """Check every file of a rule pack, and go on past broken ones.

    Args:
        path: A folder of `<family>/<id>.toml`, or one file; None for the shipped rules.
        scenarios: What the rules are tried on; None for the training split of the shipped ones.
        today: The day against which sources expire; None for the present day.

    Raises:
        RuleError: There is nothing to check.
    """
    folder = Path(path) if path is not None else rules_dir()
    findings: list[Finding] = []
    files: list[_File] = []
    for file in _toml_files(folder):
        try:
            files.append(_File(file, read_rule(file)))
        except RuleError as error:
            findings.append(_finding_of(error, file))
    findings += _check_ids(files)
    for one in files:
        findings += _check_patterns(one)
        findings += _check_capitals(one)
        findings += _check_sources(one, today or dt.date.today())
        findings += _check_examples(one)
        if one.rule.expired(today or dt.date.today()):
            what = "a source has passed its expiry date: look whether the claim still holds, then renew the date"
            findings.append(Finding(str(one.path), *_expiry_line(one.path), "warning", what))
    tried = [s for s in load_corpus() if s.split == "train"] if scenarios is None else list(scenarios)
    rows = rule_rows([f.rule for f in files], tried) if files else ()
    for one in files:
        if tried and not next(row.fires for row in rows if row.id == one.rule.id) and not _needs_facts(one.rule):
            what = f"fires on none of {len(tried):,} scenarios: widen its patterns, or add scenarios that it is for"
            findings.append(one.finding(what, ("id",)))
    findings.sort(key=lambda f: (f.path, f.line or 0, f.level, f.message))
    return RulesLint(str(folder), len(tried), tuple(findings), rows)


def _toml_files(folder: Path) -> list[Path]:
    if not folder.exists():
        raise RuleError(f"{folder}: no such file or folder; give a folder of <family>/<id>.toml files")
    files = rule_files(folder)
    if not files:
        raise RuleError(f"{folder}: no rule file in it; a pack holds <family>/<id>.toml files")
    return files


def _finding_of(error: RuleError, file: Path) -> Finding:
    """Take an error that quotes a line apart again."""
    head, _, quoted = str(error).partition("\n")
    match = re.match(r":(\d+): ", head.removeprefix(str(file)))
    if match is None:
        return Finding(str(file), None, "error", str(error).removeprefix(f"{file}: "))
    return Finding(
        str(file), int(match[1]), "error", head.removeprefix(str(file))[match.end() :], quoted.partition(" | ")[2]
    )


def _expiry_line(path: Path) -> tuple[int | None]:
    line, _ = find_line(path, ("source", 0, "expires"))
    return (line,)


def _check_ids(files: Sequence[_File]) -> Iterator[Finding]:
    first: dict[str, _File] = {}
    for one in files:
        other = first.setdefault(one.rule.id, one)
        if other is not one:
            yield one.finding(f"the id {one.rule.id!r} stands in {other.path} too; ids are unique", ("id",))


def _check_patterns(one: _File) -> Iterator[Finding]:
    for number, block in enumerate(one.rule.when):
        if block.text is not None:
            for lang in _LANGS:
                if not getattr(block.text, lang):
                    what = f"when block {number + 1} has no {lang} text patterns; a rule reads both languages"
                    yield one.finding(what, ("when", number, "text"))
        for key in ("text", "unless"):
            patterns = getattr(block, key)
            for lang in _LANGS if patterns is not None else ():
                for pattern in getattr(patterns, lang):
                    yield from _check_repetition(one, pattern, ("when", number, key, lang))
        # further conditions may make a wide pattern narrow
        if block.text is not None and not block.facts and not block.concepts:
            for pattern, compiled in _compiled(block.text):
                word = _generic_word(compiled)
                if word is not None:
                    what = f"fires on {word!r} alone, which any idea may say: {pattern!r}; name the task as well"
                    yield one.finding(what, ("when", number, "text"), needle=pattern)


def _check_repetition(one: _File, pattern: str, place: Sequence[int | str]) -> Iterator[Finding]:
    for match in _COUNTED.finditer(pattern):
        if max((int(n) for n in match.groups() if n), default=0) > MAX_REPETITION:
            what = (
                f"the repetition {match.group()} counts too far; RE2 unrolls it: use at most {{0,{MAX_REPETITION}}}, "
                "or * (a match never leaves its sentence)"
            )
            yield one.finding(what, place, needle=pattern)


def _check_capitals(one: _File) -> Iterator[Finding]:
    for number, block in enumerate(one.rule.when):
        for key in ("text", "unless"):
            patterns = getattr(block, key)
            for lang in _LANGS if patterns is not None else ():
                for pattern in getattr(patterns, lang):
                    capital = _capital(pattern)
                    if capital is not None:
                        what = (
                            f"the capital {capital!r} never matches, since ideas are read in lower case: {pattern!r}; "
                            "write it in lower case"
                        )
                        yield one.finding(what, ("when", number, key, lang), needle=pattern)


def _capital(pattern: str) -> str | None:
    """Return a letter that a pattern asks for as a capital alone, or None: `P-waves?|p-waves?` takes both."""
    if _ANY_CASE.search(pattern):
        return None
    rest = _NO_LETTERS.sub("", _CLASS.sub(_upper_class, _ESCAPED_BRACKET.sub("", pattern)))
    ways = rest.split("|")
    return next((c for way in ways if way.lower() not in ways for c in way if c.isupper()), None)


def _upper_class(match: re.Match[str]) -> str:
    """Drop a class of characters that something in lower case meets."""
    written = match.group()
    return "" if written.startswith("[^") or any(c.islower() for c in written) else written


def _check_sources(one: _File, today: dt.date) -> Iterator[Finding]:
    for number, source in enumerate(one.rule.source):
        if source.url is not None and not _ADDRESS.fullmatch(source.url):
            what = (
                f"source {number + 1} has url = {source.url!r}, which is no address; write it as https://…, or drop it"
            )
            yield one.finding(what, ("source", number, "url"))
        if source.seen > today:
            what = f"source {number + 1} was seen on {source.seen}, which is yet to come; write the day it was read"
            yield one.finding(what, ("source", number, "seen"))


def _compiled(patterns: Any) -> Iterator[tuple[str, Any]]:
    import re2

    options = re2.Options()
    options.log_errors = False
    for written, pattern in [(p, with_boundaries(p)) for p in patterns.en] + [(p, p) for p in patterns.zh]:
        yield written, re2.compile(pattern, options)


def _generic_word(compiled: Any) -> str | None:
    for word in _GENERIC_EN.split():
        if compiled.search(word) or compiled.search(f"we want to {word} it"):
            return word
    for word in _GENERIC_ZH.split():
        if compiled.search(word) or compiled.search(f"我们想{word}一下"):
            return word
    return None


def _check_examples(one: _File) -> Iterator[Finding]:
    matcher = Matcher([one.rule])
    counts: Counter[tuple[str, bool]] = Counter((e.lang, e.fires != "no") for e in one.rule.example)
    for lang in _LANGS:
        firing, silent = counts[lang, True], counts[lang, False]
        if firing < _FIRING_EXAMPLES or silent < _NEAR_MISSES:
            what = (
                f"{lang} has {firing} examples that fire and {silent} near misses; "
                f"a rule needs {_FIRING_EXAMPLES} and {_NEAR_MISSES}"
            )
            yield one.finding(what, ("id",))
    for number, example in enumerate(one.rule.example):
        try:
            UseCase.read({"text": example.text, **example.facts}, where="its facts")
            got = _role_of(matcher, example)
        except UseCaseError as error:
            yield one.finding(f"example {number + 1} can't be read: {error}", ("example", number))
            continue
        if got != example.fires:
            what = f"example {number + 1} says fires = {example.fires!r}, and it is {got!r}"
            yield one.finding(what, ("example", number, "fires"))


def _role_of(matcher: Matcher, example: Example) -> str:
    text = normalise(example.text)
    fired = matcher.fired(text, split_tasks(text), facts=example.facts, concepts={})
    return fired[0].role if fired else "no"


def _needs_facts(rule: Rule) -> bool:
    """Say whether only given facts, which scenarios have none of, can make a rule fire."""
    return all(block.facts for block in rule.when)


def lint_text(lint: RulesLint) -> str:
    """Lay out a lint for a terminal: the findings, each rule's figures, and a last line that counts."""
    lines = [str(finding) for finding in lint.findings]
    if lines:
        lines.append("")
    width = max((len(row.id) for row in lint.rows), default=4)
    lines.append(
        f"{'rule':{width}}  {'argues (core)':13} {'speaks':>6} {'en':>5} {'zh':>5} {'cover':>6} {'prec':>5} "
        f"{'overlap':>7} {'conflict':>8}"
    )
    family = None
    for row in lint.rows:
        if row.family != family:
            family = row.family
            lines.append(f"{family}/")
        core = row.argues.get("core") or next(iter(row.argues.values()))
        lines.append(
            f"{row.id:{width}}  {core:13} {row.speaks:6} {row.by_lang['en']:5} {row.by_lang['zh']:5} "
            f"{row.coverage:6.1%} {_share(row.precision):>5} {_share(row.overlap):>7} {_share(row.conflict):>8}"
        )
    verdict = f"{len(lint.errors)} errors, {len(lint.warnings)} warnings"
    lines += ["", f"{lint.path}: {len(lint.rows)} rules on {lint.scenarios:,} scenarios: {verdict}"]
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
