"""The sets that fitcheck is measured on: third-party ones from a folder, and our own test split.

The folder's sets are for measuring only; none of their sentences is in the repository.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fitcheck.corpus import load_corpus
from fitcheck.records import LEARNED
from fitcheck.taxonomy import CATEGORY_VERDICT
from fitcheck.taxonomy import CONCEPTS as CORPUS_CONCEPTS

__all__ = [
    "CONCEPTS",
    "FOLDER_SETS",
    "OWN_TEST",
    "SET_NAMES",
    "VERDICTS",
    "YES_NO",
    "Idea",
    "IdeaSet",
    "SetError",
    "data_folder",
    "origins",
    "own_test_split",
    "read_set",
    "texts_of",
]

VERDICTS = tuple(v.value for v in LEARNED)
"""The scored verdicts, in the order of the columns of `Assessor.probabilities`."""
YES_NO = ("yes", "no")

OWN_TEST = "own_test"


class SetError(ValueError):
    """A file of a set is not what the benchmark reads."""


@dataclass(frozen=True, slots=True)
class Idea:
    """One labelled text.

    Attributes:
        id: Its id in the set.
        text: What is assessed.
        lang: `en` or `zh`.
        label: A verdict, or `yes` or `no`.
        groups: The groups to report it under, such as `{"source": "onet"}`.
        others: What others answered, by who.
        family: Scenarios of one family, or None.
        pair: The id that an English text and its Chinese twin share, or None.
        concepts: What a reader noticed, by concept; empty where nobody was asked.
    """

    id: str
    text: str
    lang: str
    label: str
    groups: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    family: str | None = None
    pair: str | None = None
    concepts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IdeaSet:
    """A set of labelled texts and the question that its labels answer.

    Attributes:
        name: Its name on the command line.
        title: One line for the reader.
        labels: The answers that are scored: the four verdicts, or yes and no.
        ideas: The rows.
        pools: Groups to set beside each other in Chinese and English, as group name and
            the English and the Chinese value.
        yes_tasks: For yes and no: the categories of the core task that mean yes by the set's own question.
    """

    name: str
    title: str
    labels: tuple[str, ...]
    ideas: tuple[Idea, ...]
    pools: tuple[tuple[str, str, str], ...] = ()
    yes_tasks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Source:
    """A file of the folder: its columns, and where it comes from."""

    title: str
    columns: tuple[str, ...]
    origin: str
    licence: str
    cut: str


_SOURCES: Mapping[str, _Source] = {
    "panel": _Source(
        "real inventory entries, case studies, job tasks and written ideas; three independent readers, majority",
        ("id", "src", "lang", "verdict", "votes", "role", "text"),
        "its texts are rows of the three sets below and 90 ideas written for it (47 English, 43 Chinese)",
        "labels and written ideas are this project's own; kept outside the repository, so that nothing trains on them",
        "278 rows; panel_concepts.tsv beside it holds one reader's concepts by the same ids",
    ),
    "federal2025": _Source(
        "US federal inventory of AI use cases 2025: generative or agentic by the agency's own word, against the rest",
        ("row", "agency", "classification", "llm", "text"),
        "https://github.com/ombegov/2025-Federal-Agency-AI-Use-Case-Inventory at 62329235dc38, "
        "Data/2025_individually_reported_AI_use_cases.csv",
        "a work of the US Government",
        "789 rows, words that name the technique removed; llm = 1 for generative or agentic",
    ),
    "gpts_are_gpts": _Source(
        "O*NET job tasks: does an LLM shorten them (E1, E2) or not (E0), by people",
        ("task_id", "soc", "group", "human", "gpt4", "text"),
        "https://github.com/openai/GPTs-are-GPTs at 0471612fef3c, data/full_labelset.tsv",
        "MIT",
        "4,000 rows, occupation and task as one text",
    ),
    "case_studies": _Source(
        "production machine-learning case studies of 2023 and later: built on an LLM or not",
        ("id", "company", "primary_category", "llm", "text"),
        "https://github.com/eren23/awesome-ml-system-design-case-studies at 8ab67496700b, data/case_studies.csv",
        "MIT",
        "550 rows, words that name the technique removed; llm from category and tags",
    ),
}

FOLDER_SETS: tuple[str, ...] = tuple(_SOURCES)
SET_NAMES: tuple[str, ...] = (*FOLDER_SETS, OWN_TEST)

_OF_THE_BODY = frozenset(
    (
        "bodily-work",
        "in-person-leadership",
        "sensor-control",
        "image-recognition",
        "medical-imaging-signals",
        "biometrics",
    )
)
AT_A_DESK = frozenset(CORPUS_CONCEPTS["category"]) - _OF_THE_BODY
"""What software around an LLM can shorten (E1, E2): all but what needs hands, presence or senses."""
IN_LANGUAGE = frozenset(
    category
    for category, usual in CATEGORY_VERDICT.items()
    if usual in ("fit", "assist") and category not in ("in-person-leadership", "commentary-on-numbers")
) | {"model-infrastructure"}
"""What systems that rest on an LLM do: language, code and media made or read."""

_PANEL_CONCEPTS = "panel_concepts.tsv"
CONCEPTS = tuple(CORPUS_CONCEPTS)


def data_folder(given: str | None) -> Path:
    """Return the folder of the third-party sets: as given, else FITCHECK_DATA, else ../shared/data."""
    named = given or os.environ.get("FITCHECK_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[1].parent / "shared" / "data"


def origins(names: Sequence[str]) -> str:
    """Say where to get the named sets and what their files must hold."""
    blocks = []
    for name in names:
        source = _SOURCES[name]
        blocks.append(
            f"{name}.csv  {source.title}\n"
            f"    from     {source.origin}\n"
            f"    licence  {source.licence}\n"
            f"    columns  {', '.join(source.columns)}\n"
            f"    cut      {source.cut}"
        )
    return "\n".join(blocks)


def read_set(name: str, folder: Path) -> IdeaSet | None:
    """Read one third-party set, or return None where its file is not there.

    Raises:
        SetError: The file lacks a column, or holds a label that is unknown.
    """
    path = folder / f"{name}.csv"
    if not path.is_file():
        return None
    source = _SOURCES[name]
    rows = _rows(path, source.columns)
    if name == "panel":
        return _panel(source.title, rows, folder / _PANEL_CONCEPTS)
    if name == "gpts_are_gpts":
        ideas = [
            Idea(
                r["task_id"],
                r["text"],
                "en",
                _exposed(r["human"], path),
                {"major occupation group": r["group"], "human label": r["human"]},
                {"GPT-4": _exposed(r["gpt4"], path)},
            )
            for r in rows
        ]
    elif name == "federal2025":
        ideas = [
            Idea(
                r["row"],
                r["text"],
                "en",
                _yes_no(r["llm"], path),
                {"agency": r["agency"], "classification": r["classification"]},
            )
            for r in rows
        ]
    else:
        ideas = [
            Idea(r["id"], r["text"], "en", _yes_no(r["llm"], path), {"category": r["primary_category"]}) for r in rows
        ]
    yes_tasks = AT_A_DESK if name == "gpts_are_gpts" else IN_LANGUAGE
    return IdeaSet(name, source.title, YES_NO, tuple(ideas), yes_tasks=yes_tasks)


def _panel(title: str, rows: Sequence[Mapping[str, str]], concepts_path: Path) -> IdeaSet:
    concepts: dict[str, dict[str, str]] = {}
    if concepts_path.is_file():
        for row in _rows(concepts_path, ("unit", *CONCEPTS), delimiter="\t"):
            concepts[row["unit"]] = {name: row[name] for name in CONCEPTS}
    ideas = []
    for r in rows:
        if r["verdict"] not in (*VERDICTS, "unclear"):
            raise SetError(f"panel.csv: row {r['id']}: {r['verdict']!r} is not a verdict")
        groups = {"source": r["src"], "language": r["lang"], "readers who agreed": r["votes"], "role": r["role"]}
        ideas.append(Idea(r["id"], r["text"], r["lang"], r["verdict"], groups, concepts=concepts.get(r["id"], {})))
    return IdeaSet("panel", title, VERDICTS, tuple(ideas), pools=(("source", "authored-en", "authored-zh"),))


def _rows(path: Path, columns: Sequence[str], delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter=delimiter)
        missing = [c for c in columns if c not in (reader.fieldnames or ())]
        if missing:
            raise SetError(f"{path}:1: no column {', '.join(missing)}; the file needs {', '.join(columns)}")
        rows = list(reader)
    if not rows:
        raise SetError(f"{path}: no rows under the head line")
    for number, row in enumerate(rows, 1):
        for column in columns:
            if row[column] is None:
                raise SetError(f"{path}: row {number} is cut off before the column {column}")
    return rows


def _yes_no(llm: str, path: Path) -> str:
    if llm not in ("0", "1"):
        raise SetError(f"{path}: the column llm holds {llm!r}; it must be 0 or 1")
    return "yes" if llm == "1" else "no"


def _exposed(label: str, path: Path) -> str:
    if label not in ("E0", "E1", "E2"):
        raise SetError(f"{path}: a label is {label!r}; it must be E0, E1 or E2")
    return "no" if label == "E0" else "yes"


def own_test_split() -> IdeaSet:
    """Read the test split of `corpora/`.

    Raises:
        fitcheck.CorpusError: The corpora are missing or broken.
    """
    ideas = tuple(
        Idea(
            s.id,
            s.text,
            s.lang,
            str(s.verdict),
            {"form": s.form, "language": s.lang, "role": s.role},
            family=s.family,
            pair=s.pair,
            concepts={name: getattr(s, name) for name in CONCEPTS},
        )
        for s in load_corpus()
        if s.split == "test"
    )
    title = "families of corpora/ that training never saw; labelled by their authors, so clearer than life"
    return IdeaSet(OWN_TEST, title, VERDICTS, ideas)


def texts_of(split: str) -> dict[str, list[str]]:
    """Return the texts of one split of `corpora/` by language, each once, in order."""
    texts: dict[str, dict[str, None]] = {"en": {}, "zh": {}}
    for scenario in load_corpus():
        if scenario.split == split:
            texts[scenario.lang][scenario.text] = None
    return {lang: list(found) for lang, found in texts.items()}
