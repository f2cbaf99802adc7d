"""The scenarios: what is refused, what the linter finds, and that the shipped ones are clean."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitcheck import corpus
from fitcheck.corpus import FIELDS, FORMS, Scenario, corpus_hash, load_corpus, read_scenario, scenario_lines, split_of
from fitcheck.corpus_lint import card_counts, describe_corpus, lint_corpus
from fitcheck.errors import CorpusError
from fitcheck.labels import LABELS, label
from fitcheck.records import LEARNED, Verdict
from fitcheck.rules import Bilingual, Block, Example, Instead, Patterns, Rule, Source
from fitcheck.taxonomy import CATEGORIES, CATEGORY_VERDICT, CONCEPTS

SHIPPED = Path(__file__).resolve().parents[1] / "corpora"
TEST_FAMILY = next(f"setting-{n}" for n in range(99) if split_of(f"setting-{n}") == "test")
TRAIN_FAMILY = next(f"setting-{n}" for n in range(99) if split_of(f"setting-{n}") == "train")
HARBOUR = "Harbour office: an LLM drafts friendly replies to skippers who ask about berths; a clerk reads each one."
LIBRARY = "We would let a model write three short blurbs for every new novel on our shelves, and pick the best."


def row(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": "a-001",
        "pair": None,
        "family": TRAIN_FAMILY,
        "form": "mail",
        "lang": "en",
        "text": HARBOUR,
        "verdict": "fit",
        "role": "core",
        "category": "correspondence-drafting",
        "decides": "person",
        "input": "text",
        "format": "free",
        "stakes": "low",
        "review": "yes",
        "existing": "unsaid",
        "alternative": None,
    }
    return {**values, **changes}


def write(folder: Path, *rows: dict[str, Any] | str, name: str = "mail.jsonl") -> Path:
    file = folder / name
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows]
    file.write_text("".join(line + "\n" for line in lines), "utf-8")
    return file


def messages(path: Path, level: str = "error", **kwargs: Any) -> list[str]:
    return [str(f) for f in lint_corpus(path, **kwargs).findings if f.level == level]


# reading


def test_reads_a_scenario() -> None:
    scenario = read_scenario(json.dumps(row(pair="a")), "mail.jsonl", 1)
    assert scenario.verdict is Verdict.FIT
    assert scenario.split == "train"
    assert (scenario.pair, scenario.alternative, scenario.text) == ("a", None, HARBOUR)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "a-001",', "not JSON"),
        ("[1, 2]", "a scenario is an object"),
        ('{"id": "a", "id": "b"}', "'id' stands twice"),
        ("[" * 100_000, "nested too deeply"),
        (b'{"id": "\xff"}', "not UTF-8"),
        (json.dumps({k: v for k, v in row().items() if k != "stakes"}), "missing 'stakes'"),
        (json.dumps(row(mood="glad")), "unknown field 'mood'"),
        (json.dumps(row(verdict="great")), "verdict 'great' is not in its closed list"),
        (json.dumps(row(verdict="unclear")), "verdict 'unclear' is not in its closed list"),
        (json.dumps(row(category="forcasting")), "did you mean forecasting"),
        (json.dumps(row(text=" \u200b\n")), "text is empty"),
        (json.dumps(row(text="long " * 1_001)), "at most 5,000"),
        (json.dumps(row(text="half \ud83d")), "lone surrogate"),
        (json.dumps(row(id=7)), "id must be a string, not 7"),
        (json.dumps(row(pair="")), "write null"),
    ],
)
def test_a_broken_line_is_quoted_with_its_place(tmp_path: Path, line: str | bytes, said: str) -> None:
    file = tmp_path / "mail.jsonl"
    good = json.dumps(row(id="a-000")).encode()
    file.write_bytes(good + b"\n\n" + (line if isinstance(line, bytes) else line.encode()) + b"\n")
    with pytest.raises(CorpusError) as caught:
        load_corpus(file)
    message = str(caught.value)
    assert message.startswith(f"{file}:3: ")
    assert said in message
    assert "\n    3 | " in message


def test_all_problems_of_a_line_are_said_at_once() -> None:
    with pytest.raises(CorpusError, match=r"(?s)role 'boss'.*stakes 'dire' is not in its closed list \(high, low\)"):
        read_scenario(json.dumps(row(role="boss", stakes="dire")), "mail.jsonl", 1)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    first = write(tmp_path, row(), name="a.jsonl")
    second = write(tmp_path, row(id="b-001"), row(), name="b.jsonl")
    with pytest.raises(CorpusError) as caught:
        load_corpus(tmp_path)
    assert f"{second}:2: the id 'a-001' stands at {first}:1 too" in str(caught.value)


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no \.jsonl file"):
        load_corpus(tmp_path)
    with pytest.raises(CorpusError, match=r"no \.jsonl file"):
        corpus_hash(tmp_path)
    with pytest.raises(CorpusError, match="no such file"):
        load_corpus(tmp_path / "absent")
    empty = write(tmp_path, "", name="empty.jsonl")
    for read in (load_corpus, scenario_lines, describe_corpus, lint_corpus):
        with pytest.raises(CorpusError, match=r"empty\.jsonl: no scenario in it"):
            read(empty)


def test_raw_lines_stand_in_the_order_of_the_scenarios(tmp_path: Path) -> None:
    write(tmp_path, row(id="z"), "", row(id="y"), name="b.jsonl")
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + json.dumps(row(id="x")).encode() + b"\r\n")
    loaded = load_corpus(tmp_path)
    assert [s.id for s in loaded] == ["x", "z", "y"]
    assert [json.loads(line)["id"] for line in scenario_lines(tmp_path)] == ["x", "z", "y"]


def test_the_hash_follows_the_bytes_but_not_the_line_endings(tmp_path: Path) -> None:
    file = write(tmp_path, row(), row(id="a-002"))
    before = corpus_hash(tmp_path)
    assert re.fullmatch(r"[0-9a-f]{16}", before)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert corpus_hash(tmp_path) == before
    write(tmp_path, row(), row(id="a-002", stakes="high"))
    assert corpus_hash(tmp_path) != before


# a small alphabet: the whole of Unicode takes seconds to lay out
_SCRAPS = st.text(alphabet='{}":,[]a\n\u200b\ud83d\u4e2d', max_size=8)


@given(st.one_of(st.binary(max_size=40), st.dictionaries(st.sampled_from(FIELDS), _SCRAPS | st.integers() | st.none())))
def test_whatever_stands_in_a_line_ends_in_a_scenario_or_a_corpus_error(line: bytes | dict[str, Any]) -> None:
    try:
        read = read_scenario(line if isinstance(line, bytes) else json.dumps({**row(), **line}), "f.jsonl", 1)
    except CorpusError as error:
        assert str(error).startswith("f.jsonl:1: ")
    else:
        assert isinstance(read, Scenario)


# the closed lists


def test_every_category_and_concept_value_has_words_in_both_languages() -> None:
    names = {*CONCEPTS, *(value for closed in CONCEPTS.values() for value in closed)}
    assert names == set(LABELS)
    for name in names:
        assert label(name, "en").isascii()
        assert re.search(r"[\u4e00-\u9fff]", label(name, "zh"))
    for lang in (0, 1):
        words = [LABELS[c][lang] for c in CATEGORIES]
        assert len(set(words)) == len(words)


def test_the_lists_agree_with_each_other() -> None:
    assert set(CATEGORY_VERDICT) == set(CONCEPTS["category"])
    assert set(CATEGORY_VERDICT.values()) == set(Verdict)
    assert tuple(Scenario.__dataclass_fields__) == FIELDS
    for closed in (*CONCEPTS.values(), FORMS, corpus.ROLES):
        assert len(set(closed)) == len(closed) >= 2


# the linter


def test_a_clean_file_has_no_findings(tmp_path: Path) -> None:
    write(
        tmp_path,
        row(pair="a", id="a-en"),
        row(pair="a", id="a-zh", lang="zh", text="港务室让大模型给船长拟泊位回信，职员逐封看过再发。"),
        row(id="b", text=LIBRARY, category="marketing-copy"),
    )
    lint = lint_corpus(tmp_path)
    assert lint.findings == ()
    assert (lint.counts["scenarios"], lint.counts["ideas"], lint.counts["pairs"]) == (3, 2, 1)


def test_all_findings_are_collected_past_broken_lines(tmp_path: Path) -> None:
    file = write(tmp_path, "{", row(stakes="dire", role="boss"), row(), row(id="a-002", text=LIBRARY), row())
    other = write(tmp_path, "", name="zero.jsonl")
    lint = lint_corpus(tmp_path)
    found = [str(f) for f in lint.errors]
    assert found[0].startswith(f"{file}:1: error: not JSON")
    assert found[1].startswith(f"{file}:2: error: role 'boss'")
    assert found[2].startswith(f"{file}:2: error: stakes 'dire'")
    assert any(m.startswith(f"{file}:5: error: the id 'a-001' stands at {file}:3 too") for m in found)
    assert any(m.startswith(f"{file}:5: error: the same text stands at {file}:3") for m in found)
    assert found[-1] == f"{other}: error: no scenario in it; write one JSON object a line, or delete the file"
    assert lint.counts["scenarios"] == 3


def test_a_pair_without_its_twin_is_an_error(tmp_path: Path) -> None:
    file = write(tmp_path, row(id="b", text=LIBRARY), row(pair="harbour"))
    (message,) = messages(tmp_path)
    assert message.startswith(f"{file}:2: error: the pair 'harbour' has en; a pair is one en and one zh")


def test_twins_that_disagree_are_an_error(tmp_path: Path) -> None:
    zh = "港务室让大模型给船长拟泊位回信，职员逐封看过再发。"
    file = write(tmp_path, row(pair="a"), row(pair="a", id="a-zh", lang="zh", text=zh, verdict="assist", stakes="high"))
    (message,) = messages(tmp_path)
    assert message.startswith(f"{file}:2: error: the twin at {file}:1 has another verdict, stakes")


def test_a_twin_of_a_broken_line_is_not_blamed(tmp_path: Path) -> None:
    write(tmp_path, row(pair="a"), row(pair="a", id="a-zh", lang="zh", verdict="great"))
    (message,) = messages(tmp_path)
    assert "verdict 'great'" in message


def test_the_language_must_be_that_of_the_text(tmp_path: Path) -> None:
    write(tmp_path, row(lang="zh"))
    (message,) = messages(tmp_path)
    assert "lang is zh, but the text reads as the other language" in message


def test_overkill_and_unfit_name_an_alternative(tmp_path: Path) -> None:
    overkill = row(verdict="overkill", category="lookup", format="fixed")
    file = write(tmp_path, overkill)
    (message,) = messages(tmp_path)
    assert message.startswith(f"{file}:1: error: overkill without an alternative")
    write(tmp_path, {**overkill, "alternative": "look-up table"})
    assert lint_corpus(tmp_path).findings == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"category": "forecasting"}, "forecasting is never fit by the taxonomy"),
        ({"category": "lookup", "format": "fixed"}, "lookup is never fit by the taxonomy"),
        ({"verdict": "unfit", "alternative": "a solver"}, "correspondence-drafting is never unfit"),
        ({"format": "fixed"}, "format fixed with verdict fit"),
        ({"alternative": "a typist"}, "fit needs no alternative"),
    ],
)
def test_labels_that_cannot_be_together_are_a_warning(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    file = write(tmp_path, row(**changes))
    lint = lint_corpus(tmp_path)
    assert lint.errors == ()
    assert str(lint.warnings[0]).startswith(f"{file}:1: warning: ")
    assert any(said in w.message for w in lint.warnings)


@pytest.mark.parametrize("category", ["text-to-query", "content-moderation"])
def test_two_strengths_may_be_unfit(tmp_path: Path, category: str) -> None:
    write(tmp_path, row(category=category, verdict="unfit", alternative="a tested report"))
    assert lint_corpus(tmp_path).findings == ()


def test_a_near_duplicate_across_the_split_is_a_leak(tmp_path: Path) -> None:
    file = write(tmp_path, row(), row(id="b", family=TEST_FAMILY, text=HARBOUR.replace("friendly", "polite")))
    (message,) = messages(tmp_path)
    assert message.startswith(f"{file}:2: error: nearly the same text as {file}:1 (cosine 0.")
    assert "on the other side of the split" in message


def test_a_near_duplicate_on_one_side_is_a_warning_and_inside_a_family_a_contrast(tmp_path: Path) -> None:
    same_side = next(f"other-{n}" for n in range(99) if split_of(f"other-{n}") == "train")
    near = HARBOUR.replace("friendly", "polite")
    write(tmp_path, row(), row(id="b", family=same_side, text=near))
    assert messages(tmp_path) == []
    assert len(messages(tmp_path, "warning")) == 1
    write(tmp_path, row(), row(id="b", text=near))
    assert lint_corpus(tmp_path).findings == ()


def test_the_same_text_is_an_error_even_in_other_spelling(tmp_path: Path) -> None:
    traditional = row(lang="zh", text="讓大模型給船長擬泊位回信，職員逐封看過再發。")
    simplified = row(lang="zh", text="让大模型给船长拟泊位回信,职员逐封看过再发。", id="b")
    file = write(tmp_path, traditional, simplified)
    assert messages(tmp_path)[0].startswith(f"{file}:2: error: the same text stands at {file}:1; keep one")


def _rule(text: str) -> Rule:
    return Rule(
        schema=1,
        id="berth-replies",
        family="drafting",
        weight={"core": {Verdict.FIT: 1.0}},
        title=Bilingual(en="Replies", zh="回信"),
        why=Bilingual(en="Drafting is a strength.", zh="起草是强项。"),
        instead=Instead(kind="language-model", en="Use it.", zh="可用。"),
        when=(Block(text=Patterns(en=("repl(?:y|ies)",))),),
        source=(Source(claim="Drafting works.", title="Own reading", seen=dt.date(2025, 1, 1)),),
        example=(Example(lang="en", text=text, fires="core"),),
    )


def test_a_rules_example_in_the_test_split_is_a_leak(tmp_path: Path) -> None:
    rules = (_rule(HARBOUR.upper()),)
    file = write(tmp_path, row(id="b", text=LIBRARY), row(family=TEST_FAMILY))
    (message,) = messages(tmp_path, rules=rules)
    assert message.startswith(f"{file}:2: error: an example of the rule 'berth-replies' is this text")
    write(tmp_path, row(id="b", text=LIBRARY), row(family=TRAIN_FAMILY))
    assert lint_corpus(tmp_path, rules=rules).findings == ()
    write(tmp_path, row(id="b", text=LIBRARY, family=TEST_FAMILY))
    assert lint_corpus(tmp_path, rules=rules).findings == ()


def test_counts_of_a_small_corpus(tmp_path: Path) -> None:
    write(
        tmp_path,
        row(),
        row(id="b", text=LIBRARY, verdict="assist", stakes="high"),
        row(id="c", family=TEST_FAMILY, form="slide", text="• model translates the menu\n• cook reads it"),
    )
    counts = describe_corpus(tmp_path)
    assert counts["verdict"] == {"assist": 1, "fit": 2}
    assert counts["split"] == {"test": 1, "train": 2}
    assert counts["form"] == {"mail": 2, "slide": 1}
    assert (counts["families"], counts["contrast_families"], counts["in_contrast_families"]) == (2, 1, 2)
    assert counts["by_verdict"]["split"] == {"test": {"fit": 1}, "train": {"fit": 1, "assist": 1}}
    assert json.loads(json.dumps(counts)) == counts


# the shipped scenarios


@pytest.fixture(scope="module")
def shipped() -> tuple[Scenario, ...]:
    return load_corpus(SHIPPED)


def test_the_shipped_scenarios_lint_without_errors(shipped: tuple[Scenario, ...]) -> None:
    lint = lint_corpus(SHIPPED)
    assert [str(f) for f in lint.errors] == []
    assert lint.counts == describe_corpus(SHIPPED)
    assert lint.counts["scenarios"] == len(shipped) >= 5_000


def test_each_file_holds_one_form_sorted_by_id() -> None:
    files = sorted(SHIPPED.glob("*.jsonl"))
    assert {f.stem for f in files} <= set(FORMS)
    for file in files:
        data = file.read_bytes()
        assert len(data) < 3_000_000
        assert data.endswith(b"\n") and b"\r" not in data and b"\\u" not in data
        rows = [json.loads(line) for line in data.splitlines()]
        assert {r["form"] for r in rows} == {file.stem}
        assert [r["id"] for r in rows] == sorted(r["id"] for r in rows)
        assert {tuple(r) for r in rows} == {FIELDS}


def test_the_split_keeps_pairs_together_and_both_sides_hold_all(shipped: tuple[Scenario, ...]) -> None:
    sides: dict[str, set[str]] = {}
    for s in shipped:
        sides.setdefault(s.pair or s.id, set()).add(s.split)
    assert all(len(side) == 1 for side in sides.values())
    share = sum(s.split == "test" for s in shipped) / len(shipped)
    assert 0.15 < share < 0.25
    for side in ("train", "test"):
        held = [s for s in shipped if s.split == side]
        assert len({s.category for s in held}) >= len(CATEGORIES) - 5
        assert {s.form for s in held} == set(FORMS)
        for lang in ("en", "zh"):
            assert {s.verdict for s in held if s.lang == lang} == set(LEARNED)


def test_the_data_cards_counts_are_those_of_the_files() -> None:
    card = (SHIPPED / "README.md").read_text("utf-8")
    written = re.search(r"<!-- counts -->\n(.*)<!-- /counts -->", card, re.DOTALL)
    assert written is not None
    assert written[1] == card_counts(SHIPPED), "run fitcheck.corpus_lint.card_counts and paste it between the marks"
