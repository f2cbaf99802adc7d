"""Rules against an idea: evidence, or silence.

Patterns are RE2's, so that matching is linear in the text whatever a pack contains, and
only those whose literals stand in the text are compiled and run. `text` is looked for
sentence by sentence; `unless` in the whole idea.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fitcheck.errors import RuleError
from fitcheck.literal_index import LiteralIndex, count_literals
from fitcheck.literals import Literals, by_rarity, required_literals
from fitcheck.records import Evidence, Role, Task, Verdict
from fitcheck.rules import Block, Rule
from fitcheck.text import fold

__all__ = ["Hit", "Matcher", "by_sentence", "depends_on", "holds", "literals_of"]

_RANK: dict[Role, int] = {"core": 0, "auxiliary": 1, "workflow": 2, "dropped": 3}
_SENTENCE_MARKS = "!?;。！？；"
_MAX_SPANS = 50
_COMPILED_FOR = 24_576
"""Texts after which patterns are compiled anew: RE2 keeps what it learns of each text, which would grow for hours."""

_SILENCING_FOR = 8_192
"""The same for what silences a block: few and long patterns, quickly compiled, of which RE2 keeps much."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A block of a rule whose words stand in an idea, or that needs none.

    Attributes:
        rule: The rule.
        block: The block; its facts and concepts are still to be held against the idea's.
        role: The role of the task that it speaks about.
        start: Where the words begin in the normalised text; -1 where the block has none.
        end: Where they end.
    """

    rule: Rule
    block: Block
    role: Role
    start: int
    end: int

    def rank(self) -> tuple[int, int]:
        """Sort the most central and earliest first."""
        return _RANK[self.role], self.start


class Matcher:
    """Matches a pack of rules.

    Args:
        rules: The rules.
        scale: Fitted factor per rule id on its written weight; missing ids take `default_scale`.
        default_scale: The factor of rules that no fit has seen.
        literals: What `required_literals` gave for the patterns, where it is known already.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        scale: Mapping[str, float] | None = None,
        default_scale: float = 1.0,
        literals: Mapping[str, Literals | None] | None = None,
    ) -> None:
        self.rules = tuple(rules)
        self.scale = dict(scale or {})
        self.default_scale = default_scale
        self._entries = [(r, b, p) for r in rules for b in r.when if b.text for p in b.text.compiled()]
        # what silences a block is asked for where its words stand, and all of it at once
        self._barring = {id(b): _any_of(b.unless.compiled()) for r in rules for b in r.when if b.unless}
        self._patterns = _Patterns([p for _, _, p in self._entries], literals or {})
        self._silent = [Hit(r, b, "core", -1, -1) for r in rules for b in r.when if b.text is None]
        self._expired: dict[tuple[str, dt.date], bool] = {}
        self.asks_concepts = any(block.concepts for rule in rules for block in rule.when)

    def scan(self, text: str, tasks: Sequence[Task]) -> list[Hit]:
        """Find where the blocks' words stand, whatever the facts and concepts are.

        Args:
            text: The normalised text.
            tasks: Its clauses.

        Returns:
            For each block that its words or its lack of them let fire, the best role.
        """
        return self.scan_all([fold(text)], [tasks])[0]

    def scan_all(self, folded: Sequence[str], tasks: Sequence[Sequence[Task]]) -> list[list[Hit]]:
        """Do the same for many texts that `fitcheck.text.fold` returned.

        Args:
            folded: The texts.
            tasks: The clauses of each.
        """
        texts = [by_sentence(text) for text in folded]
        # one thing after the other over all texts, and pattern by pattern: what is looked up stays in the core's cache
        rows: dict[int, list[int]] = {}
        for row, text in enumerate(texts):
            for number in self._patterns.candidates(text):
                rows.setdefault(number, []).append(row)
        looked_at = [_Encoded(text) for text in texts]
        best: list[dict[int, Hit]] = [{} for _ in texts]
        for number in sorted(rows):
            rule, block, pattern = self._entries[number]
            for row in rows[number]:
                known = best[row].get(id(block))
                if known is not None and known.role == "core":
                    continue
                for start, end in self._patterns.search(pattern, looked_at[row]):
                    hit = Hit(rule, block, _role_at(tasks[row], start, end), start, end)
                    if known is None or hit.rank() < known.rank():
                        best[row][id(block)] = known = hit
                    if hit.role == "core":
                        break
        return [
            self._not_barred([*own.values(), *self._silent], text) for own, text in zip(best, looked_at, strict=True)
        ]

    def fired(
        self, text: str, tasks: Sequence[Task], *, facts: Mapping[str, Any], concepts: Mapping[str, str]
    ) -> list[Hit]:
        """Return every rule that holds, each once, with its best role.

        Args:
            text: The normalised text.
            tasks: Its clauses.
            facts: The known facts.
            concepts: The concepts' names and predicted values.
        """
        return _best([hit for hit in self.scan(text, tasks) if holds(hit, facts, concepts)])

    def match(
        self,
        text: str,
        tasks: Sequence[Task],
        *,
        facts: Mapping[str, Any] | None = None,
        concepts: Mapping[str, str] | None = None,
        today: dt.date | None = None,
    ) -> list[Evidence]:
        """Return the evidence of the rules that fire and have something to say about that role."""
        return self.weigh(text, self.scan(text, tasks), facts=facts or {}, concepts=concepts or {}, today=today)

    def weigh(
        self,
        text: str,
        hits: Sequence[Hit],
        *,
        facts: Mapping[str, Any],
        concepts: Mapping[str, str],
        scale: Mapping[str, float] | None = None,
        today: dt.date | None = None,
    ) -> list[Evidence]:
        """Turn what `scan` found into evidence under some facts and concepts.

        Within one family and one role only the strongest rule counts; the others stand in `also`.
        `scale` stands in for the factors that the matcher was made with.
        """
        held = [hit for hit in hits if holds(hit, facts, concepts)]
        return self.argue(text, held, scale=scale, today=today)

    def argue(
        self,
        text: str,
        held: Sequence[Hit],
        *,
        scale: Mapping[str, float] | None = None,
        today: dt.date | None = None,
    ) -> list[Evidence]:
        """Turn hits whose facts and concepts hold into evidence, as `weigh` does."""
        today = today or dt.date.today()
        scale = self.scale if scale is None else scale
        groups: dict[tuple[str, Role], list[tuple[float, str, Verdict, Hit]]] = {}
        for fired in _best(held):
            argued = fired.rule.argues(fired.role)
            if argued is None:
                continue
            verdict, weight = argued
            size = round(weight * scale.get(fired.rule.id, self.default_scale), 2)
            groups.setdefault((fired.rule.family, fired.role), []).append((-size, fired.rule.id, verdict, fired))
        evidence = []
        for rows in groups.values():
            rows.sort(key=lambda row: row[:2])
            size, rule_id, verdict, fired = rows[0]
            if size:
                evidence.append(
                    Evidence(
                        source="rule",
                        id=rule_id,
                        verdict=verdict,
                        log_odds=-size,
                        role=fired.role,
                        quote=text[fired.start : fired.end] if fired.start >= 0 else "",
                        start=fired.start,
                        also=tuple(row[1] for row in rows[1:]),
                        stale=self._is_expired(fired.rule, today),
                    )
                )
        return evidence

    def _is_expired(self, rule: Rule, today: dt.date) -> bool:
        """Say whether a source of a rule has expired; under many facts in turn it is asked on one day."""
        known = self._expired.get((rule.id, today))
        if known is None:
            known = self._expired[rule.id, today] = rule.expired(today)
        return known

    def _not_barred(self, hits: Sequence[Hit], looked_at: _Encoded) -> list[Hit]:
        """Return the hits for whose blocks no `unless` stands anywhere in the idea."""
        patterns = [self._barring.get(id(hit.block)) for hit in hits]
        return [
            hit
            for hit, pattern in zip(hits, patterns, strict=True)
            if pattern is None or not self._patterns.occurs(pattern, looked_at)
        ]


