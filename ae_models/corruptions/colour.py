"""Colour taken away: the input of colourising."""

from __future__ import annotations

import numpy as np

from ae_models.base import FloatArray, IntArray, Shape, UserError
from ae_models.base.config import NoConfig
from ae_models.base.luminance import LUMINANCE, grey_level


class GreyScale:
    """The grey level of colour images, stretched so that the brightest tint of tinted MNIST is 1, in steps of 1/255.

    The steps make the grey image of a tinted digit the digit itself, exactly: no rounding gives its class away.
    """

    def __init__(self, config: NoConfig) -> None:
        self.config = config

    def input_shape(self, shape: Shape) -> Shape:
        """Return the shape with one channel; ``UserError`` for images that have no colours to lose."""
        if shape[0] != 3:
            raise UserError(
                "corruption 'grey-scale' takes colour away and needs images of 3 channels (dataset 'mnist-tinted'): "
                f"got {shape[0]}"
            )
        return 1, shape[1], shape[2]

    def inputs(self, targets: FloatArray, ids: IntArray, seed: int) -> FloatArray:
        """Return the grey level ``(n, 1, h, w)`` of colour images ``(n, 3, h, w)``."""
        stretched = np.clip(grey_level(targets) / np.float32(LUMINANCE), 0, 1)
        return np.asarray(np.rint(stretched * 255) / np.float32(255), np.float32)
