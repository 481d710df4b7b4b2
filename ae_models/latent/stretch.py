"""How much a decoder stretches the code space: the area of picture space that a little area of code becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray, Mistake

Decode = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, eq=False)
class Stretch:
    r"""The natural logarithm of the stretch at some points, and how far it may be off.

    ``log`` is :math:`\ln \sqrt{\det J^T J}` ``(n,)``: 0 where lengths (areas, volumes) of code and picture agree, 1
    more is e times more. ``error`` ``(n,)`` is how much it changes when the steps are twice as long: three times the
    error of a smooth decoder, about the error of one with kinks. A flat spot has ``-inf``.
    """

    log: FloatArray
    error: FloatArray


def stretch(decode: Decode, codes: FloatArray, dims: Sequence[int], steps: Sequence[float]) -> Stretch:
    r"""Return the stretch over some coordinates at codes ``(n, latent_dim)``, by central differences.

    Column i of J is :math:`(D(z + h_i e_i) - D(z - h_i e_i)) / 2 h_i`, its error :math:`O(h_i^2)`: the difference to
    steps of :math:`2 h_i` is three times that.

    Parameters
    ----------
    decode : callable
        Codes to images, not clipped.
    codes : (n, latent_dim) array
    dims : sequence of int
        Over which coordinates; the others stand still.
    steps : sequence of float
        One a coordinate of ``dims``: a hundredth of its range, say.

    References
    ----------
    Arvanitidis, Hansen & Hauberg 2018, "Latent space oddity": the magnification factor.

    Examples
    --------
    >>> square = lambda codes: (codes * np.array([3, 2], "f"))[:, None, None]
    >>> found = stretch(square, np.zeros((1, 2), "f"), (0, 1), (0.1, 0.1))
    >>> [round(float(value), 4) for value in (found.log[0], np.log(6))]
    [1.7918, 1.7918]
    """
    if len(dims) != len(steps) or not dims or min(steps) <= 0:
        raise Mistake(f"a stretch needs one step above 0 for each coordinate: got {list(steps)} for {list(dims)}")
    shifted = []
    for factor in (1, 2):
        for dim, step in zip(dims, steps, strict=True):
            for sign in (1, -1):
                moved = codes.astype(np.float32).copy()
                moved[:, dim] += np.float32(sign * factor * step)
                shifted.append(moved)
    n, k = len(codes), len(dims)
    images = decode(np.concatenate(shifted)).reshape(2, k, 2, n, -1)
    # What was added in single precision is not quite the step: divide by what it was.
    spans = [
        shifted[2 * place][:, dims[place % k]] - shifted[2 * place + 1][:, dims[place % k]] for place in range(2 * k)
    ]
    spread = np.array(spans, np.float64).reshape(2, k, n, 1)
    return _of(*(images[:, :, 0].astype(np.float64) - images[:, :, 1]) / spread)


def stretch_map(decode: Decode, base: FloatArray, dims: tuple[int, int], across: FloatArray, up: FloatArray) -> Stretch:
    """Return the stretch over two coordinates at the nodes of an even lattice, ``(len(up) * len(across),)``.

    Row by row from the top left, as ``manifold_grid``. Neighbouring nodes serve as the steps, so that a picture is
    decoded once a node, and not eight times: the steps are as long as the lattice is fine, and ``error`` says how far
    that may mislead.

    Parameters
    ----------
    decode : callable
    base : (latent_dim,) array
        The other coordinates.
    dims : two ints
    across, up : arrays of evenly spaced values
    """
    margin = 2  # nodes beyond each side, for the longer steps
    xs, ys = (_longer(axis, margin) for axis in (across, up))
    codes = np.tile(base.astype(np.float32), (len(ys), len(xs), 1))
    codes[:, :, dims[0]] = xs[None, :]
    codes[:, :, dims[1]] = ys[::-1, None]
    images = decode(codes.reshape(-1, len(base))).reshape(len(ys), len(xs), -1)
    jacobians = []
    for step in (1, 2):
        right, left = (images[margin:-margin, margin + move : len(xs) - margin + move] for move in (step, -step))
        above, below = (images[margin - move : len(ys) - margin - move, margin:-margin] for move in (step, -step))
        n = len(across) * len(up)
        wide = ((right - left) / np.float32(2 * step * (xs[1] - xs[0]))).reshape(n, -1)
        high = ((above - below) / np.float32(2 * step * (ys[1] - ys[0]))).reshape(n, -1)
        jacobians.append(np.stack([wide, high]))
    return _of(*jacobians)


def relative(found: Stretch, on_data: Stretch) -> FloatArray:
    """Return the logarithm of the stretch beyond its median on the data: the scale of a code is arbitrary."""
    return np.asarray(found.log - np.median(on_data.log), np.float32)


def _of(short: np.ndarray, long: np.ndarray) -> Stretch:
    """Return the stretch of two Jacobians ``(k, n, n_pixels)`` with steps of 1 and of 2."""
    near, far = (_half_log_det(jacobian) for jacobian in (short, long))
    with np.errstate(invalid="ignore"):
        error = np.abs(far - near)
    return Stretch(near.astype(np.float32), np.where(np.isfinite(error), error, np.inf).astype(np.float32))


def _half_log_det(jacobian: np.ndarray) -> np.ndarray:
    k, n, _ = jacobian.shape
    gram = np.empty((n, k, k))
    for i in range(k):
        for j in range(i + 1):  # a pair at a time: several times faster than all in one sum
            gram[:, i, j] = gram[:, j, i] = np.einsum("np,np->n", jacobian[i], jacobian[j])
    sign, log = np.linalg.slogdet(gram)
    return np.where(sign > 0, 0.5 * log, -np.inf)


def _longer(axis: FloatArray, margin: int) -> np.ndarray:
    if len(axis) < 2:
        raise Mistake(f"a stretch map needs two values or more on an axis: got {len(axis)}")
    step = (float(axis[-1]) - float(axis[0])) / (len(axis) - 1)
    return float(axis[0]) + step * np.arange(-margin, len(axis) + margin)
