"""Files of a model's folder, which appear whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt

__all__ = ["write_json", "write_tensors"]


def write_tensors(path: Path, tensors: dict[str, npt.NDArray[Any]], metadata: Mapping[str, str] | None = None) -> None:
    """Write arrays by name as safetensors, with texts by name beside them."""
    from safetensors.numpy import save_file

    fresh = path.with_suffix(".new")
    save_file(tensors, fresh, metadata=dict(metadata) if metadata else None)
    fresh.chmod(0o644)  # safetensors writes files that only their owner may read
    fresh.replace(path)


def write_json(path: Path, value: Any, *, indent: int | None) -> None:
    """Write a value as JSON."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", "utf-8")
    fresh.replace(path)
