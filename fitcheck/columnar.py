"""The added columns as Arrow, filled as a whole: no Python object for an idea but its text, and its facts if any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fitcheck.alternatives import alternative_for
from fitcheck.cells import NUMBER_COLUMNS, OUTPUT_COLUMNS, usd_cell
from fitcheck.cost import monthly_calls, with_listed_model
from fitcheck.errors import FitcheckError
from fitcheck.judge import price
from fitcheck.labels import label
from fitcheck.records import LEARNED, Verdict
from fitcheck.row_errors import error_words
from fitcheck.rules import Rule
from fitcheck.sift import WHYS
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import Language
from fitcheck.use_case import UseCase
from fitcheck.wording import say

if TYPE_CHECKING:
    from fitcheck.pipeline import Assessor

__all__ = ["CLOSED", "SCORED_SCHEMA", "columns_to_arrow", "from_numbers", "no_text"]

CLOSED: dict[str, tuple[str, ...]] = {
    "verdict": tuple(v.value for v in Verdict),
    "category": CONCEPTS["category"],
    "decides": CONCEPTS["decides"],
}
"""The columns whose values are of a closed list: the same dictionary in every batch."""

_DICTIONARY = pa.dictionary(pa.int8(), pa.string())


def _type_of(column: str) -> pa.DataType:
    if column in CLOSED:
        return _DICTIONARY
    if column == "usd_per_month":
        return pa.float64()
    return pa.float32() if column in NUMBER_COLUMNS else pa.string()


SCORED_SCHEMA: pa.Schema = pa.schema([pa.field(name, _type_of(name)) for name in OUTPUT_COLUMNS])
"""The added columns and their types: those of `fitcheck batch`, with the same values.

`probability` is that of the likeliest of the four verdicts, also where the verdict is `unclear` and that one was
withheld.
`verdict`, `category` and `decides` are dictionaries, probabilities float32 (rounded to four places),
`usd_per_month` float64, the others strings; several reasons or questions stand in one string, as in a
spreadsheet. A row that could not be judged has nothing but its `error`; one that was judged without a fact that
could not be read says so there.
"""


_LANGUAGES: tuple[Language, ...] = ("en", "zh")
_SEPARATORS = ("; ", "；")
_VERDICTS = tuple(Verdict)
_CATEGORIES = CLOSED["category"]

Numbers = npt.NDArray[Any]


def columns_to_arrow(
    texts: Sequence[object],
    assessor: Assessor,
    cases: Mapping[int, UseCase | FitcheckError] | None = None,
    remarks: Mapping[int, str] | None = None,
    *,
    today: dt.date | None = None,
    lang: Language | None = None,
) -> pa.RecordBatch:
    """Judge ideas by `Assessor.columns`.

    Such a reading cuts no clauses, asks nothing and looks at nothing beside the verdict: `core_task`, `questions`,
    `parts`, `role`, `need` and `findings` stay empty. Facts move no verdict, and give what a month costs.

    Args:
        texts: The ideas; what is no string is an error of that row.
        assessor: One whose `columnar` is true.
        cases: By row, the idea with its facts where it has some, or why they can't be read.
        remarks: By row, what could not be read of it though it is judged; empty where all could.
        today: The day that prices are read for; None for today.
        lang: The language of our words in the cells; None for each idea's own, with errors in English.

    Returns:
        `SCORED_SCHEMA`, shape (n_texts, 18).
    """
    n = len(texts)
    no_ideas = {i: no_text(value) for i, value in enumerate(texts) if not isinstance(value, str)}
    read = [value if isinstance(value, str) else "" for value in texts]
    found = assessor.columns(read)
    zh = found.chinese.astype(np.int64)
    refused = {i: str(case) for i, case in (cases or {}).items() if isinstance(case, FitcheckError)}
    errors = {**found.errors, **refused, **no_ideas}
    with_facts = {i: case for i, case in (cases or {}).items() if isinstance(case, UseCase) and i not in errors}
    listed = {i: with_listed_model(case, today) for i, case in with_facts.items()}
    unpriced = {i: why for i, (_, why) in listed.items() if why}
    priced = {i: case for i, case in with_facts.items() if i not in unpriced}
    usd, beyond = _usd_per_month(priced, zh, found.category, today)
    errors |= beyond
    # what a month costs hangs on the idea's own language, the words on the reader's
    told = zh if lang is None else np.full(n, _LANGUAGES.index(lang), np.int64)
    failed = np.zeros(n, bool)
    failed[list(errors)] = True

    def column(values: Numbers, kind: pa.DataType) -> pa.Array:
        return pa.array(np.ascontiguousarray(values), kind, mask=failed)

    # rounded as 64-bit numbers, as a report's are, so that both print alike
    shares = np.round(found.probabilities.astype(np.float64), 4)
    # a row that failed has no verdict to look words up by
    verdict, category = (np.where(failed, 0, v).astype(np.int64) for v in (found.verdict, found.category))
    spoke = np.where(failed[:, None], -1, found.reasons).astype(np.int64)
    rules = list(assessor.rules.values())
    beside = (remarks or {}, unpriced)
    remarked = (errors.get(i) or "; ".join(filter(None, (one.get(i) for one in beside))) for i in range(n))
    said = [error_words(words, lang) for words in remarked]
    columns = {
        "verdict": from_numbers("verdict", column(found.verdict, pa.int8())),
        "probability": column(shares.max(axis=1, initial=0.0), pa.float32()),
        **{f"p_{v.value}": column(shares[:, k], pa.float32()) for k, v in enumerate(LEARNED)},
        "category": from_numbers("category", column(found.category, pa.int8())),
        "decides": from_numbers("decides", column(found.decides, pa.int8())),
        "reasons": _unless(failed, _or_why(found.why, told, _reasons(rules, spoke, verdict, category, told))),
        "alternative": _unless(failed, _alternatives(rules, spoke[:, 0], verdict, category, told)),
        "usd_per_month": pa.array([usd.get(i) for i in range(n)], pa.float64()),
        "error": pa.array([" ".join(words.split()) or None for words in said], pa.string()),
    }
    return pa.RecordBatch.from_arrays(
        [columns[f.name] if f.name in columns else pa.nulls(n, f.type) for f in SCORED_SCHEMA], schema=SCORED_SCHEMA
    )


def _usd_per_month(
    cases: Mapping[int, UseCase], zh: Numbers, category: Numbers, today: dt.date | None
) -> tuple[dict[int, float], dict[int, str]]:
    """Return what a month costs by row, and why by row it can't be said."""
    found: dict[int, float] = {}
    errors: dict[int, str] = {}
    for row, case in cases.items():
        if case.model is None and monthly_calls(case) is None:
            continue  # nothing to add up, and no name that a price may be missing for
        try:
            cost = price(case, _LANGUAGES[zh[row]], _CATEGORIES[category[row]], today)
        except FitcheckError as error:
            errors[row] = str(error)
            continue
        usd = usd_cell(cost)
        if usd is not None:
            found[row] = usd
    return found, errors


