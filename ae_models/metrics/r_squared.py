"""The share of the variance that drawings get right: R², on images that were not fitted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.base.squared_errors import squared_errors
from ae_models.metrics.checks import drawn_of, mixed
from ae_models.metrics.estimates import RESAMPLES, over_samples
from ae_models.metrics.values import Material, Metric, NoValue, Value

PerImage = npt.NDArray[np.float64]

R_SQUARED = Metric(
    f"{__name__}:r_squared",
    "Variance drawn (R²)",
    "the share of what makes {pictures} differ from the mean {picture} that the drawing gets right",
    group="reconstruction",
    direction="higher",
    low=None,
    chance="measured: each {sample} against the reconstruction of another",
    unit="share",
    formula="1 - sum (x - x')^2 / sum (x - mean {sample})^2, over scored {samples}",
    reference="Draper & Smith 1998",
    says="The drawings explain {percent} of what makes the {pictures} differ from their mean.",
    needs=("reconstructions",),
)


def r_squared(material: Material) -> Value:
    """Return 1 - SSE / the variance of the scored images around their own mean image.

    It is scikit-learn's ``r2_score(..., multioutput="variance_weighted")``: 1 is perfect, 0 is what always drawing the
    mean image gives, below 0 is worse than that.
    """
    images, drawn = material.images.images(), drawn_of(material)
    centred = images.reshape(len(images), -1) - images.mean(axis=0, dtype=np.float64).ravel()
    variances = np.einsum("ij,ij->i", centred, centred)
    total = float(variances.sum())
    if total == 0:
        raise NoValue(material.kind.say("all {samples} are the same: there is no variance to explain"))
    errors = squared_errors(images, drawn).astype(np.float64)
    others = squared_errors(images, drawn[mixed(material)]).astype(np.float64)
    generator, n = np.random.default_rng(material.seed), len(images)
    shares = []
    for _ in range(RESAMPLES):
        rows = generator.integers(0, n, n)
        shares.append(1 - errors[rows].sum() / max(variances[rows].sum(), 1e-30))
    low, high = np.percentile(shares, [2.5, 97.5])
    return Value(
        value=1 - float(errors.sum()) / total,
        chance=1 - float(others.sum()) / total,
        chance_n=n,
        n=n,
        of=material.kind.samples,
        seed=material.seed,
        interval=(float(low), float(high)),
        interval_how=over_samples(material),
        by_class=_of_classes(material, errors, variances),
    )


def _of_classes(material: Material, errors: PerImage, variances: PerImage) -> tuple[float | None, ...]:
    """Return the share for each class, around the mean image of all classes."""
    labels, shares = material.labels, []
    if labels is None:
        return ()
    for place in range(len(material.images.class_names)):
        total = float(variances[labels == place].sum())
        shares.append(1 - float(errors[labels == place].sum()) / total if total else None)
    return tuple(shares)
