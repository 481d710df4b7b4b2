"""What the views of Compare keep."""

from __future__ import annotations

import numpy as np

from ae_models import datasets, recipes
from ae_models.analysis import default_contestants
from ae_models.analysis.code_bytes import QUALITIES, CodeCost, kept_as_jpeg, kept_by_autoencoder, kept_by_pca, png_bytes
from ae_models.analysis.families import Family, Run
from ae_models.analysis.linear_course import LinearStory, Principal, linear_path, principal, shipped_images
from ae_models.analysis.nested_pca import StraightMap, kept_pca, read_straight, squared_errors_by_size
from ae_models.base import FloatArray, ImageDataset, Progress, UserError
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.shared.progress_cache import with_progress
from ae_models.ui.shared.run_data import codes as run_codes
from ae_models.ui.shared.run_data import graphs_of, heldout_of, run_list

LARGEST = 64  # numbers of the largest PCA that is kept


@cached()
def all_images(dataset: str) -> ImageDataset:
    """Return all images of a data set that ship with the product."""
    return shipped_images(dataset)


@cached()
def known_principal(dataset: str) -> Principal:
    """Return PCA of those images by its definition."""
    return principal(all_images(dataset))


def linear_stories(
    dataset: str, k: int, penalties: tuple[tuple[float, ...], ...], seeds: tuple[int, ...], steps: int
) -> tuple[LinearStory, ...]:
    """Return linear autoencoders trained on those images; while they train, a bar stands in the page."""
    return with_progress(
        ("linear", all_images(dataset), k, penalties, seeds, steps),
        f"Training {len(seeds)} linear autoencoders",
        lambda progress: linear_path(
            known_principal(dataset), k, penalties=penalties, seeds=seeds, steps=steps, progress=progress
        ),
    )


def comparable(dataset: str) -> tuple[Run, ...]:
    """Return the autoencoders of a data set that answer what they see."""
    return default_contestants.comparable(run_list().runs, dataset)


def straight_of(record: RunRecord) -> StraightMap | None:
    """Return the largest PCA of the rows a run was fitted on: the one that is kept, or one fitted now.

    None where neither is to be had.
    """
    data = record.dataset
    wanted = min(LARGEST, int(np.prod(record.output_shape)), data.fitted_on.n)
    found = kept_pca(data.name, data.fitted_on.digest)
    if not found or found[-1][1].latent_dim < wanted:
        with_progress(
            ("fit-pca", data.name, data.fitted_on.digest),
            f"Fitting PCA of {wanted} numbers, once",
            lambda progress: _fit(data.name, data.variant, data.fitted_on.digest, wanted),
        )
        found = kept_pca(data.name, data.fitted_on.digest)
    if not found:
        return None
    store, largest = found[-1]
    return _straight(store, largest)


def _fit(dataset: str, variant: str, digest: str, k: int) -> str:
    """Fit PCA and keep it; return why that cannot be done here, or nothing."""
    try:
        splits = datasets.load(dataset, "full" if variant == "full" else "bundled")
        if splits.train.digest != digest:
            return f"the {datasets.kind_of(dataset).samples} it was fitted on are not here"
        recipes.fit_pca(splits, k)
    except UserError as mistake:
        return str(mistake)
    return ""


@cached()
def _straight(store: RunStore, record: RunRecord) -> StraightMap:
    return read_straight(store, record)


def straight_errors(record: RunRecord) -> FloatArray | None:
    """Return held-out squared errors ``(n, k + 1)`` under the PCA of 0, 1, ... k numbers, for the data of a run."""
    straight = straight_of(record)
    if straight is None:
        return None
    return _straight_errors(heldout_of(record), straight.record, straight)


@cached()
def _straight_errors(images: ImageDataset, pca: RunRecord, _straight_map: StraightMap) -> FloatArray:
    found = squared_errors_by_size(_straight_codes(images, pca, _straight_map), images, _straight_map)
    found.flags.writeable = False
    return found


def straight_curve(record: RunRecord) -> FloatArray | None:
    """Return PCA's held-out SSE with 0, 1, ... k numbers ``(k + 1,)``, for the data of a run; 0 is the mean image."""
    errors = straight_errors(record)
    return None if errors is None else np.asarray(errors.mean(axis=0, dtype=np.float64), np.float32)


@cached()
def _straight_codes(images: ImageDataset, pca: RunRecord, _straight_map: StraightMap) -> FloatArray:
    found = _straight_map.encode(images.images())
    found.flags.writeable = False
    return found


def straight_codes(record: RunRecord, straight: StraightMap) -> FloatArray:
    """Return the codes ``(n, k)`` of a run's held-out images under PCA."""
    return _straight_codes(heldout_of(record), straight.record, straight)


def straight_spread(record: RunRecord, straight: StraightMap) -> FloatArray:
    """Return the standard deviation of each of PCA's numbers over a run's held-out images, ``(k,)``."""
    return np.asarray(straight_codes(record, straight).std(axis=0), np.float32)


def straight_inside(record: RunRecord, straight: StraightMap, dim: int) -> float:
    """Return the share of held-out images within two standard deviations of one of PCA's numbers."""
    values = straight_codes(record, straight)[:, dim]
    return float(np.mean(np.abs(values) <= 2 * values.std()))


@cached()
def errors(store: RunStore, record: RunRecord) -> FloatArray:
    """Return each held-out image's squared error under a run, ``(n,)``."""
    values = run_codes(store, record, "heldout").values
    found = recipes.errors_of(graphs_of(store, record), record, heldout_of(record), values)
    found.flags.writeable = False
    return found


def kept_by_ladder(ladder: Family, bits: int) -> tuple[CodeCost, ...]:
    """Return what the quantised codes of a ladder's models cost and lose."""

    def make(progress: Progress) -> tuple[CodeCost, ...]:
        made = []
        for place, (store, record) in enumerate(ladder):
            progress(place / len(ladder), f"{record.latent_dim} numbers")
            values = run_codes(store, record, "heldout").values
            made.append(kept_by_autoencoder(store, record, values, heldout_of(record), bits))
        return tuple(made)

    return with_progress(("bytes", ladder, bits), f"Decoding codes of {bits} bits a number", make)


@cached()
def _kept_by_pca(images: ImageDataset, pca: RunRecord, bits: int, _straight_map: StraightMap) -> tuple[CodeCost, ...]:
    return kept_by_pca(_straight_map, _straight_codes(images, pca, _straight_map), images, bits)


def kept_straight(record: RunRecord, bits: int) -> tuple[CodeCost, ...]:
    """Return the same of PCA of the same data, with 1, 2, ... numbers."""
    straight = straight_of(record)
    if straight is None:
        return ()
    return _kept_by_pca(heldout_of(record), straight.record, bits, straight)


@cached()
def kept_jpeg(images: ImageDataset) -> tuple[CodeCost, ...]:
    """Return what contact sheets of the images cost and lose as JPEG, a quality each."""
    return tuple(kept_as_jpeg(images, quality) for quality in QUALITIES)


@cached()
def kept_png(images: ImageDataset) -> float:
    """Return what a lossless PNG of all images costs an image."""
    return png_bytes(images)
