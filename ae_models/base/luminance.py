"""How bright a colour is: what tinting and its removal must agree on."""

from __future__ import annotations

import numpy as np

from ae_models.base import FloatArray

LUMA: FloatArray = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601: red, green, blue; sums to 1
LUMINANCE = 0.45  # of every tint of tinted images: dark enough for strong colours, bright enough to be seen


def grey_level(images: FloatArray) -> FloatArray:
    """Return the luminance ``(n, 1, h, w)`` in [0, 1] of colour images ``(n, 3, h, w)`` in [0, 1]."""
    return np.asarray(np.einsum("nchw,c->nhw", images, LUMA)[:, None], np.float32)
