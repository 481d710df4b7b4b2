"""How much of the pictures straight lines from the code explain."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.metrics.checks import map_of, mixed
from ae_models.metrics.values import Material, Metric, NoValue, Value

EXPLAINED_VARIANCE = Metric(
    f"{__name__}:explained_variance",
    "Variance told by straight lines",
    "the share of the {pictures}' variance that a straight-line function of the code explains",
    group="linear",
    direction="higher",
    chance="measured: the same map with its rows shuffled; about d / (n - 1)",
    unit="share",
    formula="R^2 of the least-squares linear regression of the {samples} on the code",
    reference="Jolliffe 2002; Eckart & Young 1936",
    says="Straight lines from the code explain {percent} of the {pictures}' variance.",
    needs=("images", "points"),
)


Matrix = npt.NDArray[np.float64]


def explained_variance(material: Material) -> Value:
    """Return the share of the pixels' variance that the best linear function of the code explains.

    For PCA on the images it was fitted on this is the sum of its explained variance ratios, and no code of the same
    size has more (Eckart & Young). Any invertible linear change of the code changes nothing; bending it does.
    """
    points, n = map_of(material), len(material.images)
    if points.shape[1] >= n - 1:
        raise NoValue(
            material.kind.say("a code of {k} numbers fits any {n} {samples}: that says nothing", k=points.shape[1], n=n)
        )
    images = material.images.images().reshape(n, -1).astype(np.float64)
    images -= images.mean(axis=0)
    total = float(np.vdot(images, images))
    if total == 0:
        raise NoValue(material.kind.say("all {samples} are the same: there is no variance to explain"))
    return Value(
        value=_share(points, images, total),
        chance=_share(points[mixed(material)], images, total),
        chance_n=n,
        n=n,
        of=material.kind.samples,
        seed=material.seed,
    )


def _share(points: npt.NDArray[np.generic], images: Matrix, total: float) -> float:
    """Return the squared length of the images in the span of the codes' columns, as a share of the whole."""
    codes = points.astype(np.float64)
    codes -= codes.mean(axis=0)
    left, singular, _ = np.linalg.svd(codes, full_matrices=False)
    basis = left[:, singular > singular[0] * 1e-10]  # (n, rank), orthonormal
    return float(np.square(basis.T @ images).sum()) / total