def no_text(value: object) -> str:
    """Say why a value is no idea."""
    if value is None:
        return "this row has no idea: the cell is empty"
    return f"this row's idea is no text but {type(value).__name__}: {str(value)[:80]}"


def from_numbers(column: str, numbers: pa.Array) -> pa.DictionaryArray:
    """Return a closed column from the places of its values in `CLOSED`, null where there is none."""
    return pa.DictionaryArray.from_arrays(numbers, pa.array(CLOSED[column], pa.string()))


def _unless(failed: Numbers, words: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(failed), pa.scalar(None, pa.string()), words)


def _or_why(why: Numbers, zh: Numbers, words: pa.Array) -> pa.Array:
    """Say why a verdict is withheld where it is."""
    said = _words([say(reason, lang) for lang in _LANGUAGES for reason in WHYS])
    return pc.coalesce(said.take(_places(zh * len(WHYS) + why, why < 0)), words)


def _reasons(rules: Sequence[Rule], numbers: Numbers, verdict: Numbers, category: Numbers, zh: Numbers) -> pa.Array:
    """Return the rules' titles in one string, or what to say where no rule spoke; shape (n,)."""
    silent = _silences().take(_cell(zh, verdict, category))
    if not (numbers >= 0).any():
        return silent
    titles = _words([rule.title.model_dump()[lang] for lang in _LANGUAGES for rule in rules])
    first, *further = [titles.take(_places(zh * len(rules) + k, k < 0)) for k in numbers.T]
    mark = pa.array(_SEPARATORS, pa.string()).take(pa.array(zh))
    # the first part is never null: pyarrow 26 drops a row all of whose parts are skipped
    return pc.binary_join_element_wise(pc.coalesce(first, silent), *further, mark, null_handling="skip")


def _alternatives(rules: Sequence[Rule], first: Numbers, verdict: Numbers, category: Numbers, zh: Numbers) -> pa.Array:
    """Return what to use instead: of the strongest rule where it argues for the verdict, else by the category."""
    usual = _usual_alternatives().take(_cell(zh, verdict, category))
    if not (first >= 0).any():
        return usual
    of_rules = _words([_instead(rule, v, lang) for lang in _LANGUAGES for v in _VERDICTS for rule in rules])
    row = zh * len(_VERDICTS) + verdict
    return pc.coalesce(of_rules.take(_places(row * len(rules) + first, first < 0)), usual)


@lru_cache(maxsize=1)
def _silences() -> pa.Array:
    return _words([_silence(v, c, lang) for lang in _LANGUAGES for v in _VERDICTS for c in _CATEGORIES])


@lru_cache(maxsize=1)
def _usual_alternatives() -> pa.Array:
    return _words([_usual(c, v, lang) for lang in _LANGUAGES for v in _VERDICTS for c in _CATEGORIES])


def _cell(zh: Numbers, verdict: Numbers, category: Numbers) -> pa.Array:
    """Return the place in a list of words by language, verdict and category."""
    return pa.array((zh * len(_VERDICTS) + verdict) * len(_CATEGORIES) + category)


def _places(at: Numbers, none: Numbers) -> pa.Array:
    return pa.array(np.where(none, 0, at), pa.int64(), mask=none)


def _words(texts: Sequence[str | None]) -> pa.Array:
    return pa.array([" ".join(text.split()) or None if text else None for text in texts], pa.string())


def _silence(verdict: Verdict, category: str, lang: Language) -> str:
    return f"{label(category, lang)}: {say('scenarios why', lang, verdict=say(verdict.value, lang))}"


def _instead(rule: Rule, verdict: Verdict, lang: Language) -> str | None:
    argues = rule.argues("core")
    if verdict not in (Verdict.OVERKILL, Verdict.UNFIT) or argues is None or argues[0] is not verdict:
        return None
    words: str = rule.instead.model_dump()[lang]
    return words


def _usual(category: str, verdict: Verdict, lang: Language) -> str | None:
    if verdict not in (Verdict.OVERKILL, Verdict.UNFIT):
        return None
    return (alternative_for(verdict, {category: 1.0}) or {}).get(lang)