def depends_on(hits: Sequence[Hit]) -> set[str]:
    """Return the facts and concepts on which it depends whether these rules hold."""
    return {name for hit in hits for name in (*hit.block.facts, *hit.block.concepts)}


def literals_of(rules: Sequence[Rule], texts: Sequence[str] = ()) -> dict[str, Literals | None]:
    """Return the required literals of every pattern, to be kept and given to `Matcher`.

    Args:
        rules: The rules.
        texts: Normalised texts such as will be matched: what stands in few of them is looked at first.
    """
    patterns = {p for r in rules for b in r.when if b.text for p in b.text.compiled()}
    found = {pattern: required_literals(pattern) for pattern in sorted(patterns)}
    counts = count_literals([own for own in found.values() if own], [by_sentence(fold(text)) for text in texts])
    return {pattern: own and by_rarity(own, counts) for pattern, own in found.items()}


def _any_of(patterns: Iterable[str]) -> str:
    """Return the pattern that matches where any of these does."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


class _Encoded:
    """A text as the bytes that RE2 reads, which it would otherwise make anew for every pattern."""

    def __init__(self, text: str) -> None:
        self.bytes = text.encode("utf-8")
        self._is_ascii = len(self.bytes) == len(text)

    def characters(self, span: tuple[int, int]) -> tuple[int, int]:
        """Return a span of bytes as one of characters."""
        if self._is_ascii:
            return span
        start = len(self.bytes[: span[0]].decode("utf-8"))
        return start, start + len(self.bytes[span[0] : span[1]].decode("utf-8"))


class _Patterns:
    """The packs' patterns, compiled when a text first needs them.

    Args:
        patterns: Those that every text is searched for.
        known: The literals of patterns, where they are known.
    """

    def __init__(self, patterns: Sequence[str], known: Mapping[str, Literals | None]) -> None:
        import re2

        self._index = LiteralIndex(patterns, known)
        self._compiled: dict[str, Any] = {}
        self._silencing: dict[str, Any] = {}
        self._n_texts = 0
        self._options = re2.Options()
        self._options.log_errors = False
        self._options.never_capture = True

    def candidates(self, folded: str) -> list[int]:
        """Return the numbers of the patterns that may match."""
        self._n_texts += 1
        if self._n_texts % _COMPILED_FOR == 0:
            self._compiled = {}  # another thread goes on with what it holds
        if self._n_texts % _SILENCING_FOR == 0:
            self._silencing = {}
        return self._index.candidates(folded)

    def search(self, pattern: str, looked_at: _Encoded) -> Iterator[tuple[int, int]]:
        """Yield the spans of a pattern's matches, in characters, a bounded number of them."""
        seek, at = self._compile(pattern).search, 0
        for _ in range(_MAX_SPANS):  # most patterns don't match: cheaper than an iterator over all matches
            found = seek(looked_at.bytes, at) if at <= len(looked_at.bytes) else None
            if found is None:
                return
            start, end = found.span()
            yield looked_at.characters((start, end))
            at = max(end, start + 1)

    def occurs(self, pattern: str, looked_at: _Encoded) -> bool:
        """Say whether a pattern matches, be it one of those that every text is searched for or another."""
        compiled = self._silencing.get(pattern)
        if compiled is None:
            compiled = self._silencing[pattern] = self._compile_anew(pattern)
        return compiled.search(looked_at.bytes) is not None

    def _compile(self, pattern: str) -> Any:
        compiled = self._compiled.get(pattern)
        if compiled is None:
            compiled = self._compiled[pattern] = self._compile_anew(pattern)
        return compiled

    def _compile_anew(self, pattern: str) -> Any:
        import re2

        try:
            return re2.compile(pattern, self._options)
        except re2.error as error:
            raise RuleError(f"RE2 does not take the pattern {pattern!r}: {error}") from None


