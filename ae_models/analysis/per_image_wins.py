"""The same images through an autoencoder and through PCA of the same size: who wins where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, IntArray, UserError

ORDERS = {
    "wins": "where the autoencoder wins most",
    "loses": "where it loses most, or wins least",
    "best": "drawn best by the autoencoder",
    "worst": "drawn worst by the autoencoder",
    "pca-best": "drawn best by PCA",
    "pca-worst": "drawn worst by PCA",
    "file": "in the order of the file",
}


@dataclass(frozen=True, eq=False)
class Duel:
    """Squared errors of the same images, summed over pixels: each ``(n,)``."""

    autoencoder: FloatArray
    pca: FloatArray

    @property
    def margin(self) -> FloatArray:
        """How much smaller the autoencoder's error is, an image; below 0 where PCA wins."""
        return np.asarray(self.pca - self.autoencoder, np.float32)

    def wins(self) -> float:
        """Return the share of images that the autoencoder draws with the smaller error, 0 to 1; a tie counts half."""
        return float(np.mean((self.margin > 0) + 0.5 * (self.margin == 0)))

    def order(self, by: str, rows: npt.NDArray[np.intp] | None = None) -> npt.NDArray[np.intp]:
        """Return rows (all of them by default) in an order of ``ORDERS``; equal ones keep the order of the file.

        Raises
        ------
        UserError
            For an unknown order, with the choices.
        """
        keys: dict[str, npt.NDArray[np.generic]] = {
            "wins": -self.margin,
            "loses": self.margin,
            "best": self.autoencoder,
            "worst": -self.autoencoder,
            "pca-best": self.pca,
            "pca-worst": -self.pca,
            "file": np.arange(len(self.pca)),
        }
        if by not in keys:
            raise UserError(f"unknown order '{by}': choose from {', '.join(ORDERS)}")
        chosen = np.arange(len(self.pca)) if rows is None else rows
        ordered: npt.NDArray[np.intp] = chosen[np.argsort(keys[by][chosen], kind="stable")]
        return ordered


@dataclass(frozen=True)
class ClassError:
    """Mean squared errors of one class, and how many images it has."""

    name: str
    n: int
    autoencoder: float
    pca: float


def by_class(duel: Duel, labels: IntArray | None, class_names: Sequence[str]) -> tuple[ClassError, ...]:
    """Return the errors of each class that has images, in the order of the names; none where there are no labels."""
    if labels is None:
        return ()
    found = []
    for number, name in enumerate(class_names):
        rows = labels == number
        if rows.any():
            errors = (float(values[rows].mean(dtype=np.float64)) for values in (duel.autoencoder, duel.pca))
            found.append(ClassError(name, int(rows.sum()), *errors))
    return tuple(found)
