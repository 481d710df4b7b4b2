"""Noise in, clean out: the same spoiled images through several hands, and whether the outcome is still the digit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ae_models.base import FloatArray, ImageDataset, IntArray, UserError
from ae_models.base.config import NoConfig
from ae_models.base.squared_errors import squared_errors
from ae_models.corruptions import corruption
from ae_models.corruptions.masks import MaskingConfig
from ae_models.corruptions.noise import GaussianNoiseConfig, SaltPepperConfig

LEVELS = tuple(range(0, 101, 10))  # per cent: of the deviation 1, or of all pixels
KINDS = {"gaussian-noise": "Gaussian noise", "salt-pepper": "black and white pixels", "masking": "pixels put out"}

Answer = Callable[[FloatArray], FloatArray]
"""From spoiled images to what should be clean ones, both ``(n, c, h, w)``."""


def spoiled(kind: str, level: int, images: ImageDataset) -> FloatArray:
    """Return images ``(n, c, h, w)`` spoiled by so many per cent: always alike for the same image (seed 0).

    Gaussian noise of 100 per cent has the standard deviation 1; of the other kinds it is the share of pixels.

    Raises
    ------
    UserError
        For a kind that is not one of ``KINDS``, a level that is not one of ``LEVELS``.
    """
    if kind not in KINDS:
        raise UserError(f"unknown kind of noise '{kind}': choose from {', '.join(KINDS)}")
    if level not in LEVELS:
        raise UserError(f"level must be one of {', '.join(map(str, LEVELS))}: got {level}")
    share = level / 100
    config: NoConfig | GaussianNoiseConfig | SaltPepperConfig | MaskingConfig
    if kind == "gaussian-noise":
        config = GaussianNoiseConfig(sigma=share)
    else:
        config = SaltPepperConfig(share=share) if kind == "salt-pepper" else MaskingConfig(share=share)
    return corruption(kind, config).inputs(images.images(), images.ids, seed=0)


def errors_by_level(kind: str, images: ImageDataset, answers: Mapping[str, Answer]) -> dict[str, FloatArray]:
    """Return the SSE of each answer to the clean images at every level, ``(len(LEVELS),)`` a name."""
    clean = images.images()
    found: dict[str, list[float]] = {name: [] for name in answers}
    for level in LEVELS:
        seen = spoiled(kind, level, images)
        for name, answer in answers.items():
            found[name].append(float(squared_errors(clean, answer(seen)).mean(dtype=np.float64)))
    return {name: np.array(values, np.float32) for name, values in found.items()}


def taken_for(drawn: FloatArray, real: FloatArray, labels: IntArray) -> IntArray:
    """Return for each drawing ``(n, c, h, w)`` the class of the real image ``(m, c, h, w)`` whose pixels are nearest.

    A judge that has not learned anything: it can be wrong itself, so compare what it says of the clean images.
    """
    flat, others = drawn.reshape(len(drawn), -1), real.reshape(len(real), -1)
    squares = np.einsum("ij,ij->i", others, others)
    nearest = np.argmin(squares[None] - 2 * (flat @ others.T), axis=1)
    return np.asarray(labels[nearest])
