"""A random straight map: the floor that every learned one should clear."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np

from ae_models.base import FloatArray, Progress, UserError
from ae_models.base.config import Config, LatentDim, Seed


class RandomConfig(Config):
    """A random straight map: the same for all data of one size, it has learned nothing."""

    n_components: LatentDim = 2
    seed: Seed = 0


class Random:
    """A Gaussian random projection: ``(x - mean) @ components.T``, its entries drawn from N(0, 1 / n_components).

    ``inverse_transform`` is the least-squares one, by the pseudo-inverse: the nearest image in the map's own flat
    sheet. Only the mean image is learned.

    References
    ----------
    Johnson & Lindenstrauss 1984; Bingham & Mannila 2001, "Random projection in dimensionality reduction".
    """

    decodes = True
    repeatable = "the same seed draws the same map"

    def __init__(self, config: RandomConfig) -> None:
        self.config = config
        self.mean: FloatArray  # (n_pixels,)
        self.components: FloatArray  # (n_components, n_pixels)
        self.points: FloatArray  # (n, n_components), of the rows it was fitted on

    @staticmethod
    def version() -> str:
        """Return the name and version of the library that draws."""
        return f"numpy {version('numpy')}"

    def check(self, n_rows: int, n_pixels: int) -> None:
        """Raise ``UserError`` when data of this size cannot be fitted with these settings."""
        if self.config.n_components > n_pixels:
            raise UserError(f"n_components must be at most {n_pixels} (pixels): got {self.config.n_components}")

    def fit(self, rows: FloatArray, progress: Progress | None = None) -> Random:
        """Draw the directions and take the mean of flat images ``(n, n_pixels)``."""
        self.check(*rows.shape)
        k, n_pixels = self.config.n_components, rows.shape[1]
        drawn = np.random.default_rng(self.config.seed).normal(0, k**-0.5, (k, n_pixels))
        self.mean, self.components = rows.mean(axis=0, dtype=np.float64).astype(np.float32), drawn.astype(np.float32)
        self.points = self.transform(rows)
        return self

    def transform(self, rows: FloatArray, progress: Progress | None = None) -> FloatArray:
        """Return the points ``(n, n_components)`` of flat images ``(n, n_pixels)``."""
        return np.asarray((rows - self.mean) @ self.components.T, np.float32)

    def inverse_transform(self, points: FloatArray) -> FloatArray:
        """Return the flat images ``(n, n_pixels)`` of points; pixels may leave [0, 1]."""
        inverse = np.linalg.pinv(self.components.astype(np.float64)).T  # (n_components, n_pixels)
        return np.asarray(points.astype(np.float64) @ inverse + self.mean, np.float32)
