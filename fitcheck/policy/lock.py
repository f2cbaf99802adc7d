"""`fitcheck.lock`: what was judged, and on what grounds, the last time somebody looked.

A JSON file, sorted, with one block for each idea, so that a change to one idea is a change to one block. It is
committed beside the ideas; `fitcheck.policy.drift` says what has moved since.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fitcheck.errors import UseCaseError, quote_line
from fitcheck.policy.writing import write_whole
from fitcheck.records import Cost, Report, Verdict

if TYPE_CHECKING:
    from fitcheck.policy.document import Policy
    from fitcheck.policy.entries import Entry

__all__ = [
    "LOCK_NAME",
    "Lock",
    "Locked",
    "LockedCost",
    "find_lock",
    "read_lock",
    "record",
    "relative",
    "rules_version",
    "text_hash",
    "write_lock",
]

LOCK_NAME = "fitcheck.lock"
_ABOUT = "Written by fitcheck lock. Commit it; don't edit it."
_MAX_BYTES = 200_000_000
_MERGE_MARKS = ("<<<<<<< ", "=======", ">>>>>>> ")
_DIGITS = 16

_Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class LockedCost(_Block):
    """What the calls cost, and by which price.

    Attributes:
        priced_on: The day that the price held for.
        source: Where the price was from.
    """

    model: str
    provider: str
    source: str
    priced_on: dt.date
    tokens_in: int
    tokens_out: int
    calls_per_month: _Amount | None = None
    usd_per_1000_calls: _Amount
    usd_per_month: _Amount | None = None


class Locked(_Block):
    """One idea as it was judged.

    Attributes:
        assessed: The day of it.
        text: The first digits of a hash of the idea's text; white space doesn't count.
        facts: The facts that were given. Kept as they are, so that a changed one can be named.
        ledger: Row to its log-odds, such as "rule exact-arithmetic core" to "overkill +1.60"; "stale" ends a row whose
            evidence had expired.
        fitcheck: The package's version.
        model: The model's name and hash.
        rules: The first digits of a hash of the rules, and how many they were.
        risk: The share of wrong answers that was accepted; None where no risk was named.
    """

    path: str
    assessed: dt.date
    text: str
    facts: dict[str, Any]
    verdict: Verdict
    probability: Annotated[float, Field(ge=0, le=1)]
    cost: LockedCost | None = None
    ledger: dict[str, str]
    fitcheck: str
    model: str
    rules: str
    risk: float | None = None

    def sizes(self) -> dict[str, dict[str, float]]:
        """Return the ledger's rows as numbers: row to verdict to log-odds in nats."""
        return {name: _numbers(row) for name, row in self.ledger.items()}

    def stale_rows(self) -> set[str]:
        """Return the rows that rested on expired evidence."""
        return {name for name, row in self.ledger.items() if row.endswith(" stale")}


class Lock(_Block):
    """A lock file.

    Attributes:
        ideas: By id.
    """

    about: str = _ABOUT
    schema_: Literal[1] = Field(default=1, alias="schema")
    ideas: dict[str, Locked]


def find_lock(start: Path) -> Path | None:
    """Return the lock file of a folder, or of the nearest one above it up to the repository's root; else None."""
    folder = start.resolve()
    for place in (folder, *folder.parents):
        if (place / LOCK_NAME).is_file():
            return place / LOCK_NAME
        if (place / ".git").exists():
            break
    return None


