"""A contact sheet: what is about to be kept, a row a class, as one picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ae_models.base import ByteArray, ImageDataset

COLUMNS = 12
_GAP, _ROWS, _BARS = 2, 20, 32
GROUND = 128


@dataclass(frozen=True, eq=False)
class ContactSheet:
    """A picture ``(h, w)`` or ``(h, w, 3)`` uint8 of rows of images, and what each row shows."""

    pixels: ByteArray
    rows: tuple[str, ...]


def sheet_rows(images: ImageDataset, seed: int = 0) -> list[tuple[str, npt.NDArray[np.intp]]]:
    """Return what each row of a contact sheet is called and which rows of ``images`` it shows, at most 12."""
    generator = np.random.default_rng(seed)
    if images.labels is None:
        chosen = generator.permutation(len(images))[: 10 * COLUMNS]
        return [("", chosen[start : start + COLUMNS]) for start in range(0, len(chosen), COLUMNS)]
    rows = []
    for label, title in enumerate(images.class_names[:_ROWS]):
        mine = np.flatnonzero(images.labels == label)
        rows.append((title, generator.permutation(mine)[:COLUMNS]))
    return rows


def contact_sheet(images: ImageDataset, seed: int = 0) -> ContactSheet:
    """Return up to 20 rows of 12 images: a row a class, drawn with ``seed``; without labels ten rows of any."""
    rows = sheet_rows(images, seed)
    tiles = [[_tile(images, int(row)) for row in chosen] for _, chosen in rows]
    height, width, channels = next(tile for line in tiles for tile in line).shape
    sheet = np.full((len(rows) * (height + _GAP) + _GAP, COLUMNS * (width + _GAP) + _GAP, channels), GROUND, np.uint8)
    for line, row_tiles in enumerate(tiles):
        for column, tile in enumerate(row_tiles):
            top, left = _GAP + line * (height + _GAP), _GAP + column * (width + _GAP)
            sheet[top : top + height, left : left + width] = tile
    return ContactSheet(sheet[..., 0] if channels == 1 else sheet, tuple(title for title, _ in rows))


def _tile(images: ImageDataset, row: int) -> ByteArray:
    image = images.images([row])[0]  # (c, h, w)
    if image.shape[:2] == (1, 1):
        return _bars(image[0, 0])
    return np.moveaxis(np.rint(image * 255).astype(np.uint8), 0, -1)


def _bars(values: np.ndarray) -> ByteArray:
    """Return a vector as bars, at most 64 of them: neighbours are averaged."""
    parts = np.array_split(values, min(64, len(values)))
    heights = np.array([round(float(part.mean()) * _BARS) for part in parts])
    up = np.arange(_BARS, 0, -1)[:, None]  # (bars, 1)
    bars: ByteArray = np.where(up <= heights[None], 255, 0).astype(np.uint8)[..., None]
    return bars
