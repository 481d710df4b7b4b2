"""A model in little, for its card: its map, or what it sees and draws where it keeps none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ae_models import recipes
from ae_models.base import ByteArray, FloatArray
from ae_models.latent import leading_dims
from ae_models.runs import Graphs, RunRecord, RunStore
from ae_models.runs.scoring import seen_and_wanted
from ae_models.ui.cache import cached
from ae_models.ui.routes import Blob, blob_of
from ae_models.ui.shared import run_data

_MOST = 700  # dots
_EXAMPLES, _SIDE, _GAP = 8, 84, 6  # pictures a row; pixels of each and between them


@dataclass(frozen=True)
class Thumbnail:
    """Some of a run's held-out codes, two numbers of each (one, where there is but one), and their classes."""

    points: Blob  # (n, width) float16
    labels: Blob  # (n,) uint8
    n: int
    width: int


@cached()
def thumbnail(store: RunStore, record: RunRecord) -> Thumbnail | None:
    """Return a run's thumbnail; None where it keeps no codes."""
    codes = recipes.stored_codes(store, record)
    if codes is None:
        return None
    images = run_data.heldout_of(record)
    rows = np.linspace(0, len(codes) - 1, min(_MOST, len(codes))).astype(np.intp)
    dims = list(leading_dims(codes, 2))
    labels = np.full(len(rows), 255, np.uint8)
    if images.labels is not None and len(images) == len(codes):
        labels = images.labels[rows].astype(np.uint8)
    points = np.clip(codes[rows][:, dims], -65_000, 65_000).astype(np.float16)
    return Thumbnail(blob_of(points), blob_of(labels), len(rows), len(dims))


@cached()
def strip(store: RunStore, record: RunRecord) -> ByteArray:
    """Return held-out images as the model sees them over what it draws of them: ``(h, w, 4)``, clear between them."""
    images = run_data.heldout_of(record)
    chosen = images.take(np.linspace(0, len(images) - 1, min(_EXAMPLES, len(images))).astype(np.intp))
    seen, _ = seen_and_wanted(record.corruption, chosen, slice(None))
    drawn = Graphs(store, record).reconstruct(seen)  # a session of its own: it is let go of at once
    step = _SIDE + _GAP
    sheet = np.zeros((2 * step - _GAP, _EXAMPLES * step - _GAP, 4), np.uint8)
    for row, pictures in enumerate((seen, drawn)):
        for column, picture in enumerate(pictures):
            top, left = row * step, column * step
            sheet[top : top + _SIDE, left : left + _SIDE] = _coloured(picture)
    sheet.setflags(write=False)
    return sheet


def _coloured(picture: FloatArray) -> ByteArray:
    """Return a picture ``(c, h, w)`` in [0, 1] as ``(side, side, 4)`` bytes, every pixel a block."""
    rows, columns = (np.arange(_SIDE) * size // _SIDE for size in picture.shape[1:])
    enlarged = np.clip(picture[:, rows][:, :, columns], 0, 1).transpose(1, 2, 0)
    colours = np.broadcast_to(enlarged, (_SIDE, _SIDE, 3)) if enlarged.shape[2] != 3 else enlarged
    return np.dstack([np.rint(255 * colours), np.full((_SIDE, _SIDE), 255)]).astype(np.uint8)
