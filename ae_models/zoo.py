"""The models and maps that ship with the product: one table, and the sentence that builds it.

Everything is fitted on training images only (the 60,000 of MNIST and Fashion-MNIST, 1,437 of the digits), so that
the bundled images are truly held out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ae_models import datasets
from ae_models.base import Mistake, Progress
from ae_models.config import Variant
from ae_models.projections import store as maps
from ae_models.recipes import TrainOrder, fit_pca, project, train
from ae_models.runs import shipped_runs


@dataclass(frozen=True)
class ZooEntry:
    """One thing that ships: a run, or a map of the held-out images."""

    id: str
    purpose: str
    dataset: str
    kind: str  # a model of ARCHITECTURES, "pca", or "umap"
    dim: int
    model: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)


_DENSE_28 = {"widths": (512, 256, 128)}
_DENSE_8 = {"widths": (128, 64)}
_LONG = {"epochs": 30, "weight_decay": 0.1}
_SMALL = {"epochs": 200, "batch_size": 64, "weight_decay": 0.1}
_CONV_30 = {"channels": (32, 64), "dense": 384}
_CONV_30_TRAINING = {"epochs": 25, "shift": 1, "snapshots": False}

_FLAT, _SPACE = "the first screen: two numbers, drawn on a map", "three numbers: a space to turn"
_STRAIGHT = "the straight map of the same images"
_NEAR = "neighbours kept together"

ZOO = (
    ZooEntry("mnist-dense-2d", _FLAT, "mnist", "dense", 2, _DENSE_28, _LONG),
    ZooEntry("mnist-dense-3d", _SPACE, "mnist", "dense", 3, _DENSE_28, _LONG),
    ZooEntry("mnist-conv-30d", "what thirty numbers keep", "mnist", "conv", 30, _CONV_30, _CONV_30_TRAINING),
    ZooEntry("mnist-pca-2d", _STRAIGHT, "mnist", "pca", 2),
    ZooEntry("mnist-pca-3d", _STRAIGHT, "mnist", "pca", 3),
    ZooEntry("mnist-pca-30d", _STRAIGHT, "mnist", "pca", 30),
    ZooEntry("mnist-umap-2d", _NEAR, "mnist", "umap", 2),
    ZooEntry("mnist-umap-3d", _NEAR, "mnist", "umap", 3),
    ZooEntry("fashion-dense-2d", _FLAT, "fashion-mnist", "dense", 2, _DENSE_28, _LONG),
    ZooEntry("fashion-dense-3d", _SPACE, "fashion-mnist", "dense", 3, _DENSE_28, _LONG),
    ZooEntry("fashion-mnist-pca-2d", _STRAIGHT, "fashion-mnist", "pca", 2),
    ZooEntry("fashion-mnist-pca-3d", _STRAIGHT, "fashion-mnist", "pca", 3),
    ZooEntry("fashion-mnist-umap-2d", _NEAR, "fashion-mnist", "umap", 2),
    ZooEntry("fashion-mnist-umap-3d", _NEAR, "fashion-mnist", "umap", 3),
    ZooEntry("digits-dense-2d", _FLAT, "digits", "dense", 2, _DENSE_8, _SMALL),
    ZooEntry("digits-dense-3d", _SPACE, "digits", "dense", 3, _DENSE_8, _SMALL),
    ZooEntry("digits-pca-2d", _STRAIGHT, "digits", "pca", 2),
    ZooEntry("digits-pca-3d", _STRAIGHT, "digits", "pca", 3),
    ZooEntry("digits-umap-2d", _NEAR, "digits", "umap", 2),
    ZooEntry("digits-umap-3d", _NEAR, "digits", "umap", 3),
)


def is_built(entry: ZooEntry) -> bool:
    """Say whether an entry of the zoo is there."""
    if entry.kind == "umap":
        return (maps.shipped_embeddings() / f"{entry.id}.json").is_file()
    return entry.id in shipped_runs()


def build(only: list[str], progress: Callable[[str], Progress]) -> list[str]:
    """Build the entries named in ``only`` (all of them if it is empty) that are not there; return their ids.

    It can be stopped and started again: what is there is kept. ``progress(id)`` gives each entry its callback.
    """
    known = {entry.id for entry in ZOO}
    for name in only:
        if name not in known:
            raise Mistake(f"unknown zoo entry '{name}': choose from {', '.join(sorted(known))}")
    built = []
    for entry in ZOO:
        if (not only or entry.id in only) and not is_built(entry):
            _build(entry, progress(entry.id))
            built.append(entry.id)
    return built


def _build(entry: ZooEntry, progress: Progress) -> None:
    variant: Variant = "bundled" if entry.dataset == "digits" else "full"
    if entry.kind == "umap":
        embedding = project("umap", entry.dataset, entry.dim, variant=variant, progress=progress)
        maps.save(embedding, maps.shipped_embeddings(), entry.id)
    elif entry.kind == "pca":
        fit_pca(datasets.load(entry.dataset, variant), entry.dim, store=shipped_runs(), run_id=entry.id)
    else:
        order = TrainOrder.of(
            entry.kind,
            entry.dataset,
            variant=variant,
            settings={"latent_dim": entry.dim, **entry.model, **entry.training},
        )
        train(order, progress, store=shipped_runs(), run_id=entry.id, shipped=True)
