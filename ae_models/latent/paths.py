"""Ways from one code to another: the straight line, and the great circle where a Gaussian prior makes one right."""

from __future__ import annotations

import numpy as np

from ae_models.base import FloatArray, UserError

MOST_STEPS = 32
_FEWEST_DIMS = 3


def interpolate_linear(start: FloatArray, stop: FloatArray, n: int) -> FloatArray:
    r"""Return ``n`` codes on the straight line between two, ``(n, latent_dim)``: :math:`(1 - t) a + t b`.

    Both ends are exact, and the path of ``(stop, start)`` is this one backwards, bit for bit.

    Parameters
    ----------
    start, stop : (latent_dim,) arrays
    n : int
        2 to 32, both ends counted.

    Raises
    ------
    UserError
        If ``n`` is out of its bounds.

    Examples
    --------
    >>> interpolate_linear(np.array([0, 4], "f"), np.array([2, 0], "f"), 3)
    array([[0., 4.],
           [1., 2.],
           [2., 0.]], dtype=float32)
    """
    _check_steps(n)
    share = np.linspace(0.0, 1.0, n)
    return _mixed(start, stop, share[::-1], share)


def interpolate_spherical(start: FloatArray, stop: FloatArray, n: int) -> FloatArray:
    r"""Return ``n`` codes on the arc between two around the origin, ``(n, latent_dim)``.

    :math:`\frac{\sin((1 - t) \omega)}{\sin \omega} a + \frac{\sin(t \omega)}{\sin \omega} b`, where :math:`\omega` is
    the angle between the ends: the norm stays what it is where both ends have the same. Ends in one direction are
    joined by the straight line.

    Raises
    ------
    UserError
        If ``n`` is out of its bounds, an end is the origin, or the ends are opposite (then there are many arcs).

    References
    ----------
    Shoemake 1985, "Animating rotation with quaternion curves"; White 2016, "Sampling generative networks".

    Examples
    --------
    >>> interpolate_spherical(np.array([1, 0, 0], "f"), np.array([0, 1, 0], "f"), 3).round(4)
    array([[1.    , 0.    , 0.    ],
           [0.7071, 0.7071, 0.    ],
           [0.    , 1.    , 0.    ]], dtype=float32)
    """
    _check_steps(n)
    a, b = start.astype(np.float64), stop.astype(np.float64)
    norms = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    if min(norms) == 0:
        raise UserError("an arc needs two ends away from the origin: one of the codes is 0")
    a, b = a / norms[0], b / norms[1]
    angle = 2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b))  # exact near 0, where arccos is not
    if np.pi - angle < 1e-6:
        raise UserError("an arc needs two ends that are not opposite: many arcs join these")
    if angle < 1e-6:
        return interpolate_linear(start, stop, n)
    share = np.linspace(0.0, 1.0, n)
    return _mixed(start, stop, np.sin(share[::-1] * angle) / np.sin(angle), np.sin(share * angle) / np.sin(angle))


def why_no_arc(latent_dim: int, *, gaussian: bool) -> str:
    """Return why the arc means nothing for a code, in one sentence; "" where it does.

    It is right where codes lie around a sphere: under a Gaussian prior of three or more dimensions.

    Examples
    --------
    >>> why_no_arc(30, gaussian=True)
    ''
    >>> why_no_arc(2, gaussian=False)
    'An arc fits codes with a Gaussian prior, as variational models have; this model has none.'
    """
    if not gaussian:
        return "An arc fits codes with a Gaussian prior, as variational models have; this model has none."
    if latent_dim < _FEWEST_DIMS:
        return f"An arc needs a code of three or more numbers; this one has {latent_dim}: its middle is not empty."
    return ""


def _check_steps(n: int) -> None:
    if not 2 <= n <= MOST_STEPS:
        raise UserError(f"steps must be from 2 to {MOST_STEPS}, both ends counted: got {n}")


def _mixed(start: FloatArray, stop: FloatArray, first: np.ndarray, second: np.ndarray) -> FloatArray:
    codes: FloatArray = (first[:, None] * start + second[:, None] * stop).astype(np.float32)
    codes[0], codes[-1] = start, stop
    return codes
