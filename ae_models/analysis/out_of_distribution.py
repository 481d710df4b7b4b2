"""Images of another kind than a model has learned: other data, noise, its own images with their pixels shuffled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.analysis.nested_pca import StraightMap
from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.base.squared_errors import squared_errors
from ae_models.latent import distances_to, is_unlike, support
from ae_models.runs import Graphs

MOST = 2_000
KINDS = {"other": "other pictures", "noise": "noise", "shuffled": "the same pixels, shuffled"}
MORE = {"turned": "the same, upside down", "swapped": "the same, black and white swapped", "stars": "drawn stars"}


def foreign_images(kind: str, own: ImageDataset, other: ImageDataset | None, seed: int = 0) -> FloatArray:
    """Return up to 2,000 images ``(n, c, h, w)`` of a kind of ``KINDS`` or ``MORE``, of the shape of ``own``.

    Drawn at random where there are more (``seed``). ``other``: held-out ones of another data set. ``noise``: each pixel
    drawn evenly between 0 and 1. ``shuffled``: some of ``own``, the pixels of each in an order of its own:
    as much ink, no picture. ``turned`` and ``swapped``: some of ``own``. ``stars``: see ``star``.

    Raises
    ------
    UserError
        For an unknown kind; for other images of another shape.
    """
    if kind not in {**KINDS, **MORE}:
        raise UserError(f"unknown kind '{kind}': choose from {', '.join({**KINDS, **MORE})}")
    generator = np.random.default_rng(seed)
    n = min(MOST, len(own))
    if kind == "noise":
        return generator.random((n, *own.shape), dtype=np.float32)
    if kind == "shuffled":
        flat = own.images(_some(len(own), generator)).reshape(n, -1)
        return np.asarray(generator.permuted(flat, axis=1), np.float32).reshape(n, *own.shape)
    if kind == "stars":
        return np.stack([np.broadcast_to(star(own.shape[1:], generator), own.shape) for _ in range(n)])
    if kind in MORE:
        some = own.images(_some(len(own), generator))
        return np.ascontiguousarray(some[:, :, ::-1] if kind == "turned" else 1 - some, np.float32)
    if other is None or other.shape != own.shape:
        raise UserError(f"the other images must be of {own.shape}: got {None if other is None else other.shape}")
    return other.images(_some(len(other), generator))


def star(size: tuple[int, int], generator: np.random.Generator) -> FloatArray:
    """Return the outline of a star ``size`` of 4 to 7 points, turned at random, a stroke of a tenth of it wide."""
    from PIL import Image, ImageDraw

    height, width = size
    large = Image.new("L", (4 * width, 4 * height))
    points, turn = int(generator.integers(4, 8)), generator.uniform(0, 2 * np.pi)
    angles = turn + np.pi / points * np.arange(2 * points + 2)
    far = 1.5 * min(size) * np.where(np.arange(len(angles)) % 2, generator.uniform(0.35, 0.5), 1.0)
    corners = np.stack([2 * width + far * np.cos(angles), 2 * height + far * np.sin(angles)], axis=1)
    ImageDraw.Draw(large).line(corners.ravel().tolist(), fill=255, width=round(0.33 * min(size)), joint="curve")
    return np.asarray(np.asarray(large.resize((width, height), Image.Resampling.LANCZOS)) / 255, np.float32)


def are_unlike(graphs: Graphs, codes: FloatArray, errors: FloatArray, images: FloatArray) -> npt.NDArray[np.bool_]:
    """Return which images ``(n, c, h, w)`` a model takes for unlike its data, by code or by error.

    Parameters
    ----------
    codes, errors : (m, latent_dim) array, (m,) array
        Of real held-out images; the images are not among them.
    """
    limits, found = support(codes), graphs.encode(images)
    distances = distances_to(found, codes, limits.k)
    smaller = np.searchsorted(np.sort(errors), squared_errors(images, graphs.decode(found)))
    return np.array(
        [
            is_unlike(limits.verdict(float(distance)), float(below) / len(errors))
            for distance, below in zip(distances, smaller, strict=True)
        ]
    )


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
