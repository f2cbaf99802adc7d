"""The layers: each room imports only from those before it, and importing the package costs nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import fitcheck

PACKAGE = Path(fitcheck.__file__).parent
MODULES = {
    ".".join(p.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): p
    for p in sorted(PACKAGE.glob("**/*.py"))
}

# a room may import from the lines above its own, and from its own where that makes no circle
LAYERS = """
errors text taxonomy labels numerals quantities fact_values use_case beside records
resources patterns toml_lines findings verdict_words volumes
rule_words
row_errors rules rule_packs
orders injection figures denial literals literal_index naming corpus encoder tuned lexical cost wording fact_words
alternatives
tasks matching classifier reading sieve
combine asking whatif sift clauses preparing judge outlook
jobs turns
lens plans
reporting
training
pipeline
ideas render cells journal interview
tables columnar
picking rows arrow
pool frames parquet_folder spark_session
batch spark portfolio policy explain corpus_lint rule_rows rules_lint
pytesting
commands show cli __main__ pytest_plugin
"""
LAYER = {room: number for number, line in enumerate(LAYERS.strip().splitlines()) for room in line.split()}

# records that print themselves, and say what stands beside them, ask for it by name
UPWARD = {
    ("beside", "asking"),
    ("cost", "render"),
    *(("records", room) for room in ("render", "lens", "plans", "asking", "pipeline")),
}


def room_of(module: str) -> str:
    """Return the room that a module lies in: `fitcheck.cost.prices` lies in `cost`."""
    return module.split(".")[1]


def imports(module: str, *, inside_functions: bool = True) -> Iterator[str]:
    """Yield the modules of fitcheck that a module imports, by name or by `import_module`."""
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    for node in ast.walk(tree) if inside_functions else tree.body:
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == "fitcheck")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: import by the full name"
            for alias in node.names:
                yield from resolve(f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module":
            names = [a.value for a in node.args if isinstance(a, ast.Constant)]
            yield from (n for n in names if n.split(".")[0] == "fitcheck")


def resolve(name: str) -> Iterator[str]:
    """Yield the module that holds a dotted name, if it is one of fitcheck's."""
    head, _, last = name.rpartition(".")
    if name.split(".")[0] != "fitcheck" or name == "fitcheck.__version__":
        return
    if name in MODULES:
        yield name
    elif head == "fitcheck":
        yield getattr(fitcheck, "_ROOMS")[last]  # noqa: B009
    else:
        assert head in MODULES, name
        yield head


ROOMS = [m for m in MODULES if m != "fitcheck"]


def test_there_is_something_to_walk() -> None:
    assert len(ROOMS) > 20
    assert "fitcheck.matching" in ROOMS
    assert set(imports("fitcheck.matching")) >= {"fitcheck.literals", "fitcheck.rules", "fitcheck.text"}


@pytest.mark.parametrize("module", ROOMS)
def test_a_room_imports_only_from_those_before_it(module: str) -> None:
    room = room_of(module)
    assert room in LAYER, f"{module} has no place yet: put {room!r} on a line of LAYERS in {Path(__file__).name}"
    for other in {room_of(m) for m in imports(module)} - {room}:
        assert other in LAYER, f"{module} imports {other!r}, which has no place in LAYERS"
        if (room, other) not in UPWARD:
            assert LAYER[other] <= LAYER[room], f"{module} imports {other!r}, which stands above it"


def test_rooms_of_one_layer_make_no_circle() -> None:
    graph: dict[str, set[str]] = {}
    for module in ROOMS:
        others = {room_of(m) for m in imports(module)}
        graph.setdefault(room_of(module), set()).update(
            o for o in others if o != room_of(module) and (room_of(module), o) not in UPWARD
        )
    assert len(list(TopologicalSorter(graph).static_order())) >= len(graph)


def test_modules_make_no_circle_while_they_are_imported() -> None:
    graph = {m: {o for o in imports(m, inside_functions=False) if o != m} for m in MODULES}
    assert len(list(TopologicalSorter(graph).static_order())) >= len(graph)


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after a statement."""
    code = f"import sys; {statement}; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


HEAVY = {"torch", "sentence_transformers", "transformers", "sklearn", "scipy", "httpx"}


def test_importing_fitcheck_costs_nothing() -> None:
    loaded = loaded_by("import fitcheck")
    assert "fitcheck" in loaded
    assert not loaded & (HEAVY | {"numpy", "pydantic", "rich", "typer", "re2", "tokenizers", "opencc", "genai_prices"})


def test_an_assessment_needs_no_scikit_learn_and_no_torch() -> None:
    loaded = loaded_by("import fitcheck.pipeline, fitcheck.matching, fitcheck.reading")
    assert "numpy" in loaded
    assert not loaded & (HEAVY | {"rich", "typer"})


@pytest.mark.parametrize("module", [m for m in ROOMS if room_of(m) not in ("__main__", "training")])
def test_no_module_imports_torch(module: str) -> None:
    top = {
        name.split(".")[0]
        for node in ast.parse(MODULES[module].read_text("utf-8")).body
        for name in (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not top & {"torch", "sentence_transformers", "transformers", "httpx"}


def test_the_public_names() -> None:
    assert set(fitcheck.__all__) == {
        *("assess", "assess_many", "Assessor", "UseCase", "Report", "Evidence", "Verdict"),
        *("load_rules", "FitClassifier", "estimate_cost", "FitcheckError", "score_table", "Portfolio"),
    }
    assert len(set(fitcheck.__all__)) == len(fitcheck.__all__)
    for name in fitcheck.__all__:
        assert getattr(fitcheck, name).__name__ == name
    assert set(fitcheck.__all__) <= set(dir(fitcheck))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'fitcheck' has no attribute 'asses'"):
        getattr(fitcheck, "asses")  # noqa: B009
