"""Do the classes form separate islands on the map? By scikit-learn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, IntArray
from ae_models.metrics.checks import classes_of, map_of, mixed
from ae_models.metrics.estimates import mean_value
from ae_models.metrics.values import Material, Metric, NoValue, Value

SILHOUETTE = Metric(
    f"{__name__}:silhouette",
    "Islands (silhouette)",
    "do the classes form separate islands on the map?",
    group="labels",
    direction="higher",
    low=-1.0,
    chance="measured: the same map with its rows shuffled; a little below 0",
    unit="none",
    formula="mean of (b - a) / max(a, b): a, mean distance to the own class; b, to the nearest other class",
    reference="Rousseeuw 1987",
    says="Separation of the classes: {value}, where 1 is far islands and 0 is overlap.",
    per_point=True,
    needs=("points", "labels"),
)


CHANCE_IMAGES = 1_000


def silhouette(material: Material) -> Value:
    """Return the mean silhouette of the points with the class labels as clusters; Euclidean distances.

    1 is far and tight islands, 0 overlap, below 0 points nearer to another class than to their own.
    """
    points, labels = map_of(material), classes_of(material)
    if len(np.unique(labels)) >= len(labels):
        raise NoValue("every image is a class of its own: nothing forms an island")
    some = mixed(material)[:CHANCE_IMAGES]
    chance, drawn = None, labels[: len(some)]
    if 2 <= len(np.unique(drawn)) < len(drawn):
        chance = float(_silhouettes(points[some], drawn).mean(dtype=np.float64))
    return mean_value(_silhouettes(points, labels), material, chance=chance, chance_n=len(some))


def _silhouettes(points: FloatArray, labels: IntArray) -> npt.NDArray[np.float64]:
    from sklearn import config_context
    from sklearn.metrics import silhouette_samples

    with config_context(working_memory=64):  # MB; its own default is a gigabyte
        found: npt.NDArray[np.float64] = silhouette_samples(points, labels)
    return found
