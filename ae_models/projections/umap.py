"""UMAP: a map that keeps neighbours together. It has no honest decoder."""

from __future__ import annotations

import warnings
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from ae_models.base import FloatArray, Progress, UserError
from ae_models.base.config import Config, Seed


class UMAPConfig(Config):
    """UMAP (McInnes et al. 2018); one seed means one thread."""

    n_components: Annotated[int, Field(ge=1, le=64, title="Dimensions", description="Dimensions of the map.")] = 2
    n_neighbors: Annotated[
        int, Field(ge=2, le=500, title="Neighbours", description="Neighbours that count as near.")
    ] = 15
    min_dist: Annotated[
        float, Field(ge=0, le=0.99, title="Least distance", description="How tightly points may lie.")
    ] = 0.1
    seed: Seed = 0


class _Epochs:
    """A file that umap-learn's progress bar is written to: each line becomes a call of ``progress``.

    It is the one way to hear of its epochs, and to end it: what ``progress`` raises goes up through the bar.
    """

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress, self._name, self._ended = progress, name, False

    def settings(self) -> dict[str, Any]:
        """Return the bar's settings."""
        return {"file": self, "disable": False, "bar_format": "{n_fmt}/{total_fmt}", "mininterval": 0.3, "ascii": True}

    def write(self, text: str) -> None:
        """Take a line of the bar, ``12/200``."""
        done, _, total = text.strip().partition("/")
        if self._ended or not (done.isdigit() and total.isdigit()):
            return
        self._ended = True  # a bar that is being taken down is drawn once more
        self._progress(int(done) / max(int(total), 1), f"{self._name}: epoch {done} of {total}")
        self._ended = False

    def flush(self) -> None:
        """Do nothing: there is no buffer."""


class UMAP:
    """UMAP by umap-learn: fitted on training images, it then *transforms* held-out ones, as an autoencoder does.

    A seed makes it run on one thread. Equal seeds still give other maps in other versions: the points are stored.

    References
    ----------
    McInnes, Healy & Melville 2018, arXiv 1802.03426.
    """

    decodes = False
    repeatable = "same seed, same versions, one thread"

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
        """Raise ``UserError`` when data of this size cannot be fitted with these settings."""
        if n_rows <= self.config.n_neighbors:
            raise UserError(f"n_neighbors must be below the number of images ({n_rows}): got {self.config.n_neighbors}")

    def fit(self, rows: FloatArray, progress: Progress | None = None) -> UMAP:
        """Fit on flat images ``(n, n_pixels)``: seconds to minutes, and 20 to 50 more the first time in a process.

        ``progress`` is told while the points find their places, some ten times a second, and not before: neighbours
        come first. What it raises ends the fit.
        """
        self.check(*rows.shape)
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
                tqdm_kwds=_Epochs(progress, "UMAP").settings() if progress else None,
            ).fit(rows)
        self.points = np.asarray(self._fitted.embedding_, np.float32)
        return self

    def transform(self, rows: FloatArray, progress: Progress | None = None) -> FloatArray:
        """Return the points ``(n, n_components)`` of flat images ``(n, n_pixels)`` that were not fitted on."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._fitted.tqdm_kwds = _Epochs(progress, "UMAP").settings() if progress else {}
            points: FloatArray = np.asarray(self._fitted.transform(rows), np.float32)
        return points
