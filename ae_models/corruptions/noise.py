"""Noise on pixels: Gaussian, salt and pepper."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from ae_models.base import FloatArray, IntArray
from ae_models.base.config import Config, Share
from ae_models.corruptions.corruption import SameSize, normal, uniform


class GaussianNoiseConfig(Config):
    """Normal noise on every pixel of every channel."""

    sigma: Annotated[
        float, Field(ge=0, le=2, title="Noise", description="Standard deviation of the noise, in intensity.")
    ] = 0.5


class SaltPepperConfig(Config):
    """Black and white pixels."""

    share: Annotated[Share, Field(title="Share of {parts}", description="Share of the {parts} that change.")] = 0.25


class GaussianNoise(SameSize):
    """Adds independent normal noise of standard deviation ``sigma`` to every pixel, then clips to [0, 1].

    References
    ----------
    Vincent et al. 2008, "Extracting and composing robust features with denoising autoencoders".
    """

    def __init__(self, config: GaussianNoiseConfig) -> None:
        self.config = config

    def inputs(self, targets: FloatArray, ids: IntArray, seed: int) -> FloatArray:
        """Return the noisy images ``(n, c, h, w)`` in [0, 1]."""
        noise = normal(ids, int(np.prod(targets.shape[1:])), seed).reshape(targets.shape)
        noisy: FloatArray = np.clip(targets + np.float32(self.config.sigma) * noise, 0, 1)
        return noisy


class SaltPepper(SameSize):
    """Sets a ``share`` of the pixels, drawn at random, to 0 or 1 with equal chance (all channels alike)."""

    def __init__(self, config: SaltPepperConfig) -> None:
        self.config = config

    def inputs(self, targets: FloatArray, ids: IntArray, seed: int) -> FloatArray:
        """Return the images ``(n, c, h, w)`` with black and white pixels."""
        n, _, height, width = targets.shape
        drawn = uniform(ids, height * width, seed).reshape(n, 1, height, width)
        half = self.config.share / 2
        out: FloatArray = np.where(drawn < half, 0.0, np.where(drawn < self.config.share, 1.0, targets))
        return out.astype(np.float32)
