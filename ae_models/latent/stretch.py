"""How much a decoder stretches the code space: the area of picture space that a little area of code becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray, UserError

_AT_ONCE = 256  # nodes: their pictures take a few megabytes
_CHECKED = 16
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
        raise UserError(f"a stretch needs one step above 0 for each coordinate: got {list(steps)} for {list(dims)}")
    return Stretch(*_measured(decode, codes, dims, steps, (1, 2)))


@dataclass(frozen=True, eq=False)
class StretchMap:
    """The stretch at the nodes of a lattice: ``log`` ``(n,)``, and the ``error`` that 95 % of them stay below."""

    log: FloatArray
    error: float


def stretch_map(
    decode: Decode, nodes: FloatArray, dims: Sequence[int], steps: Sequence[float], *, threads: int = 1
) -> StretchMap:
    """Return the stretch at the nodes ``(n, latent_dim)`` of a lattice, and how far it may be off.

    As ``stretch``, for half the work: the error is estimated at one node in sixteen. ``decode`` is called by as many
    threads at once as are given.
    """
    log = np.empty(len(nodes), np.float32)

    def measure(start: int) -> None:
        part = slice(start, start + _AT_ONCE)
        log[part] = _measured(decode, nodes[part], dims, steps, (1,))[0]

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        list(pool.map(measure, range(0, len(nodes), _AT_ONCE)))
    checked = stretch(decode, nodes[::_CHECKED], dims, steps).error
    finite = checked[np.isfinite(checked)]
    return StretchMap(log, float(np.quantile(finite, 0.95)) if len(finite) else float("inf"))


def _measured(
    decode: Decode, codes: FloatArray, dims: Sequence[int], steps: Sequence[float], factors: Sequence[int]
) -> tuple[FloatArray, FloatArray]:
    """Return the logarithm at the first of the factors of the steps, and how much it changes up to the last."""
    shifted, spans = [], []
    for factor in factors:
        for dim, step in zip(dims, steps, strict=True):
            ends = [codes.astype(np.float32).copy() for _ in range(2)]
            for end, sign in zip(ends, (1, -1), strict=True):
                end[:, dim] += np.float32(sign * factor * step)
            shifted += ends
            # What was added in single precision is not quite the step: divide by what it was.
            spans.append(ends[0][:, dim] - ends[1][:, dim])
    n, k = len(codes), len(dims)
    images = decode(np.concatenate(shifted)).reshape(len(factors), k, 2, n, -1)
    jacobians = (images[:, :, 0] - images[:, :, 1]) / np.array(spans, np.float32).reshape(len(factors), k, n, 1)
    logs = [_half_log_det(jacobian) for jacobian in jacobians]
    with np.errstate(invalid="ignore"):
        error = np.abs(logs[-1] - logs[0])
    return logs[0].astype(np.float32), np.where(np.isfinite(error), error, np.inf).astype(np.float32)


def _half_log_det(jacobian: FloatArray) -> np.ndarray:
    k, n, _ = jacobian.shape
    gram = np.empty((n, k, k))
    for i in range(k):
        for j in range(i + 1):  # a pair at a time: several times faster than all in one sum
            gram[:, i, j] = gram[:, j, i] = np.einsum("np,np->n", jacobian[i], jacobian[j])
    sign, log = np.linalg.slogdet(gram)
    return np.where(sign > 0, 0.5 * log, -np.inf)
