"""Fewer pixels: the input of super-resolution."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ae_models.base import FloatArray, IntArray, Shape, UserError
from ae_models.base.config import Config
from ae_models.corruptions.corruption import SameSize

SMALLEST = 8  # pixels on a side of the smallest image that a network takes


class DownsampleConfig(Config):
    """Fewer pixels."""

    factor: Annotated[int, Field(ge=2, le=8, description="Sides are divided by this.")] = 2


class Downsample(SameSize):
    """Averages blocks of ``factor`` by ``factor`` pixels: 28 x 28 becomes 14 x 14. The target keeps its size."""

    def __init__(self, config: DownsampleConfig) -> None:
        self.config = config

    def input_shape(self, shape: Shape) -> Shape:
        """Return the smaller shape; ``UserError`` when the factor does not divide the sides or leaves too little."""
        channels, height, width = shape
        factor = self.config.factor
        if height % factor or width % factor:
            raise UserError(f"factor must divide the sides of the image ({height} x {width}): got {factor}")
        if min(height, width) // factor < SMALLEST:
            raise UserError(
                f"factor {factor} leaves {height // factor} x {width // factor} of {height} x {width} pixels: "
                f"super-resolution needs at least {SMALLEST} x {SMALLEST}"
            )
        return channels, height // factor, width // factor

    def inputs(self, targets: FloatArray, ids: IntArray, seed: int) -> FloatArray:
        """Return the small images ``(n, c, h / factor, w / factor)``."""
        n, channels, height, width = targets.shape
        factor = self.config.factor
        blocks = targets.reshape(n, channels, height // factor, factor, width // factor, factor)
        small: FloatArray = blocks.mean(axis=(3, 5), dtype="float32")
        return small
