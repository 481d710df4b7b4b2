"""A strip of pictures in one image: pixels stay square, and colours are those of the page."""

from __future__ import annotations

import numpy as np
import streamlit as st

from ae_models.base import FloatArray
from ae_models.figures.style import look
from ae_models.figures.tint import ink
from ae_models.ui.shared.chart import is_dark

_GAP = 6


def render(images: FloatArray, words: str, *, high: int = 44) -> None:
    """Draw images ``(n, c, h, w)`` beside one another, at least ``high`` pixels high, and say what they are."""
    tiles = ink(images, is_dark())
    zoom = max(1, -(-2 * high // tiles.shape[1]))  # twice as many, for sharp screens
    tiles = tiles.repeat(zoom, axis=1).repeat(zoom, axis=2)
    n, height, width = tiles.shape[:3]
    sheet = np.zeros((height, n * (width + _GAP) - _GAP, 4), np.uint8)
    line = tuple(int(look(is_dark()).line[at : at + 2], 16) for at in (1, 3, 5))
    for edge in (slice(0, 2), slice(-2, None)):  # a thin frame: paper is as light as the page
        tiles[:, edge] = line
        tiles[:, :, edge] = line
    for place, tile in enumerate(tiles):
        left = place * (width + _GAP)
        sheet[:, left : left + width, :3] = tile
        sheet[:, left : left + width, 3] = 255
    st.image(sheet, width=round(sheet.shape[1] * high / height), output_format="PNG", alt=words)
