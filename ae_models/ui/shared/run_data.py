"""Cached calls of what every page asks of a run or a data set. Arrays come out read-only and are shared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ae_models import datasets, recipes
from ae_models.analysis import map_values
from ae_models.base import Embedding, FloatArray, ImageDataset, IntArray
from ae_models.base.procrustes import procrustes
from ae_models.latent import Bounds, Support, code_bounds, dims_that_matter, neighbour_distances, support
from ae_models.projections import store as maps
from ae_models.runs import FILES, Damaged, Graphs, RunRecord, RunStore, own_runs, shipped_runs
from ae_models.ui.cache import cached
from ae_models.ui.routes import Blob, blob_later, blob_of, blob_of_bytes, blob_of_pixels, publish

NO_CLASS = 255  # what a label says of an image that has none


@dataclass(frozen=True)
class RunList:
    """What the model picker can offer, and what it must warn of."""

    runs: tuple[tuple[RunStore, RunRecord], ...]
    damaged: tuple[Damaged, ...]


def _signature(folder: Path, pattern: str) -> tuple[tuple[str, int], ...]:
    try:
        return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in folder.glob(pattern)))
    except OSError:
        return ()


def _what_is_there() -> object:
    """Return what changes when a run comes, changes or goes."""
    stores = (shipped_runs(), own_runs())
    seen = tuple((store.root, run_id, *_times(store.root / run_id)) for store in stores for run_id in store.ids())
    return tuple(str(store.root) for store in stores), seen


def _times(folder: Path) -> tuple[int, ...]:
    """Return what changes when one of a run's own files does; whatever else lies in its folder is not looked at."""
    found = []
    for name in ("", "run.json", *FILES):
        try:
            found.append((folder / name).lstat().st_mtime_ns)
        except OSError:
            found.append(0)
    return tuple(found)


@cached(seen=_what_is_there)
def run_list() -> RunList:
    """Return shipped and own runs; read again only when a folder or a file of a run changes."""
    runs: list[tuple[RunStore, RunRecord]] = []
    damaged: list[Damaged] = []
    for store in (shipped_runs(), own_runs()):
        whole, bad = store.list()
        runs += [(store, record) for record in whole]
        damaged += bad
    return RunList(tuple(runs), tuple(damaged))


@cached()
def graphs_of(store: RunStore, record: RunRecord) -> Graphs:
    """Return the ONNX sessions of a run, shared by all visitors."""
    return Graphs(store, record)


@cached()
def rows(dataset: str, variant: str, split: str) -> ImageDataset:
    """Return the held-out or the training images of a bundled or full data set."""
    if split == "heldout":
        return datasets.heldout(dataset, "full" if variant == "full" else "bundled")
    return datasets.load(dataset, "full" if variant == "full" else "bundled").train


def heldout_of(record: RunRecord) -> ImageDataset:
    """Return the images that a run is scored on."""
    return rows(record.dataset.name, record.dataset.variant, "heldout")


@cached()
def flat_images(dataset: str, variant: str, split: str) -> FloatArray:
    """Return images as flat float32 rows, ``(n, n_pixels)``, for distances between pixels."""
    images = rows(dataset, variant, split)
    return _frozen(images.images().reshape(len(images), -1))


@dataclass(frozen=True, eq=False)
class Codes:
    """Codes of the shown images with what follows from them."""

    values: FloatArray  # (n, latent_dim)
    bounds: tuple[Bounds, ...]
    squared_norms: FloatArray  # (n,)


@cached()
def codes(store: RunStore, record: RunRecord, split: str) -> Codes:
    """Return the codes of a run's held-out (or training) images."""
    images = rows(record.dataset.name, record.dataset.variant, split)
    if split == "heldout":
        recipes.heldout_of(record)
    values = _frozen(recipes.codes_of(store, record, images))
    return Codes(values, code_bounds(values), _frozen(np.einsum("ij,ij->i", values, values)))


def embeddings_signature(*_: object) -> tuple[tuple[tuple[str, int], ...], ...]:
    """Return what changes when a map is fitted, brought or removed."""
    return tuple(_signature(folder, "*.json") for folder in (maps.own_embeddings(), maps.shipped_embeddings()))


@cached(seen=embeddings_signature)
def neighbour_maps(dataset: str) -> dict[str, str]:
    """Return the methods whose maps cannot draw and what each is called: all of ours, and those kept of this data."""
    return map_values.neighbour_maps(dataset)


@cached(seen=embeddings_signature)
def embedding(method: str, images: ImageDataset, dim: int) -> Embedding | None:
    """Return a stored map of these images, shipped or fitted here; None when there is none yet."""
    digest = None if datasets.DATASETS.ships(images.name) else images.digest
    return maps.find(method, images.name, dim, images.ids, digest)


@cached()
def aligned_to(_points: FloatArray, _onto: FloatArray, name: str) -> FloatArray:
    """Return a map turned, reflected and scaled onto another one of the same images; ``name`` says which two."""
    return _frozen(procrustes(_points, _onto))


