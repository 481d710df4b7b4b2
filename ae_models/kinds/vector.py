"""Rows of numbers: no number lies beside another, each may have a scale of its own; a chart shows one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.base import ByteArray, FloatArray
from ae_models.kinds.kind import Colours, Kind

FEW, HIGH, MOST = 48, 64, 128  # numbers that are bars; pixels up; pixels across, where numbers are a line


def ink(rows: FloatArray, colours: Colours) -> ByteArray:
    """Return rows ``(..., 1, 1, d)`` in [0, 1] as charts ``(..., h, w, 3)``: bars where they are few, else a line."""
    values = rows[..., 0, 0, :]
    dark = colours.dark
    paper, full, faint = ((0, 0, 0), (225, 225, 225), (70, 70, 70)) if dark else ((255,) * 3, (55,) * 3, (205,) * 3)
    levels = np.clip(np.nan_to_num(_across(values)), 0, 1)  # (..., w)
    tops = np.rint((1 - levels) * (HIGH - 1))[..., None, :]  # (..., 1, w)
    up = np.arange(HIGH)[:, None]  # (h, 1)
    shown = np.broadcast_to(np.array(paper, np.uint8), (*levels.shape[:-1], HIGH, levels.shape[-1], 3)).copy()
    if values.shape[-1] <= FEW:
        shown[(up >= tops) & ~_gaps(values.shape[-1], levels.shape[-1])] = full
        return shown
    before = np.concatenate([tops[..., :1], tops[..., :-1]], axis=-1)
    shown[up > tops] = faint
    shown[(up >= np.minimum(tops, before)) & (up <= np.maximum(tops, before))] = full
    return shown


def signed(maps: FloatArray, colours: Colours, limit: float) -> ByteArray:
    """Return differences ``(..., 1, d)`` as bars above and below a line, ``(..., h, w, 3)``."""
    rows = maps[..., 0, :]
    values = np.clip(np.nan_to_num(_across(rows)) / max(limit, 1e-12), -1, 1)[..., None, :]  # (..., 1, w)
    height = (HIGH / 2 - np.arange(HIGH) - 0.5)[:, None] / (HIGH / 2)  # 1 at the top, -1 at the bottom
    bars = ~_gaps(rows.shape[-1], values.shape[-1])
    shade = (*values.shape[:-2], HIGH, values.shape[-1], 3)
    shown = np.broadcast_to(np.array(colours.panel, np.uint8), shade).copy()
    shown[(height > 0) & (height <= values) & bars] = colours.more
    shown[(height < 0) & (height >= values) & bars] = colours.less
    shown[..., HIGH // 2, :, :] = colours.line
    return shown


def _across(rows: FloatArray) -> FloatArray:
    """Return rows ``(..., d)`` as a value a column of pixels, ``(..., w)``: repeated where few, averaged where many."""
    n = rows.shape[-1]
    if n <= FEW:
        return np.asarray(np.repeat(rows, max(2, HIGH // n), axis=-1), np.float32)
    edges = np.arange(min(n, MOST) + 1) * n // min(n, MOST)
    return np.asarray(np.add.reduceat(rows, edges[:-1], axis=-1) / np.diff(edges), np.float32)


def _gaps(n: int, width: int) -> npt.NDArray[np.bool_]:
    """Return which columns of pixels stay empty, so that bars stand apart."""
    bar = max(2, HIGH // n) if n <= FEW else width + 1
    return np.asarray(np.arange(width) % bar == bar - 1)


VECTOR = Kind(
    name="vector",
    plural="vectors",
    holds=lambda shape: shape[:2] == (1, 1),
    sample="row",
    samples="rows",
    a_sample="a row",
    part="number",
    parts="numbers",
    a_part="a number",
    picture="chart",
    pictures="charts",
    a_picture="a chart",
    differences="differences of the scaled numbers",
    more_of_it="a larger value",
    lowest_to_highest="lowest to highest",
    squeezes="Squeeze {n_parts:,} {parts} to {latent_dim}. What survives?",
    sizes="{width:,} {parts} {a_sample}",
    ink=ink,
    signed=signed,
    draws_by_hand=False,
    is_pictorial=False,
    is_spatial=False,
    is_scaled=True,
)
