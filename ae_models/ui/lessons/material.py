"""What the lessons are made of: runs that ship and their ladders, one picture a class, drawings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models import datasets
from ae_models.analysis.code_bytes import CodeCost, kept_by_autoencoder
from ae_models.analysis.families import Family, Run, ladders
from ae_models.analysis.nested_pca import StraightMap
from ae_models.analysis.spatial_detail import detail_kept
from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.metrics.estimates import share_interval
from ae_models.runs import RunRecord, RunStore
from ae_models.runs.graphs import Layers
from ae_models.ui.cache import cached
from ae_models.ui.shared import comparing
from ae_models.ui.shared.run_data import codes, graphs_of, heldout_of, run_list


def shipped_run(run_id: str) -> Run:
    """Return a run that ships; ``UserError`` where it is gone."""
    return shipped(run_id)[0]


def shipped(*run_ids: str) -> list[Run]:
    """Return runs that ship, after one look at the folders; ``UserError`` where one is gone."""
    here = {record.id: (store, record) for store, record in run_list().runs if record.origin == "shipped"}
    for run_id in run_ids:
        if run_id not in here:
            raise UserError(f"the model “{run_id}” that ships with Latent Lab is not here: this lesson needs it")
    return [here[run_id] for run_id in run_ids]


def shipped_ladder(dataset: str) -> Family:
    """Return the longest ladder of a data set that ships; ``UserError`` where there is none."""
    found = ladders(run for run in comparing.comparable(dataset) if run[1].origin == "shipped")
    if not found:
        raise UserError(f"no ladder of {datasets.source(dataset).title} ships with Latent Lab: this lesson needs one")
    return found[0]


def rung(ladder: Family, size: int) -> Run:
    """Return the model of a ladder with so many numbers."""
    for store, record in ladder:
        if record.latent_dim == size:
            return store, record
    sizes = ", ".join(str(record.latent_dim) for _, record in ladder)
    raise UserError(f"the ladder has no model of {size} numbers: it has {sizes}")


def sample(images: ImageDataset, n: int) -> ImageDataset:
    """Return ``n`` images drawn at random (seed 0), in their order: the first n of a file are no sample of it."""
    if n >= len(images):
        return images
    return images.take(np.sort(np.random.default_rng(0).choice(len(images), n, replace=False)))


def plus_minus(hits: FloatArray) -> float:
    """Return half the 95 % interval of the share of ``hits`` (0 or 1, one an image), in per cent."""
    low, high = share_interval(int(np.count_nonzero(hits)), len(hits))
    return 50 * (high - low)


def one_of_each(images: ImageDataset) -> npt.NDArray[np.intp]:
    """Return the row of the first image of each class; the first ten images where there are no classes."""
    if images.labels is None:
        return np.arange(min(10, len(images)))
    return np.sort(np.unique(images.labels, return_index=True)[1])[:10]


def in_order(images: ImageDataset, shown: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return rows sorted by their class."""
    return shown if images.labels is None else shown[np.argsort(images.labels[shown], kind="stable")]


def drawn(store: RunStore, record: RunRecord, shown: npt.NDArray[np.intp]) -> FloatArray:
    """Return what a run draws of some of its held-out images."""
    return graphs_of(store, record).decode(codes(store, record, "heldout").values[shown])


def straight_drawn(record: RunRecord, size: int, shown: npt.NDArray[np.intp]) -> FloatArray:
    """Return what PCA of so many numbers draws of some held-out images of a run's data."""
    largest = straight(record)
    return largest.cut(size).decode(comparing.straight_codes(record, largest)[shown, :size])


_NO_PCA = "there is no PCA of the images these models were fitted on: this lesson needs it"


def straight(record: RunRecord) -> StraightMap:
    """Return the largest PCA of a run's training images; ``UserError`` where there is none."""
    found = comparing.straight_of(record)
    if found is None:
        raise UserError(_NO_PCA)
    return found


def straight_curve(record: RunRecord) -> FloatArray:
    """Return PCA's held-out SSE with 0, 1, ... numbers; ``UserError`` where there is no PCA."""
    found = comparing.straight_curve(record)
    if found is None:
        raise UserError(_NO_PCA)
    return found


_DETAIL_ROWS = 2_000


@cached()
def detail(store: RunStore, record: RunRecord) -> tuple[FloatArray, FloatArray]:
    """Return the shares of detail that a run keeps, and PCA of the same size, on 2,000 random held-out images."""
    images = heldout_of(record)
    some = np.random.default_rng(0).choice(len(images), min(_DETAIL_ROWS, len(images)), replace=False)
    shown = np.sort(some).astype(np.intp)
    originals = images.images(shown)
    own = detail_kept(originals, drawn(store, record, shown))
    return own, detail_kept(originals, straight_drawn(record, record.latent_dim, shown))


@cached()
def rounded(store: RunStore, record: RunRecord, bits: int) -> CodeCost:
    """Return what a run's codes of so many bits a number cost and lose."""
    return kept_by_autoencoder(store, record, codes(store, record, "heldout").values, heldout_of(record), bits)


@cached()
def layers(store: RunStore, record: RunRecord) -> Layers:
    """Return a run opened at every layer."""
    return Layers(store, record)
