"""PaCMAP: a map of near and far pairs, by a package that is not installed by default. It has no decoder."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from ae_models.base import FloatArray, Progress, UserError
from ae_models.base.config import Config, Seed


class PaCMAPConfig(Config):
    """PaCMAP (Wang et al. 2021); not installed by default."""

    n_components: Annotated[int, Field(ge=2, le=64, description="Dimensions of the map.")] = 2
    n_neighbors: Annotated[int, Field(ge=2, le=500, description="Neighbours that count as near.")] = 10
    seed: Seed = 0


class PaCMAP:
    """PaCMAP by its authors' package: fitted on training images, it then places held-out ones.

    It offers no progress and cannot be stopped on the way. It is an extra because it brings faiss along.

    References
    ----------
    Wang, Huang, Rudin & Shaposhnik 2021, "Understanding how dimension reduction tools work".
    """

    decodes = False
    repeatable = "same seed, same versions"

    def __init__(self, config: PaCMAPConfig) -> None:
        self.config = config
        self._fitted: Any = None
        self._rows: FloatArray
        self.points: FloatArray  # (n, n_components), of the rows it was fitted on

    @staticmethod
    def version() -> str:
        """Return the name and version of the library that computes, without importing it."""
        from importlib.metadata import version

        _installed()
        return f"pacmap {version('pacmap')}"

    def check(self, n_rows: int, n_pixels: int) -> None:
        """Raise ``UserError`` when the package is missing, or data of this size cannot be fitted."""
        _installed()
        if n_rows <= self.config.n_neighbors * 4:
            most = (n_rows - 1) // 4
            raise UserError(f"n_neighbors must be at most {most} (of {n_rows} images): got {self.config.n_neighbors}")

    def fit(self, rows: FloatArray, progress: Progress | None = None) -> PaCMAP:
        """Fit on flat images ``(n, n_pixels)``: seconds to minutes."""
        self.check(*rows.shape)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pacmap

            self._fitted = pacmap.PaCMAP(
                n_components=self.config.n_components,
                n_neighbors=self.config.n_neighbors,
                random_state=self.config.seed,
            )
            self.points = np.asarray(self._fitted.fit_transform(rows, init="pca"), np.float32)
        self._rows = rows
        return self

    def transform(self, rows: FloatArray, progress: Progress | None = None) -> FloatArray:
        """Return the points ``(n, n_components)`` of flat images ``(n, n_pixels)`` that were not fitted on."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(self._fitted.transform(rows, basis=self._rows), np.float32)


def _installed() -> None:
    if find_spec("pacmap") is None:
        raise UserError("projection 'pacmap' is an extra that is not installed: python -m pip install pacmap==0.9.1")
