"""How far two flat sheets are turned away from one another: principal angles between subspaces."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.metrics.values import Material, Metric, NoValue, Value

PRINCIPAL_ANGLE = Metric(
    f"{__name__}:principal_angle",
    "Angle to PCA",
    "how far the flat sheet that a linear decoder draws on is turned away from PCA's",
    group="linear",
    direction="lower",
    high=90.0,
    chance="measured: a random subspace of the same size",
    unit="degrees",
    formula="largest principal angle: arccos of the least singular value of Q^T P, Q and P orthonormal bases",
    reference="Björck & Golub 1973",
    says="The decoder's flat sheet is turned {value} degrees away from PCA's.",
    needs=("directions",),
    decimals=2,
)


Matrix = npt.NDArray[np.float64]


def principal_angles(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> Matrix:
    """Return the principal angles between the spans of two sets of rows, in degrees, smallest first.

    Parameters
    ----------
    one, other : (k, n_pixels) arrays
        Rows that span a subspace each; they need be neither orthogonal nor of length 1. Where one spans fewer
        dimensions than the other there are that many angles.

    References
    ----------
    Björck & Golub 1973; small angles by their sines, as Knyazev & Argentati 2002.

    Examples
    --------
    >>> principal_angles(np.array([[1.0, 0, 0]]), np.array([[1.0, 1, 0]])).round(6)
    array([45.])
    """
    from scipy.linalg import subspace_angles

    found: Matrix = np.degrees(subspace_angles(_basis(one), _basis(other)))[::-1]
    return found


def _basis(rows: npt.NDArray[np.generic]) -> Matrix:
    """Return an orthonormal basis ``(n_pixels, rank)`` of the span of rows."""
    left, singular, _ = np.linalg.svd(np.asarray(rows, np.float64).T, full_matrices=False)
    basis: Matrix = left[:, singular > max(singular[0] * 1e-7, 1e-300)]
    return basis


def principal_angle(material: Material) -> Value:
    """Return the largest principal angle between a linear decoder's directions and PCA's, in degrees.

    The names of the axes, their order and their lengths do not matter: only the sheet that they span.
    """
    mine, pca = material.directions, material.pca_directions
    if mine is None or pca is None:
        raise NoValue("there is no PCA of the same size to compare with")
    if not (np.isfinite(mine).all() and mine.any()):
        raise NoValue("the decoder's directions are zero or no finite numbers")
    k, n_pixels = mine.shape
    if k >= n_pixels:
        raise NoValue(
            material.kind.say("a code of {k} numbers spans all of the {n} {parts}: there is no angle", k=k, n=n_pixels)
        )
    if _basis(mine).shape[1] < k:
        raise NoValue(f"the decoder's {k} directions span only {_basis(mine).shape[1]}: some codes draw nothing new")
    random = np.random.default_rng([material.seed, k]).normal(size=(k, n_pixels))
    return Value(
        value=float(principal_angles(mine, pca)[-1]),
        chance=float(principal_angles(random, pca)[-1]),
        chance_n=1,
        n=k,
        of="directions",
        seed=material.seed,
        curve={"angle": principal_angles(mine, pca)},
    )
