"""What a visitor drew, read with care: it comes from a browser."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray, Shape

_MOST_PIXELS = 3 * 256 * 256


@dataclass(frozen=True, eq=False)
class DrawState:
    """What a visitor did on the sheet; what did not come is None, or "".

    ``image`` is the drawing as the encoder sees it, ``drawing`` its number on the sheet; ``use``: it shall be kept for
    Walk; ``cannot`` why this browser cannot encode.
    """

    heard: int = 0
    image: FloatArray | None = None
    drawing: int = 0
    use: bool = False
    cannot: str = ""

    @classmethod
    def of(cls, said: object, shape: Shape) -> DrawState:
        """Return what a message says; whatever is not as it should be is left out."""
        if not isinstance(said, Mapping):
            return cls()
        cannot = said.get("cannot")
        return cls(
            heard=_count(said.get("n")),
            image=_image(said.get("image"), shape),
            drawing=_count(said.get("drawing")),
            use=said.get("use") is True,
            cannot=cannot[:200] if isinstance(cannot, str) else "",
        )


def _count(number: object) -> int:
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**53 else 0


def _image(values: object, shape: Shape) -> FloatArray | None:
    if not isinstance(values, list) or len(values) != math.prod(shape) or len(values) > _MOST_PIXELS:
        return None
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 255 for one in values):
        return None
    image: FloatArray = np.array(values, np.float32) / np.float32(255)
    return image.reshape(shape)
