"""How far an autoencoder is below PCA at each size of the code, and how long a code PCA would need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray
from ae_models.runs import RunRecord


@dataclass(frozen=True)
class Gap:
    """Held-out SSE of an autoencoder and of PCA with as many numbers.

    ``pca_needs`` is the least size at which PCA is as good, None where it is not within the sizes known.
    """

    numbers: int
    autoencoder: float
    pca: float
    pca_needs: int | None

    @property
    def share(self) -> float:
        """The share of PCA's error that the autoencoder saves, at most 1; below 0 where PCA is better."""
        return 1 - self.autoencoder / self.pca if self.pca > 0 else 0.0


def gaps(records: Iterable[RunRecord], curve: FloatArray) -> tuple[Gap, ...]:
    """Return the gap of each model whose size PCA's curve has.

    Parameters
    ----------
    curve : (k + 1,) array
        PCA's held-out SSE with 0, 1, ... k numbers.
    """
    found = []
    for record in records:
        if record.latent_dim < len(curve):
            enough = np.flatnonzero(curve <= record.test.sse)
            needs = int(enough[0]) if len(enough) else None
            found.append(Gap(record.latent_dim, record.test.sse, float(curve[record.latent_dim]), needs))
    return tuple(found)
