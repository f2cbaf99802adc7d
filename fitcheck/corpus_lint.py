"""Checks a contributor's scenarios before they teach anything, and counts what the corpora hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from fitcheck.corpus import FORMS, load_corpus, numbered_lines, parse_line, problems_of, split_of
from fitcheck.errors import CorpusError
from fitcheck.findings import Finding, Lint
from fitcheck.records import LEARNED, Verdict
from fitcheck.resources import corpora_dir
from fitcheck.rules import Rule
from fitcheck.taxonomy import CATEGORIES, CATEGORY_VERDICT, CONCEPTS
from fitcheck.text import detect_language, fold, normalise

__all__ = ["NEAR_DUPLICATE", "CorpusLint", "card_counts", "describe_corpus", "lint_corpus"]

NEAR_DUPLICATE = 0.8
"""Two texts are near-duplicates from this cosine of their character 3- to 5-grams (TF-IDF)."""

_VERDICTS = tuple(v.value for v in LEARNED)
_PAIR_SHARES = ("family", "verdict", *CONCEPTS)
_CELLS_PER_BLOCK = 4_000_000

# Beside the usual verdict: an auxiliary or costly strength is `assist`, a chore beside a decision is `fit`.
_ALSO_POSSIBLE: dict[Verdict, tuple[Verdict, ...]] = {
    Verdict.FIT: (Verdict.ASSIST,),
    Verdict.ASSIST: (Verdict.FIT,),
}
# Figures published unseen, and a filter over a platform's whole traffic, are another method's ground.
_ALSO_UNFIT = frozenset({"text-to-query", "content-moderation"})


@dataclass(frozen=True, slots=True)
class CorpusLint(Lint):
    """All that was found in a corpus, by file and line, and what it holds."""

    findings: tuple[Finding, ...]
    counts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    line: int
    quote: str
    values: dict[str, Any]

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"

    def finding(self, level: Literal["error", "warning"], message: str) -> Finding:
        return Finding(self.path, self.line, level, message, self.quote)


def lint_corpus(path: Path | str | None = None, *, rules: Sequence[Rule] = ()) -> CorpusLint:
    """Check every line of a corpus, and go on past broken ones.

    Args:
        path: A folder of .jsonl files or one file; None for the shipped scenarios.
        rules: Rules whose examples must not stand in the test split.

    Raises:
        CorpusError: There is nothing to check.
    """
    findings: list[Finding] = []
    rows: list[_Row] = []
    broken: list[_Row] = []
    for row, found in _read_rows(path):
        findings += found
        if row is not None:
            (broken if found else rows).append(row)
    findings += _check_labels(rows)
    findings += _check_ids(rows)
    findings += _check_pairs(rows, broken)
    findings += _check_texts(rows, rules)
    findings.sort(key=lambda f: (f.path, f.line or 0, f.level))
    return CorpusLint(tuple(findings), _count(row.values for row in rows))


def describe_corpus(path: Path | str | None = None) -> dict[str, Any]:
    """Count what a corpus holds, by verdict, language, form, category, split and concept.

    Raises:
        CorpusError: A line is broken, or there is no scenario.

    >>> describe_corpus()["lang"]["en"] > 2000
    True
    """
    names = ("pair", "family", "form", "lang", "verdict", *CONCEPTS)
    return _count({n: getattr(s, n) for n in names} | {"id": s.id} for s in load_corpus(path))


def card_counts(path: Path | str | None = None) -> str:
    """Lay out the data card's tables in Markdown; `corpora/README.md` holds exactly this between its marks."""
    c = describe_corpus(path)
    lines = [
        f"{c['scenarios']:,} scenarios of {c['ideas']:,} ideas: {c['pairs']:,} ideas in both languages, "
        f"{c['ideas'] - c['pairs']:,} in one. {c['families']:,} families; {c['contrast_families']:,} of them "
        f"(with {c['in_contrast_families']:,} scenarios) hold more than one verdict."
    ]
    for title, key, order in (
        ("language", "lang", ("en", "zh")),
        ("split", "split", ("train", "test")),
        ("form", "form", FORMS),
        ("category", "category", CATEGORIES),
    ):
        lines += ["", *_table(title, c["by_verdict"][key], order)]
    lines += ["", "| concept | values |", "| --- | --- |"]
    for name, closed in CONCEPTS.items():
        if name != "category":
            lines.append(f"| {name} | " + ", ".join(f"{v} {c[name].get(v, 0):,}" for v in closed) + " |")
    return "\n".join(lines) + "\n"


