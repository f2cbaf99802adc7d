"""Ideas as people hand them over: bytes of some encoding, a TOML file, facts on a command line."""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from fitcheck.asking.answers import said_value
from fitcheck.errors import UseCaseError, quote_line
from fitcheck.fact_values import NOT_KNOWN, closed_value, fold_word, truth_of
from fitcheck.quantities import QUANTITIES, Currency, read_quantity
from fitcheck.text import MAX_CHARS, normalise
from fitcheck.use_case import CLOSED_LISTS, TRUTHS, UseCase

__all__ = [
    "Decoded",
    "build_use_case",
    "decode",
    "detect_encoding",
    "encoding_note",
    "fact_from_text",
    "read_idea_file",
    "read_stream",
    "words_from_arguments",
]

MAX_BYTES = 16 * MAX_CHARS
"""The longest single idea that is read, in bytes: four times what `normalise` looks at, at four bytes a character."""

_CHUNK = 1 << 20
_SAMPLE_PAIRS = 20_000
_OTHER_FILES = {b"PK\x03\x04": "an Excel workbook or another zip file", b"\xd0\xcf\x11\xe0": "an old Excel workbook"}
# What both GB 2312 text and its marks are mostly made of: the marks, and the 3,755 commonest characters.
_COMMON_GB = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
_ANY_GB = re.compile(rb"[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39])")
# Big5's marks and its 5,401 commonest characters; half of GB 2312's commonest lie outside
_COMMON_BIG5 = re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]")
_RUN_OF_BIG5 = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\xa1-\xfe]){2,}")
_LEAST_BIG5_PAIRS = 4
_THREE_BYTE_UTF8 = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
_ODD_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\x0b\x0c\x1b")
_NAMES = {"gb18030": "GB18030", "cp950": "Big5", "cp1252": "Windows-1252", "utf-16": "UTF-16"}


class Decoded(NamedTuple):
    """A text, and a remark for the reader where its encoding had to be guessed."""

    text: str
    note: str | None


def decode(raw: bytes, *, where: str) -> Decoded:
    """Turn the bytes of one idea into text.

    Args:
        raw: UTF-8 with or without a mark, UTF-16 with one, else Big5, GB18030 or Windows-1252.
        where: Named in errors and in the note.

    Raises:
        UseCaseError: The bytes are no text, or of several encodings.

    >>> decode("写一首诗".encode("gb18030"), where="idea")
    Decoded(text='写一首诗', note='idea: not UTF-8, read as GB18030')
    """
    encoding = detect_encoding(io.BytesIO(raw), where=where)
    return Decoded(raw.decode(encoding), encoding_note(encoding, where))


def encoding_note(encoding: str, where: str) -> str | None:
    """Return the remark on a guessed encoding, or None where there was nothing to guess."""
    return f"{where}: not UTF-8, read as {_NAMES[encoding]}" if encoding in _NAMES else None


def detect_encoding(file: BinaryIO, *, where: str) -> str:
    """Find a file's encoding by trial, in bounded memory unless it holds no line break.

    Args:
        file: Seekable; left at its beginning.
        where: Named in errors.

    Returns:
        `utf-8`, `utf-8-sig`, `utf-16`, `cp950`, `gb18030` or `cp1252`.

    Raises:
        UseCaseError: The file is no text, or of several encodings.
    """
    head = file.read(4096)
    file.seek(0)
    for magic, what in _OTHER_FILES.items():
        if head.startswith(magic):
            raise UseCaseError(f"{where}: {what}, not text; export it as CSV (UTF-8)")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(file, "utf-16", where)
    if sum(map(head.count, _ODD_CONTROLS)) > 0.3 * len(head):
        raise UseCaseError(f"{where}: not text, or UTF-16 without its mark; save it as UTF-8")
    if head.startswith(codecs.BOM_UTF8):
        return _checked(file, "utf-8-sig", where)
    if _first_bad_byte(file, "utf-8") is None:
        return "utf-8"
    _refuse_mixture(file, where)
    if _first_bad_byte(file, "cp950") is None and _looks_big5(file):
        return "cp950"
    is_gb = _first_bad_byte(file, "gb18030") is None
    is_western = _first_bad_byte(file, "cp1252") is None
    if is_gb and (not is_western or _looks_chinese(file)):
        return "gb18030"
    if is_western:
        return "cp1252"
    bad = _first_bad_byte(file, "utf-8")
    raise UseCaseError(f"{where}: not UTF-8 (byte {bad}), nor GB18030, nor Big5, nor Windows-1252; save it as UTF-8")


