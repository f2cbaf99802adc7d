"""Labelled scenarios: their closed lists, their reading and their fixed split."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from fitcheck.errors import CorpusError, quote_line
from fitcheck.records import LEARNED, Verdict
from fitcheck.resources import corpora_dir
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import Language

__all__ = [
    "FIELDS",
    "FORMS",
    "MAX_TEXT_CHARS",
    "ROLES",
    "Scenario",
    "Split",
    "corpus_hash",
    "load_corpus",
    "numbered_lines",
    "parse_line",
    "problems_of",
    "read_scenario",
    "scenario_lines",
    "split_of",
]

Split = Literal["train", "test"]

MAX_TEXT_CHARS = 5_000
"""The longest text of one scenario, in characters."""

ROLES = ("core", "auxiliary", "workflow")
FORMS = (
    "inventory",
    "engineering",
    "readme",
    "job-task",
    "one-liner",
    "chat",
    "ticket",
    "mail",
    "memo",
    "requirements",
    "user-story",
    "slide",
    "intake",
    "pitch",
    "proposal",
)
"""What kind of writing a scenario is; each has its own file in corpora/."""

_CLOSED: dict[str, tuple[str, ...]] = {
    "form": FORMS,
    "lang": ("en", "zh"),
    "verdict": tuple(v.value for v in LEARNED),
    "role": ROLES,
    **CONCEPTS,
}
FIELDS = ("id", "pair", "family", "form", "lang", "text", "verdict", "role", *CONCEPTS, "alternative")
"""The keys of a line, in their order."""
_MAY_BE_NULL = ("pair", "alternative")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One labelled idea.

    Attributes:
        pair: Shared by an English and a Chinese text of one idea; None for a single.
        family: Shared by ideas of one setting, which stay on one side of the split.
        alternative: What to use instead, in free words; None for fit and assist.
    """

    id: str
    pair: str | None
    family: str
    form: str
    lang: Language
    text: str
    verdict: Verdict
    role: str
    category: str
    decides: str
    input: str
    format: str
    stakes: str
    review: str
    existing: str
    alternative: str | None

    @property
    def split(self) -> Split:
        """The side of the fixed split that the scenario's family lies on."""
        return split_of(self.family)


def split_of(family: str) -> Split:
    """Return the side of the split that a family lies on: about one family in five is for testing.

    The name alone decides, so that new scenarios never move old ones.

    >>> {split_of(f"family-{n}") for n in range(20)} == {"train", "test"}
    True
    """
    return "test" if int(hashlib.sha256(family.encode()).hexdigest()[:8], 16) % 5 == 0 else "train"


def load_corpus(path: Path | str | None = None) -> tuple[Scenario, ...]:
    """Read every scenario of a folder of .jsonl files, or of one file.

    Args:
        path: A folder or a file; None for the shipped scenarios.

    Returns:
        The scenarios by file name, then by line.

    Raises:
        CorpusError: A line is broken, an id stands twice, or there is no scenario.

    >>> len(load_corpus()) >= 5000
    True
    """
    scenarios: list[Scenario] = []
    seen: dict[str, str] = {}
    for file, number, line in numbered_lines(path):
        scenario = read_scenario(line, file, number)
        if scenario.id in seen:
            _refuse(file, number, line, f"the id {scenario.id!r} stands at {seen[scenario.id]} too; ids are unique")
        seen[scenario.id] = f"{file}:{number}"
        scenarios.append(scenario)
    return tuple(scenarios)


def read_scenario(line: bytes | str, path: Path | str, number: int) -> Scenario:
    """Read one line of a scenario file.

    Args:
        line: The line.
        path, number: Where it stands (counted from 1), for errors.

    Raises:
        CorpusError: Not JSON, a field is missing or unknown, or a value is in no closed list.
    """
    try:
        values = parse_line(line)
    except ValueError as error:
        _refuse(path, number, line, str(error))
    problems = problems_of(values)
    if problems:
        _refuse(path, number, line, "; ".join(problems))
    return Scenario(**{**values, "verdict": Verdict(values["verdict"])})


