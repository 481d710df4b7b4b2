"""Parquet: images as Hugging Face stores them (``image: {bytes, path}``, ``label``), lists of numbers, or a table."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np

from ae_models.base import Mistake, Progress
from ae_models.importing import lists
from ae_models.importing.columns import LABELS
from ae_models.importing.items import Item, Problems
from ae_models.importing.limits import Budget, size
from ae_models.importing.names import shown, split_of
from ae_models.importing.pictures import Entry, Wish, collect
from ae_models.importing.raw import Part, Values
from ae_models.importing.table import smaller

_LABELS = (*LABELS, "fine_label")


def read(
    item: Item, wish: Wish, budget: Budget, problems: Problems, label_column: str, progress: Progress | None
) -> Part:
    """Return the rows of a parquet file.

    Raises ``Mistake`` when it is damaged, holds neither pictures nor numbers, or a picture in it is broken.
    """
    import pyarrow
    from pyarrow import parquet

    name = shown(item.name)
    try:
        whole = parquet.ParquetFile(io.BytesIO(item.content(budget)))
        about = whole.metadata
        total = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
        if total > budget.left:
            raise Mistake(f"{name}: unpacks to {size(total)}, where at most {size(budget.left)} are read")
        if about.num_rows > budget.limits.images:
            raise Mistake(f"{name}: {about.num_rows:,} rows, where at most {budget.limits.images:,} are read")
        schema = whole.schema_arrow
        image, label, numbers, rows = _roles(schema, label_column, name)
        if len(numbers) > budget.limits.columns and image is None and rows is None:
            raise Mistake(f"{name}: {len(numbers):,} columns, where at most {budget.limits.columns:,} are read")
        columns = [image or rows] if image or rows else numbers
        columns = [*columns, label] if label else columns
        batches = []
        for batch in whole.iter_batches(batch_size=2000, columns=columns):
            budget.spend(batch.nbytes, name)
            batches.append(batch)
    except (pyarrow.ArrowException, OSError, ValueError, KeyError) as error:
        if isinstance(error, Mistake):
            raise
        raise Mistake(f"{name}: the parquet file is damaged ({' '.join(str(error).split())[:100]})") from None
    labels = _labels(batches, label, name) if label else None
    names = _names(schema, label)
    if rows is not None:
        passed = [f"the column '{shown(column)}' was left out: '{shown(rows)}' is read" for column in numbers[:3]]
        values = lists.read([batch.column(rows) for batch in batches], f"{name}, '{shown(rows)}'")
        return Part(item.name, "parquet", values, labels, split_of(item.name), names, notes=passed)
    if image is None:
        values = _numbers(batches, numbers, name)
        return Part(item.name, "parquet", values, labels, split_of(item.name), names, tuple(numbers))
    contents = [_bytes(cell) for batch in batches for cell in batch.column(image).to_pylist()]
    entries = [Entry(f"{item.name}, row {row}", lambda row=row: contents[row]) for row in range(len(contents))]  # type: ignore[misc]
    found = collect(entries, wish, budget, problems, progress)
    kept = labels[found.kept] if labels is not None else None
    return Part(item.name, "parquet", found.values, kept, split_of(item.name), names, notes=found.notes)


def _roles(schema: Any, wanted: str, name: str) -> tuple[str | None, str | None, list[str], str | None]:
    """Return the column of pictures, that of labels, the columns of numbers, and that whose cells are whole rows."""
    from pyarrow import types

    def holds_bytes(kind: Any) -> bool:
        if types.is_struct(kind):
            return any(kind.field(place).name == "bytes" for place in range(kind.num_fields))
        return bool(types.is_binary(kind) or types.is_large_binary(kind))

    names: list[str] = schema.names
    images = [column for column in names if holds_bytes(schema.field(column).type)]
    if wanted not in ("auto", "none", "first", "last") and wanted not in names:
        raise Mistake(f"{name}: no column '{shown(wanted)}': it has {', '.join(shown(column) for column in names[:8])}")
    if wanted in names:
        label = wanted
    elif wanted in ("first", "last"):
        label = names[0 if wanted == "first" else -1]
    else:
        lower = {column.lower(): column for column in names}
        label = next((lower[known] for known in _LABELS if known in lower), "")
    numbers = [
        column
        for column in names
        if column != label
        and (types.is_integer(schema.field(column).type) or types.is_floating(schema.field(column).type))
        and not column.startswith("__index")
    ]
    rows = [column for column in names if column != label and lists.are_lists(schema.field(column).type)]
    if not images and not numbers and not rows:
        raise Mistake(f"{name}: has neither a column of pictures nor columns of numbers: {', '.join(names[:8])}")
    picture = images[0] if images else None
    row = rows[0] if rows and picture is None else None
    return picture, ("" if wanted == "none" else label) or None, numbers, row


def _labels(batches: list[Any], column: str, name: str) -> Values:
    cells = [cell for batch in batches for cell in batch.column(column).to_pylist()]
    for row, cell in enumerate(cells):
        if not isinstance(cell, int | float | str):
            raise Mistake(f"{name}: row {row} has no label in '{shown(column)}'")
    return np.array([str(cell) for cell in cells], "U")


def _names(schema: Any, label: str | None) -> dict[int, str]:
    """Return the names of the classes that Hugging Face writes beside the schema."""
    try:
        about = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"][label]["names"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
    return {place: str(name) for place, name in enumerate(about)} if isinstance(about, list) else {}


def _numbers(batches: list[Any], columns: list[str], name: str) -> Values:
    blocks = []
    row = 0
    for batch in batches:
        block = np.empty((batch.num_rows, len(columns)), np.float64)
        for place, column in enumerate(columns):
            cells = batch.column(column)
            if cells.null_count:
                place_of = int(np.flatnonzero(cells.is_null().to_numpy(zero_copy_only=False))[0])
                raise Mistake(f"{name}: row {row + place_of} (counted from 0) has no value of '{shown(column)}'")
            block[:, place] = cells.to_numpy(zero_copy_only=False)
        row += len(block)
        blocks.append(smaller(block))
    return np.concatenate(blocks) if blocks else np.empty((0, len(columns)), np.uint8)


def _bytes(cell: Any) -> bytes:
    content = cell.get("bytes") if isinstance(cell, dict) else cell
    return content if isinstance(content, bytes) else b""
