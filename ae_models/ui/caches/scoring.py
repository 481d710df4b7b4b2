"""What Scores and Neighbours keep: comparisons, the points behind them, distances between images."""

from __future__ import annotations

import streamlit as st

from ae_models import recipes
from ae_models.base import FloatArray, ImageDataset
from ae_models.projections import store as maps
from ae_models.recipes import Comparison, Row
from ae_models.recipes.shepard import Pairs, image_pairs
from ae_models.ui.cache import flat_images, rows, run_list
from ae_models.ui.caches.kept import with_progress


def has_map(method: str, dataset: str, dim: int) -> bool:
    """Say whether a map of these dimensions is kept, shipped or fitted here."""
    return any(
        about["method"] == method and about["dataset"] == dataset and about["config"].get("n_components") == dim
        for _, _, about in maps.catalogue()
    )


def comparison(
    dataset: str, runs: tuple[str, ...], projections: tuple[str, ...], dim: int, metrics: tuple[str, ...] | None, k: int
) -> Comparison:
    """Return methods by metrics; while they are scored, a bar stands in the page."""
    known = {record.id: record.created for _, record in run_list().runs}
    key = ("compare", dataset, tuple((run, known.get(run)) for run in runs), projections, dim, metrics, k)
    return with_progress(
        key,
        "Scoring",
        lambda progress: recipes.compare(dataset, runs, projections, dim=dim, metrics=metrics, k=k, progress=progress),
    )


def scored_images(found: Comparison) -> ImageDataset:
    """Return the images that a comparison scored, in the order of its numbers a point."""
    return rows(found.dataset, found.variant, "heldout")


def points_of(found: Comparison, images: ImageDataset) -> dict[str, FloatArray]:
    """Return the points ``(n, d)`` of each method of a comparison, by its id."""
    known = {record.id: record.created for _, record in run_list().runs}
    return {
        row.id: _points(found.dataset, found.variant, images.digest, row.id, known.get(row.id), row, images)
        for row in found.rows
    }


@st.cache_resource(max_entries=32, show_spinner=False)
def _points(
    dataset: str, variant: str, digest: str, row_id: str, created: str | None, _row: Row, _images: ImageDataset
) -> FloatArray:
    points = recipes.points_of_row(_row, dataset, variant, _images)
    points.flags.writeable = False
    return points


def flat_of(found: Comparison) -> FloatArray:
    """Return the images that a comparison scored as flat rows."""
    return flat_images(found.dataset, found.variant, "heldout")


@st.cache_resource(max_entries=4, show_spinner=False)
def _pairs(dataset: str, variant: str, digest: str) -> Pairs:
    return image_pairs(flat_images(dataset, variant, "heldout"))


def pairs_of(found: Comparison) -> Pairs:
    """Return distances between some of the scored images and all of them."""
    return _pairs(found.dataset, found.variant, scored_images(found).digest)