def by_sentence(folded: str) -> str:
    """Turn the marks between sentences into line breaks, which `.` in a pattern never crosses."""
    for mark in _SENTENCE_MARKS:  # on Chinese ten times as fast as translating
        folded = folded.replace(mark, "\n")
    return folded.replace(". ", ".\n")


def holds(hit: Hit, facts: Mapping[str, Any], concepts: Mapping[str, str]) -> bool:
    """Say whether the facts and concepts that a hit's block asks for are as it wants them."""
    block = hit.block
    if block.facts and not facts:  # an unknown fact fails every condition
        return False
    for name, condition in block.facts.items():
        if not condition.holds(facts.get(name)):
            return False
    for name, wanted in block.concepts.items():
        if concepts.get(name) not in ((wanted,) if isinstance(wanted, str) else wanted):
            return False
    return True


def _best(held: Sequence[Hit]) -> list[Hit]:
    """Return each rule once, with its best hit."""
    best: dict[str, Hit] = {}
    for hit in held:
        known = best.get(hit.rule.id)
        if known is None or hit.rank() < known.rank():
            best[hit.rule.id] = hit
    return sorted(best.values(), key=lambda h: (h.rule.family, h.rule.id))


def _role_at(tasks: Sequence[Task], start: int, end: int) -> Role:
    """Return the most central role among the clauses that a match touches."""
    roles = [t.role for t in tasks if t.start < end and start < t.end]
    return min(roles, key=_RANK.__getitem__, default="core")
