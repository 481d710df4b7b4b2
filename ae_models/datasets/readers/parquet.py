"""Parquet: images as Hugging Face stores them (``image: {bytes, path}``, ``label``), lists of numbers, or a table."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import Progress, UserError
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
        found = _Found([], [], Cells(budget, f"{name}, '{shown(rows or '')}'"), [])
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
    cells: Cells
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
    rows = [column for column in names if column != label and are_lists(schema.field(column).type)]
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


_DEEP = 3  # lists in lists: height, width, channels


def are_lists(kind: Any) -> bool:
    """Say whether cells of this Arrow type are lists of numbers, at most three deep."""
    depth = 0
    while _is_list(kind):
        kind, depth = kind.value_type, depth + 1
    from pyarrow import types

    return 0 < depth <= _DEEP and bool(types.is_integer(kind) or types.is_floating(kind))


class Cells:
    """Cells of lists, all of one length, read a batch at a time."""

    def __init__(self, budget: Budget, name: str) -> None:
        self._budget, self._name = budget, name
        self._blocks: list[Values] = []
        self._rows = 0
        self._shape: tuple[int, ...] | None = None

    def add(self, column: Any) -> None:
        """Take in an Arrow column of lists; ``UserError`` naming the row of a missing value, or of another length."""
        if not len(column):
            return
        values, own = _array(column, self._name, self._rows)
        if self._shape is not None and own != self._shape:
            raise UserError(
                f"{self._name}: row {self._rows} (counted from 0) has lists of another length than those before"
            )
        self._shape = own
        self._budget.spend(values.nbytes, self._name)
        self._blocks.append(values)
        self._rows += len(column)

    def all(self) -> Values:
        """Return all cells as an array ``(n, ...)``."""
        return together(self._blocks, self._budget, self._name) if self._blocks else np.empty((0, 1), np.uint8)


def _array(column: Any, name: str, first: int) -> tuple[Values, tuple[int, ...]]:
    """Return the values of one column, and the shape of a row."""
    n, flat = len(column), column
    sizes: list[int] = []
    while _is_list(flat.type):
        if flat.null_count:
            raise UserError(f"{name}: holds cells without a list")
        lengths = _lengths(flat)
        odd = np.flatnonzero(lengths != lengths[0])
        if len(odd):
            row = first + int(odd[0]) // max(1, int(np.prod(sizes)))
            raise UserError(
                f"{name}: row {row} (counted from 0) has a list of {lengths[odd[0]]}, where the first has {lengths[0]}"
            )
        sizes.append(int(lengths[0]))
        flat = flat.flatten()
    if flat.null_count:
        raise UserError(f"{name}: holds lists with missing values")
    values = flat.to_numpy(zero_copy_only=False)
    kept = smaller(values.astype(np.float64, copy=False))
    return kept.reshape(n, *sizes), tuple(sizes)


def _lengths(column: Any) -> Values:
    from pyarrow import compute

    found: Values = compute.list_value_length(column).to_numpy(zero_copy_only=False)
    return found


def _is_list(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))
