"""The split that label metrics share: half of the scored images to fit on, half to score."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, IntArray
from ae_models.metrics.checks import classes_of, map_of, mixed
from ae_models.metrics.estimates import mean_value
from ae_models.metrics.values import Material, NoValue, Value

Rows = npt.NDArray[np.intp]
Guess = Callable[[FloatArray, IntArray, FloatArray], IntArray]


def halves(labels: IntArray, seed: int) -> tuple[Rows, Rows]:
    """Return the rows to fit on and the rows to score, each class halved to within one row, drawn with ``seed``.

    Examples
    --------
    >>> fit, score = halves(np.repeat(np.arange(2, dtype=np.int32), 5), seed=0)
    >>> len(fit), len(score)
    (5, 5)
    """
    order = np.lexsort((np.random.default_rng(seed).random(len(labels)), labels))
    return np.sort(order[::2]), np.sort(order[1::2])


def accuracy(material: Material, guess: Guess, least: int, *, chance_fit: int | None = None) -> Value:
    """Return the share of scored codes whose class ``guess(codes, labels, codes to tell)`` tells rightly.

    Parameters
    ----------
    least : int
        How many codes it must be fitted on.
    chance_fit : int, optional
        On how many shuffled codes at most the chance level is fitted.
    """
    points, labels = map_of(material), classes_of(material)
    fit, score = halves(labels, material.seed)
    if len(fit) < least or len(score) < 1:
        words = material.kind.say("it is fitted on half of the {samples}")
        raise NoValue(f"{words} and needs {least} there: got {len(fit)}")
    if len(np.unique(labels[fit])) < 2:
        raise NoValue(material.kind.say("the {samples} to fit on are of one class"))
    right = np.full(len(labels), np.nan)
    right[score] = guess(points[fit], labels[fit], points[score]) == labels[score]
    shuffled, some = points[mixed(material)], fit[:chance_fit]
    if len(np.unique(labels[some])) < 2:
        some = fit
    luck = guess(shuffled[some], labels[some], shuffled[score]) == labels[score]
    note = material.kind.say(
        "fitted on {fit:,} of the scored {samples} (each class halved), scored on the other {score:,}",
        fit=len(fit),
        score=len(score),
    )
    return mean_value(right, material, chance=float(luck.mean()), chance_n=len(score), note=note)
