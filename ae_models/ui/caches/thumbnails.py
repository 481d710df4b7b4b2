"""A model's map in little, for its card."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from ae_models import recipes
from ae_models.latent import leading_dims
from ae_models.runs import RunRecord, RunStore
from ae_models.ui import cache
from ae_models.ui.routes import Blob, blob_of

_MOST = 700  # dots


@dataclass(frozen=True)
class Thumbnail:
    """Some of a run's held-out codes, two numbers of each (one, where there is but one), and their classes."""

    points: Blob  # (n, width) float16
    labels: Blob  # (n,) uint8
    n: int
    width: int


def thumbnail(store: RunStore, record: RunRecord) -> Thumbnail | None:
    """Return a run's thumbnail; None where it keeps no codes."""
    return _thumbnail(store, record, str(store.root), record.id, record.created)


@st.cache_resource(max_entries=128, show_spinner=False)
def _thumbnail(_store: RunStore, _record: RunRecord, root: str, run_id: str, created: str) -> Thumbnail | None:
    codes = recipes.stored_codes(_store, _record)
    if codes is None:
        return None
    images = cache.rows(_record.dataset.name, _record.dataset.variant, "heldout")
    rows = np.linspace(0, len(codes) - 1, min(_MOST, len(codes))).astype(np.intp)
    dims = list(leading_dims(codes, 2))
    fits = images.labels is not None and len(images) == len(codes)
    labels = images.labels[rows].astype(np.uint8) if fits else np.full(len(rows), 255, np.uint8)
    points = np.clip(codes[rows][:, dims], -65_000, 65_000).astype(np.float16)
    return Thumbnail(blob_of(points), blob_of(labels), len(rows), len(dims))
