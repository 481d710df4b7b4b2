"""What of a picture a drawing keeps, from its coarse shape to its finest detail."""

from __future__ import annotations

import numpy as np

from ae_models.base import FloatArray, UserError

BANDS = ((1, 2), (3, 4), (5, 6), (7, 9), (10, 14))  # waves across the picture, of 28 pixels; a pixel is half a wave


def detail_kept(images: FloatArray, drawn: FloatArray) -> FloatArray:
    r"""Return the share of what makes pictures differ that drawings keep, for each band of ``bands_of``.

    With :math:`F` the Fourier transform over the pixels of a picture, :math:`m` the mean image and :math:`B` a band,
    :math:`1 - \sum_B |F(x - \hat x)|^2 / \sum_B |F(x - m)|^2`, sums over all pictures: 1 keeps all of it, 0 is no
    better than the mean image, and it can be below. By Parseval the sum over all bands (with that of no wave) is R².

    Parameters
    ----------
    images, drawn : (n, c, h, w) arrays

    Raises
    ------
    UserError
        For pictures of fewer than four pixels a side, or when all are alike.
    """
    if min(images.shape[2:]) < 4:
        raise UserError(
            f"detail needs pictures of four pixels a side at least: got {images.shape[2]} x {images.shape[3]}"
        )
    whole, lost = _power(images - images.mean(axis=0, keepdims=True)), _power(images - drawn)
    waves = _waves(*images.shape[2:])
    shares = []
    for low, high in bands_of(min(images.shape[2:])):
        inside = (waves >= low - 0.5) & (waves < high + 0.5)
        there = float(whole[inside].sum())
        if there <= 0:
            raise UserError("detail needs pictures that differ: these are all alike")
        shares.append(1 - float(lost[inside].sum()) / there)
    return np.array(shares, np.float32)


def bands_of(side: int) -> tuple[tuple[int, int], ...]:
    """Return the bands that pictures of a side of so many pixels have: waves across the picture, lowest and highest.

    Examples
    --------
    >>> bands_of(28)
    ((1, 2), (3, 4), (5, 6), (7, 9), (10, 14))
    >>> bands_of(8)
    ((1, 2), (3, 4))
    """
    most = side // 2
    return tuple((low, min(high, most)) for low, high in BANDS if low <= most)


def _power(pictures: FloatArray) -> FloatArray:
    found = np.zeros(pictures.shape[2:], np.float64)
    for start in range(0, len(pictures), 1_000):
        found += np.square(np.abs(np.fft.fft2(pictures[start : start + 1_000]))).sum(axis=(0, 1))
    return np.asarray(found, np.float32)


def _waves(height: int, width: int) -> FloatArray:
    across, down = np.fft.fftfreq(width) * width, np.fft.fftfreq(height) * height
    return np.asarray(np.hypot(down[:, None], across[None, :]), np.float32)
