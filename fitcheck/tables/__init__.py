"""Tables of ideas: CSV, workbooks, JSON lines and Parquet, read in blocks and written with the added columns."""

from __future__ import annotations

from fitcheck.tables.columns import TEXT_COLUMNS, read_mapping
from fitcheck.tables.facts import FACT_NAMES, fact_from_cell, facts_from_cells, idea_from_cells
from fitcheck.tables.forms import FORMS, Form
from fitcheck.tables.opening import open_table
from fitcheck.tables.safety import inert
from fitcheck.tables.shape import Block, Table, cell_text
from fitcheck.tables.writing import form_to_write, open_writer, refuse_too_large

__all__ = [
    "FACT_NAMES",
    "FORMS",
    "TEXT_COLUMNS",
    "Block",
    "Form",
    "Table",
    "cell_text",
    "fact_from_cell",
    "facts_from_cells",
    "form_to_write",
    "idea_from_cells",
    "inert",
    "open_table",
    "open_writer",
    "read_mapping",
    "refuse_too_large",
]
