"""PCA of any size up to the largest that is kept: the first k components of a larger PCA are the PCA of k."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ae_models.base import FloatArray, ImageDataset, Shape, UserError
from ae_models.runs import MOST_ID, Graphs, RunRecord, RunStore, pca_runs, shipped_runs


@dataclass(frozen=True, eq=False)
class StraightMap:
    """PCA with its arrays at hand: an ``Encoder`` and a ``Decoder``.

    Parameters
    ----------
    mean : (n_pixels,) array
        The mean of the images it was fitted on.
    components : (k, n_pixels) array
        Orthonormal rows, that of the largest variance first.
    shares : (k,) array
        The share of the fitted images' variance that each explains; empty where the run does not say.
    shape : (channels, height, width)
    record : RunRecord
        The run it was read from.
    """

    mean: FloatArray
    components: FloatArray
    shares: FloatArray
    shape: Shape
    record: RunRecord

    @property
    def size(self) -> int:
        """How many numbers its code has."""
        return len(self.components)

    def cut(self, k: int) -> StraightMap:
        """Return the PCA of ``k`` components: exactly the first ``k``. ``UserError`` when there are fewer."""
        if not 1 <= k <= self.size:
            raise UserError(f"this PCA keeps {self.size} components: got {k}")
        return replace(self, components=self.components[:k], shares=self.shares[:k])

    def encode(self, images: FloatArray) -> FloatArray:
        """Return the codes ``(n, k)`` of images ``(n, c, h, w)``."""
        return np.asarray((images.reshape(len(images), -1) - self.mean) @ self.components.T, np.float32)

    def decode(self, codes: FloatArray) -> FloatArray:
        """Return the images ``(n, c, h, w)`` of codes ``(n, k)``; not clipped."""
        return np.asarray(codes @ self.components + self.mean, np.float32).reshape(-1, *self.shape)


def straight_map(dataset: str, fitted_digest: str, k: int) -> StraightMap | None:
    """Return the PCA of ``k`` components fitted on the rows of this digest, cut from the smallest kept that has them.

    None where no PCA of that size or more is kept.
    """
    fitting = [run for run in kept_pca(dataset, fitted_digest) if run[1].latent_dim >= k]
    return read_straight(*fitting[0]).cut(k) if fitting else None


def kept_pca(dataset: str, fitted_digest: str) -> list[tuple[RunStore, RunRecord]]:
    """Return the kept PCA runs that were fitted on the rows of this digest, smallest first; shipped before own."""
    found = []
    for store in (shipped_runs(), pca_runs()):
        for run_id in store.ids():
            if "-pca-" not in run_id or dataset[: MOST_ID // 2] not in run_id:
                continue
            try:
                record = store.read(run_id)
            except UserError:
                continue
            if record.model.name == "pca" and record.dataset.fitted_on.digest == fitted_digest:
                found.append((store, record))
    return sorted(found, key=lambda run: run[1].latent_dim)


def read_straight(store: RunStore, record: RunRecord) -> StraightMap:
    """Return a PCA run's mean and components, read from its decoder: what it draws from 0 and from each unit code."""
    units = np.vstack([np.zeros((1, record.latent_dim)), np.eye(record.latent_dim)]).astype(np.float32)
    drawn = Graphs(store, record).decode(units).reshape(len(units), -1)
    extra = record.model_extra or {}
    shares = np.array(extra.get("explained_variance", ()), np.float32)
    if shares.shape != (record.latent_dim,):
        shares = np.zeros(0, np.float32)
    return StraightMap(drawn[0], drawn[1:] - drawn[0], shares, record.output_shape, record)


def squared_errors_by_size(codes: FloatArray, images: ImageDataset, straight: StraightMap) -> FloatArray:
    r"""Return each image's squared error under the PCA of 0, 1, ... k components, ``(n, k + 1)``; 0: the mean image.

    :math:`\lVert x - \mu \rVert^2 - \sum_{j \le k} z_j^2`, for the components are orthonormal.

    Parameters
    ----------
    codes : (n, k) array
        The codes of ``images`` under ``straight``.
    """
    flat = images.images().reshape(len(images), -1) - straight.mean
    whole = np.einsum("ij,ij->i", flat, flat, dtype=np.float64)
    kept = np.cumsum(codes.astype(np.float64) ** 2, axis=1)
    left = np.hstack([whole[:, None], whole[:, None] - kept])
    return np.asarray(np.maximum(left, 0.0), np.float32)
