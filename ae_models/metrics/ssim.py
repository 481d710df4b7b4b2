"""How alike pictures look: structural similarity, by scikit-image."""

from __future__ import annotations

import numpy as np

from ae_models.base import FloatArray
from ae_models.metrics.checks import drawn_of, mixed
from ae_models.metrics.estimates import mean_value
from ae_models.metrics.values import Material, Metric, NoValue, Value

SSIM = Metric(
    f"{__name__}:ssim",
    "Looks alike (SSIM)",
    "how alike the {pictures} look in brightness, contrast and structure, in small windows",
    group="reconstruction",
    direction="higher",
    low=-1.0,
    chance="measured: each {sample} against the reconstruction of another",
    unit="none",
    formula="mean over 7 x 7 windows of (2 m m' + c1)(2 cov + c2) / ((m^2 + m'^2 + c1)(v + v' + c2))",
    reference="Wang, Bovik, Sheikh & Simoncelli 2004",
    says="Real and drawn {pictures} are alike to {value}, where 1 is the same {picture}.",
    per_point=True,
    needs=("reconstructions",),
)


CHANCE_IMAGES = 1_000
WINDOW = 7


def ssim(material: Material) -> Value:
    """Return the mean structural similarity of pictures and their drawings, over 7 x 7 windows, pixels in [0, 1]."""
    images, drawn = material.images.images(), drawn_of(material)
    if min(images.shape[2:]) < WINDOW:
        raise NoValue(
            material.kind.say(
                "it looks through windows of {side} x {side} {parts}: the {samples} are smaller", side=WINDOW
            )
        )
    others = mixed(material)[:CHANCE_IMAGES]
    chance = _alike(images[: len(others)], drawn[others])
    return mean_value(
        _alike(images, drawn), material, chance=float(chance.mean(dtype=np.float64)), chance_n=len(chance)
    )


def _alike(images: FloatArray, drawn: FloatArray) -> FloatArray:
    from skimage.metrics import structural_similarity

    return np.array(
        [
            structural_similarity(image, other, win_size=WINDOW, data_range=1.0, channel_axis=0)
            for image, other in zip(images, drawn, strict=True)
        ],
        np.float32,
    )
