"""Addresses of what every canvas of a data set needs: ids, labels, what the numbers of a row are called."""

from __future__ import annotations

import json

import numpy as np

from ae_models import datasets
from ae_models.base import ImageDataset
from ae_models.ui.cache import cached
from ae_models.ui.routes import Blob, blob_of_bytes, publish
from ae_models.ui.shared import run_data

NO_CLASS = 255  # what a label says of an image that has none


def ids_url(images: ImageDataset) -> str:
    """Return the address of int32 ``(n,)``: the ids of the images."""
    return publish(run_data.blob(images.ids.astype(np.int32), f"ids-{images.digest}"))


def labels_url(images: ImageDataset) -> str:
    """Return the address of uint8 ``(n,)``: an index into the names of the classes, or ``NO_CLASS``."""
    known = images.labels
    labels = np.full(len(images), NO_CLASS, np.uint8) if known is None else known.astype(np.uint8)
    return publish(run_data.blob(labels, f"labels-{images.digest}"))


def features_url(dataset: str) -> str | None:
    """Return the address of the names and ranges of a row's numbers; None where the data are images."""
    found = _features(dataset)
    return None if found is None else publish(found)


@cached()
def _features(dataset: str) -> Blob | None:
    known = datasets.features(dataset)
    return blob_of_bytes(json.dumps(known).encode()) if known else None
