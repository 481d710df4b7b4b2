"""From what was read and decided to rows that are kept: integers from black to white, class numbers, held-out rows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import ImageDataset, IntArray, Shape, UserError
from ae_models.base.config import ImportConfig
from ae_models.datasets.readers.guess import Reading, laid_out, limits_of
from ae_models.datasets.readers.limits import LIMITS, Limits, check_made
from ae_models.datasets.readers.names import class_names as plain_names
from ae_models.datasets.readers.names import shown
from ae_models.datasets.readers.raw import Raw, Values, at_once
from ae_models.datasets.readers.table import is_number
from ae_models.datasets.source import split_rows
from ae_models.kinds import kind_called

LEVELS = 65_535
_ROWS = 4_096


@dataclass(frozen=True, eq=False)
class Prepared:
    """Rows to fit on and rows held out, with what was done to them.

    ``scale`` is None for images; for vectors it has ``low`` and ``high``, ``(d,)`` each: a row's numbers are
    ``low + (high - low) * pixels / 65,535``.
    """

    train: ImageDataset
    heldout: ImageDataset
    notes: tuple[str, ...]
    scale: dict[str, Values] | None = None
    columns: tuple[str, ...] | None = None

    @property
    def shape(self) -> Shape:
        """``(channels, height, width)``; vectors of ``d`` numbers are ``(1, 1, d)``."""
        return self.train.shape


def prepare(
    raw: Raw, plan: Reading, config: ImportConfig | None = None, name: str = "new", limits: Limits = LIMITS
) -> Prepared:
    """Return the rows that would be kept under ``name``.

    Raises ``UserError`` for labels that are no classes and for sides that are too small.
    """
    config, notes = config or ImportConfig(), list(raw.notes)
    scale = None
    if kind_called(plan["kind"]).is_scaled:
        check_made(2 * raw.values.size, limits, _first(raw))
        pixels, levels, scale = _vectors(raw.values, plan["scaling"])
        if raw.values.ndim > 2:
            notes.append("images were taken as rows of numbers")
    else:
        pixels, levels = _images(raw, plan, notes, limits)
    labels, names = _labels(raw, config, limits, notes)
    whole = ImageDataset(name, pixels, labels, raw.ids, names, levels)
    held = raw.is_test if plan["split"] == "given" else None
    if plan["split"] == "given" and held is None:
        raise UserError("split 'given': no test rows came; fifth holds out a fifth")
    if held is None:
        whole = ImageDataset(name, pixels, labels, np.arange(len(raw), dtype=np.int32), names, levels)
        train_rows, held_rows = split_rows(labels if labels is not None else np.zeros(len(raw), np.int32))
    else:
        train_rows, held_rows = np.flatnonzero(~held), np.flatnonzero(held)
    return Prepared(whole.take(train_rows), whole.take(held_rows), tuple(notes), scale, raw.columns)


def _images(raw: Raw, plan: Reading, notes: list[str], limits: Limits) -> tuple[Any, int]:
    """Return the images as whole numbers; they are made some rows at a time, so that little is held beside them."""
    images = laid_out(raw.values, plan["layout"])
    if plan["colour"] == "colour" and images.shape[1] == 1:
        images = np.broadcast_to(images, (len(images), 3, *images.shape[2:]))
    if plan["transposed"] == "yes":
        images = images.swapaxes(2, 3)
    step = at_once(images)
    to_grey = plan["colour"] == "grey" and images.shape[1] == 3
    if to_grey and all(bool((part == part[:, :1]).all()) for part in _parts(images, step)):
        images, to_grey = images[:, :1], False
    low, high, levels = limits_of(raw.values, plan["range"])
    sample = images[: min(_ROWS, 4 * step)]
    if levels == 255 and not _is_exact(_grey(sample) if to_grey else sample, low, high):
        levels = LEVELS
    kind = np.dtype(np.uint8 if levels < 256 else np.uint16)
    sides = _sides(images.shape[2:], int(plan["size"]), notes)
    made = (len(images), 1 if to_grey else images.shape[1], *sides)
    check_made(math.prod(made) * kind.itemsize, limits, _first(raw))
    pixels = np.empty(made, kind)
    outside = 0
    for start, rows in zip(range(0, len(images), step), _parts(images, step), strict=True):
        part = ((_grey(rows) if to_grey else rows).astype(np.float64) - low) * (levels / (high - low))
        outside += int(((part < -0.5) | (part > levels + 0.5)).sum())
        whole = np.clip(np.rint(part), 0, levels).astype(kind)
        if plan["inverted"] == "yes":
            whole = (levels - whole).astype(kind)
        pixels[start : start + step] = _sized(whole, sides)
    if outside:
        notes.append(f"{outside:,} values lie outside of {plan['range']} and were cut to it")
    return pixels, levels


def _parts(images: Values, step: int) -> Iterator[Values]:
    return (images[start : start + step] for start in range(0, len(images), step))


def _first(raw: Raw) -> str:
    """Return what messages call the files."""
    return raw.sources[0][0] if raw.sources else "this"


def _grey(images: Values) -> Values:
    from ae_models.base.luminance import LUMA

    grey: Values = np.tensordot(images, LUMA, axes=(1, 0))[:, None]
    return grey


def _is_exact(images: Values, low: float, high: float) -> bool:
    """Say whether 255 levels hold the values of these rows to within a thousandth of a level."""
    part = (images.astype(np.float64) - low) * (255 / (high - low))
    return bool((np.abs(part - np.rint(part)) < 1e-3).all())


def _sides(sides: tuple[int, ...], size: int, notes: list[str]) -> tuple[int, int]:
    """Return the height and width that images of these sides are kept in."""
    height, width = sides
    if not size and max(height, width) <= 64:
        if min(height, width) < 8:
            raise UserError(f"images have sides of 8 to 64 pixels: got {height} x {width}; size=8 makes them larger")
        return height, width
    to = (size, size) if size else tuple(max(1, round(side * 64 / max(height, width))) for side in (height, width))
    if to == (height, width):
        return height, width
    if min(to) < 8:
        raise UserError(f"images of {height} x {width} are too narrow to be made 64 and keep 8 across: give a size")
    notes.append(f"images of {height} x {width} pixels were made {to[0]} x {to[1]}")
    return to[0], to[1]


def _sized(pixels: Values, to: tuple[int, int]) -> Values:
    """Return images ``(n, c, h, w)`` in other sides."""
    if pixels.shape[2:] == to:
        return pixels
    from PIL import Image

    made = np.empty((len(pixels), pixels.shape[1], *to), pixels.dtype)
    for row, image in enumerate(pixels):
        for channel, plane in enumerate(image):
            resized = Image.fromarray(plane.astype(np.float32)).resize(to[::-1], Image.Resampling.BILINEAR)
            made[row, channel] = np.rint(np.asarray(resized))
    return made


def _vectors(values: Values, scaling: str) -> tuple[Any, int, dict[str, Values]]:
    rows = values.reshape(len(values), -1)
    low, high = rows.min(axis=0).astype(np.float64), rows.max(axis=0).astype(np.float64)
    if scaling == "common":
        low, high = np.full_like(low, low.min()), np.full_like(high, high.max())
    span = np.where(high > low, high - low, 1.0)
    pixels = np.empty((len(rows), 1, 1, rows.shape[1]), np.uint16)
    step = at_once(rows)
    for start in range(0, len(rows), step):
        pixels[start : start + step, 0, 0] = np.rint((rows[start : start + step] - low) * (LEVELS / span))
    return pixels, LEVELS, {"low": low, "high": low + span}


def _labels(
    raw: Raw, config: ImportConfig, limits: Limits, notes: list[str]
) -> tuple[IntArray | None, tuple[str, ...]]:
    if raw.labels is None or config.labels == "none":
        return None, ()
    numbers = whole_numbers(raw.labels)
    if numbers is None:
        words = np.asarray(raw.labels).astype("U")
        if raw.labels.dtype.kind == "f" or all(is_number(word) for word in words[:200]):
            raise UserError(f"labels are whole numbers or words: got {shown(str(words[0]))}; labels=none takes none")
        known, codes = np.unique(words, return_inverse=True)
        found = [str(word) for word in known]
    else:
        _in_bounds(numbers, limits)
        known, codes = np.unique(numbers, return_inverse=True)
        found = _names_of(known, raw, config)
    if len(found) > limits.classes:
        raise UserError(
            f"{len(found):,} different labels, where {limits.classes} are shown at most; labels=none takes none"
        )
    if config.class_names:
        if len(config.class_names) != len(known):
            raise UserError(f"class_names: {len(config.class_names)} names for {len(known)} classes")
        found = list(config.class_names)
    names, told = plain_names(found, limits.name_letters)
    notes += told[:5]
    return codes.astype(np.int32).ravel(), names


def whole_numbers(labels: Values) -> IntArray | None:
    """Return labels as whole numbers, or None where they are words or other numbers.

    Examples
    --------
    >>> whole_numbers(np.array(["5", "7.0"])).tolist(), whole_numbers(np.array(["5", "cat"]))
    ([5, 7], None)
    """
    if labels.dtype.kind in "biu":
        return labels.astype(np.int32)
    try:
        numbers = labels.astype(np.float64)
    except ValueError:
        return None
    if not np.isfinite(numbers).all() or (numbers != np.rint(numbers)).any() or np.abs(numbers).max() > 2**31 - 1:
        return None
    return numbers.astype(np.int32)


def _in_bounds(numbers: IntArray, limits: Limits) -> None:
    for wrong, rule in ((numbers < 0, "not negative"), (numbers > limits.label, f"at most {limits.label}")):
        if wrong.any():
            row = int(np.argmax(wrong))
            raise UserError(f"row {row} (counted from 0) has label {numbers[row]}: class numbers are {rule}")


def _names_of(known: Values, raw: Raw, config: ImportConfig) -> list[str]:
    """Return the names of class numbers: the file's own, those known of it, or the numbers themselves."""
    names = raw.class_names
    hint = raw.hints.get("class_names")
    if not names and hint is not None and not config.class_names:
        names = dict(enumerate(hint.value.split(",")))
    return [names.get(int(number), str(int(number))) for number in known]
