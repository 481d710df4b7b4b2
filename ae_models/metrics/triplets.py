"""Random triplets: given three pictures, does the map know which of two is nearer to the first? By sampling."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.metrics.checks import map_of, mixed
from ae_models.metrics.estimates import mean_value
from ae_models.metrics.values import Material, Metric, NoValue, Value

TRIPLETS = Metric(
    f"{__name__}:triplets",
    "Which of two is nearer (triplets)",
    "given three {pictures}, does the map know which of two is nearer to the first?",
    group="global",
    direction="higher",
    chance="measured: the same map with its rows shuffled; about .50",
    unit="share",
    formula="share of random triplets (a, b, c) whose d(a, b) - d(a, c) keeps its sign; a map tie counts half",
    reference="Wang, Huang, Rudin & Shaposhnik 2021",
    says="Asked which of two {pictures} is nearer to a third, the map is right {percent} of the time.",
    per_point=True,
    needs=("points",),
)


TRIPLETS_TOLD = 100_000
Rows = npt.NDArray[np.int64]


def triplets(material: Material) -> Value:
    """Return the share of random triplets (a, b, c) for which images and map agree which of b and c is nearer to a.

    Every image is ``a`` equally often, about 100,000 triplets in all; b and c are two others drawn with the seed. A tie
    in one of both spaces counts half, a tie in both is agreement.
    """
    points, n = map_of(material).astype(np.float64), len(material.images)
    if n < 3:
        raise NoValue(material.kind.say("it takes at least 3 {samples}: got {n}", n=n))
    times = max(1, -(-TRIPLETS_TOLD // n))
    first = np.repeat(np.arange(n), times)
    second, third = _two_others(first, n, material.seed)
    pixels = material.images.pixels.reshape(n, -1)
    real = _nearer(pixels, first, second, third)
    score = _agreement(real, _nearer(points, first, second, third)).reshape(n, times)
    shuffled = _agreement(real, _nearer(points[mixed(material)], first, second, third))
    note = material.kind.say("{n:,} triplets, {times:,} {a_sample}", n=score.size, times=times)
    return mean_value(
        score.mean(axis=1), material, chance=float(shuffled.mean()), n=score.size, of="triplets", note=note
    )


def _two_others(first: Rows, n: int, seed: int) -> tuple[Rows, Rows]:
    """Return two rows for each of ``first``: all three different."""
    generator = np.random.default_rng(seed)
    second = generator.integers(0, n - 1, len(first))
    second += second >= first
    third = generator.integers(0, n - 2, len(first))
    low, high = np.minimum(first, second), np.maximum(first, second)
    third += third >= low
    third += third >= high
    return second, third


def _nearer(rows: npt.NDArray[Any], first: Rows, second: Rows, third: Rows) -> npt.NDArray[np.int8]:
    """Return the sign of d(first, second)^2 - d(first, third)^2; whole numbers stay exact."""
    kind: npt.DTypeLike = np.float64
    if np.issubdtype(rows.dtype, np.integer):
        kind = np.int32 if rows.dtype.itemsize == 1 else np.int64
    found = np.empty(len(first), np.int8)
    for start in range(0, len(first), 2000):
        part = slice(start, start + 2000)
        here = rows[first[part]].astype(kind)
        one, other = (rows[there[part]].astype(kind) - here for there in (second, third))
        found[part] = np.sign((one * one).sum(axis=1) - (other * other).sum(axis=1))
    return found


def _agreement(real: npt.NDArray[np.int8], seen: npt.NDArray[np.int8]) -> npt.NDArray[np.float64]:
    return np.where(real == seen, 1.0, np.where(real * seen == 0, 0.5, 0.0))
