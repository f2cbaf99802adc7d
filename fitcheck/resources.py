"""Where rules/, corpora/ and the model lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

__all__ = ["corpora_dir", "model_dir", "rules_dir"]

_PACKAGE = Path(__file__).resolve().parent


def rules_dir() -> Path:
    """Return the folder of the shipped rules."""
    return _beside_or_inside("rules")


def corpora_dir() -> Path:
    """Return the folder of the shipped scenarios."""
    return _beside_or_inside("corpora")


def model_dir() -> Path:
    """Return the folder of the shipped model."""
    return _PACKAGE / "model"


def _beside_or_inside(name: str) -> Path:
    """Prefer a checkout's own folder, so that an editable install reads what is being edited."""
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    return _PACKAGE / "data" / name
