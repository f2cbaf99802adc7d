"""The formats of tables, by their files' names and first bytes."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Literal, get_args

from fitcheck.errors import UseCaseError

__all__ = ["FORMS", "Form", "form_of_bytes", "form_of_name", "is_gzip_name", "plain_suffix"]

Form = Literal["csv", "tsv", "xlsx", "jsonl", "json", "parquet"]
"""`xlsx` stands for every kind of workbook where one is read."""

FORMS: tuple[Form, ...] = get_args(Form)

_BY_SUFFIX: dict[str, Form] = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xlsb": "xlsx", ".xls": "xlsx", ".ods": "xlsx",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
_BY_MAGIC: dict[bytes, Form] = {b"PAR1": "parquet", b"PK\x03\x04": "xlsx", b"\xd0\xcf\x11\xe0": "xlsx"}
_GZIP = b"\x1f\x8b"


def plain_suffix(path: Path) -> str:
    """Return a name's ending without .gz, in small letters.

    >>> plain_suffix(Path("a/Ideas.CSV.gz"))
    '.csv'
    """
    name = path.name.casefold().removesuffix(".gz")
    return Path(name).suffix


def is_gzip_name(path: Path) -> bool:
    """Say whether a name ends in .gz."""
    return path.name.casefold().endswith(".gz")


def form_of_name(path: Path) -> Form | None:
    """Return the format that a name's ending tells, or None."""
    return _BY_SUFFIX.get(plain_suffix(path))


def form_of_bytes(file: BinaryIO, named: Form | None, where: str) -> Form | Literal["gzip"]:
    """Return a file's format: what its first bytes prove, else what its name says, else what they look like.

    Args:
        file: Seekable; left at its beginning.
        named: What its name says, or its owner.
        where: Named in errors.

    Raises:
        UseCaseError: The name promises a workbook or Parquet, and the bytes are none.
    """
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if head.startswith(_GZIP):
        return "gzip"
    for magic, form in _BY_MAGIC.items():
        if head.startswith(magic):
            return form
    if named in ("xlsx", "parquet"):
        if not head:
            raise UseCaseError(f"{where}: the file is empty")
        if named == "parquet":
            raise UseCaseError(f"{where}: not Parquet: its first bytes are another format's, or it is damaged")
        if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"<", b"\x00", b"\xff")):
            raise UseCaseError(f"{where}: not an Excel workbook, or a damaged one; save it again as .xlsx")
        # what many programs export under .xls is text between tabs
        return "csv"
    if named is not None:
        return named
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{") and b":" in start:
        return "jsonl"
    return "json" if start.startswith(b"[") and start[1:].lstrip().startswith((b"{", b"]")) else "csv"
