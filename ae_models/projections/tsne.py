"""t-SNE: a map of near neighbours. It has no decoder."""

from __future__ import annotations

import warnings
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from ae_models.base import FloatArray, Progress, UserError
from ae_models.base.config import Config, Seed

_ITERATIONS = 750  # openTSNE's own: 250 with exaggeration, 500 without
_PLACING = 250
_TOLD_EVERY = 10


class TSNEConfig(Config):
    """t-SNE (van der Maaten & Hinton 2008); one seed, one thread."""

    n_components: Annotated[int, Field(ge=1, le=3, description="Dimensions of the map.")] = 2
    perplexity: Annotated[float, Field(ge=2, le=500, description="About how many neighbours count as near.")] = 30.0
    seed: Seed = 0


class TSNE:
    """t-SNE by openTSNE: fitted on training images, it then *transforms* held-out ones, as an autoencoder does.

    Kept for its progress, its placing of new points, and its speed. It is started from PCA, so that it keeps more of
    the large picture than a random start; one seed and one thread make it repeatable.

    References
    ----------
    van der Maaten & Hinton 2008; Poličar, Stražar & Zupan 2024, "openTSNE"; Kobak & Berens 2019 for the start.
    """

    decodes = False
    repeatable = "same seed, same versions, one thread"

    def __init__(self, config: TSNEConfig) -> None:
        self.config = config
        self._fitted: Any = None
        self.points: FloatArray  # (n, n_components), of the rows it was fitted on

    @staticmethod
    def version() -> str:
        """Return the name and version of the library that computes, without importing it."""
        from importlib.metadata import version

        return f"openTSNE {version('openTSNE')}"

    def check(self, n_rows: int, n_pixels: int) -> None:
        """Raise ``UserError`` when data of this size cannot be fitted with these settings."""
        most = (n_rows - 1) / 3
        if self.config.perplexity > most:
            raise UserError(
                f"perplexity must be at most {int(most)} (a third of {n_rows} images): got {self.config.perplexity:g}"
            )

    def fit(self, rows: FloatArray, progress: Progress | None = None) -> TSNE:
        """Fit on flat images ``(n, n_pixels)``: seconds to minutes."""
        self.check(*rows.shape)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import openTSNE

            self._fitted = openTSNE.TSNE(
                n_components=self.config.n_components,
                perplexity=self.config.perplexity,
                random_state=self.config.seed,
                initialization="pca",
                # Interpolation, the faster one, ends at two dimensions.
                negative_gradient_method="auto" if self.config.n_components <= 2 else "bh",
                n_jobs=1,
                callbacks=_steps(progress, _ITERATIONS),
                callbacks_every_iters=_TOLD_EVERY,
            ).fit(rows)
        self.points = np.array(self._fitted, np.float32)
        return self

    def transform(self, rows: FloatArray, progress: Progress | None = None) -> FloatArray:
        """Return the points ``(n, n_components)`` of flat images ``(n, n_pixels)`` that were not fitted on."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # What openTSNE's transform does, which takes no callback: the map is centred, the new points are put at the
            # median of their neighbours and moved by their own attractions.
            self._fitted -= (np.max(self._fitted, axis=0) + np.min(self._fitted, axis=0)) / 2
            placed = self._fitted.prepare_partial(rows, initialization="median", k=25, perplexity=5)
            placed.optimize(
                n_iter=_PLACING,
                learning_rate=0.1,
                exaggeration=1.5,
                momentum=0.8,
                inplace=True,
                propagate_exception=True,
                max_grad_norm=0.25,
                callbacks=_steps(progress, _PLACING),
                callbacks_every_iters=_TOLD_EVERY,
            )
        return np.asarray(placed, np.float32)


def _steps(progress: Progress | None, total: int) -> Any:
    """Return a callback of openTSNE that tells ``progress``; its iterations start again in each phase."""
    if progress is None:
        return None
    last = done = 0

    def step(iteration: int, _error: float, _embedding: Any) -> bool:
        nonlocal last, done
        done += iteration - last if iteration > last else iteration
        last = iteration
        progress(min(done / total, 1.0), f"t-SNE: step {done} of {total}")
        return False

    return step
