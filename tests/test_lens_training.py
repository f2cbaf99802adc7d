"""Fitting the lens: what is written can be read, and models answer where they beat the rules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fitcheck import Assessor
from fitcheck.lens import AXES
from fitcheck.lens.heads import HEADS, load_heads
from fitcheck.lens.pack import KEPT
from fitcheck.lens.scenarios import read_lens_scenarios, read_partly_labelled
from fitcheck.training.lens import fit_lens

FITTED = ("payer", "assets")
"""All fourteen would take a minute."""
TEXT = "Tenants pay 3 euros a month for it"


def test_what_is_fitted_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fitcheck.training.lens.AXES", {axis: AXES[axis] for axis in FITTED})
    assess = Assessor(reading="first").assess_many
    sentences = [one for one in read_partly_labelled()[::40] if "payer" in one.labels]
    figures = fit_lens(read_lens_scenarios("train")[:40], sentences, assess, tmp_path)
    heads = load_heads(tmp_path / HEADS)
    assert list(figures) == list(FITTED)
    assert list(heads.axes) == [axis for axis in FITTED if figures[axis]["head"] >= figures[axis]["rules"] + 0.03]
    shares = heads.probabilities(assess([TEXT]), [{}])
    assert AXES["payer"][int(np.argmax(shares["payer"][0]))] == "customers"
    assert (tmp_path / KEPT).is_file()
