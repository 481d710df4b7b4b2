"""Images: pixels that lie side by side, black to white or in colour."""

from __future__ import annotations

import numpy as np

from ae_models.base import ByteArray, FloatArray
from ae_models.kinds.kind import Colours, Kind


def ink(images: FloatArray, colours: Colours) -> ByteArray:
    """Return images ``(..., c, h, w)`` in [0, 1] as colours ``(..., h, w, 3)``; what lies outside is clipped.

    One channel is ink on paper in the light theme (1 is the ink) and light on black in the dark one; three are red,
    green and blue as they are.
    """
    shown = np.clip(np.nan_to_num(images, nan=0.0), 0, 1)
    if images.shape[-3] == 3:
        return np.asarray(np.rint(np.moveaxis(shown, -3, -1) * 255), np.uint8)
    paper = np.array((0, 0, 0) if colours.dark else (255, 255, 255), np.float32)
    full = np.array((255, 255, 255) if colours.dark else colours.ink, np.float32)
    level = shown[..., 0, :, :, None]
    return np.asarray(np.rint(paper + (full - paper) * level), np.uint8)


def signed(maps: FloatArray, colours: Colours, limit: float) -> ByteArray:
    """Return maps ``(..., h, w)`` as colours ``(..., h, w, 3)``: one above 0, one below, the panel's at 0."""
    panel = np.array(colours.panel, np.float32)
    level = np.clip(np.nan_to_num(maps) / max(limit, 1e-12), -1, 1)[..., None]
    more, less = np.array(colours.more, np.float32), np.array(colours.less, np.float32)
    shown = panel + np.where(level > 0, more - panel, less - panel) * np.abs(level)
    return np.asarray(np.rint(shown), np.uint8)


IMAGE = Kind(
    name="image",
    plural="images",
    holds=lambda shape: shape[:2] != (1, 1),
    sample="image",
    samples="images",
    a_sample="an image",
    part="pixel",
    parts="pixels",
    a_part="a pixel",
    picture="picture",
    pictures="pictures",
    a_picture="a picture",
    differences="pixel differences",
    more_of_it="more ink",
    lowest_to_highest="black to white",
    squeezes="Squeeze {a_picture} to {code}. What survives?",
    sizes="{height} x {width} {parts}",
    ink=ink,
    signed=signed,
    draws_by_hand=True,
    is_pictorial=True,
    is_spatial=True,
    is_scaled=False,
)