@cached()
def stored_map(folder: Path, name: str) -> Embedding:
    """Return a map that was fitted here or ships; its name says what it was fitted on and how."""
    return maps.load(folder, name)


def labels_of(dataset: str, variant: str, ids: IntArray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the classes of held-out images as uint8, 255 where there is none, and what the classes are called."""
    images = rows(dataset, variant, "heldout")
    places = maps.rows_of(images.ids, ids)
    if images.labels is None or places is None:
        return np.full(len(ids), 255, np.uint8), ()
    return images.labels[places].astype(np.uint8), images.class_names


@dataclass(frozen=True, eq=False)
class Landscape:
    """What a canvas needs to know of a code space, and addresses of what it may ask for."""

    order: tuple[int, ...]  # coordinates, those that matter first
    support: Support  # from held-out codes
    decoder: Blob
    codes: Blob
    errors: Blob  # (n,) float32, made when somebody asks
    distances: Blob  # (n,) float32, likewise
    noise: Blob | None  # (n, latent_dim) float32, likewise; where the encoder gives any


@cached()
def landscape(store: RunStore, record: RunRecord, split: str) -> Landscape:
    """Return what a canvas needs to know of a run's code space."""
    shown = codes(store, record, split)
    judged = shown if split == "heldout" else codes(store, record, "heldout")
    served = graphs_of(store, record)
    name = f"{store.root} {record.id} {record.files['decoder.onnx'].sha256} {split} {len(shown.values)}"
    limits = support(judged.values)

    def images() -> ImageDataset:
        return rows(record.dataset.name, record.dataset.variant, split)

    def noise() -> FloatArray:
        return recipes.noise_of(served, record, images())

    return Landscape(
        order=dims_that_matter(served.decode, shown.bounds),
        support=limits,
        decoder=blob_of_bytes(store.file(record, "decoder.onnx")),
        codes=blob_of(shown.values),
        errors=blob_later(f"errors {name}", lambda: recipes.errors_of(served, record, images(), shown.values)),
        distances=blob_later(f"distances {name}", lambda: neighbour_distances(shown.values, limits.k)),
        noise=blob_later(f"noise {name}", noise) if served.has_noise else None,
    )


@cached()
def sheet(dataset: str, variant: str, split: str) -> Blob:
    """Return all images of a data set as one array of uint8."""
    images = rows(dataset, variant, split)
    return blob_of_pixels(images.pixels, images.digest)


def sheets_of(record: RunRecord, split: str) -> tuple[Blob, Blob]:
    """Return what a run on corrupted input should answer and what it sees, as arrays of uint8, made when asked for."""
    images = rows(record.dataset.name, record.dataset.variant, split)
    made = [
        blob_later(
            f"{half} {record.corruption} {images.digest}",
            partial(recipes.sheet_of, record, images, half),
            pack=True,
        )
        for half in ("wanted", "seen")
    ]
    return made[0], made[1]


@dataclass(frozen=True)
class Snapshots:
    """Codes of fixed images through training, each moment laid on the last."""

    points: Blob  # (moments, n, dims) float16
    ids: Blob  # (n,) int32
    n: int
    dims: tuple[int, ...]
    steps: tuple[int, ...]
    captions: tuple[str, ...]


@cached()
def snapshots(store: RunStore, record: RunRecord) -> Snapshots | None:
    """Return the moments of a run's training, or None where none were kept."""
    taken = recipes.snapshots_of(store, record)
    if taken is None:
        return None
    return Snapshots(blob_of(taken.points), blob_of(taken.ids), len(taken.ids), taken.dims, taken.steps, taken.captions)


@cached()
def blob(_array: np.ndarray, name: str) -> Blob:
    """Return an array's bytes under the digest of their content; ``name`` says which array it is."""
    return blob_of(_array)


def ids_url(images: ImageDataset) -> str:
    """Return the address of int32 ``(n,)``: the ids of the images."""
    return publish(blob(images.ids.astype(np.int32), f"ids-{images.digest}"))


def labels_url(images: ImageDataset) -> str:
    """Return the address of uint8 ``(n,)``: an index into the names of the classes, or ``NO_CLASS``."""
    known = images.labels
    labels = np.full(len(images), NO_CLASS, np.uint8) if known is None else known.astype(np.uint8)
    return publish(blob(labels, f"labels-{images.digest}"))


def features_url(dataset: str) -> str | None:
    """Return the address of the names and ranges of a row's numbers; None where the data are images."""
    found = _features(dataset)
    return None if found is None else publish(found)


@cached()
def _features(dataset: str) -> Blob | None:
    known = datasets.features(dataset)
    return blob_of_bytes(json.dumps(known).encode()) if known else None


def _frozen(array: FloatArray) -> FloatArray:
    array.flags.writeable = False
    return array