def read_lock(path: Path) -> Lock:
    """Read a lock file.

    Raises:
        UseCaseError: It can't be read, holds a merge conflict, or is of another schema; says what to run.
    """
    mend = "restore it from version control, or delete it and run: fitcheck lock"
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UseCaseError(f"{path}: over {_MAX_BYTES:,} bytes; {mend}")
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise UseCaseError(f"{path}: not UTF-8 (byte {error.start}); {mend}") from None
    except OSError as error:
        raise UseCaseError(f"{path}: {error.strerror or error}") from None
    try:
        values = json.loads(text, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        line = lines[error.lineno - 1] if error.lineno <= len(lines) else None
        marked = next((n for n, one in enumerate(lines, 1) if one.startswith(_MERGE_MARKS)), None)
        if marked is not None:
            what = f"a merge conflict; resolve the ideas' own files, then {mend}"
            raise UseCaseError(quote_line(path, marked, lines[marked - 1], what)) from None
        raise UseCaseError(quote_line(path, error.lineno, line, f"not valid JSON ({error.msg}); {mend}")) from None
    except RecursionError:
        raise UseCaseError(f"{path}: nested too deeply to be a lock file; {mend}") from None
    except ValueError as error:
        raise UseCaseError(f"{path}: {error}; {mend}") from None
    if isinstance(values, dict) and isinstance(values.get("schema"), int) and values["schema"] > 1:
        raise UseCaseError(f"{path}: written by a newer fitcheck (schema {values['schema']}); upgrade fitcheck")
    try:
        return Lock.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise UseCaseError(f"{path}: {where}: {first['msg'][:1].lower()}{first['msg'][1:]}; {mend}") from None


def record(
    entry: Entry,
    report: Report,
    *,
    rules: str,
    today: dt.date,
    beside: Path,
    risk: float | None = None,
) -> Locked:
    """Return what is to be kept of one report.

    Args:
        entry: The idea.
        report: How it was judged.
        rules: The version of the rules; see `rules_version`.
        today: The day of it.
        beside: The lock file's folder, which the ideas' paths are written relative to.
        risk: The share of wrong answers that was accepted.
    """
    info = report.info
    return Locked(
        path=relative(entry.path, beside),
        assessed=today,
        text=text_hash(entry.use_case.text),
        facts=json.loads(json.dumps(entry.use_case.facts())),
        verdict=report.verdict,
        probability=round(report.probability, 4),
        cost=None if report.cost is None else _locked_cost(report.cost),
        ledger=_rows(report),
        fitcheck=info.fitcheck if info else "",
        model=info.model if info else "",
        rules=rules,
        risk=risk,
    )


def text_hash(text: str) -> str:
    """Return the first digits of a hash of an idea's text; white space doesn't count."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def rules_version(policy: Policy | None) -> str:
    """Return a hash of the rules that a policy judges by and how many they are, such as "5ac01b77 187".

    Args:
        policy: None for the shipped rules.
    """
    from fitcheck.rule_packs import load_beside, load_rules, rules_hash

    pack = load_rules(policy.rules if policy else None)
    if policy is not None and policy.extra_rules is not None:
        pack += load_beside(pack, policy.extra_rules)
    return f"{rules_hash(pack)[:8]} {len(pack)}"


def write_lock(path: Path, fresh: Mapping[str, Locked], *, before: Lock | None = None) -> Lock:
    """Write a lock file, whole or not at all.

    Args:
        path: Where to.
        fresh: What was judged just now, by id.
        before: The lock that stood there. A block that would change in nothing but its dates stays as it is, and
            ideas of files that were not looked at stay too, while their file exists.

    Returns:
        What was written.
    """
    looked_at = {locked.path for locked in fresh.values()}
    ideas = dict(fresh)
    for name, old in (before.ideas if before else {}).items():
        new = ideas.get(name)
        if (new is None and old.path not in looked_at and (path.parent / old.path).is_file()) or (
            new is not None and _undated(old) == _undated(new)
        ):
            ideas[name] = old
    lock = Lock(ideas=dict(sorted(ideas.items())))
    values = lock.model_dump(mode="json", by_alias=True, exclude_none=True)
    # the order of an idea's keys is theirs here; the ideas and the ledger's rows are sorted
    write_whole(path, json.dumps(values, ensure_ascii=False, indent=1) + "\n")
    return lock


def relative(path: Path, folder: Path) -> str:
    """Return a path as a lock file beside it names it: relative where it can be, with forward slashes."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return path.resolve().as_posix()


def _locked_cost(cost: Cost) -> LockedCost:
    return LockedCost(
        model=cost.model,
        provider=cost.provider,
        source=cost.price_source,
        priced_on=dt.date.fromisoformat(cost.priced_on),
        tokens_in=cost.tokens_in,
        tokens_out=cost.tokens_out,
        calls_per_month=cost.calls_per_month,
        usd_per_1000_calls=_significant(cost.usd_per_1000_calls),
        usd_per_month=None if cost.usd_per_month is None else _significant(cost.usd_per_month),
    )


def _rows(report: Report) -> dict[str, str]:
    """Return the ledger compactly: what stands on one row in a report is one line here."""
    sizes: dict[str, dict[str, float]] = {}
    stale: set[str] = set()
    for e in report.ledger:
        # the fast reading has a row for each word that spoke
        quote = f" {e.quote}" if e.source == "scenarios" and e.quote else ""
        name = " ".join(f"{e.source} {e.id} {e.role or ''}{quote}".split()).removeprefix("prior ")
        row = sizes.setdefault(name, {})
        row[e.verdict.value] = round(row.get(e.verdict.value, 0.0) + e.log_odds, 2)
        if e.stale:
            stale.add(name)
    return {
        name: " ".join(f"{verdict} {size:+.2f}" for verdict, size in row.items()) + (" stale" if name in stale else "")
        for name, row in sorted(sizes.items())
    }


def _numbers(row: str) -> dict[str, float]:
    words = row.removesuffix(" stale").split()
    try:
        return {verdict: float(size) for verdict, size in zip(words[::2], words[1::2], strict=True)}
    except ValueError:
        return {}


def _significant(amount: float) -> float:
    """Round to six significant digits: sums of floats differ in the last ones between machines."""
    return 0.0 if amount == 0 else round(amount, 5 - math.floor(math.log10(abs(amount))))


def _undated(locked: Locked) -> dict[str, Any]:
    values = locked.model_dump(exclude={"assessed"})
    if values["cost"]:
        values["cost"].pop("priced_on")
    return values


def _without_doubles(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{double!r} stands there twice")
    return values
