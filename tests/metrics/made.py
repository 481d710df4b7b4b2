"""Images and maps to measure, made from plain arrays; and neighbours by plain sorting."""

from __future__ import annotations

from typing import Any

import numpy as np

from ae_models.base import ImageDataset
from ae_models.metrics import Material
from ae_models.metrics.ranks import neighbourhoods, pixel_ranks


def images_of(pixels: Any, labels: Any = None, levels: int = 255) -> ImageDataset:
    """A data set of these pixels, ``(n, ...)``, made ``(n, 1, h, w)``."""
    pixels = np.asarray(pixels)
    pixels = pixels.astype(np.uint8) if pixels.dtype.kind != "u" else pixels
    pixels = pixels.reshape(len(pixels), 1, *(pixels.shape[1:] if pixels.ndim == 3 else (1, -1)))
    names = tuple(str(place) for place in range(10))
    known = None if labels is None else np.asarray(labels, np.int32)
    return ImageDataset("made", pixels, known, np.arange(len(pixels), dtype=np.int32), names, levels)


def material_of(
    images: ImageDataset, points: Any, drawn: Any = None, *, k: int = 5, seed: int = 0, **more: Any
) -> Material:
    """All that a metric may look at, with the ranks where they can be had."""
    points = np.asarray(points, np.float32).reshape(len(points), -1)
    ranks = None
    if 1 <= k < len(images) / 2 and np.isfinite(points).all():
        ranks = neighbourhoods(pixel_ranks(images.pixels), [points], k, seed=seed)[0]
    return Material(images, points, drawn, ranks=ranks, k=k, seed=seed, **more)


def plain(rows: Any) -> Any:
    """The order of every row's neighbours by exact arithmetic: Python's whole numbers or float64 differences."""
    exact = object if np.issubdtype(rows.dtype, np.integer) else np.float64
    found = []
    for place, row in enumerate(rows.astype(exact)):
        squared = np.zeros(len(rows), exact)
        for column in (rows.astype(exact) - row).T:
            squared = squared + column * column
        others = sorted((j for j in range(len(rows)) if j != place), key=lambda j: (squared[j], j))
        found.append([place, *others])
    return np.array(found)
