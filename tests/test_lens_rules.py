"""The lens's files: every example fires as it says, both languages are there, and broken files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from fitcheck.errors import RuleError
from fitcheck.lens.axes import AXES, USUAL
from fitcheck.lens.branches import branches_of
from fitcheck.lens.files import read_axis, read_lens_rule
from fitcheck.lens.pack import lens_files, load_lens, save_lens
from fitcheck.lens.words import fires
from fitcheck.resources import rules_dir
from fitcheck.tasks import split_tasks
from fitcheck.text import is_cjk, normalise

FOLDER = rules_dir() / "lens"
FILES = lens_files(FOLDER)

GOOD = """schema = 1
axis = "need"
value = "need"
strength = 0.9

[[when]]
text.en = ['back-?log']
text.zh = ['积压']

[[source]]
claim = "A need is charcoal in snow."
title = "a column"
seen = 2026-11-22
"""


def written(folder: Path, text: str) -> Path:
    """Write a rule file of the axis `need`."""
    (folder / "need").mkdir()
    file = folder / "need" / "a-rule.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("axis", AXES)
def test_every_axis_has_a_rule(axis: str) -> None:
    assert any(rule.axis == axis for rule in load_lens().rules)


def test_every_example_fires_as_it_says() -> None:
    pack = load_lens()
    wrong = []
    for file in FILES:
        rule = read_lens_rule(file, compile_patterns=False)
        for example in rule.example:
            text = normalise(example.text)
            spoke = fires(pack, text, split_tasks(text), facts=example.facts)
            if (f"{rule.axis}/{rule.id}" in spoke) != example.fires:
                wrong.append((file.name, example.text))
    assert wrong == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_rule_has_two_examples_and_a_near_miss_in_each_language(lang: str) -> None:
    short = []
    for file in FILES:
        examples = [e.fires for e in read_lens_rule(file, compile_patterns=False).example if e.lang == lang]
        if examples.count(True) < 2 or examples.count(False) < 1:
            short.append(file.name)
    assert short == []


def test_every_rule_speaks_both_languages() -> None:
    silent = [
        rule.id
        for rule in load_lens().rules
        if not all(any(b.text and getattr(b.text, lang) for b in rule.when) for lang in ("en", "zh"))
        and any(b.text for b in rule.when)
    ]
    assert silent == []


def test_no_rule_speaks_for_the_usual_value_where_that_means_not_said() -> None:
    assert [rule.id for rule in load_lens().rules if rule.value == "unsaid"] == []


def test_chinese_words_are_chinese() -> None:
    words = [w for a in load_lens().axes.values() for v in a.value for w in (v.label.zh, v.says.zh, v.do.zh)]
    assert [w for w in words if not any(map(is_cjk, w))] == []


def test_every_value_says_something_of_its_own() -> None:
    said = [v.says.en for a in load_lens().axes.values() for v in a.value]
    assert len(set(said)) == len(said)


def test_the_usual_value_is_one_of_the_axis() -> None:
    assert all(USUAL[axis] in values for axis, values in AXES.items())


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert read_lens_rule(written(tmp_path, GOOD)).id == "a-rule"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('value = "need"', 'value = "want"', 3, "known: need, decoration, unsaid"),
        ("strength = 0.9", "strength = 9", 4, "less than or equal to 1"),
        ("strength = 0.9", "sterngth = 0.9", 4, "sterngth"),
        ("'back-?log'", "'back-?log('", 7, "not a pattern that RE2 takes"),
        ("'back-?log'", "'(?:back)?'", 7, "matches the empty string"),
        ("strength = 0.9", 'id = "a-rule"\nstrength = 0.9', 4, "the file's name is the id"),
        ('axis = "need"', 'axis = "price"', 2, "price"),
        ("schema = 1", "schema = ", 1, "not valid TOML"),
    ],
)
def test_a_broken_line_is_quoted(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    file = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(RuleError) as error:
        read_lens_rule(file)
    assert f"a-rule.toml:{line}:" in str(error.value) and said in str(error.value)


def test_a_rule_without_a_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="add a \\[\\[source\\]\\]"):
        read_lens_rule(written(tmp_path, GOOD.split("[[source]]")[0]))


def test_an_axis_with_its_values_out_of_order_is_refused(tmp_path: Path) -> None:
    (tmp_path / "need").mkdir()
    file = tmp_path / "need" / "axis.toml"
    text = (FOLDER / "need" / "axis.toml").read_text("utf-8")
    file.write_text(text.replace('name = "need"', 'name = "unsaid"'), encoding="utf-8")
    with pytest.raises(RuleError, match="in this order"):
        read_axis(file)


def test_a_folder_that_lacks_an_axis_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="every axis has a file with its words"):
        load_lens(tmp_path)


def test_the_kept_pack_says_what_the_folder_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fitcheck.lens.pack as pack

    kept = save_lens(tmp_path / pack.KEPT)
    monkeypatch.setattr(pack, "model_dir", lambda: tmp_path)
    load_lens.cache_clear()
    try:
        read = load_lens()
    finally:
        load_lens.cache_clear()
    assert (read.literals, [r.when for r in read.rules]) == (kept.literals, [r.when for r in kept.rules])


def test_branches_are_cut_at_bars_outside_of_classes() -> None:
    assert branches_of(r"[a|b]c|d\|e|(?:f|g)?h") == ["[a|b]c", r"d\|e", "(?:f|g)?h"]
