"""Every cache of the pages. Keys are names and digests, never arrays; arrays come out read-only and are shared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from ae_models import datasets, recipes
from ae_models.base import Embedding, FloatArray, ImageDataset, IntArray
from ae_models.latent import Bounds, code_bounds
from ae_models.projections import store as maps
from ae_models.runs import Damaged, Graphs, RunRecord, RunStore, own_runs, shipped_runs
from ae_models.ui.routes import Blob, blob_of


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


def run_list() -> RunList:
    """Return shipped and own runs; read again only when a folder or a ``run.json`` changes."""
    stores = (shipped_runs(), own_runs())
    seen = tuple(_signature(store.root, "*") + _signature(store.root, "*/*") for store in stores)
    return _run_list(tuple(str(store.root) for store in stores), seen)


@st.cache_resource(max_entries=4, show_spinner=False)
def _run_list(roots: tuple[str, ...], seen: object) -> RunList:
    runs: list[tuple[RunStore, RunRecord]] = []
    damaged: list[Damaged] = []
    for root in roots:
        store = RunStore(Path(root))
        whole, bad = store.list()
        runs += [(store, record) for record in whole]
        damaged += bad
    return RunList(tuple(runs), tuple(damaged))


@st.cache_resource(max_entries=64, show_spinner=False)
def graphs(_store: RunStore, _record: RunRecord, root: str, run_id: str, created: str) -> Graphs:
    """Return the ONNX sessions of a run, shared by all visitors."""
    return Graphs(_store, _record)


def graphs_of(store: RunStore, record: RunRecord) -> Graphs:
    """Return the ONNX sessions of a run, keyed by where it is and when it was made."""
    return graphs(store, record, str(store.root), record.id, record.created)


@st.cache_resource(max_entries=12, show_spinner=False)
def rows(dataset: str, variant: str, split: str) -> ImageDataset:
    """Return the held-out or the training images of a bundled or full data set."""
    if split == "heldout":
        return datasets.heldout(dataset, "full" if variant == "full" else "bundled")
    return datasets.load(dataset, "full" if variant == "full" else "bundled").train


@st.cache_resource(max_entries=4, show_spinner=False)
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


@st.cache_resource(max_entries=32, show_spinner=False)
def _codes(_store: RunStore, _record: RunRecord, root: str, run_id: str, created: str, split: str) -> Codes:
    images = rows(_record.dataset.name, _record.dataset.variant, split)
    if split == "heldout":
        recipes.heldout_of(_record)
    values = _frozen(recipes.codes_of(_store, _record, images))
    return Codes(values, code_bounds(values), _frozen(np.einsum("ij,ij->i", values, values)))


def codes(store: RunStore, record: RunRecord, split: str) -> Codes:
    """Return the codes of a run's held-out (or training) images."""
    return _codes(store, record, str(store.root), record.id, record.created, split)


def umap_points(dataset: str, dim: int, ids: IntArray, digest: str) -> Embedding | None:
    """Return a stored UMAP of these images, shipped or fitted here; None when there is none yet."""
    seen = tuple(_signature(folder, "*.json") for folder in (maps.own_embeddings(), maps.shipped_embeddings()))
    return _umap_points(dataset, dim, ids, digest, seen)


@st.cache_resource(max_entries=16, show_spinner=False)
def _umap_points(dataset: str, dim: int, _ids: IntArray, digest: str, seen: object) -> Embedding | None:
    return maps.find("umap", dataset, dim, _ids)


@st.cache_resource(max_entries=64, show_spinner=False)
def blob(_array: np.ndarray, name: str) -> Blob:
    """Return an array's bytes under the digest of their content; ``name`` says which array it is."""
    return blob_of(_array)


def _frozen(array: FloatArray) -> FloatArray:
    array.flags.writeable = False
    return array
