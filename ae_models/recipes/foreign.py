"""Images of another kind than a model has learned: other data, noise, its own images with their pixels shuffled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, ImageDataset, Mistake
from ae_models.errors import squared_errors
from ae_models.recipes.straight import StraightMap
from ae_models.runs import Graphs

MOST = 2_000
KINDS = {"other": "other pictures", "noise": "noise", "shuffled": "the same pixels, shuffled"}


def foreign_images(kind: str, own: ImageDataset, other: ImageDataset | None, seed: int = 0) -> FloatArray:
    """Return up to 2,000 images ``(n, c, h, w)`` of a kind of ``KINDS``, of the shape of ``own``.

    Drawn at random where there are more (``seed``). ``other``: held-out ones of another data set. ``noise``: each pixel
    drawn evenly between 0 and 1. ``shuffled``: some of ``own``, the pixels of each in an order of its own:
    as much ink, no picture.

    Raises
    ------
    Mistake
        For an unknown kind; for other images of another shape.
    """
    if kind not in KINDS:
        raise Mistake(f"unknown kind '{kind}': choose from {', '.join(KINDS)}")
    generator = np.random.default_rng(seed)
    n = min(MOST, len(own))
    if kind == "noise":
        return generator.random((n, *own.shape), dtype=np.float32)
    if kind == "shuffled":
        flat = own.images(_some(len(own), generator)).reshape(n, -1)
        return np.asarray(generator.permuted(flat, axis=1), np.float32).reshape(n, *own.shape)
    if other is None or other.shape != own.shape:
        raise Mistake(f"the other images must be of {own.shape}: got {None if other is None else other.shape}")
    return other.images(_some(len(other), generator))


def _some(n: int, generator: np.random.Generator) -> npt.NDArray[np.intp]:
    return np.sort(generator.choice(n, min(MOST, n), replace=False)).astype(np.intp)


def errors_of_graphs(graphs: Graphs, images: FloatArray) -> FloatArray:
    """Return the squared error of an autoencoder on each image ``(n,)``."""
    return squared_errors(images, graphs.reconstruct(images))


def errors_of_straight(straight: StraightMap, k: int, images: FloatArray) -> FloatArray:
    """Return the same of the PCA of ``k`` numbers; of the mean image for 0."""
    flat = images.reshape(len(images), -1) - straight.mean
    left = np.einsum("ij,ij->i", flat, flat, dtype=np.float64)
    if k:
        codes = flat @ straight.components[:k].T
        left = left - np.square(codes, dtype=np.float64).sum(axis=1)
    return np.asarray(np.maximum(left, 0), np.float32)
