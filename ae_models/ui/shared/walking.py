"""What Walk and Draw ask for more than once: encoders, effects of single numbers, densities, boxes."""

from __future__ import annotations

import numpy as np

from ae_models import recipes
from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.base.centring import box_of
from ae_models.latent import Bounds
from ae_models.runs import Graphs, RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.routes import Blob, blob_of_bytes
from ae_models.ui.shared import run_data


@cached()
def encoder(store: RunStore, record: RunRecord) -> Blob:
    """Return a run's encoder as a blob."""
    return blob_of_bytes(store.file(record, "encoder.onnx"))


@cached(spinner="Switching off one number after the other …")
def effects(
    record: RunRecord, images: ImageDataset, _graphs: Graphs, _codes: FloatArray, _bounds: tuple[Bounds, ...]
) -> recipes.Effects:
    """Return what each number of a run's code does to these images."""
    return recipes.effects_of(_graphs, record, images, _codes, _bounds)


@cached()
def box(images: ImageDataset) -> int:
    """Return the side of the box that a data set's images fill."""
    rows = np.unique(np.linspace(0, len(images) - 1, min(len(images), 1_000)).astype(np.intp))
    return box_of(images.images(rows))


@cached(spinner="Reading the training images …")
def _training(dataset: str, variant: str, digest: str) -> ImageDataset | None:
    try:
        images = run_data.rows(dataset, variant, "train")
    except UserError:
        return None
    return images if images.digest == digest else None


def known_images(record: RunRecord, heldout: ImageDataset) -> tuple[ImageDataset, bool]:
    """Return the images that a run was trained on, and True; its held-out ones, and False, where those are not here."""
    data = record.dataset
    found = _training(data.name, data.variant, data.fitted_on.digest)
    return (heldout, False) if found is None else (found, True)


@cached()
def usual_distance(known: ImageDataset, images: ImageDataset) -> float:
    """Return the median distance from 60 held-out images to the nearest other one that is known, in pixels."""
    rows = np.unique(np.linspace(0, len(images) - 1, min(len(images), 60)).astype(np.intp))
    _, far = recipes.nearest_pictures(images.images(rows), known, not_equal=True)
    return float(np.median(far))
