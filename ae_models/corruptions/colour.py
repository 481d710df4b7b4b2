"""Colour taken away: grey images, tinted by class, are the target; their grey level is the input."""

from __future__ import annotations

import colorsys

import numpy as np

from ae_models.base import FloatArray, IntArray, Mistake, Shape
from ae_models.config import GreyScaleConfig
from ae_models.corruptions.corruption import uniform

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
LUMINANCE = 0.45  # of every tint: below 0.587, so that each hue can reach it


def tints(n_classes: int) -> FloatArray:
    """Return ``(n_classes + 1, 3)`` colours of one luminance: one a class, and a second one for the last class.

    Equal luminance keeps the grey level from giving the class away. The second colour has the opposite hue.

    Examples
    --------
    >>> bool(np.allclose(tints(10) @ LUMA, LUMINANCE, atol=1e-6))
    True
    """
    hues = [index / n_classes for index in range(n_classes)]
    hues.append((hues[-1] + 0.5) % 1.0)
    return np.stack([_tint(hue) for hue in hues])


def _tint(hue: float) -> FloatArray:
    """Mix a pure hue with black or white until its luminance is ``LUMINANCE``."""
    pure = np.array(colorsys.hsv_to_rgb(hue, 1.0, 1.0), np.float32)
    luminance = float(pure @ LUMA)
    if luminance >= LUMINANCE:
        return np.asarray(pure * (LUMINANCE / luminance), np.float32)
    white = (LUMINANCE - luminance) / (1.0 - luminance)
    return np.asarray(pure + (1.0 - pure) * white, np.float32)


class GreyScale:
    """Colourising: the target is the image in its class's tint, the input is its grey level.

    The last class has two colours, drawn by image id with equal chance: nothing in the grey image tells which, and
    squared error answers such a question with the average.
    """

    def __init__(self, config: GreyScaleConfig) -> None:
        self.config = config

    def input_shape(self, shape: Shape) -> Shape:
        """Return the shape with one channel; ``Mistake`` for images that have colours of their own."""
        if shape[0] != 1:
            raise Mistake(f"corruption 'grey-scale' tints grey images itself: got {shape[0]} channels")
        return shape

    def target_shape(self, shape: Shape) -> Shape:
        """Return the shape with three channels."""
        return 3, shape[1], shape[2]

    def targets(self, images: FloatArray, labels: IntArray | None, ids: IntArray) -> FloatArray:
        """Return tinted images ``(n, 3, h, w)`` of grey ones ``(n, 1, h, w)``."""
        if labels is None:
            raise Mistake("corruption 'grey-scale' takes the tint from the class: these images have no labels")
        n_classes = self.config.n_classes
        colours = tints(n_classes)
        second = (labels == n_classes - 1) & (uniform(ids, 1, seed=1)[:, 0] < 0.5)
        chosen = colours[np.where(second, n_classes, labels % n_classes)]  # (n, 3)
        tinted: FloatArray = images * chosen[:, :, None, None]
        return tinted

    def inputs(self, targets: FloatArray, ids: IntArray, seed: int) -> FloatArray:
        """Return the grey level ``(n, 1, h, w)`` of tinted images, scaled so that full ink is 1."""
        grey = np.einsum("nchw,c->nhw", targets, LUMA)[:, None] / np.float32(LUMINANCE)
        clipped: FloatArray = np.clip(grey, 0, 1)
        return clipped
