"""New codes: from the prior of a variational model, or from a density fitted to the codes of images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, IntArray, UserError

_RIDGE = 1e-6  # of the mean variance: keeps the covariance of a dead unit positive


def prior_samples(n: int, latent_dim: int, seed: int) -> FloatArray:
    """Return ``n`` codes from the standard normal prior, ``(n, latent_dim)``.

    Examples
    --------
    >>> prior_samples(2, 3, seed=0).shape
    (2, 3)
    """
    return np.random.default_rng(seed).standard_normal((n, latent_dim), np.float32)


@dataclass(frozen=True, eq=False)
class Density:
    """A Gaussian a class: ``weights`` ``(k,)`` sum to 1, ``means`` ``(k, d)``, ``roots`` ``(k, d, d)``.

    A root is lower triangular; times its own transpose is the covariance. ``classes`` ``(k,)`` are the class numbers.
    """

    weights: npt.NDArray[np.float64]
    means: npt.NDArray[np.float64]
    roots: npt.NDArray[np.float64]
    classes: IntArray

    def samples(self, n: int, seed: int, only: int | None = None) -> tuple[FloatArray, IntArray]:
        """Return ``n`` codes ``(n, d)`` and the class each was drawn for ``(n,)``; ``only`` draws for one class."""
        generator = np.random.default_rng(seed)
        place = generator.choice(len(self.weights), size=n, p=self.weights)
        if only is not None:
            found = np.flatnonzero(self.classes == only)
            if not len(found):
                raise UserError(
                    f"there is no class {only} with two images or more: choose from {self.classes.tolist()}"
                )
            place[:] = found[0]
        noise = generator.standard_normal((n, self.means.shape[1]))
        codes = self.means[place] + np.einsum("nij,nj->ni", self.roots[place], noise)
        return codes.astype(np.float32), self.classes[place].astype(np.int32)


def fit_density(codes: FloatArray, labels: IntArray | Sequence[int] | None = None) -> Density:
    """Fit a Gaussian with full covariance to the codes ``(n, d)`` of each class; one to all where there are none.

    A class of one image is left out.

    Raises
    ------
    UserError
        If no class has two images.

    References
    ----------
    Ghosh et al. 2020, "From variational to deterministic autoencoders": density estimation after training.

    Examples
    --------
    >>> fit_density(np.array([[0.0], [2], [10], [14]], "f"), [0, 0, 1, 1]).means.ravel()
    array([ 1., 12.])
    """
    groups = np.zeros(len(codes), np.int32) if labels is None else np.asarray(labels, np.int32)
    kept = [int(group) for group in np.unique(groups) if (groups == group).sum() > 1]
    if not kept:
        raise UserError(f"a density needs two images of a class: got {len(codes)} images of {len(set(groups))} classes")
    parts = [codes[groups == group].astype(np.float64) for group in kept]
    weights = np.array([len(part) for part in parts], np.float64)
    roots = np.stack([_root(part) for part in parts])
    return Density(weights / weights.sum(), np.stack([part.mean(0) for part in parts]), roots, np.array(kept, np.int32))


def _root(codes: np.ndarray) -> np.ndarray:
    covariance = np.atleast_2d(np.cov(codes, rowvar=False))
    ridge = _RIDGE * max(float(np.trace(covariance)) / len(covariance), 1e-12)
    return np.asarray(np.linalg.cholesky(covariance + ridge * np.eye(len(covariance))))
