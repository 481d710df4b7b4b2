"""Whether images labelled 0 to 9 look like MNIST's digits, upright or turned over: mean images tell."""

from __future__ import annotations

import numpy as np

from ae_models import datasets
from ae_models.base import FloatArray
from ae_models.datasets.readers.raw import Values

_ENOUGH = 0.35  # correlation with the mean digits, over which the images are taken for digits at all


def likeness(unit: FloatArray, labels: Values) -> tuple[float, float] | None:
    """Return the mean correlation with MNIST's mean digits, as the images are and turned over; None for no digits.

    Parameters
    ----------
    unit : (n, 1, h, w) array in [0, 1]
    labels : (n,) array
        As they stand in the file; only 0 to 9 are digits.
    """
    try:
        numbers = labels.astype(np.float64)
    except ValueError:
        return None
    if unit.shape[1] != 1 or unit.shape[2] != unit.shape[3] or not set(np.unique(numbers)) <= set(range(10)):
        return None
    if len(np.unique(numbers)) < 5:
        return None
    rows = datasets.load("mnist", "bundled").train
    assert rows.labels is not None  # MNIST has labels
    known = {label: rows.images(np.flatnonzero(rows.labels == label)[:200])[:, 0].mean(axis=0) for label in range(10)}
    upright, turned = [], []
    for label in np.unique(numbers):
        mean = _sized(unit[numbers == label][:, 0].mean(axis=0))
        if mean.std() > 0:
            upright.append(np.corrcoef(mean.ravel(), known[int(label)].ravel())[0, 1])
            turned.append(np.corrcoef(mean.T.ravel(), known[int(label)].ravel())[0, 1])
    if not upright:
        return None
    found = float(np.mean(upright)), float(np.mean(turned))
    return found if max(found) > _ENOUGH else None


def _sized(image: FloatArray) -> FloatArray:
    from PIL import Image

    resized = Image.fromarray(image.astype(np.float32)).resize((28, 28), Image.Resampling.BILINEAR)
    return np.asarray(resized, np.float32)
