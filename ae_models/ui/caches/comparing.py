"""What the views of Compare keep."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st

from ae_models.base import FloatArray, ImageDataset
from ae_models.recipes.linear import LinearStory, Principal, linear_path, principal, shipped_images
from ae_models.recipes.straight import StraightMap, kept_pca, read_straight, squared_errors_by_size
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import rows
from ae_models.ui.caches.kept import with_progress


@st.cache_resource(max_entries=4, show_spinner=False)
def all_images(dataset: str) -> ImageDataset:
    """Return all images of a data set that ship with the product."""
    return shipped_images(dataset)


@st.cache_resource(max_entries=4, show_spinner=False)
def known_principal(dataset: str, digest: str) -> Principal:
    """Return PCA of those images by its definition."""
    return principal(all_images(dataset))


def linear_stories(
    dataset: str, k: int, penalties: tuple[tuple[float, ...], ...], seeds: tuple[int, ...], steps: int
) -> tuple[LinearStory, ...]:
    """Return linear autoencoders trained on those images; while they train, a bar stands in the page."""
    digest = all_images(dataset).digest
    return with_progress(
        ("linear", digest, k, penalties, seeds, steps),
        f"Training {len(seeds)} linear autoencoders",
        lambda progress: linear_path(
            known_principal(dataset, digest), k, penalties=penalties, seeds=seeds, steps=steps, progress=progress
        ),
    )


def straight_sse(record: RunRecord, k: int) -> float | None:
    """Return the SSE of PCA with ``k`` numbers on the held-out images of a run; None where no such PCA is kept."""
    errors = straight_errors(record)
    return float(errors[:, k - 1].mean(dtype=np.float64)) if errors.shape[1] >= k else None


def straight_errors(record: RunRecord) -> FloatArray:
    """Return each held-out image's squared error under the PCA of 1, 2, ... numbers, ``(n, k)``, for a run's data."""
    return _straight_errors(record.dataset.name, record.dataset.variant, record.dataset.fitted_on.digest)


@st.cache_resource(max_entries=8, show_spinner=False)
def _straight_errors(dataset: str, variant: str, fitted_digest: str) -> FloatArray:
    images = rows(dataset, variant, "heldout")
    straight = largest_straight(dataset, fitted_digest)
    if straight is None:
        return np.zeros((len(images), 0), np.float32)
    found = squared_errors_by_size(straight.encode(images.images()), images, straight)
    found.flags.writeable = False
    return found


def largest_straight(dataset: str, fitted_digest: str) -> StraightMap | None:
    """Return the largest PCA that is kept of the rows of this digest."""
    found = kept_pca(dataset, fitted_digest)
    return None if not found else _straight(str(found[-1][0].root), found[-1][1].id, found[-1][1].created)


@st.cache_resource(max_entries=8, show_spinner=False)
def _straight(root: str, run_id: str, created: str) -> StraightMap:
    store = RunStore(Path(root))
    return read_straight(store, store.read(run_id))
