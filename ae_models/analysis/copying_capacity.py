"""Copying and memorising without any training: linear maps of every size, and a decoder that remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, UserError


@dataclass(frozen=True, eq=False)
class LinearCopier:
    """The best linear autoencoder of every size at once: its mean ``(p,)``, and axes ``(p, p)`` in columns."""

    mean: FloatArray
    axes: FloatArray
    varying: int  # pixels that are not the same in all images it was fitted on

    def errors(self, rows: FloatArray, sizes: Sequence[int]) -> FloatArray:
        """Return the mean squared error ``(len(sizes),)``, summed over pixels, of rows ``(n, p)``.

        A code of more numbers than there are pixels can do no more than one of as many.
        """
        codes = (rows - self.mean) @ self.axes
        kept = np.square(codes, dtype=np.float64).mean(axis=0)
        left = np.concatenate([[kept.sum()], kept.sum() - np.cumsum(kept)])
        return np.asarray(np.maximum(left[np.minimum(sizes, len(kept))], 0), np.float32)


def linear_copier(rows: FloatArray) -> LinearCopier:
    """Return the linear autoencoders of all sizes that are best for rows ``(n, p)``: their PCA.

    References
    ----------
    Baldi & Hornik 1989; Eckart & Young 1936.
    """
    mean = rows.mean(axis=0)
    centred = rows - mean
    _, axes = np.linalg.eigh(centred.T @ centred)
    varying = int((rows.max(axis=0) > rows.min(axis=0)).sum())
    return LinearCopier(mean, np.ascontiguousarray(axes[:, ::-1]), varying)


@dataclass(frozen=True, eq=False)
class LinearDenoiser:
    """An affine map of pixels to pixels: what it sees less ``mean_seen``, times ``matrix`` (p, p), plus ``mean``."""

    mean_seen: FloatArray
    mean: FloatArray
    matrix: FloatArray

    def __call__(self, rows: FloatArray) -> FloatArray:
        """Return what it answers to rows ``(n, p)``."""
        return np.asarray((rows - self.mean_seen) @ self.matrix + self.mean, np.float32)


def linear_denoiser(seen: FloatArray, wanted: FloatArray, k: int | None = None) -> LinearDenoiser:
    """Return the affine map with the least squared error from rows ``(n, p)`` to those wanted: a Wiener filter.

    With ``k`` the best of those through k numbers: reduced-rank regression (Izenman 1975).

    It is what an overcomplete linear autoencoder trained on such pairs ends as: with at least p numbers in its code
    nothing but the error decides. Pixels that never vary would leave it undecided; 1e-6 on the diagonal decides.
    """
    mean_seen, mean = seen.mean(axis=0), wanted.mean(axis=0)
    a, b = seen - mean_seen, wanted - mean
    n = len(seen)
    matrix = np.linalg.solve(a.T @ a / n + 1e-6 * np.eye(a.shape[1], dtype=np.float32), a.T @ b / n)
    if k is not None:
        axes = np.linalg.eigh(matrix.T @ (a.T @ a) @ matrix)[1][:, -k:]  # of its own answers
        matrix = (matrix @ axes) @ axes.T
    return LinearDenoiser(mean_seen, mean, np.asarray(matrix, np.float32))


@dataclass(frozen=True, eq=False)
class Memory:
    """A decoder of one number that knows ``images`` ``(n, p)`` by heart, at ``codes`` ``(n,)``, which rise."""

    codes: npt.NDArray[np.float64]  # two digits may lie closer than float32 can tell
    images: FloatArray

    def draw(self, codes: npt.NDArray[np.floating[Any]]) -> FloatArray:
        r"""Return the rows ``(m, p)`` drawn from codes ``(m,)``: on the straight way from one image to the next.

        This is the network :math:`d_0 + \sum_{i<n} (s_i - s_{i-1})\,\mathrm{relu}(z - z_i)` with
        :math:`s_i = (x_{i+1} - x_i) / (z_{i+1} - z_i)`: one hidden layer, a unit less than there are images; outside
        its ends it stays at the last image.
        """
        place = np.clip(np.searchsorted(self.codes, codes, side="right") - 1, 0, len(self.codes) - 2)
        low, high = self.codes[place], self.codes[place + 1]
        share = np.clip((codes - low) / (high - low), 0, 1)[:, None]
        return np.asarray((1 - share) * self.images[place] + share * self.images[place + 1], np.float32)


def memory(codes: npt.NDArray[np.floating[Any]], images: FloatArray) -> Memory:
    """Return a decoder that draws each row of ``images`` ``(n, p)`` from its code ``(n,)``.

    Raises
    ------
    UserError
        For fewer than two images; for two with the same code.
    """
    if len(codes) < 2:
        raise UserError(f"a memory needs 2 images at least: got {len(codes)}")
    order = np.argsort(codes, kind="stable")
    rising = np.asarray(codes, np.float64)[order]
    if not (np.diff(rising) > 0).all():
        raise UserError("two images have the same code: one number cannot tell them apart")
    return Memory(rising, images[order])
