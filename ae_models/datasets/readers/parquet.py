"""Parquet: images as Hugging Face stores them (``image: {bytes, path}``, ``label``), lists of numbers, or a table."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import Progress, UserError
from ae_models.datasets.readers import lists
from ae_models.datasets.readers.columns import LABELS
from ae_models.datasets.readers.items import Item, Problems
from ae_models.datasets.readers.limits import Budget, size
from ae_models.datasets.readers.names import shown, split_of
from ae_models.datasets.readers.pictures import PictureEntry, Wish, collect
from ae_models.datasets.readers.raw import Part, Values, together, words_of
from ae_models.datasets.readers.table import smaller

_LABELS = (*LABELS, "fine_label")
_NO_ROWS: Values = np.empty((0, 1), np.uint8)
_ROWS_AT_ONCE, _VALUES_AT_ONCE, _PICTURES_AT_ONCE = 2_000, 1 << 20, 4


def read(
    item: Item, wish: Wish, budget: Budget, problems: Problems, label_column: str, progress: Progress | None
) -> Part:
    """Return the rows of a parquet file.

    Raises ``UserError`` when it is damaged, holds neither pictures nor numbers, or a picture in it is broken.
    """
    import pyarrow

    name = shown(item.name)
    try:
        whole = _opened(item, budget, name)
        image, label, numbers, rows = _roles(whole.schema_arrow, label_column, name)
        if len(numbers) > budget.limits.columns and image is None and rows is None:
            raise UserError(f"{name}: {len(numbers):,} columns, where at most {budget.limits.columns:,} are read")
        columns = [image or rows] if image or rows else numbers
        step = _rows_at_once(whole.metadata, columns, name, budget, bool(image))
        columns = [*columns, label] if label else columns
        found = _Found([], [], lists.Cells(budget, f"{name}, '{shown(rows or '')}'"), [])
        for batch in whole.iter_batches(batch_size=step, columns=columns):
            budget.tick(name)
            if image:
                _add_pictures(found, batch.column(image), budget, name)
            elif rows:
                found.cells.add(batch.column(rows))
            else:
                found.numbers.append(_numbers(batch, numbers, sum(map(len, found.numbers)), budget, name))
            if label:
                found.labels.append(_labels(batch, label, sum(map(len, found.labels)), budget, name))
    except (pyarrow.ArrowException, OSError, ValueError, KeyError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"{name}: the parquet file is damaged ({' '.join(str(error).split())[:100]})") from None
    labels = together(found.labels, budget, name) if found.labels else None
    part = Part(item.name, "parquet", _NO_ROWS, labels, split_of(item.name), _names(whole.schema_arrow, label))
    if rows is not None:
        part.notes = [f"the column '{shown(column)}' was left out: '{shown(rows)}' is read" for column in numbers[:3]]
        part.values = found.cells.all()
    elif image is None:
        part.columns = tuple(numbers)
        part.values = together(found.numbers, budget, name) if found.numbers else np.empty((0, len(numbers)), np.uint8)
    else:
        _put_pictures(part, found.pictures, wish, budget, problems, progress)
    return part


def _opened(item: Item, budget: Budget, name: str) -> Any:
    """Return the open file, after a look at how much it says it holds."""
    from pyarrow import parquet

    whole = parquet.ParquetFile(io.BytesIO(item.content(budget)))
    about = whole.metadata
    total = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
    if total > budget.left:
        raise UserError(f"{name}: unpacks to {size(total)}, where at most {size(budget.left)} are read")
    if about.num_rows > budget.limits.images:
        raise UserError(f"{name}: {about.num_rows:,} rows, where at most {budget.limits.images:,} are read")
    return whole


def _put_pictures(
    part: Part, contents: list[bytes], wish: Wish, budget: Budget, problems: Problems, progress: Progress | None
) -> None:
    """Read the pictures of a file into its part, with the labels of those that were good."""
    entries = [PictureEntry(f"{part.name}, row {row}", lambda row=row: contents[row]) for row in range(len(contents))]  # type: ignore[misc]
    pictures = collect(entries, wish, budget, problems, progress)
    part.values, part.notes = pictures.values, pictures.notes
    part.labels = part.labels[pictures.kept] if part.labels is not None else None


@dataclass
class _Found:
    """What the batches of a file gave so far."""

    numbers: list[Values]
    labels: list[Values]
    cells: lists.Cells
    pictures: list[bytes]


def _rows_at_once(about: Any, columns: list[Any], name: str, budget: Budget, are_pictures: bool) -> int:
    """Return how many rows are read at once, after a look at how many values the file says it has.

    A value that stands in a file once may be named in every row: what the file says of its bytes tells little.
    """
    roots = set(columns)
    n_values = 0
    for group in range(about.num_row_groups):
        for place in range(about.num_columns):
            column = about.row_group(group).column(place)
            if column.path_in_schema.split(".")[0] in roots:
                n_values += int(column.num_values)
    if n_values > budget.left:
        raise UserError(f"{name}: holds {n_values:,} values, where at most {size(budget.left)} are read")
    if are_pictures:
        return _PICTURES_AT_ONCE
    n_rows = int(about.num_rows)
    return max(1, min(_ROWS_AT_ONCE, _VALUES_AT_ONCE * max(1, n_rows) // max(1, n_values)))


def _add_pictures(found: _Found, column: Any, budget: Budget, name: str) -> None:
    for cell in column:
        content = _bytes(cell.as_py())
        budget.spend(len(content), name)
        found.pictures.append(content)


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
        raise UserError(
            f"{name}: no column '{shown(wanted)}': it has {', '.join(shown(column) for column in names[:8])}"
        )
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
        raise UserError(f"{name}: has neither a column of pictures nor columns of numbers: {', '.join(names[:8])}")
    picture = images[0] if images else None
    row = rows[0] if rows and picture is None else None
    return picture, ("" if wanted == "none" else label) or None, numbers, row


def _labels(batch: Any, column: str, before: int, budget: Budget, name: str) -> Values:
    cells = batch.column(column).to_pylist()
    for row, cell in enumerate(cells):
        if not isinstance(cell, int | float | str):
            raise UserError(f"{name}: row {before + row} has no label in '{shown(column)}'")
    return words_of([str(cell) for cell in cells], budget, name)


def _names(schema: Any, label: str | None) -> dict[int, str]:
    """Return the names of the classes that Hugging Face writes beside the schema."""
    try:
        about = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"][label]["names"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
    return {place: str(name) for place, name in enumerate(about)} if isinstance(about, list) else {}


def _numbers(batch: Any, columns: list[str], before: int, budget: Budget, name: str) -> Values:
    block = np.empty((batch.num_rows, len(columns)), np.float64)
    for place, column in enumerate(columns):
        cells = batch.column(column)
        if cells.null_count:
            row = int(np.flatnonzero(cells.is_null().to_numpy(zero_copy_only=False))[0])
            raise UserError(f"{name}: row {before + row} (counted from 0) has no value of '{shown(column)}'")
        block[:, place] = cells.to_numpy(zero_copy_only=False)
    small = smaller(block)
    budget.spend(small.nbytes, name)
    return small


def _bytes(cell: Any) -> bytes:
    content = cell.get("bytes") if isinstance(cell, dict) else cell
    return content if isinstance(content, bytes) else b""