def parse_line(line: bytes | str) -> dict[str, Any]:
    """Parse one line into its fields, without judging them.

    Raises:
        ValueError: Not UTF-8, not JSON, not an object, or a key stands twice.
    """
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        values = json.loads(text, object_pairs_hook=_unique_keys)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte {error.start} of the line); save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        what = f"not JSON ({error.msg}, column {error.colno}); one line holds one whole object"
        raise ValueError(what) from None
    except RecursionError:
        raise ValueError("not JSON that can be read: nested too deeply; a scenario is a flat object") from None
    if not isinstance(values, dict):
        raise ValueError(f"a scenario is an object with the fields {', '.join(FIELDS)}")
    return values


def problems_of(values: Mapping[str, Any]) -> list[str]:
    """Say all that is wrong with one scenario's fields, each with what to do."""
    problems = []
    missing = [f for f in FIELDS if f not in values]
    unknown = [f for f in values if f not in FIELDS]
    if missing:
        problems.append(f"missing {_listed(missing)}; every line has the fields {', '.join(FIELDS)}")
    if unknown:
        problems.append(f"unknown field {_listed(unknown)}; drop it or correct its name")
    for name in FIELDS:
        if name not in values:
            continue
        value = values[name]
        if value is None and name in _MAY_BE_NULL:
            continue
        if not isinstance(value, str):
            problems.append(f"{name} must be a string{' or null' if name in _MAY_BE_NULL else ''}, not {_short(value)}")
        elif not any(c.isprintable() and c != " " for c in value):
            problems.append(f"{name} is empty" + ("; write null where there is none" if name in _MAY_BE_NULL else ""))
        elif name in _CLOSED and value not in _CLOSED[name]:
            problems.append(f"{name} {_short(value)} is not in its closed list{_hint(name, value)}")
        elif name == "text" and len(value) > MAX_TEXT_CHARS:
            problems.append(f"text has {len(value):,} characters, at most {MAX_TEXT_CHARS:,}; shorten it")
        elif _has_surrogate(value):
            problems.append(f"{name} holds half of a character (a lone surrogate escape); write the character itself")
    return problems


def scenario_lines(path: Path | str | None = None) -> list[bytes]:
    """Return the raw lines in the order of `load_corpus`, so that only the few needed are parsed.

    Raises:
        CorpusError: There is no scenario.
    """
    return [line for _, _, line in numbered_lines(path)]


def corpus_hash(path: Path | str | None = None) -> str:
    """Return a hash over the bytes of the scenario files (16 hex digits), the same for both line endings.

    Raises:
        CorpusError: There is no scenario file.
    """
    digest = hashlib.sha256()
    for file in _files(path):
        digest.update(_read(file).replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def numbered_lines(path: Path | str | None = None) -> Iterator[tuple[Path, int, bytes]]:
    """Yield file, line number (from 1) and line, without the empty ones.

    Raises:
        CorpusError: A folder without a .jsonl file, or a file without a line.
    """
    for file in _files(path):
        empty = True
        for number, line in enumerate(_read(file).removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
            if line.strip():
                empty = False
                yield file, number, line.rstrip(b"\r")
        if empty:
            raise CorpusError(f"{file}: no scenario in it; write one JSON object a line, or delete the file")


def _files(path: Path | str | None) -> list[Path]:
    folder = Path(path) if path is not None else corpora_dir()
    if not folder.exists():
        raise CorpusError(f"{folder}: no such file or folder; give a .jsonl file or a folder of them")
    files = [folder] if folder.is_file() else sorted(folder.glob("*.jsonl"))
    if not files:
        raise CorpusError(f"{folder}: no .jsonl file in it; give a folder of scenario files")
    return files


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CorpusError(f"{file}: {error.strerror or error}") from None


def _refuse(path: Path | str, number: int, line: bytes | str, what: str) -> NoReturn:
    shown = line.decode("utf-8", "replace") if isinstance(line, bytes) else line
    raise CorpusError(quote_line(path, number, shown, what)) from None


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{_listed([k for k in values if keys.count(k) > 1])} stands twice in the line; keep one")
    return values


def _listed(names: list[str]) -> str:
    return ", ".join(_short(n) for n in names)


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _hint(name: str, value: str) -> str:
    """Offer the nearest values, or the whole list where it is short."""
    allowed = _CLOSED[name]
    if len(allowed) <= 9:
        return f" ({', '.join(allowed)})"
    from difflib import get_close_matches

    near = get_close_matches(value[:60], allowed, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else f"; see fitcheck.corpus, {name}"


def _has_surrogate(value: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in value) if not value.isascii() else False
