"""How far drawn pictures are from the real ones: SSE, MSE and PSNR, one formula in three units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ae_models.base import FloatArray
from ae_models.base.squared_errors import squared_errors
from ae_models.metrics.checks import drawn_of, mixed
from ae_models.metrics.estimates import mean_value
from ae_models.metrics.values import Material, Metric, NoValue, Value

SSE = Metric(
    f"{__name__}:sse",
    "Error (SSE)",
    "how far the drawn {picture} is from the real one, all {parts} added up",
    group="reconstruction",
    direction="lower",
    high=None,
    chance="measured: each {sample} against the reconstruction of another",
    unit="squared intensity, summed over {parts}",
    formula="mean over {samples} of sum over {parts} (x - x')^2",
    reference="Hinton & Salakhutdinov 2006",
    says="A drawn {picture} misses the real one by {value} on average, all {parts} added up.",
    per_point=True,
    needs=("reconstructions",),
    decimals=2,
)

MSE = Metric(
    f"{__name__}:mse",
    "Error {a_part} (MSE)",
    "the same error divided by the number of {parts}",
    group="reconstruction",
    direction="lower",
    high=None,
    chance="measured: each {sample} against the reconstruction of another",
    unit="squared intensity",
    formula="SSE / number of {parts}",
    reference="Sainburg, McInnes & Gentner 2021",
    says="A drawn {part} misses the real one by {root} (root mean square; {lowest_to_highest} is 1).",
    per_point=True,
    needs=("reconstructions",),
    decimals=4,
)

PSNR = Metric(
    f"{__name__}:psnr",
    "Signal to noise (PSNR)",
    "the error in decibels: 10 more means a tenth of the error",
    group="reconstruction",
    direction="higher",
    low=None,
    high=None,
    chance="measured: each {sample} against the reconstruction of another",
    unit="dB",
    formula="10 log10(1 / MSE of all {samples} together)",
    reference="Horé & Ziou 2010",
    says="The error lies {value} decibels below the brightest signal.",
    per_point=True,
    needs=("reconstructions",),
    decimals=2,
)


def sse(material: Material) -> Value:
    """Return the squared error of a picture, summed over its pixels, averaged over pictures."""
    errors, others = _errors(material)
    return mean_value(errors, material, chance=float(others.mean(dtype=np.float64)))


def mse(material: Material) -> Value:
    """Return the squared error of a pixel: SSE divided by the number of pixels."""
    n_pixels = float(np.prod(material.images.shape))
    errors, others = _errors(material)
    return mean_value(errors / n_pixels, material, chance=float(others.mean(dtype=np.float64)) / n_pixels)


def psnr(material: Material) -> Value:
    """Return the peak signal-to-noise ratio, 10 log10(1 / MSE), of all pictures together; the peak is 1.

    A picture's own ratio is NaN where it was drawn without error. The mean of a class is that of its pictures' ratios.
    """
    found = mse(material)
    if not found.value or not found.interval or not found.chance:
        raise NoValue(material.kind.say("the drawn {pictures} equal the real ones: there is no error to compare with"))
    assert found.per_point is not None  # mse gives it
    with np.errstate(divide="ignore"):
        ratios = np.where(found.per_point > 0, -10 * np.log10(found.per_point), np.nan)
    low, high = found.interval
    return replace(
        mean_value(ratios, material, chance=_decibels(found.chance)),
        value=_decibels(found.value),
        n=found.n,
        interval=(_decibels(high), _decibels(max(low, 1e-30))),
    )


def _decibels(error: float) -> float:
    return -10 * float(np.log10(error))


def _errors(material: Material) -> tuple[FloatArray, FloatArray]:
    """Return the squared error of each picture, and of each against the drawing of another."""
    images, drawn = material.images.images(), drawn_of(material)
    return squared_errors(images, drawn), squared_errors(images, drawn[mixed(material)])
