"""Which column holds what: by name in both languages, by content, and as a mapping file says."""

from __future__ import annotations

from pathlib import Path

import pytest
from table_stubs import Stub
from test_table_forms import score

from fitcheck.batch import score_file
from fitcheck.errors import UseCaseError
from fitcheck.tables import FACT_NAMES, TEXT_COLUMNS, fact_from_cell, open_table, read_mapping
from fitcheck.tables.columns import fact_indices, text_index
from fitcheck.tables.facts import column_key
from fitcheck.use_case import UseCase


def facts_of(tmp_path: Path, header: str, row: str) -> dict[str, object]:
    (tmp_path / "in.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    stub = Stub()
    score_file(tmp_path / "in.csv", tmp_path / "out.csv", assessor=stub)
    return stub.facts


def test_every_fact_has_a_name_in_each_language() -> None:
    assert set(FACT_NAMES) == set(UseCase.model_fields) - {"text"}
    for field, names in FACT_NAMES.items():
        assert any(not name.isascii() for name in names), field
        assert field == "id" or any(name.isascii() for name in names), field


def test_no_name_stands_for_two_things() -> None:
    keys = [column_key(name) for names in FACT_NAMES.values() for name in names]
    keys += [column_key(name) for name in UseCase.model_fields if name != "text"]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & {column_key(name) for name in TEXT_COLUMNS}


@pytest.mark.parametrize(("field", "name"), [(field, name) for field, names in FACT_NAMES.items() for name in names])
def test_a_fact_is_known_by_each_of_its_names(field: str, name: str) -> None:
    assert fact_indices(["idea", f" {name.upper()} "], 0, "x", {}) == {field: 1}


def test_facts_in_both_languages(tmp_path: Path) -> None:
    english = facts_of(
        tmp_path, "idea,Monthly calls,Data class,Human in the loop,Model", 'Draft,"12,000",Personal,yes,gpt-4o'
    )
    chinese = facts_of(tmp_path, "想法,月调用量（次）,数据分级,人工复核,模型", "起草,1.2万,个人,是,gpt-4o")
    assert (
        english
        == chinese
        == {
            "calls_per_month": 12_000,
            "data_sensitivity": "personal",
            "human_review": True,
            "model": "gpt-4o",
        }
    )


def test_traditional_chinese_headers(tmp_path: Path) -> None:
    header = "編號,想法描述,調用量/月,誰決定,人工審核,數據敏感度"
    assert facts_of(tmp_path, header, "甲,用模型起草信件,5000,人工,是,公开") == {
        "calls_per_month": 5_000,
        "decides": "person",
        "human_review": True,
        "data_sensitivity": "public",
    }
    with open_table(tmp_path / "in.csv") as table:
        assert table.fact_columns["id"] == 0
    assert facts_of(tmp_path, "場景描述,月調用量（萬次）", "起草信件,2") == {"calls_per_month": 20_000}
    assert facts_of(tmp_path, "場景,每次錯誤損失（新台幣）", "起草信件,2") == {}
    with open_table(tmp_path / "in.csv", mapping={"users": "每次错误损失（新台币）"}) as table:
        assert table.fact_columns == {"users": 1}


def test_cells_that_say_that_nobody_knows(tmp_path: Path) -> None:
    assert facts_of(tmp_path, "idea,stakes,users,tokens in", "Draft,N/A,未知,-") == {}


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("stakes", "High", "high"),
        ("deployment", "Own GPUs", "own_gpus"),
        ("decides", "人工", "person"),
        ("output", "文本", "text"),
        ("existing_quality", "none", "none"),
        ("calls_per_month", "3亿", 300_000_000),
        ("suppliers", ["openai", "azure"], ("openai", "azure")),
        ("suppliers", [], None),
    ],
)
def test_cells_as_facts(field: str, cell: object, value: object) -> None:
    assert fact_from_cell(field, cell, str(cell)) == value
    if value is not None:
        UseCase.read({"text": "-", field: value})


