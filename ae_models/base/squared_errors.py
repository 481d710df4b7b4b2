"""Reconstruction error: SSE and MSE, the two that are always told apart."""

from __future__ import annotations

import numpy as np

from ae_models.base import FloatArray


def squared_errors(images: FloatArray, reconstructions: FloatArray) -> FloatArray:
    """Return each image's squared error, summed over its pixels.

    Parameters
    ----------
    images, reconstructions : (n, c, h, w) arrays
        Pixels in [0, 1].

    Returns
    -------
    (n,) array of float32
        0 is perfect; unit: squared intensity, summed over pixels. At most ``c * h * w`` for pixels in [0, 1].

    Examples
    --------
    >>> squared_errors(np.zeros((1, 1, 2, 2), "f"), np.full((1, 1, 2, 2), 0.5, "f"))
    array([1.], dtype=float32)
    """
    difference = (np.asarray(images, np.float32) - np.asarray(reconstructions, np.float32)).reshape(len(images), -1)
    errors: FloatArray = np.einsum("ij,ij->i", difference, difference)
    return errors


def sse(images: FloatArray, reconstructions: FloatArray) -> float:
    """Return the squared error summed over pixels and averaged over images (Hinton & Salakhutdinov 2006).

    Examples
    --------
    >>> sse(np.zeros((2, 1, 2, 2), "f"), np.full((2, 1, 2, 2), 0.5, "f"))
    1.0
    """
    return float(squared_errors(images, reconstructions).mean(dtype=np.float64))


def mse(images: FloatArray, reconstructions: FloatArray) -> float:
    """Return the squared error averaged over pixels and images: SSE divided by the number of pixels.

    Examples
    --------
    >>> mse(np.zeros((2, 1, 2, 2), "f"), np.full((2, 1, 2, 2), 0.5, "f"))
    0.25
    """
    return sse(images, reconstructions) / float(np.prod(images.shape[1:]))
