"""The wheel, installed elsewhere, works without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = out.glob("*.whl")
    return made


def test_wheel_carries_rules_corpora_and_model(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert wheel.name.startswith("usecase_fitcheck-")
    assert sum(n.startswith("fitcheck/data/rules/") and n.endswith(".toml") for n in names) >= 80
    assert any(n.startswith("fitcheck/data/corpora/") and n.endswith(".jsonl") for n in names)
    assert {"fitcheck/model/static.safetensors", "fitcheck/model/card.json", "fitcheck/py.typed"} <= set(names)
    assert not any(n.startswith(("tests/", "benchmarks/", "rules/", "corpora/")) for n in names)


def test_wheel_model_is_small(wheel: Path) -> None:
    sizes = [i.file_size for i in zipfile.ZipFile(wheel).infolist() if i.filename.startswith("fitcheck/model/")]
    assert sum(sizes) < 40 * 2**20


def test_installed_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    """Its own files are used: the checkout is neither the working folder nor on the path."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = next((home / "lib").glob("python*/site-packages")) if os.name != "nt" else home / "Lib" / "site-packages"
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    # the dependencies are those of the environment that runs the tests
    import numpy

    (site / "dependencies.pth").write_text(str(Path(numpy.__file__).parents[1]) + "\n", "utf-8")
    code = (
        "import fitcheck, sys; from fitcheck import resources; r = fitcheck.assess('Write a poem for my sister');"
        "print(fitcheck.__file__); print(resources.rules_dir()); print(r.verdict.value)"
    )
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        [str(python), "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    package, rules, verdict = done.stdout.split("\n")[:3]
    assert Path(package).is_relative_to(home)
    assert Path(rules).is_relative_to(home)
    assert verdict == "fit"
