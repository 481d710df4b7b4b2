"""UMAP: a map that keeps neighbours together. It has no honest decoder."""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np

from ae_models.base import FloatArray, Mistake, Progress
from ae_models.config import UMAPConfig


class UMAP:
    """UMAP by umap-learn: fitted on training images, it then *transforms* held-out ones, as an autoencoder does.

    A seed makes it run on one thread. Equal seeds still give other maps in other versions: the points are stored.

    References
    ----------
    McInnes, Healy & Melville 2018, arXiv 1802.03426.
    """

    decodes = False

    def __init__(self, config: UMAPConfig, epochs: int | None = None) -> None:
        self.config, self._epochs = config, epochs  # None: 500 up to 10,000 rows, 200 above
        self._fitted: Any = None
        self.points: FloatArray  # (n, n_components), of the rows it was fitted on

    @staticmethod
    def version() -> str:
        """Return the name and version of the library that computes, without importing it."""
        from importlib.metadata import version

        return f"umap-learn {version('umap-learn')}"

    def check(self, n_rows: int, n_pixels: int) -> None:
        """Raise ``Mistake`` when data of this size cannot be fitted with these settings."""
        if n_rows <= self.config.n_neighbors:
            raise Mistake(f"n_neighbors must be below the number of images ({n_rows}): got {self.config.n_neighbors}")

    def fit(self, rows: FloatArray, progress: Progress | None = None) -> UMAP:
        """Fit on flat images ``(n, n_pixels)``: seconds to minutes, and 20 to 50 more the first time in a process.

        ``progress`` is told while the points find their places, some ten times a second, and not before: neighbours
        come first. What it raises ends the fit.
        """
        self.check(*rows.shape)
        told = {} if progress is None else {"tqdm_kwds": _told(progress)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "n_jobs overridden by random_state": known and wanted
            import umap

            self._fitted = umap.UMAP(
                n_components=self.config.n_components,
                n_neighbors=self.config.n_neighbors,
                min_dist=self.config.min_dist,
                random_state=self.config.seed,
                n_jobs=1,
                n_epochs=self._epochs,
                **told,
            ).fit(rows)
        self.points = np.asarray(self._fitted.embedding_, np.float32)
        return self

    def transform(self, rows: FloatArray) -> FloatArray:
        """Return the points ``(n, n_components)`` of flat images ``(n, n_pixels)`` that were not fitted on."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._fitted.tqdm_kwds = {"disable": True}
            points: FloatArray = np.asarray(self._fitted.transform(rows), np.float32)
        return points


def _told(progress: Progress) -> dict[str, Any]:
    """Return settings of umap's progress bar that make it tell ``progress`` instead of drawing itself."""

    class Listener(io.StringIO):
        def write(self, text: str) -> int:
            done, slash, total = text.strip().partition("/")
            if slash and done.isdigit() and total.isdigit():
                progress(int(done) / int(total), f"placing points: round {done} of {total}")
            return len(text)

    return {"file": Listener(), "disable": False, "bar_format": "{n}/{total}", "mininterval": 0.1, "miniters": 1}
