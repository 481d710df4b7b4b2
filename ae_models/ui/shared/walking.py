"""What Walk and Draw ask for more than once: encoders, effects of single numbers, densities, boxes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from ae_models import recipes
from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.base.centring import box_of
from ae_models.latent import Bounds
from ae_models.runs import Graphs, RunRecord, RunStore
from ae_models.ui.routes import Blob, blob_of_bytes
from ae_models.ui.shared import run_data


@st.cache_resource(max_entries=32, show_spinner=False)
def encoder(_store: RunStore, _record: RunRecord, digest: str) -> Blob:
    """Return a run's encoder as a blob; ``digest`` is that of its file."""
    return blob_of_bytes(_store.file(_record, "encoder.onnx"))


@st.cache_resource(max_entries=16, show_spinner="Switching off one number after the other …")
def effects(
    _graphs: Graphs,
    _record: RunRecord,
    _images: ImageDataset,
    _codes: FloatArray,
    _bounds: tuple[Bounds, ...],
    digests: tuple[str, ...],
) -> recipes.Effects:
    """Return what each number of a code does; ``digests`` name decoder, encoder and images."""
    return recipes.effects_of(_graphs, _record, _images, _codes, _bounds)


@st.cache_resource(max_entries=12, show_spinner=False)
def box(_images: ImageDataset, digest: str) -> int:
    """Return the side of the box that a data set's images fill."""
    rows = np.unique(np.linspace(0, len(_images) - 1, min(len(_images), 1_000)).astype(np.intp))
    return box_of(_images.images(rows))


@st.cache_resource(max_entries=2, show_spinner="Reading the training images …")
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


@st.cache_resource(max_entries=8, show_spinner=False)
def usual_distance(_known: ImageDataset, _images: ImageDataset, digests: tuple[str, str]) -> float:
    """Return the median distance from 60 held-out images to the nearest other one that is known, in pixels."""
    rows = np.unique(np.linspace(0, len(_images) - 1, min(len(_images), 60)).astype(np.intp))
    _, far = recipes.nearest_pictures(_images.images(rows), _known, not_equal=True)
    return float(np.median(far))
