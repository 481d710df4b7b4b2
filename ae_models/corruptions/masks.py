"""Parts put out: single pixels, or one square."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from ae_models.base import FloatArray, IntArray, Shape, UserError
from ae_models.base.config import Config, Share
from ae_models.corruptions.corruption import SameSize, uniform
from ae_models.kinds import kind_of


class MaskingConfig(Config):
    """Pixels put out."""

    share: Annotated[Share, Field(title="Share of {parts}", description="Share of the {parts} that are put out.")] = 0.5


class OcclusionConfig(Config):
    """A square put out."""

    size: Annotated[
        int, Field(ge=1, le=64, title="Side of the square", description="Side of the square, in {parts}.")
    ] = 10


class Masking(SameSize):
    """Sets a ``share`` of the pixels, drawn at random, to 0 (all channels alike): masking noise.

    References
    ----------
    Vincent et al. 2010, "Stacked denoising autoencoders", section 3.3.
    """

    def __init__(self, config: MaskingConfig) -> None:
        self.config = config

    def inputs(self, targets: FloatArray, ids: IntArray, seed: int) -> FloatArray:
        """Return the images ``(n, c, h, w)`` with pixels put out."""
        n, _, height, width = targets.shape
        kept = uniform(ids, height * width, seed).reshape(n, 1, height, width) >= self.config.share
        out: FloatArray = targets * kept.astype(np.float32)
        return out


class Occlusion(SameSize):
    """Puts out one square of ``size`` by ``size`` pixels, wholly inside the image, at a place drawn at random."""

    def __init__(self, config: OcclusionConfig) -> None:
        self.config = config

    def input_shape(self, shape: Shape) -> Shape:
        """Return ``shape``; ``UserError`` when the square does not fit, or no part lies beside another."""
        kind = kind_of(shape)
        if not kind.is_spatial:
            these = kind.say("these data are {samples} of {parts}")
            raise UserError(f"a square can only be put out in an image, and {these}: choose masking")
        if self.config.size > min(shape[1:]):
            raise UserError(f"size must be at most {min(shape[1:])}, the side of the image: got {self.config.size}")
        return shape

    def inputs(self, targets: FloatArray, ids: IntArray, seed: int) -> FloatArray:
        """Return the images ``(n, c, h, w)`` with a square put out."""
        n, _, height, width = targets.shape
        size = self.config.size
        drawn = uniform(ids, 2, seed)  # (n, 2)
        top = np.floor(drawn[:, 0] * (height - size + 1))[:, None]
        left = np.floor(drawn[:, 1] * (width - size + 1))[:, None]
        rows, columns = np.arange(height), np.arange(width)
        inside_rows = (rows >= top) & (rows < top + size)  # (n, h)
        inside_columns = (columns >= left) & (columns < left + size)  # (n, w)
        hidden = inside_rows[:, None, :, None] & inside_columns[:, None, None, :]
        out: FloatArray = np.where(hidden, np.float32(0), targets)
        return out.reshape(n, *targets.shape[1:])
