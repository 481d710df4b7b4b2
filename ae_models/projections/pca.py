"""Principal component analysis, exact: the linear encoder and decoder that lose the least."""

from __future__ import annotations

from typing import Any

import numpy as np

from ae_models.base import FloatArray, Mistake, Progress
from ae_models.config import PCAConfig


class PCA:
    """Exact PCA by scikit-learn: eigenvectors of the covariance, or singular vectors where rows are fewer than pixels.

    ``transform`` is ``(x - mean) @ components.T``; ``inverse_transform`` its best linear inverse.

    References
    ----------
    Jolliffe 2002, "Principal Component Analysis"; Eckart & Young 1936 for "the least".
    """

    decodes = True

    def __init__(self, config: PCAConfig) -> None:
        self.config = config
        self.mean: FloatArray  # (n_pixels,)
        self.components: FloatArray  # (n_components, n_pixels), orthonormal rows
        self.explained: FloatArray  # share of the variance, a component; 0 where nothing varies
        self.points: FloatArray  # (n, n_components), of the rows it was fitted on

    @staticmethod
    def version() -> str:
        """Return the name and version of the library that computes."""
        import sklearn

        return f"scikit-learn {sklearn.__version__}"

    def check(self, n_rows: int, n_pixels: int) -> None:
        """Raise ``Mistake`` when data of this size cannot be fitted with these settings."""
        k, most = self.config.n_components, min(n_rows, n_pixels)
        if k > most:
            raise Mistake(f"n_components must be at most {most} (rows and pixels of the data): got {k}")

    def fit(self, rows: FloatArray, progress: Progress | None = None) -> PCA:
        """Fit on flat images ``(n, n_pixels)``; ``Mistake`` when there are too few rows or pixels.

        It is one step: there is no progress to tell.
        """
        from sklearn import decomposition

        self.check(*rows.shape)
        k = self.config.n_components
        with np.errstate(invalid="ignore"):  # images that are all alike: their shares are 0 / 0
            solver = "covariance_eigh" if len(rows) >= rows.shape[1] else "full"  # both are exact
            fitted: Any = decomposition.PCA(n_components=k, svd_solver=solver).fit(rows.astype(np.float64))
        self.mean = fitted.mean_.astype(np.float32)
        self.components = fitted.components_.astype(np.float32)
        self.explained = np.nan_to_num(fitted.explained_variance_ratio_).astype(np.float32)
        self.points = self.transform(rows)
        return self

    def transform(self, rows: FloatArray, progress: Progress | None = None) -> FloatArray:
        """Return the points ``(n, n_components)`` of flat images ``(n, n_pixels)``."""
        return np.asarray((rows - self.mean) @ self.components.T, np.float32)

    def inverse_transform(self, points: FloatArray) -> FloatArray:
        """Return the flat images ``(n, n_pixels)`` of points; pixels may leave [0, 1]."""
        return np.asarray(points @ self.components + self.mean, np.float32)
