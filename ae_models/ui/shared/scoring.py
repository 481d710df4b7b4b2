"""What Scores and Neighbours keep: comparisons, the points behind them, distances between images."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ae_models import datasets, jobs, recipes
from ae_models.analysis.default_contestants import with_siblings
from ae_models.analysis.shepard import ImagePairs, ShepardDensity, image_pairs, shepard
from ae_models.base import FloatArray, ImageDataset
from ae_models.jobs.scoring import ScoreRequest, score
from ae_models.recipes import Comparison, Row
from ae_models.runs import RunRecord
from ae_models.ui.cache import cached
from ae_models.ui.shared.progress_cache import with_progress
from ae_models.ui.shared.run_data import flat_images, rows, run_list


def comparison(
    dataset: str, runs: tuple[str, ...], projections: tuple[str, ...], dim: int, metrics: tuple[str, ...] | None, k: int
) -> Comparison:
    """Return methods by metrics; while they are scored, a bar stands in the page.

    Runs that differ from one of these in their seed only are scored with them: their spread is part of its figures.
    """
    known = {record.id: record.digest for _, record in run_list().runs}
    asked = with_siblings(runs, (run for run in run_list().runs if run[1].dataset.name == dataset))
    made = tuple((run, known.get(run)) for run in asked)
    key = ("compare", dataset, datasets.stamp(dataset), made, projections, dim, metrics, k)
    request = ScoreRequest(dataset, asked, projections, dim, metrics, k)
    away = None if jobs.current() is None else partial(score, request)  # in a test of a page: here
    scoring = recipes.Scoring(dim=dim, metrics=metrics, k=k)
    compare = partial(recipes.compare, dataset, asked, projections, scoring, elsewhere=away)
    found = with_progress(key, "Scoring", lambda progress: compare(progress=progress))
    return replace(found, rows=tuple(row for row in found.rows if row.kind != "run" or row.id in runs))


def scored_images(found: Comparison) -> ImageDataset:
    """Return the images that a comparison scored, in the order of its numbers a point."""
    return rows(found.dataset, found.variant, "heldout")


def points_of(found: Comparison, images: ImageDataset) -> dict[str, FloatArray]:
    """Return the points ``(n, d)`` of each method of a comparison, by its id."""
    return {row.id: _points(images, found.variant, row.id, _known(row), row) for row in found.rows}


def _known(row: Row) -> RunRecord | None:
    """Return the run that a row of a comparison is about; None of another map."""
    return next((record for _, record in run_list().runs if record.id == row.id), None)


@cached()
def _points(images: ImageDataset, variant: str, row_id: str, run: RunRecord | None, _row: Row) -> FloatArray:
    points = recipes.points_of_row(_row, images.name, variant, images)
    points.flags.writeable = False
    return points


def flat_of(found: Comparison) -> FloatArray:
    """Return the images that a comparison scored as flat rows."""
    return flat_images(found.dataset, found.variant, "heldout")


@cached()
def _pairs(dataset: str, variant: str) -> ImagePairs:
    return image_pairs(flat_images(dataset, variant, "heldout"))


def pairs_of(found: Comparison) -> ImagePairs:
    """Return distances between some of the scored images and all of them."""
    return _pairs(found.dataset, found.variant)


@cached()
def _density(
    images: ImageDataset, row_id: str, run: RunRecord | None, _pairs: ImagePairs, _points: FloatArray
) -> ShepardDensity:
    return shepard(_pairs, _points)


def density_of(found: Comparison, row: Row, points: FloatArray) -> ShepardDensity:
    """Return the Shepard diagram of one method of a comparison."""
    return _density(scored_images(found), row.id, _known(row), pairs_of(found), points)
