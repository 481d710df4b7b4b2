"""How a linear autoencoder finds PCA: its training, all images at once, computed from the covariance alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from ae_models.base import FloatArray, Progress

Wide = npt.NDArray[np.float64]
BETAS, EPSILON = (0.9, 0.999), 1e-8  # Adam's own
START = 0.05  # standard deviation of the weights before the first step


@dataclass(frozen=True, eq=False)
class LinearPath:
    """The weights of a linear autoencoder at some of its training steps.

    Parameters
    ----------
    steps : (m,) array of int
        Steps taken; 0 is before training.
    encoders : (m, k, n_pixels) array
        Rows are what each unit of the code listens to.
    decoders : (m, n_pixels, k) array
        Columns are what each unit of the code draws.
    """

    steps: npt.NDArray[np.int64]
    encoders: FloatArray
    decoders: FloatArray


@dataclass(frozen=True)
class Schedule:
    """How Adam is run.

    Parameters
    ----------
    steps : int
        At least 1.
    settle : bool
        Let the learning rate fall to 0 over the last half of the steps: at a constant rate Adam never comes to rest.
    moments : int
        How many moments are kept: the start, the end, and steps between them in equal ratios.
    """

    steps: int = 2000
    learning_rate: float = 2e-3
    settle: bool = True
    moments: int = 60

    def rate(self, step: int) -> float:
        """Return the learning rate of a step, the first of which is 1."""
        return self.learning_rate * min(1.0, 2 * (1 - step / self.steps)) if self.settle else self.learning_rate


def covariance(rows: FloatArray) -> Wide:
    """Return the covariance ``(n_pixels, n_pixels)`` of flat images ``(n, n_pixels)``, divided by ``n``."""
    centred = rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)
    return np.asarray(centred.T @ centred / len(rows))


def linear_paths(
    second_moment: Wide,
    k: int,
    *,
    penalties: Sequence[Sequence[float]] = ((0.0,),),
    seeds: Sequence[int] = (0,),
    schedule: Schedule | None = None,
    dtype: Any = np.float32,
    progress: Progress | None = None,
) -> tuple[LinearPath, ...]:
    r"""Train linear autoencoders by Adam on all images at once, without the images; one for each penalty and seed.

    The loss is :math:`L = \frac1n \sum_i \lVert x_i - D E x_i \rVert^2 + \sum_j \lambda_j (\lVert e_j \rVert^2 +
    \lVert d_j \rVert^2)` over centred images x, with rows e of E ``(k, n_pixels)`` and columns d of D
    ``(n_pixels, k)``. Its gradients need the images only through :math:`C = \frac1n \sum_i x_i x_i^T`:
    :math:`\partial L / \partial E = 2 (D^T D E - D^T) C + 2 \Lambda E` and :math:`\partial L / \partial D =
    2 (D E - I) C E^T + 2 D \Lambda`.

    Parameters
    ----------
    second_moment : (n_pixels, n_pixels) array
        C: of centred images, their covariance. The biases of the network stand at the mean image, where they have
        no gradient.
    k : int
        Numbers of the code; at least 1.
    penalties : sequence of sequences of float
        For each network one :math:`\lambda` for all units, or one a unit.
    seeds : sequence of int
        For each network: of its weights before training, normal with a standard deviation of 0.05.
    schedule : Schedule, optional
        How many steps, of which length, and which are kept.
    dtype : dtype
        In which it is computed and kept.

    Returns
    -------
    tuple of LinearPath
        One for each pair of ``penalties`` and ``seeds``.

    Raises
    ------
    ValueError
        If a penalty has neither one strength nor k, ``k`` is not between 1 and the number of pixels, or there are
        not as many penalties as seeds.

    References
    ----------
    Baldi & Hornik 1989; Kunin et al. 2019, arXiv 1901.08168; Kingma & Ba 2015 for Adam.
    """
    n_pixels, plan = len(second_moment), schedule or Schedule()
    _check(n_pixels, k, penalties, seeds)
    shrink = np.stack([np.broadcast_to(np.asarray(penalty, dtype), k) for penalty in penalties])[:, None, :, None]
    moment = second_moment.astype(dtype)
    weights = np.stack([_start(seed, k, n_pixels) for seed in seeds]).astype(dtype)  # (r, 2, k, n_pixels): E, D^T
    adam = _Adam(weights.shape, dtype)
    kept = _moments(plan.steps, plan.moments)
    path = np.empty((len(kept), *weights.shape), dtype)
    path[0] = weights
    place = 1
    with threadpool_limits(limits=1):  # products of a few rows: threads would only wait for one another
        for step in range(1, plan.steps + 1):
            weights = adam.step(weights, _gradient(weights, moment, shrink), plan.rate(step))
            if step == kept[place]:
                path[place] = weights
                place += 1
            if progress is not None and step % max(plan.steps // 50, 1) == 0:
                progress(step / plan.steps, f"step {step:,} of {plan.steps:,}")
    return tuple(
        LinearPath(kept, path[:, one, 0], np.ascontiguousarray(path[:, one, 1].transpose(0, 2, 1)))
        for one in range(len(seeds))
    )


def _check(n_pixels: int, k: int, penalties: Sequence[Sequence[float]], seeds: Sequence[int]) -> None:
    if not 1 <= k <= n_pixels:
        raise ValueError(f"k must be between 1 and {n_pixels} (the pixels): got {k}")
    if len(penalties) != len(seeds):
        raise ValueError(f"there must be as many penalties as seeds: got {len(penalties)} and {len(seeds)}")
    if any(len(penalty) not in (1, k) for penalty in penalties):
        raise ValueError(f"a penalty must have one strength or {k}: got {max(len(penalty) for penalty in penalties)}")


def reconstruction_losses(path: LinearPath, second_moment: Wide) -> Wide:
    r"""Return the SSE of centred images at each kept moment, ``(m,)``: without the penalty.

    :math:`\mathrm{tr}\,C - 2\,\mathrm{tr}(E C D) + \mathrm{tr}(D^T D\, E C E^T)`.
    """
    total = float(np.trace(second_moment))
    losses = np.empty(len(path.steps))
    for place, (encoder, decoder) in enumerate(zip(path.encoders, path.decoders, strict=True)):
        e, d = encoder.astype(np.float64), decoder.astype(np.float64)
        seen = e @ second_moment  # (k, n_pixels)
        losses[place] = total - 2 * np.trace(seen @ d) + np.sum((d.T @ d) * (seen @ e.T))
    return losses


def _moments(steps: int, moments: int) -> npt.NDArray[np.int64]:
    between = np.rint(np.geomspace(1, steps, max(moments - 1, 1))).astype(np.int64)
    return np.unique(np.concatenate([[0], between, [steps]]))


def _start(seed: int, k: int, n_pixels: int) -> Wide:
    random = np.random.default_rng(seed)
    encoder = START * random.standard_normal((k, n_pixels))
    decoder = START * random.standard_normal((n_pixels, k))
    return np.stack([encoder, decoder.T])


def _gradient(weights: npt.NDArray[Any], moment: npt.NDArray[Any], shrink: npt.NDArray[Any]) -> npt.NDArray[Any]:
    seen = (weights.reshape(-1, len(moment)) @ moment).reshape(weights.shape)  # E C, D^T C
    encoder, decoder = weights[:, 0], weights[:, 1]  # (r, k, n_pixels): E, D^T
    gradient = shrink * weights
    gradient[:, 0] += (decoder @ decoder.swapaxes(1, 2)) @ seen[:, 0] - seen[:, 1]
    gradient[:, 1] += (encoder @ seen[:, 0].swapaxes(1, 2)) @ decoder - seen[:, 0]  # E C E^T is symmetric
    doubled: npt.NDArray[Any] = 2 * gradient
    return doubled


class _Adam:
    """Adam as torch computes it."""

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.mean, self.square, self.steps = np.zeros(shape, dtype), np.zeros(shape, dtype), 0

    def step(self, weights: npt.NDArray[Any], gradient: npt.NDArray[Any], rate: float) -> npt.NDArray[Any]:
        self.steps += 1
        first, second = BETAS
        self.mean += (gradient - self.mean) * (1 - first)
        self.square += (gradient * gradient - self.square) * (1 - second)
        root = np.sqrt(self.square) / (1 - second**self.steps) ** 0.5 + EPSILON
        moved: npt.NDArray[Any] = weights - (rate / (1 - first**self.steps)) * self.mean / root
        return moved
