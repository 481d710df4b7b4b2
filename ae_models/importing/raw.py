"""What was read, before anything is made of it: values as they stand in the file, labels, and what is known of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import Mistake
from ae_models.importing.limits import Limits
from ae_models.importing.names import shown

Values = npt.NDArray[Any]


@dataclass(frozen=True)
class Hint:
    """What a format or a name says of its content: a value, why, and how sure that is."""

    value: str
    why: str
    confidence: str = "sure"  # sure, likely, unsure


@dataclass(eq=False)
class Part:
    """Rows of one file, or of files that belong together.

    Parameters
    ----------
    name : str
        Shown in messages.
    format : str
        What a person calls it: "IDX", "CSV".
    values : (n, h, w), (n, h, w, c), (n, c, h, w) or (n, d) array
        As they stand in the file.
    labels : (n,) array of numbers or text, or None
    split : str, optional
        ``train``, ``test`` or ``valid``.
    class_names : dict, optional
        Class number to name, where the file knows.
    columns : tuple of str, optional
        Names of the ``d`` numbers of a table.
    hints : dict
        By the name of the guess that they settle: "transposed", "kind".
    """

    name: str
    format: str
    values: Values
    labels: Values | None = None
    split: str | None = None
    class_names: dict[int, str] = field(default_factory=dict)
    columns: tuple[str, ...] | None = None
    hints: dict[str, Hint] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Raw:
    """All rows of one import, checked to be finite and to belong together.

    ``is_test`` marks rows that came as a test set; ``ids`` is each row's place in its file.
    """

    format: str
    values: Values
    labels: Values | None
    is_test: npt.NDArray[np.bool_] | None
    ids: npt.NDArray[np.int32]
    class_names: dict[int, str]
    columns: tuple[str, ...] | None
    hints: dict[str, Hint]
    notes: list[str]
    sources: list[tuple[str, int]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.values)


def join(parts: list[Part], limits: Limits) -> Raw:
    """Return the rows of all parts as one; training and validation rows first, then test rows.

    Raises ``Mistake`` when shapes differ, labels are missing for some, there are too few or too many rows, or a value
    is no finite number.
    """
    order = {"train": 0, None: 0, "valid": 1, "test": 2}
    parts = sorted(parts, key=lambda part: order[part.split])
    first = parts[0]
    parts = [part for part in parts if len(part.values)]
    if not parts:
        raise Mistake(f"{shown(first.name)}: holds no rows")
    first = parts[0]
    labelled = [part for part in parts if part.labels is not None]
    if labelled and len(labelled) < len(parts):
        bare = next(part for part in parts if part.labels is None)
        if bare.split == "test":  # Kaggle's test file: rows without an answer cannot be scored against labels
            parts = labelled
            first = parts[0]
            first.notes.append(f"{shown(bare.name)} has no labels and was left out; import it alone to see it")
        else:
            raise Mistake(f"{shown(bare.name)}: has no labels, where {shown(labelled[0].name)} has some")
    for part in parts:
        if part.values.shape[1:] != first.values.shape[1:]:
            raise Mistake(
                f"{shown(part.name)}: rows of {_text(part.values.shape[1:])}, where {shown(first.name)} "
                f"has rows of {_text(first.values.shape[1:])}"
            )
        _finite(part)
    n = sum(len(part.values) for part in parts)
    if n < limits.min_images:
        few = "1 row is too few" if n == 1 else f"{n} rows are too few"
        raise Mistake(f"{shown(first.name)}: {few}: at least {limits.min_images} are needed")
    if n > limits.images:
        raise Mistake(f"{shown(first.name)}: {n:,} rows, where at most {limits.images:,} are read")
    values = [part.values for part in parts]
    is_test = np.concatenate([np.full(len(part.values), part.split == "test") for part in parts])
    notes = [note for part in parts for note in part.notes]
    if any(part.split == "valid" for part in parts):
        notes.append("validation rows were put to the training rows")
    ids = np.concatenate(
        [
            np.arange(int((~is_test).sum()), dtype=np.int32),
            np.arange(int(is_test.sum()), dtype=np.int32),
        ]
    )
    return Raw(
        format=first.format,
        values=values[0] if len(values) == 1 else np.concatenate(values),
        labels=np.concatenate([_labels(part) for part in parts]) if labelled else None,
        is_test=is_test if 0 < int(is_test.sum()) < n else None,
        ids=ids,
        class_names={number: name for part in parts for number, name in part.class_names.items()},
        columns=first.columns,
        hints={key: hint for part in parts for key, hint in part.hints.items()},
        notes=list(dict.fromkeys(notes)),
    )


def _labels(part: Part) -> Values:
    assert part.labels is not None  # join left the others out
    return part.labels


def _finite(part: Part) -> None:
    if part.values.dtype.kind != "f":
        return
    for start in range(0, len(part.values), 4096):
        rows = part.values[start : start + 4096].reshape(len(part.values[start : start + 4096]), -1)
        bad = ~np.isfinite(rows).all(axis=1)
        if bad.any():
            row = int(np.argmax(bad))
            value = rows[row][~np.isfinite(rows[row])][0]
            raise Mistake(f"{shown(part.name)}: row {start + row} (counted from 0) holds {value}, which is no number")


def _text(shape: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in shape) + (" numbers" if len(shape) == 1 else "")