def test_a_cell_that_cannot_be_read_names_its_column_and_value(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("idea,Monthly calls,Stake\nDraft,many,huge\nDraft,5,low\n")
    rows, _ = score(tmp_path / "in.csv", tmp_path / "out.csv")
    assert "column 'Monthly calls': calls_per_month = 'many'" in rows[0]["error"]
    assert "column 'Stake': stakes = 'huge'" in rows[0]["error"]
    assert rows[1]["verdict"] == "fit"


def test_an_exact_name_wins_over_another_name() -> None:
    columns = ["idea", "模型", "model"]
    assert fact_indices(columns, 0, "x", {}) == {"model": 2}
    with pytest.raises(UseCaseError, match="two columns carry the fact model, '模型' and 'Model name'"):
        fact_indices(["idea", "模型", "Model name"], 0, "x", {})


def test_what_an_earlier_run_answered_is_no_fact(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("idea,model\nDraft,gpt-4o\n")
    score(tmp_path / "in.csv", tmp_path / "once.csv")
    _, summary = score(tmp_path / "once.csv", tmp_path / "twice.csv")
    assert summary.fact_columns == ("model",)


def test_the_longest_prose_is_read_where_no_name_is_known(tmp_path: Path) -> None:
    lines = [f"{n},Ann,Marketing,{n} Draft the letters to our customers and check them twice" for n in range(30)]
    (tmp_path / "in.csv").write_text("\n".join(["no,who,team,What we dream of", *lines]))
    rows, summary = score(tmp_path / "in.csv", tmp_path / "out.csv")
    assert summary.text_column == "What we dream of"
    assert "'What we dream of' holds the longest texts, and is read as the ideas" in summary.notes[0]
    assert rows[0]["verdict"] == "fit"


def test_chinese_prose_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        "序号,部门,要做的事\n1,市场部,用大模型起草给客户的信件，由专员逐封修改\n", encoding="utf-8"
    )
    with open_table(tmp_path / "in.csv") as table:
        assert table.columns[table.text_column] == "要做的事"


def test_a_list_without_a_header_is_refused(tmp_path: Path) -> None:
    idea = "Draft the letters to our customers and have them checked by a clerk"
    (tmp_path / "in.csv").write_text(f"{idea}\n{idea} again\n")
    with pytest.raises(UseCaseError, match="the first line reads like an idea, not like a header"):
        score(tmp_path / "in.csv", tmp_path / "out.csv")


def test_a_mapping_file(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('text = "Wish"\ncalls_per_month = "Vol"\nusers = "n"\n')
    (tmp_path / "in.csv").write_text("idea,Wish,Vol,n,model\nother,Draft letters,900,4,gpt-4o\n")
    stub = Stub()
    mapping = read_mapping(tmp_path / "map.toml")
    summary = score_file(tmp_path / "in.csv", tmp_path / "out.csv", assessor=stub, mapping=mapping)
    assert summary.text_column == "Wish"
    assert stub.facts == {"calls_per_month": 900, "users": 4, "model": "gpt-4o"}
    score_file(tmp_path / "in.csv", tmp_path / "out.csv", assessor=stub, mapping=mapping, use_facts=False)
    assert stub.facts == {"calls_per_month": 900, "users": 4}
    with pytest.raises(UseCaseError, match=r"no column is called 'Voll'; its columns are .*; did you mean 'Vol'\?"):
        score_file(tmp_path / "in.csv", tmp_path / "out.csv", assessor=stub, mapping={"users": "Voll"})


def test_a_mapping_file_takes_the_names_that_headers_have(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(
        '"想法" = "Wish"\n"月調用量" = "Volume"\n"时薪" = "工资"\n"Input Tokens" = "n"\n', "utf-8"
    )
    assert read_mapping(tmp_path / "map.toml") == {
        "text": "Wish",
        "calls_per_month": "Volume",
        "usd_wage_per_hour": "工资",
        "tokens_in": "n",
    }


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "nothing in it"),
        ("calls = ", r"map\.toml:1: not valid TOML"),
        ('call_per_month = "x"', r"unknown field 'call_per_month'; did you mean 'calls_per_month'\?"),
        ("users = 3", "write the name of a column"),
        ('月调用量 = "Volume"', r'map\.toml:1: not valid TOML: .*; write the name in quotes: "月调用量" = …'),
        (
            'calls_per_month = "a"\n"月调用量" = "b"',
            "'calls_per_month' and '月调用量' both name calls_per_month; keep one",
        ),
        ('"月调用量（万次）" = "Volume"', "a unit is read from the column's name; write calls_per_month = 'Volume'"),
        ('"时薪" = "Wage"', "'时薪' and 'Wage' say different currencies, .* write usd_wage_per_hour = 'Wage'"),
    ],
)
def test_mapping_files_that_cannot_be_read(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "map.toml").write_text(text, "utf-8")
    with pytest.raises(UseCaseError, match=what):
        read_mapping(tmp_path / "map.toml")
    with pytest.raises(UseCaseError, match="No such file"):
        read_mapping(tmp_path / "absent.toml")


def test_the_surest_name_of_the_ideas_wins() -> None:
    assert text_index(["描述", "Use-Case", "summary"], None, "x") == 1
    assert text_index(["owner"], None, "x") is None
    with pytest.raises(UseCaseError, match=r"no column is called 'Ideas'; its columns are 'Idea', 'x'; did you mean"):
        text_index(["Idea", "x"], "Ideas", "x")
