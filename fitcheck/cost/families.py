"""Tokenizer families: which one a model belongs to, and OpenAI's own where it lies on this machine."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["FAMILIES", "UNMEASURED", "family_of", "tiktoken_encoding"]

FAMILIES: dict[str, tuple[str, str]] = {
    "o200k": ("OpenAI, GPT-4o and later, gpt-oss", "OpenAI：GPT-4o 及以后、gpt-oss"),
    "cl100k": ("OpenAI, GPT-4 and GPT-3.5", "OpenAI：GPT-4 与 GPT-3.5"),
    "llama3": ("Meta, Llama 3", "Meta：Llama 3"),
    "llama4": ("Meta, Llama 4", "Meta：Llama 4"),
    "qwen": ("Alibaba, Qwen to Qwen3", "阿里：通义千问，到 Qwen3"),
    "deepseek": ("DeepSeek V3 and R1", "DeepSeek：V3、R1"),
    "mistral": ("Mistral, Nemo and later", "Mistral：Nemo 及以后"),
    "gemini": ("Google, Gemini and Gemma", "谷歌：Gemini、Gemma"),
    "claude": ("Anthropic, Claude 3 to Opus 4.6", "Anthropic：Claude 3 到 Opus 4.6"),
    "claude-4.7": ("Anthropic, Claude from Opus 4.7 on", "Anthropic：Claude Opus 4.7 及以后"),
    "other": ("any other: the range spans the families above", "其他：范围涵盖以上各家"),
}
"""Family -> who has it, in English and Chinese."""

UNMEASURED = ("glm", "kimi", "ernie", "doubao", "hunyuan", "minimax", "grok", "yi", "baichuan", "phi", "nova", "step")
"""Makers whose tokenizers were not measured: they get the family `other`."""

# The first pattern that is found decides; distilled models keep the tokenizer of what was trained further.
_BY_NAME: tuple[tuple[str, str], ...] = (
    (r"distill.*qwen|qwen.*distill", "qwen"),
    (r"distill.*llama|nemotron", "llama3"),
    (r"gpt-?oss|gpt-?4o|gpt-?4\.[15]|gpt-?5|chatgpt-4o|\bo[134](-|$)|gpt-?[6-9]", "o200k"),
    (r"gpt-?4|gpt-?3\.?5|chatgpt|text-embedding-3", "cl100k"),
    (r"llama-?4", "llama4"),
    (r"llama-?3", "llama3"),
    # Qwen3.5 has a larger vocabulary of its own
    (r"qwen-?3\.[5-9]|qwen-?[4-9]", "other"),
    (r"qwen|qwq|qvq|tongyi|通义|千问", "qwen"),
    (r"deepseek", "deepseek"),
    (r"gemini|gemma|\bpalm", "gemini"),
    (r"claude-?(instant|[12]\b)", "other"),
    (r"claude.*?(4[-.][7-9]\b|(opus|sonnet|haiku|fable)-?[5-9]|claude-?[5-9])", "claude-4.7"),
    (r"claude", "claude"),
    (r"mixtral|mistral-7b|open-mistral-7b", "other"),
    (r"mistral|ministral|codestral|magistral|devstral|pixtral", "mistral"),
    (r"llama", "other"),
    (r"glm|智谱|kimi|moonshot|ernie|文心|doubao|豆包|seed-|hunyuan|混元|minimax|abab", "other"),
    (r"grok|\byi-|baichuan|百川|internlm|\bphi|command|nova|step-|spark|星火|jamba|granite|olmo|falcon", "other"),
)

# The files that tiktoken keeps, named by the SHA-1 of their address; the digest is of their content.
_TIKTOKEN_FILES = {
    "o200k": (
        "fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k": (
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
}


def family_of(model: str) -> str | None:
    """Return the tokenizer family that a model's name belongs to, or None where the name says nothing.

    `other` is a model that is known and whose tokenizer was not measured.

    >>> family_of("gpt-4o-mini"), family_of("claude-opus-4-7"), family_of("deepseek-r1-distill-llama-70b")
    ('o200k', 'claude-4.7', 'llama3')
    """
    name = model.strip().lower().replace("_", "-").replace(" ", "-")
    return next((family for pattern, family in _BY_NAME if re.search(pattern, name)), None)


@lru_cache(maxsize=2)
def tiktoken_encoding(family: str) -> Any | None:
    """Return tiktoken's encoding if the package and its file lie on this machine, else None.

    The file is checked first, since tiktoken fetches anew what is missing or altered.
    """
    if family not in _TIKTOKEN_FILES or find_spec("tiktoken") is None:
        return None
    name, digest = _TIKTOKEN_FILES[family]
    # the folders that tiktoken itself looks in, in its order
    folder = os.environ.get("TIKTOKEN_CACHE_DIR", os.environ.get("DATA_GYM_CACHE_DIR"))
    path = Path(folder if folder is not None else Path(tempfile.gettempdir(), "data-gym-cache")) / name
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        return None
    from importlib import import_module

    return import_module("tiktoken").get_encoding(f"{family}_base")