def _checked(file: BinaryIO, encoding: str, where: str) -> str:
    bad = _first_bad_byte(file, encoding)
    if bad is not None:
        name = "UTF-16" if encoding == "utf-16" else "UTF-8"
        raise UseCaseError(f"{where}: begins with the mark of {name}, but near byte {bad} it is not; save it as UTF-8")
    return encoding


def _first_bad_byte(file: BinaryIO, encoding: str) -> int | None:
    """Return about where the file stops being of an encoding, or None; the file is left at its beginning."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
            offset += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        return offset + getattr(error, "start", 0)
    finally:
        file.seek(0)
    return None


def _refuse_mixture(file: BinaryIO, where: str) -> None:
    """Refuse a file of which some lines are surely UTF-8 and others are not."""
    first_bad = sure = 0
    bad_line = b""
    for number, line in enumerate(file, 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            if not first_bad:
                first_bad, bad_line = number, line
        else:
            # two bytes of GB18030 can pass for UTF-8 by chance, three characters in a row hardly
            sure = sure or (number if len(_THREE_BYTE_UTF8.findall(line)) >= 3 else 0)
        if first_bad and sure:
            break
    file.seek(0)
    if first_bad and sure:
        what = f"not UTF-8, though line {sure} is: two encodings in one file; save all of it as UTF-8"
        raise UseCaseError(quote_line(where, first_bad, bad_line.decode("utf-8", "replace"), what))


def _looks_chinese(file: BinaryIO) -> bool:
    """Tell Chinese text from Western letters that happen to pair up: by the share of common characters."""
    n_pairs = n_common = 0
    for line in file:
        for match in _ANY_GB.finditer(line):
            n_pairs += 1
            n_common += _COMMON_GB.fullmatch(match.group()) is not None
        if n_pairs > _SAMPLE_PAIRS:
            break
    file.seek(0)
    return 2 * n_common >= n_pairs


def _looks_big5(file: BinaryIO) -> bool:
    """Tell traditional Chinese in Big5 from GB18030 and from Western letters, which can pass for it.

    Its characters stand in runs, and nearly all are common ones of Big5, of which few are common ones of GB 2312.
    """
    n_pairs = n_common = n_common_gb = n_other = 0
    for line in file:
        if line.isascii():
            continue
        alone = _RUN_OF_BIG5.sub(b" ", line)
        n_other += sum(byte > 0x7F for byte in alone)
        for run in _RUN_OF_BIG5.findall(line):
            pairs = [run[at : at + 2] for at in range(0, len(run), 2)]
            n_pairs += len(pairs)
            n_common += sum(map(bool, map(_COMMON_BIG5.fullmatch, pairs)))
            n_common_gb += sum(map(bool, map(_COMMON_GB.fullmatch, pairs)))
        if n_pairs > _SAMPLE_PAIRS:
            break
    file.seek(0)
    is_chinese = n_pairs >= _LEAST_BIG5_PAIRS and n_other <= n_pairs / 2
    return is_chinese and n_common >= 0.9 * n_pairs and n_common > n_common_gb + 0.1 * n_pairs


def read_stream(stream: BinaryIO, *, where: str = "standard input") -> Decoded:
    """Read one idea from a stream, and no more of it than an idea can have.

    Raises:
        UseCaseError: Too long, or no text.
    """
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise UseCaseError(
            f"{where}: over {MAX_BYTES:,} bytes, and at most {MAX_CHARS:,} characters are read: "
            "pass the part that says what the model would do"
        )
    return decode(raw, where=where)


def read_idea_file(path: Path | str) -> tuple[dict[str, Any], str | None]:
    """Read a TOML file whose keys are fields of `UseCase`.

    Returns:
        The values, and a remark on the encoding or None.

    Raises:
        UseCaseError: No such file, not TOML, an unknown key, or a value that does not fit; quotes the line.
    """
    import tomli

    path = Path(path)
    try:
        with path.open("rb") as file:
            text, note = read_stream(file, where=str(path))
        values = tomli.loads(text)
    except OSError as error:
        raise UseCaseError(f"{path}: {error.strerror or error}") from None
    except tomli.TOMLDecodeError as error:
        lines = text.splitlines()
        line = lines[error.lineno - 1] if 0 < error.lineno <= len(lines) else None
        raise UseCaseError(quote_line(path, error.lineno, line, f"not valid TOML: {error}")) from None
    except RecursionError:
        raise UseCaseError(f"{path}: not TOML that can be read: nested too deeply") from None
    if not values:
        raise UseCaseError(f'{path}: nothing in it; write text = "…" and the facts that you know')
    for key, value in values.items():
        try:
            UseCase.read({"text": "-"} | {key: value}, where="")
        except UseCaseError as error:
            raise UseCaseError(quote_line(path, *_line_of(text, key), str(error).removeprefix(": "))) from None
    return values, note


def _line_of(text: str, key: str) -> tuple[int | None, str | None]:
    head = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    for number, line in enumerate(text.splitlines(), 1):
        if head.match(line):
            return number, line
    return None, None


def fact_from_text(name: str, cell: str, *, size: int = 1, currency: Currency = "USD") -> Any:
    """Return a fact's value as `UseCase.read` takes it; None for an empty cell.

    Args:
        name: A field of `UseCase`.
        cell: As somebody wrote it; what can't be read comes back as it is, and `UseCase.read` says why.
        size: What one of a number stands for, where the cell states no size of its own.
        currency: Of an amount that states none.

    >>> fact_from_text("suppliers", "openai; azure")
    ('openai', 'azure')
    >>> fact_from_text("tokens_in", " 900 "), fact_from_text("calls_per_month", "40.000")
    (900, 40000)
    >>> fact_from_text("calls_per_month", "1.2万"), fact_from_text("human_review", "是")
    (12000, 'yes')
    >>> fact_from_text("calls_per_month", "123.456789万"), fact_from_text("id", "1,000")
    (1234567.89, '1,000')
    >>> fact_from_text("users", "about 2k"), fact_from_text("calls_per_month", "约300次/月")
    (2000, 300)
    >>> fact_from_text("stakes", "高"), fact_from_text("decides", "由人决定或签字")
    ('high', 'person')
    """
    cell = cell.strip()
    if not cell:
        return None
    if name == "suppliers":
        return tuple(part.strip() for part in re.split(r"[,;，；、]", cell) if part.strip())
    if name in QUANTITIES:
        try:
            return read_quantity(name, cell, size=size, currency=currency)
        except ValueError:
            # the words of an answer that a question offers, such as 十万次上下, stand for a number too
            said = said_value(name, cell)
            return None if fold_word(cell) in NOT_KNOWN else cell if said == cell else read_quantity(name, said)
    if name in TRUTHS:
        return None if fold_word(cell) in NOT_KNOWN else said_value(name, truth_of(cell))
    if name in CLOSED_LISTS:
        value = closed_value(name, cell, CLOSED_LISTS[name])
        return value if value in CLOSED_LISTS[name] else said_value(name, cell)
    return said_value(name, cell) if name == "task_category" else cell


def build_use_case(
    text: str | None = None,
    *,
    file_values: Mapping[str, Any] | None = None,
    facts: Iterable[str] = (),
    options: Mapping[str, Any] | None = None,
) -> UseCase:
    """Put an idea together from a text, a file's values and facts; the later ones win.

    Args:
        text: The idea, unless the file says it.
        file_values: What `read_idea_file` returned.
        facts: `name=value` each.
        options: Facts by name, texts as in `facts`; None values are left out.

    Raises:
        UseCaseError: No text, two texts, an empty or too long one, or a fact that is unknown or does not fit.

    >>> build_use_case("Draft replies", facts=["tokens_in=900"]).tokens_in
    900
    """
    values = dict(file_values or {})
    if text is not None:
        if values.get("text"):
            raise UseCaseError("the idea is given twice, in words and in the file; give it once")
        values["text"] = text
    if "text" not in values:
        raise UseCaseError("no idea is given: write it in quotes, as text in a --from file, or pipe it in and say -")
    for item in facts:
        name, sign, value = item.partition("=")
        if not sign or not name.strip():
            raise UseCaseError(f"--fact {item!r}: write name=value, such as tokens_in=900")
        name = name.strip().replace("-", "_")
        if name == "text":
            raise UseCaseError(f"--fact {item!r}: the text is the idea, not a fact; write it in quotes")
        values[name] = fact_from_text(name, value)
    for name, value in (options or {}).items():
        if value is not None:
            values[name] = fact_from_text(name, value) if isinstance(value, str) else value
    use_case = UseCase.read(values)
    # an empty or endless text is known before anything heavy is loaded
    normalise(use_case.text)
    return use_case


def words_from_arguments(words: Iterable[str]) -> Decoded | None:
    """Join the words of a command line to one idea, or return None where there are none.

    Raises:
        UseCaseError: The one word is the name of a file that holds ideas.
    """
    parts = list(words)
    if not parts:
        return None
    text = " ".join(parts)
    if text.lower().endswith((".csv", ".tsv", ".toml")) and Path(text).is_file():
        how = f"fitcheck --from {text}" if text.lower().endswith(".toml") else f"fitcheck batch {text}"
        raise UseCaseError(f"{text!r} is a file, not an idea; run: {how}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # the shell handed over bytes that are not of its own encoding
        return decode(os.fsencode(text), where="the idea")
    return Decoded(text, None)
