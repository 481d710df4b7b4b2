"""What must hold before a number means anything; what does not is told in one line."""

from __future__ import annotations

import numpy as np

from ae_models.base import FloatArray, IntArray
from ae_models.metrics.values import Material, Metric, NoValue

_LARGEST = 1e15  # squares of larger numbers, added up, leave single precision
_LACKS = {
    "reconstructions": "this method draws no {pictures}",
    "labels": "the {samples} have no labels",
    "other_errors": "no other data set of {samples} of this shape is here, or this method draws none",
    "directions": "its decoder is not linear: it draws on no flat sheet",
    "ranks": "the ranks of its neighbours were not computed",
}


def require(metric: Metric, material: Material) -> None:
    """Raise ``NoValue`` when something that the metric needs is missing or no number."""
    if len(material.images) < 2:
        raise NoValue(material.kind.say("it takes at least 2 {samples}: got {n}", n=len(material.images)))
    if len(material.points) != len(material.images):
        n, places = len(material.images), len(material.points)
        raise NoValue(material.kind.say("there are {n} {samples} but {places} points", n=n, places=places))
    for need in metric.needs:
        if getattr(material, "points" if need == "ranks" else need) is None:
            raise NoValue(_lack(material, need))
    if {"points", "ranks"} & set(metric.needs):
        map_of(material)
    if "ranks" in metric.needs:
        n, k = len(material.images), material.k
        if not 1 <= k < n / 2:
            raise NoValue(
                material.kind.say("k = {k} neighbours need more than {least} {samples}: got {n}", k=k, least=2 * k, n=n)
            )
        if material.ranks is None:
            raise NoValue(_lack(material, "ranks"))
    if "reconstructions" in metric.needs:
        drawn_of(material)


def _lack(material: Material, need: str) -> str:
    """Return why something is missing: as whoever made the material says, or in these words."""
    return material.why_not.get(need) or material.kind.say(_LACKS[need])


def map_of(material: Material) -> FloatArray:
    """Return the points ``(n, d)``; ``NoValue`` when some are no numbers or all of them coincide."""
    points = material.points.reshape(len(material.points), -1)
    bad = int((~np.isfinite(points)).any(axis=1).sum())
    if bad:
        raise NoValue(f"{bad:,} of the {len(points):,} points are not finite numbers")
    if np.abs(points).max(initial=0) > _LARGEST:
        raise NoValue(f"some points lie {np.abs(points).max():.0e} away: too far to be squared")
    if points.size == 0 or (points == points[0]).all():
        raise NoValue("all points of the map coincide")
    return points


def drawn_of(material: Material) -> FloatArray:
    """Return the reconstructions ``(n, c, h, w)``; ``NoValue`` when they are no pictures of these images."""
    drawn = material.reconstructions
    if drawn is None:
        raise NoValue(_lack(material, "reconstructions"))
    wanted = (len(material.images), *material.images.shape)
    if drawn.shape != wanted:
        raise NoValue(
            material.kind.say(
                "the drawn {pictures} have shape {drawn}, the {samples} {wanted}", drawn=drawn.shape, wanted=wanted
            )
        )
    bad = int((~np.isfinite(drawn)).reshape(len(drawn), -1).any(axis=1).sum())
    if bad:
        words = "{bad:,} of the {n:,} drawn {pictures} have {parts} that are not finite numbers"
        raise NoValue(material.kind.say(words, bad=bad, n=len(drawn)))
    if np.abs(drawn).max(initial=0) > _LARGEST:
        raise NoValue(
            material.kind.say("some drawn {parts} are {size:.0e}: too large to be squared", size=np.abs(drawn).max())
        )
    return drawn


def classes_of(material: Material) -> IntArray:
    """Return the labels ``(n,)``; ``NoValue`` when there are none, or all are alike."""
    labels = material.labels
    if labels is None:
        raise NoValue(material.kind.say(_LACKS["labels"]))
    if (labels == labels[0]).all():
        raise NoValue(material.kind.say("all {samples} are of one class: there is nothing to tell apart"))
    return labels


def mixed(material: Material) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the shuffle of rows whose figures are the chance level, by the material's seed."""
    return np.random.default_rng(material.seed).permutation(len(material.images))
