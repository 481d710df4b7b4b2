"""Find a run and use it: codes of images, an image of a code."""

from __future__ import annotations

import io

import numpy as np

from ae_models import datasets
from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.runs import Graphs, RunRecord, RunStore, own_runs, pca_runs, shipped_runs
from ae_models.runs.record import MOST_ID
from ae_models.runs.scoring import in_parts


def find_run(run_id: str) -> tuple[RunStore, RunRecord]:
    """Return a run by its id, shipped or own; an unknown id raises ``UserError`` with the choices."""
    stores = (shipped_runs(), own_runs())
    for store in (shipped_runs(), pca_runs(), own_runs()):  # what a visitor sent never stands for a PCA of ours
        if run_id in store:
            return store, store.read(run_id)
    known = [known_id for store in stores for known_id in store.ids()]
    raise UserError(f"unknown run '{run_id}': choose from {', '.join(known) or 'none yet'}")


def heldout_of(record: RunRecord) -> ImageDataset:
    """Return the rows that a run never saw, after checking by digest that they are the rows it was scored on."""
    rows = datasets.heldout(record.dataset.name, record.dataset.variant)
    if rows.digest != record.dataset.scored_on.digest:
        raise UserError(
            f"run '{record.id}' was scored on other images than the {record.dataset.variant} "
            f"{record.dataset.name} that is here (digest {rows.digest[:12]}, not "
            f"{record.dataset.scored_on.digest[:12]})"
        )
    return rows


def stored_codes(store: RunStore, record: RunRecord) -> FloatArray | None:
    """Return the codes ``(n, latent_dim)`` of the held-out rows, if the run keeps them."""
    if "codes.npz" not in record.files:
        return None
    content = store.file(record, "codes.npz")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            codes: FloatArray = arrays["codes"].astype(np.float32)
    except (ValueError, KeyError, OSError) as error:
        raise UserError(f"run '{record.id}' is damaged: codes.npz cannot be read ({type(error).__name__})") from None
    return codes


def codes_of(store: RunStore, record: RunRecord, images: ImageDataset) -> FloatArray:
    """Return the codes ``(n, latent_dim)`` of a data set's images: the stored ones where they are these rows."""
    if images.digest == record.dataset.scored_on.digest:
        kept = stored_codes(store, record)
        if kept is not None:
            return kept
    graphs = Graphs(store, record)
    return np.concatenate([graphs.encode(seen) for _, seen, _ in in_parts(record.corruption, images)])


def decode_point(run_id: str, at: list[float]) -> tuple[RunRecord, FloatArray]:
    """Return a run's record and the image ``(c, h, w)`` it draws from the code ``at``; not clipped."""
    store, record = find_run(run_id)
    with np.errstate(over="ignore"):  # 1e300 becomes infinite, and is refused as such
        codes = np.array([at], np.float32)
    if not np.isfinite(codes).all():
        raise UserError(f"--at takes finite numbers: got {' '.join(str(value) for value in at)}")
    return record, Graphs(store, record).decode(codes)[0]


def pca_id(dataset: str, fitted_digest: str, k: int) -> str:
    """Return the id of a kept PCA: a name that would be too long is cut, and more of the digest stands for the rest.

    Examples
    --------
    >>> pca_id("leaves", "0123456789abcdef", 2), len(pca_id(64 * "x", "0123456789abcdef", 2))
    ('leaves-pca-2d-012345', 64)
    """
    whole = f"{dataset}-pca-{k}d-{fitted_digest[:6]}"
    if len(whole) <= MOST_ID:
        return whole
    end = f"-pca-{k}d-{fitted_digest[:12]}"
    return dataset[: MOST_ID - len(end)] + end


def find_pca(dataset: str, fitted_digest: str, k: int) -> tuple[RunStore, RunRecord] | None:
    """Return the stored PCA of ``k`` components that was fitted on the rows of this digest, or None."""
    candidates = (
        (shipped_runs(), f"{dataset}-pca-{k}d"),
        (pca_runs(), pca_id(dataset, fitted_digest, k)),
    )
    for store, run_id in candidates:
        if run_id in store:
            try:
                record = store.read(run_id)
            except UserError:
                continue
            if record.dataset.fitted_on.digest == fitted_digest:
                return store, record
    return None