def _table(title: str, cells: dict[str, dict[str, int]], order: Sequence[str]) -> list[str]:
    lines = [f"| {title} | {' | '.join(_VERDICTS)} | all |", "| --- |" + " ---: |" * (len(_VERDICTS) + 1)]
    for name in order:
        row = cells.get(name, {})
        counts = [row.get(v, 0) for v in _VERDICTS]
        lines.append(f"| {name} | {' | '.join(f'{n:,}' for n in counts)} | {sum(counts):,} |")
    totals = [sum(row.get(v, 0) for row in cells.values()) for v in _VERDICTS]
    lines.append(f"| all | {' | '.join(f'{n:,}' for n in totals)} | {sum(totals):,} |")
    return lines


def _count(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    kept = list(rows)
    verdicts_of: dict[str, set[str]] = defaultdict(set)
    by_verdict: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    totals: dict[str, Counter[str]] = {n: Counter() for n in ("verdict", "lang", "form", "split", *CONCEPTS)}
    pairs: Counter[str] = Counter()
    for row in kept:
        verdicts_of[row["family"]].add(row["verdict"])
        if row["pair"] is not None:
            pairs[row["pair"]] += 1
        values = {n: str(row[n]) for n in totals if n != "split"} | {"split": split_of(row["family"])}
        for name, value in values.items():
            totals[name][value] += 1
            if name in ("lang", "form", "split", "category"):
                by_verdict[name][value][str(row["verdict"])] += 1
    contrast = {f for f, verdicts in verdicts_of.items() if len(verdicts) > 1}
    return {
        "scenarios": len(kept),
        "ideas": len(kept) - sum(n - 1 for n in pairs.values()),
        "pairs": sum(n > 1 for n in pairs.values()),
        "families": len(verdicts_of),
        "contrast_families": len(contrast),
        "in_contrast_families": sum(row["family"] in contrast for row in kept),
        **{name: dict(sorted(counter.items())) for name, counter in totals.items()},
        "by_verdict": {n: {v: dict(c) for v, c in sorted(cells.items())} for n, cells in by_verdict.items()},
    }


def _read_rows(path: Path | str | None) -> Iterable[tuple[_Row | None, list[Finding]]]:
    """Yield each line as a row, or what is wrong with it; an empty file is a finding, not the end."""
    folder = Path(path) if path is not None else corpora_dir()
    files = sorted(folder.glob("*.jsonl")) if folder.is_dir() else []
    files = files or [folder]
    for file in files:
        try:
            for where, number, line in numbered_lines(file):
                quote = line.decode("utf-8", "replace")
                try:
                    row = _Row(str(where), number, quote, parse_line(line))
                except ValueError as error:
                    yield None, [Finding(str(where), number, "error", str(error), quote)]
                    continue
                yield row, [row.finding("error", p) for p in problems_of(row.values)]
        except CorpusError as error:
            # a folder with no file, or the one file that was named: nothing else could be checked
            if len(files) < 2:
                raise
            yield None, [Finding(str(file), None, "error", str(error).removeprefix(f"{file}: "))]


def _check_labels(rows: Sequence[_Row]) -> Iterable[Finding]:
    for row in rows:
        v = row.values
        verdict, category = Verdict(v["verdict"]), v["category"]
        usual = CATEGORY_VERDICT[category]
        possible = {usual, *_ALSO_POSSIBLE.get(usual, ())} | ({Verdict.UNFIT} if category in _ALSO_UNFIT else set())
        if verdict not in possible:
            yield row.finding("warning", f"{category} is never {verdict} by the taxonomy; look at both again")
        if (v["format"] == "fixed") != (verdict is Verdict.OVERKILL):
            what = f"format {v['format']} with verdict {verdict}; fixed is plain software's ground, free all else"
            yield row.finding("warning", what)
        needs = verdict in (Verdict.OVERKILL, Verdict.UNFIT)
        if needs and v["alternative"] is None:
            yield row.finding("error", f"{verdict} without an alternative; name the technique to use instead")
        if not needs and v["alternative"] is not None:
            yield row.finding("warning", f"{verdict} needs no alternative; write null")
        if detect_language(v["text"]) != v["lang"]:
            yield row.finding("error", f"lang is {v['lang']}, but the text reads as the other language")


def _check_ids(rows: Sequence[_Row]) -> Iterable[Finding]:
    first: dict[str, _Row] = {}
    for row in rows:
        other = first.setdefault(row.values["id"], row)
        if other is not row:
            yield row.finding("error", f"the id {row.values['id']!r} stands at {other.place} too; ids are unique")


def _check_pairs(rows: Sequence[_Row], broken: Sequence[_Row]) -> Iterable[Finding]:
    # a twin that is broken has its own finding already
    excused = {str(row.values.get("pair")) for row in broken}
    pairs: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.values["pair"] is not None:
            pairs[row.values["pair"]].append(row)
    for pair, members in pairs.items():
        if pair in excused:
            continue
        langs = sorted(m.values["lang"] for m in members)
        if langs != ["en", "zh"]:
            what = f"the pair {pair!r} has {' and '.join(langs)}; a pair is one en and one zh (write null for a single)"
            yield members[-1].finding("error", what)
            continue
        a, b = (m.values for m in members)
        differing = [n for n in _PAIR_SHARES if a[n] != b[n]]
        if differing:
            what = f"the twin at {members[0].place} has another {', '.join(differing)}; a pair is one idea"
            yield members[1].finding("error", what)


def _check_texts(rows: Sequence[_Row], rules: Sequence[Rule]) -> Iterable[Finding]:
    """Find texts that stand twice, nearly twice, or in a rule's examples and the test split."""
    if not rows:
        return
    texts = [_plain(row.values["text"]) for row in rows]
    sides = [split_of(row.values["family"]) for row in rows]
    first: dict[str, int] = {}
    for i, text in enumerate(texts):
        j = first.setdefault(text, i)
        if j != i:
            yield rows[i].finding("error", f"the same text stands at {rows[j].place}; keep one")
    examples = [(rule.id, _plain(e.text)) for rule in rules for e in rule.example]
    for i, j, cosine in _near(texts, [text for _, text in examples]):
        if j >= len(rows):
            if sides[i] == "test":
                what = f"an example of the rule {examples[j - len(rows)][0]!r} is this text (cosine {cosine:.2f})"
                yield rows[i].finding("error", f"{what}, and the text is in the test split; change the example")
        elif texts[i] != texts[j] and rows[i].values["family"] != rows[j].values["family"]:
            what = f"nearly the same text as {rows[j].place} (cosine {cosine:.2f}) in another family"
            if sides[i] != sides[j]:
                yield rows[i].finding("error", f"{what} on the other side of the split; give both one family")
            else:
                yield rows[i].finding("warning", f"{what}; give both one family, or drop one")


def _plain(text: str) -> str:
    return fold(normalise(text))


def _near(texts: Sequence[str], others: Sequence[str]) -> list[tuple[int, int, float]]:
    """Return (i, j, cosine) of near-duplicates: i a text; j an earlier text, or len(texts) + an index of others."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(3, 5), dtype=np.float32)
    # padding lets a text of one or two characters have a trigram
    vectors = vectorizer.fit_transform([f"  {t}  " for t in (*texts, *others)]).tocsr()
    transposed = vectors.T.tocsr()
    found: list[tuple[int, int, float]] = []
    step = max(1, _CELLS_PER_BLOCK // vectors.shape[0])
    for start in range(0, len(texts), step):
        block = (vectors[start : min(start + step, len(texts))] @ transposed).tocoo()
        left, right = block.row + start, block.col
        keep = (block.data >= NEAR_DUPLICATE) & ((right < left) | (right >= len(texts)))
        found += zip(left[keep].tolist(), right[keep].tolist(), block.data[keep].tolist(), strict=True)
    return sorted(found)
