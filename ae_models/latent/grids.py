"""A lattice over two coordinates of the code: where its lines lie, and the codes at its nodes."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from ae_models.base import FloatArray, UserError
from ae_models.latent.bounds import INSIDE

MOST_LINES = 64


def even_axis(low: float, high: float, n: int) -> FloatArray:
    """Return ``n`` values from ``low`` to ``high`` at equal distances, both ends exact.

    Examples
    --------
    >>> even_axis(-1, 3, 3)
    array([-1.,  1.,  3.], dtype=float32)
    """
    _check_lines(n)
    return np.linspace(low, high, n).astype(np.float32)


def quantile_axis(values: FloatArray, n: int) -> FloatArray:
    """Return ``n`` quantiles of ``values`` ``(n_images,)``, the 0.5 % one first, the 99.5 % one last.

    As many images lie between any two neighbours: a picture is drawn often where there are many.

    Examples
    --------
    >>> quantile_axis(np.linspace(0, 1000, 1001, dtype="f"), 3)
    array([  5., 500., 995.], dtype=float32)
    """
    _check_lines(n)
    return np.quantile(values, np.linspace((1 - INSIDE) / 2, (1 + INSIDE) / 2, n)).astype(np.float32)


def prior_axis(n: int) -> FloatArray:
    """Return ``n`` quantiles of the standard normal prior, from -2.576 to 2.576: 99 % of it lies between.

    Examples
    --------
    >>> prior_axis(3).round(3)
    array([-2.576,  0.   ,  2.576], dtype=float32)
    """
    _check_lines(n)
    shares = np.linspace((1 - INSIDE) / 2, (1 + INSIDE) / 2, n)
    return np.array([NormalDist().inv_cdf(float(share)) for share in shares], np.float32)


def manifold_grid(base: FloatArray, dims: Sequence[int], across: FloatArray, up: FloatArray) -> FloatArray:
    """Return the codes of a lattice, ``(len(up) * len(across), latent_dim)``, row by row from the top left.

    As on a map: ``dims[0]`` grows to the right along ``across``, ``dims[1]`` upwards along ``up``, so that the first
    row has the largest of ``up``. All other coordinates are those of ``base``. With one dim, ``up`` only repeats it.

    Parameters
    ----------
    base : (latent_dim,) array
    dims : one or two different ints
    across, up : arrays of at most 64 values

    Examples
    --------
    >>> manifold_grid(np.array([0, 7, 0], "f"), (0, 2), np.array([1, 2], "f"), np.array([5, 6], "f"))
    array([[1., 7., 6.],
           [2., 7., 6.],
           [1., 7., 5.],
           [2., 7., 5.]], dtype=float32)
    """
    _check_lines(len(across))
    _check_lines(len(up))
    if len(set(dims)) != len(dims) or not 1 <= len(dims) <= 2 or not all(0 <= dim < len(base) for dim in dims):
        raise UserError(f"a grid takes one or two different numbers of a code of {len(base)}: got {list(dims)}")
    codes = np.tile(base.astype(np.float32), (len(up), len(across), 1))
    codes[:, :, dims[0]] = across[None, :]
    if len(dims) == 2:
        codes[:, :, dims[1]] = up[::-1, None]
    return codes.reshape(-1, len(base))


def _check_lines(n: int) -> None:
    if not 2 <= n <= MOST_LINES:
        raise UserError(f"a grid has from 2 to {MOST_LINES} lines: got {n}")
