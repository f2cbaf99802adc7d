"""The registry: what is found in files and folders, and how it is refused."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from fitcheck.errors import UseCaseError
from fitcheck.policy import read_registry
from fitcheck.policy import registry as registry_module
from fitcheck.policy.escaping import shown
from fitcheck.policy.toml_places import toml_places


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def refused(*paths: Path) -> str:
    with pytest.raises(UseCaseError) as caught:
        read_registry(paths)
    return str(caught.value)


TWO = """\
[[use_case]]
id = "first"
text = '''
An idea whose text holds
[[use_case]]
id = "not this"
'''
owner = "ann@example.com"

[[use_case]]   # the second
text = "Draft replies"
expect = "fit"
calls_per_month = 900
[use_case.attributes]
department = "sales"
tags = ["a", "b"]
since = 2026-01-05
[use_case.attributes.team]
lead = "bo"
"""


def test_a_toml_file_holds_many_ideas_with_their_lines(tmp_path: Path) -> None:
    first, second = read_registry([put(tmp_path, "sales.fit.toml", TWO)])
    assert (first.id, first.line, first.owner) == ("first", 1, "ann@example.com")
    assert (second.id, second.line, second.expect) == ("sales-2", 10, "fit")
    assert second.use_case.facts() == {"calls_per_month": 900}
    assert second.attributes == {"department": "sales", "tags": "a; b", "since": "2026-01-05", "team.lead": "bo"}


def test_a_single_idea_stands_at_the_top_of_its_file(tmp_path: Path) -> None:
    (one,) = read_registry([put(tmp_path, "minutes.fit.toml", 'text = "Write minutes"\nattributes.x = 1\n')])
    assert (one.id, one.line, one.use_case.id, one.attributes) == ("minutes", 1, "minutes", {"x": "1"})


def test_a_verdict_may_be_asserted_by_its_chinese_word(tmp_path: Path) -> None:
    (one,) = read_registry([put(tmp_path, "a.fit.toml", 'text = "Draft replies"\nexpect = "大材小用"\n')])
    assert one.expect == "overkill"
    (one,) = read_registry([put(tmp_path, "b.fit.csv", "想法,期望结论\n写回复草稿,适合\n")])
    assert one.expect == "fit"
    assert "'适和' is no verdict; known: fit," in refused(put(tmp_path, "c.fit.toml", 'text = "x"\nexpect = "适和"\n'))


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("月调用量", "did you mean 'calls_per_month'?"),
        ("负责人", "did you mean 'owner'?"),
        ("团队", 'if it is your own, write attributes."团队" = …'),
        ("team", "if it is your own, write attributes.team = …"),
    ],
)
def test_an_unknown_key_is_told_what_to_write_instead(tmp_path: Path, key: str, hint: str) -> None:
    path = put(tmp_path, "a.fit.toml", f'text = "Draft replies"\n"{key}" = "x"\n')
    assert f"unknown key {key!r}; {hint}" in refused(path)


def test_a_csv_file_holds_an_idea_a_row_with_the_line_of_each(tmp_path: Path) -> None:
    text = 'id,想法,部门,Owner,月调用量,Exit plan,expect\na,"写\n一首诗",市场,bo,1.2万,none,FIT\n\n,translate,,,,,\n'
    first, second = read_registry([put(tmp_path, "ideas.fit.csv", text)])
    assert (first.id, first.line, first.owner, first.expect) == ("a", 2, "bo", "fit")
    assert first.attributes == {"department": "市场", "exit_plan": "none"}
    assert first.use_case.calls_per_month == 12_000
    assert (second.id, second.line, second.attributes) == ("ideas-2", 5, {})


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_large_table_keeps_every_row(tmp_path: Path, ending: str) -> None:
    texts = [f"Draft the {n}th reply\nto a customer who asks where the parcel is" for n in range(3000)]
    rows = [f'"{text}"' if ending == "csv" else json.dumps({"text": text}) for text in texts]
    lines = ["text", *rows] if ending == "csv" else rows
    entries = read_registry([put(tmp_path, f"large.fit.{ending}", "\n".join(lines))])
    assert [e.use_case.text for e in entries] == texts
    assert [e.line for e in entries[-2:]] == ([5998, 6000] if ending == "csv" else [2999, 3000])


def test_json_lines_hold_an_idea_a_line(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "Draft replies", "deployment": "api", "team": "x"}, {"text": "Translate", "team": None}]
    text = "\n\n".join(map(json.dumps, rows))
    first, second = read_registry([put(tmp_path, "ideas.fit.jsonl", text)])
    assert (first.line, first.use_case.deployment, first.attributes) == (1, "api", {"team": "x"})
    assert (second.id, second.line) == ("ideas-2", 3)


def test_a_folder_is_walked_for_known_names_only(tmp_path: Path) -> None:
    for name in ("b/two.fit.toml", "a.fit.toml", ".git/x.fit.toml", ".hidden/x.fit.toml", "node_modules/x.fit.toml"):
        put(tmp_path, name, 'text = "Draft replies"')
    put(tmp_path, "table.csv", "text\nDraft replies\n")
    put(tmp_path, "env/pyvenv.cfg", "")
    put(tmp_path, "env/x.fit.toml", 'text = "Draft replies"')
    assert [e.id for e in read_registry([tmp_path])] == ["a", "two"]


def test_a_file_that_is_named_may_have_any_name(tmp_path: Path) -> None:
    assert [e.id for e in read_registry([put(tmp_path, "table.csv", "text\nDraft replies\n")])] == ["table-1"]


def test_links_in_a_circle_end_and_a_file_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "a/one.fit.toml", 'text = "Draft replies"')
    (tmp_path / "a/round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "again.fit.toml").symlink_to(tmp_path / "a/one.fit.toml")
    assert len(read_registry([tmp_path, tmp_path / "a", tmp_path / "a/round"])) == 1


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.fit.toml").symlink_to(tmp_path / "x.fit.toml")
    assert "x.fit.toml: a link that leads nowhere" in refused(tmp_path)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.fit.toml")
    assert "neither a file nor a folder" in refused(tmp_path)


def test_a_name_with_a_newline_is_shown_escaped(tmp_path: Path) -> None:
    message = refused(put(tmp_path, "a\nb\x1b[2J.fit.toml", "text = "))
    assert "a\\nb\\x1b[2J.fit.toml:1: not valid TOML" in message
    assert "\x1b" not in message
    (one,) = read_registry([put(tmp_path, "c\nd.fit.toml", 'text = "Draft replies"')])
    assert one.id == "c\\nd"


def test_what_an_error_quotes_is_made_fit_to_print(tmp_path: Path) -> None:
    for name, text in (("x\n.fit.toml", 'a = "\x1b[31m"'), ("x\n.fit.csv", 'text,stakes\na,"\x1b[31m\n"\n')):
        message = refused(put(tmp_path, name, text))
        assert "x\\n.fit." in message
        assert "\x1b" not in message


def test_a_value_of_megabytes_makes_no_message_of_megabytes(tmp_path: Path) -> None:
    for name, text in (("x.fit.toml", 'text = "a"\nstakes = "{}"'), ("x.fit.csv", 'text,stakes\na,"{}"\n')):
        assert len(refused(put(tmp_path, name, text.replace("{}", "y" * 3_000_000)))) < 2000


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    assert "no use case in it" in refused(tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", None, "nothing in it"),
        ("# only a remark\n", None, "nothing in it"),
        ("[[use_case]\n", 1, "not valid TOML"),
        ('[[use_case]]\nid = "a"\n', 1, "the idea is missing"),
        ('[[use_case]]\ntext = "  "\n', 2, "the idea is empty"),
        ('[[use_case]]\ntext = "x"\ntokens_im = 3\n', 3, "unknown key 'tokens_im'; did you mean 'tokens_in'?"),
        ('[[use_case]]\ntext = "x"\ncolour = "red"\n', 3, "write attributes.colour = …"),
        (
            '[[use_case]]\ntext = "x"\ndepartment = "hr"\n',
            3,
            "did you mean 'deployment'? If it is your own, write attributes.department = …",
        ),
        ('[[usecase]]\ntext = "x"\n', 1, "unknown key 'usecase'; did you mean [[use_case]]?"),
        ('[[use_case]]\ntext = "x"\n[[usecase]]\ntext = "y"\n', 3, "did you mean [[use_case]]?"),
        ('[[use_case]]\ntext = "x"\nstakes = "huge"\n', 3, "stakes = 'huge'"),
        ('[[use_case]]\ntext = "x"\nexpect = "asist"\n', 3, "did you mean 'assist'?"),
        ('[[use_case]]\ntext = "x"\nid = "a\\nb"\n', 3, "one line of at most 200 characters"),
        ('[[use_case]]\ntext = "x"\nid = ""\n', 3, "write a short name"),
        ('[[use_case]]\ntext = "x"\nowner = ["a"]\n', 3, "write a name or an address"),
        ('[[use_case]]\ntext = "x"\nattributes = "y"\n', 3, "write a table"),
        ('[[use_case]]\ntext = "x"\n[policy]\nid = "y"\n', 3, "stands beside the [[use_case]] tables"),
        ('use_case = "x"\n', 1, "write [[use_case]], in double brackets"),
        ("use_case = []\n", 1, "no use case in it"),
    ],
)
def test_a_broken_toml_file_quotes_the_line(tmp_path: Path, text: str, line: int | None, what: str) -> None:
    message = refused(put(tmp_path, "x.fit.toml", text))
    assert what in message
    if line is not None:
        assert f"x.fit.toml:{line}: " in message
        assert f"\n    {line} | {text.splitlines()[line - 1]}" in message


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("id,text\na,\n", ":2: the idea is empty"),
        ('id,text,stakes\na,"x\ny",low\nb,z,huge\n', ":4: column 'stakes': stakes = 'huge'"),
        ("text,expect\nx,maybe\n", ":2: expect = 'maybe' is no verdict"),
        ("text,owner\nx,a,b\n", ":2: this row has 3 cells"),
        ("text,dept,Department\nx,a,b\n", "two columns stand for 'department'"),
        ("id\na\n", "no column is called text"),
        ("id,topic\na,b\n", "its columns are 'id', 'topic'; rename the one with the ideas to text or idea"),
        ("text\n", "no row"),
    ],
)
def test_a_broken_table_names_the_line(tmp_path: Path, text: str, what: str) -> None:
    assert what in refused(put(tmp_path, "x.fit.csv", text))


def test_an_id_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    put(tmp_path, "a.fit.toml", '[[use_case]]\nid = "x"\ntext = "Draft"\n')
    put(tmp_path, "b.fit.csv", "id,text\ny,Draft\nx,Draft\n")
    message = refused(tmp_path)
    assert "b.fit.csv:3: the id 'x' stands at" in message
    assert "a.fit.toml:1 too" in message


def test_a_file_of_fifty_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    for ending in ("toml", "csv", "jsonl"):
        path = tmp_path / f"large.fit.{ending}"
        with path.open("wb") as file:
            file.truncate(50_000_000)
        begun = time.perf_counter()
        assert "50 MB, and at most 16 are read" in refused(path)
        assert time.perf_counter() - begun < 1


def test_too_many_use_cases_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_module, "_MOST_ENTRIES", 2)
    assert "over 2 use cases" in refused(put(tmp_path, "x.fit.csv", "text\na b\nc d\ne f\n"))


def test_ten_thousand_lines_of_toml_are_read_in_linear_time() -> None:
    def seconds(n: int) -> float:
        text = '[[use_case]]\ntext = "x"\nn = 1\n' * n
        begun = time.perf_counter()
        assert len(toml_places(text)) == 3 * n
        return time.perf_counter() - begun

    seconds(100)
    assert seconds(8000) < 40 * seconds(1000)


@settings(max_examples=40)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=1, max_size=4))
def test_whatever_a_string_holds_tables_after_it_keep_their_lines(texts: list[str]) -> None:
    lines: list[str] = []
    expected = []
    for text in texts:
        lines.append("[[use_case]]")
        expected.append(len(lines))
        lines += ["text = " + json.dumps(text), "more = '''", *text.replace("'", "").split("\n"), "''' # ['"]
    places = toml_places("\n".join(lines))
    assert [places["use_case", n] for n in range(len(texts))] == expected


@given(st.text())
def test_what_is_shown_is_one_line_that_can_be_printed(text: str) -> None:
    assert len(shown(text).splitlines()) <= 1
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in shown(text))


def test_the_line_is_the_files_own(tmp_path: Path) -> None:
    text = "Registry of 2026,\n,\n\ntext,stakes\n,\nDraft replies,low\n\nSort letters,huge\n"
    assert "x.fit.csv:8: " in refused(put(tmp_path, "x.fit.csv", text))
    (entry,) = read_registry([put(tmp_path, "y.fit.csv", text.replace("\nSort letters,huge", ""))])
    assert (entry.line, entry.id) == (6, "y-1")


def test_a_formula_without_a_stored_result_is_refused(tmp_path: Path) -> None:
    workbook = Workbook()
    for row in (["Registry"], ["text", "users"], ["Draft replies", 5], ["Sort letters", "=2*3"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "x.fit.xlsx")
    assert "x.fit.xlsx:4: column 'users': a formula whose result is not stored" in refused(tmp_path / "x.fit.xlsx")


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("data_sensitivty", "data_sensitivity"),
        ("Human reveiw (yes/no)", "human_review"),
        ("ownr", "owner"),
        ("modle", "model"),
    ],
)
def test_a_mistyped_column_is_refused_as_a_mistyped_key_is(tmp_path: Path, column: str, meant: str) -> None:
    told = f"unknown column {column!r}; did you mean {meant!r}? If it is your own, call it attributes."
    assert told in refused(put(tmp_path, "x.fit.csv", f"text,{column}\nDraft replies,x\n"))
    assert told in refused(put(tmp_path, "x.fit.jsonl", json.dumps({"text": "Draft replies", column: "x"})))


def test_a_column_of_ones_own_may_look_like_a_fact(tmp_path: Path) -> None:
    # one beside the fact's own column, one that says so, one in a unit that no fact is read in
    text = (
        "text,human_review,Human reviewer,attributes.models,usd_per_error (EUR),部门\nDraft replies,yes,bo,two,5,hr\n"
    )
    (one,) = read_registry([put(tmp_path, "x.fit.csv", text)])
    named = {"human_reviewer": "bo", "models": "two", "usd_per_error_(eur)": "5", "department": "hr"}
    assert (one.attributes, one.doubtful) == (named, {})


def test_a_column_near_another_name_of_a_fact_is_doubted(tmp_path: Path) -> None:
    (one,) = read_registry([put(tmp_path, "x.fit.csv", "想法,人工复合,供应商名\n写回复草稿,是,甲\n")])
    assert one.doubtful == {"人工复合": "人工复核", "供应商名": "供应商"}
    assert one.attributes == {"人工复合": "是", "供应商名": "甲"}
