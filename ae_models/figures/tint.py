"""From pixels to colours: a picture as ink on paper (or light on black), and a signed map around nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.base import ByteArray, FloatArray
from ae_models.figures.style import look

FEW, HIGH, MOST = 48, 64, 128  # numbers that are bars; pixels up; pixels across, where numbers are a line

_MORE = {False: (211, 84, 0), True: (255, 165, 84)}  # drawn where there is nothing
_LESS = {False: (36, 88, 190), True: (110, 160, 255)}  # there, and not drawn


def ink(images: FloatArray, dark: bool) -> ByteArray:
    """Return pictures ``(..., c, h, w)`` in [0, 1] as colours ``(..., h, w, 3)``; what lies outside is clipped.

    One channel is ink on paper in the light theme (1 is the ink) and light on black in the dark one; three are red,
    green and blue as they are. Rows of numbers ``(..., 1, 1, d)`` become charts: bars where they are few, a line where
    they are many.
    """
    if images.shape[-3:-1] == (1, 1):
        return _charts(images[..., 0, 0, :], dark)
    shown = np.clip(np.nan_to_num(images, nan=0.0), 0, 1)
    if images.shape[-3] == 3:
        return np.asarray(np.rint(np.moveaxis(shown, -3, -1) * 255), np.uint8)
    paper = np.array((0, 0, 0) if dark else (255, 255, 255), np.float32)
    full = np.array((255, 255, 255) if dark else _rgb(look(False).ink), np.float32)
    level = shown[..., 0, :, :, None]
    return np.asarray(np.rint(paper + (full - paper) * level), np.uint8)


def signed(maps: FloatArray, dark: bool, limit: float) -> ByteArray:
    """Return maps ``(..., h, w)`` as colours ``(..., h, w, 3)``: orange above 0, blue below, the panel's colour at 0.

    The full colour is at ``limit`` and beyond, on either side. Rows of numbers ``(..., 1, d)`` become bars above and
    below a line.
    """
    if maps.shape[-2] == 1:
        return _signed_bars(maps[..., 0, :], dark, limit)
    panel = np.array(_rgb(look(dark).panel), np.float32)
    level = np.clip(np.nan_to_num(maps) / max(limit, 1e-12), -1, 1)[..., None]
    more, less = np.array(_MORE[dark], np.float32), np.array(_LESS[dark], np.float32)
    colours = panel + np.where(level > 0, more - panel, less - panel) * np.abs(level)
    return np.asarray(np.rint(colours), np.uint8)


def _across(rows: FloatArray) -> FloatArray:
    """Return rows ``(..., d)`` as a value a column of pixels, ``(..., w)``: repeated where few, averaged where many."""
    n = rows.shape[-1]
    if n <= FEW:
        return np.asarray(np.repeat(rows, max(2, HIGH // n), axis=-1), np.float32)
    parts = np.array_split(rows, min(n, MOST), axis=-1)
    return np.asarray(np.stack([part.mean(axis=-1) for part in parts], axis=-1), np.float32)


def _gaps(n: int, width: int) -> npt.NDArray[np.bool_]:
    """Return which columns of pixels stay empty, so that bars stand apart."""
    bar = max(2, HIGH // n) if n <= FEW else width + 1
    return np.asarray(np.arange(width) % bar == bar - 1)


def _charts(rows: FloatArray, dark: bool) -> ByteArray:
    paper, full, faint = ((0, 0, 0), (225, 225, 225), (70, 70, 70)) if dark else ((255,) * 3, (55,) * 3, (205,) * 3)
    levels = np.clip(np.nan_to_num(_across(rows)), 0, 1)  # (..., w)
    tops = np.rint((1 - levels) * (HIGH - 1))[..., None, :]  # (..., 1, w)
    up = np.arange(HIGH)[:, None]  # (h, 1)
    shown = np.broadcast_to(np.array(paper, np.uint8), (*levels.shape[:-1], HIGH, levels.shape[-1], 3)).copy()
    if rows.shape[-1] <= FEW:
        shown[(up >= tops) & ~_gaps(rows.shape[-1], levels.shape[-1])] = full
        return shown
    before = np.concatenate([tops[..., :1], tops[..., :-1]], axis=-1)
    shown[up > tops] = faint
    shown[(up >= np.minimum(tops, before)) & (up <= np.maximum(tops, before))] = full
    return shown


def _signed_bars(rows: FloatArray, dark: bool, limit: float) -> ByteArray:
    values = np.clip(np.nan_to_num(_across(rows)) / max(limit, 1e-12), -1, 1)[..., None, :]  # (..., 1, w)
    height = (HIGH / 2 - np.arange(HIGH) - 0.5)[:, None] / (HIGH / 2)  # 1 at the top, -1 at the bottom
    bars = ~_gaps(rows.shape[-1], values.shape[-1])
    shade = (*values.shape[:-2], HIGH, values.shape[-1], 3)
    shown = np.broadcast_to(np.array(_rgb(look(dark).panel), np.uint8), shade).copy()
    shown[(height > 0) & (height <= values) & bars] = _MORE[dark]
    shown[(height < 0) & (height >= values) & bars] = _LESS[dark]
    shown[..., HIGH // 2, :, :] = _rgb(look(dark).line)
    return shown


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
