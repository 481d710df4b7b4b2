"""From numbers to colours: a sample as its kind draws it, and differences around nothing."""

from __future__ import annotations

from functools import lru_cache

from ae_models.base import ByteArray, FloatArray
from ae_models.figures.style import look
from ae_models.kinds import Colours, kind_of

_MORE = {False: (211, 84, 0), True: (255, 165, 84)}  # drawn where there is nothing
_LESS = {False: (36, 88, 190), True: (110, 160, 255)}  # there, and not drawn


def ink(images: FloatArray, dark: bool) -> ByteArray:
    """Return samples ``(..., c, h, w)`` in [0, 1] as their kind draws them, colours ``(..., height, width, 3)``."""
    channels, height, width = images.shape[-3:]
    return kind_of((channels, height, width)).ink(images, _colours(dark))


def signed(maps: FloatArray, dark: bool, limit: float) -> ByteArray:
    """Return maps of differences ``(..., h, w)`` as colours: orange above 0, blue below, the panel's colour at 0.

    The full colour is at ``limit`` and beyond, on either side.
    """
    height, width = maps.shape[-2:]
    return kind_of((1, height, width)).signed(maps, _colours(dark), limit)


@lru_cache(maxsize=2)
def _colours(dark: bool) -> Colours:
    return Colours(
        dark=dark,
        ink=_rgb(look(False).ink),
        panel=_rgb(look(dark).panel),
        line=_rgb(look(dark).line),
        more=_MORE[dark],
        less=_LESS[dark],
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
