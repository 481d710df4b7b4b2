"""What a plain method makes of the same corrupted images: what a network must beat to be worth its training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.base.config import NoConfig
from ae_models.base.luminance import LUMINANCE
from ae_models.base.squared_errors import squared_errors
from ae_models.corruptions import CORRUPTIONS, corruption
from ae_models.runs import Graphs, RunRecord
from ae_models.runs.scoring import in_parts
from ae_models.runs.serving import find_pca, find_run, heldout_of

Answer = Callable[[FloatArray, ImageDataset], FloatArray]
"""From what is seen ``(n, c, h, w)`` and the images it was made of to a picture of the wanted shape."""


@dataclass(frozen=True)
class PlainFigure:
    """A plain method's held-out SSE on the inputs that a run was scored on."""

    method: str
    sse: float
    n: int


def plain_figures(record: RunRecord) -> list[PlainFigure]:
    """Return what plain methods reach on a run's own task, on the same held-out images and inputs (seed 0).

    Noise: a 3 x 3 median filter, and PCA with as many numbers. Holes: the mean image where pixels are missing.
    Enlarging: bicubic. Colouring: the grey picture as it is. A run on clean images has none.
    """
    methods = plain_answers(record)
    if not methods:
        return []
    images = heldout_of(record)
    totals = np.zeros(len(methods))
    for rows, seen, wanted in in_parts(record.corruption, images):
        some = images.take(np.arange(len(images))[rows])
        for place, (_, answer) in enumerate(methods):
            totals[place] += squared_errors(wanted, answer(seen, some)).sum(dtype=np.float64)
    return [
        PlainFigure(name, round(float(total / len(images)), 4), len(images))
        for (name, _), total in zip(methods, totals, strict=True)
    ]


def plain_answers(record: RunRecord) -> list[tuple[str, Answer]]:
    """Return the plain methods for a run's task by name, as ``plain_figures`` scores them."""
    kind = record.corruption.name
    if kind in ("gaussian-noise", "salt-pepper"):
        pca = _pca_of(record)
        noisy: list[tuple[str, Answer]] = [("median filter, 3 x 3", lambda seen, _: median_filtered(seen))]
        if pca is not None:
            k, graphs = pca
            noisy.append((f"PCA, {k} numbers", lambda seen, _: graphs.reconstruct(seen)))
        return noisy
    if kind in ("masking", "occlusion"):
        pca = _pca_of(record)
        if pca is None:
            return []
        mean = pca[1].decode(np.zeros((1, pca[0]), np.float32))
        return [("the mean image in the hole", lambda seen, some: filled(seen, hidden_pixels(record, some), mean))]
    if kind == "downsample":
        return [("bicubic enlarging", lambda seen, _: enlarged(seen, record.output_shape[1:]))]
    if kind == "grey-scale":
        return [("the grey picture as it is", lambda seen, _: np.repeat(seen * np.float32(LUMINANCE), 3, axis=1))]
    return []


def median_filtered(seen: FloatArray) -> FloatArray:
    """Return images ``(n, c, h, w)``, each pixel the median of its 3 x 3 neighbourhood (edges repeated)."""
    height, width = seen.shape[2:]
    padded = np.pad(seen, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    shifted = [padded[:, :, top : top + height, left : left + width] for top in range(3) for left in range(3)]
    return np.asarray(np.partition(np.stack(shifted, axis=-1), 4, axis=-1)[..., 4], np.float32)


def filled(seen: FloatArray, hidden: FloatArray, mean: FloatArray) -> FloatArray:
    """Return ``seen`` with ``mean`` ``(1, c, h, w)`` where ``hidden`` is 1."""
    return np.asarray(np.where(hidden > 0.5, mean, seen), np.float32)


def enlarged(seen: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Return images ``(n, c, *size)``, enlarged by Pillow's bicubic resampling; values are not clipped."""
    from PIL import Image

    height, width = size
    flat = seen.reshape(-1, *seen.shape[2:])
    large = [
        np.asarray(Image.fromarray(one, mode=None).resize((width, height), Image.Resampling.BICUBIC)) for one in flat
    ]
    return np.stack(large).reshape(*seen.shape[:2], height, width).astype(np.float32)


def hidden_pixels(record: RunRecord, images: ImageDataset) -> FloatArray:
    """Return 1 where a corruption puts pixels out, ``(n, 1, h, w)``: what it leaves of a white image, turned over."""
    entry = CORRUPTIONS.entry(record.corruption.name)
    made = corruption(record.corruption.name, (entry.config or NoConfig).of(**record.corruption.config))
    white = np.ones((len(images), 1, *images.shape[1:]), np.float32)
    return np.asarray(1 - made.inputs(white, images.ids, seed=0), np.float32)


def _pca_of(record: RunRecord) -> tuple[int, Graphs] | None:
    """Return a PCA of the rows the run was fitted on: of its own code size, else the largest that is here."""
    for k in (record.latent_dim, 64, 30, 3, 2):
        found = find_pca(record.dataset.name, record.dataset.fitted_on.digest, k)
        if found:
            return k, Graphs(*found)
    try:
        store, pca = find_run(f"{record.dataset.name}-pca-64d")
    except UserError:
        return None
    return (64, Graphs(store, pca)) if pca.dataset.fitted_on.digest == record.dataset.fitted_on.digest else None
