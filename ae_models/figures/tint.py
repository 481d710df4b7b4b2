"""From pixels to colours: a picture as ink on paper (or light on black), and a signed map around nothing."""

from __future__ import annotations

import numpy as np

from ae_models.base import ByteArray, FloatArray
from ae_models.figures.style import look

_MORE = {False: (211, 84, 0), True: (255, 165, 84)}  # drawn where there is nothing
_LESS = {False: (36, 88, 190), True: (110, 160, 255)}  # there, and not drawn


def ink(images: FloatArray, dark: bool) -> ByteArray:
    """Return pictures ``(..., c, h, w)`` in [0, 1] as colours ``(..., h, w, 3)``; what lies outside is clipped.

    One channel is ink on paper in the light theme (1 is the ink) and light on black in the dark one; three are red,
    green and blue as they are.
    """
    shown = np.clip(np.nan_to_num(images, nan=0.0), 0, 1)
    if images.shape[-3] == 3:
        return np.asarray(np.rint(np.moveaxis(shown, -3, -1) * 255), np.uint8)
    paper = np.array((0, 0, 0) if dark else (255, 255, 255), np.float32)
    full = np.array((255, 255, 255) if dark else _rgb(look(False).ink), np.float32)
    level = shown[..., 0, :, :, None]
    return np.asarray(np.rint(paper + (full - paper) * level), np.uint8)


def signed(maps: FloatArray, dark: bool, limit: float) -> ByteArray:
    """Return maps ``(..., h, w)`` as colours ``(..., h, w, 3)``: orange above 0, blue below, the panel's colour at 0.

    The full colour is at ``limit`` and beyond, on either side.
    """
    panel = np.array(_rgb(look(dark).panel), np.float32)
    level = np.clip(np.nan_to_num(maps) / max(limit, 1e-12), -1, 1)[..., None]
    more, less = np.array(_MORE[dark], np.float32), np.array(_LESS[dark], np.float32)
    colours = panel + np.where(level > 0, more - panel, less - panel) * np.abs(level)
    return np.asarray(np.rint(colours), np.uint8)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
