"""From one number an image to a figure: its mean, a 95 % interval, and the mean of each class."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.metrics.values import Material, Value

RESAMPLES = 1_000


def over_samples(material: Material, resamples: int = RESAMPLES) -> str:
    """Return what a 95 % interval was taken over, in words."""
    return material.kind.say("95 %, bootstrap over {samples}, {resamples:,} resamples", resamples=resamples)


def mean_interval(values: npt.NDArray[Any], seed: int) -> tuple[float, float]:
    """Return a 95 % bootstrap interval (percentiles) of the mean of ``values (m,)``.

    References
    ----------
    Efron & Tibshirani 1993, "An Introduction to the Bootstrap".

    Examples
    --------
    >>> mean_interval(np.ones(10), seed=0)
    (1.0, 1.0)
    """
    generator, m = np.random.default_rng(seed), len(values)
    at_once = max(1, 10**6 // m)
    means = [
        values[generator.integers(0, m, (min(at_once, RESAMPLES - start), m))].mean(axis=1)
        for start in range(0, RESAMPLES, at_once)
    ]
    low, high = np.percentile(np.concatenate(means), [2.5, 97.5])
    return float(low), float(high)


def share_interval(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of which ``hits`` of ``n`` were seen, by Wilson's formula.

    References
    ----------
    Wilson 1927, "Probable inference, the law of succession, and statistical inference".

    Examples
    --------
    >>> low, high = share_interval(50, 100)
    >>> round(low, 3), round(high, 3)
    (0.404, 0.596)
    """
    z, share = 1.959964, hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * float(np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)))
    return middle - half, middle + half


def by_class(values: npt.NDArray[Any], material: Material) -> tuple[float | None, ...]:
    """Return the mean of ``values (n,)`` over each class, in the order of the class names; NaN are left out."""
    labels = material.labels
    if labels is None:
        return ()
    known = np.isfinite(values)
    rows = [known & (labels == place) for place in range(len(material.images.class_names))]
    return tuple(float(values[row].mean(dtype=np.float64)) if row.any() else None for row in rows)


def mean_value(values: npt.NDArray[Any], material: Material, *, chance: float | None, **more: Any) -> Value:
    """Return the figure that is the mean of ``values (n,)``; NaN stand for images that have none.

    ``more`` are further fields of ``Value`` and take precedence over those computed here.
    """
    known = values[np.isfinite(values)].astype(np.float64)
    fields: dict[str, Any] = {
        "value": float(known.mean()),
        "chance": chance,
        "chance_n": len(values),
        "n": len(known),
        "of": material.kind.samples,
        "seed": material.seed,
        "interval": mean_interval(known, material.seed),
        "interval_how": over_samples(material),
        "per_point": values.astype(np.float32),
        "by_class": by_class(values, material),
    }
    return Value(**{**fields, **more})
