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

DENSE = {"widths": (512, 256, 128)}


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


def _table() -> tuple[ZooEntry, ...]:
    entries = []
    for dataset, epochs in (("mnist", 30), ("fashion-mnist", 30), ("digits", 300)):
        short = dataset.removesuffix("-mnist")
        wanted = [
            ("dense", 2, "the first screen: two numbers, drawn on a map"),
            ("dense", 3, "three numbers: a space to turn"),
            ("pca", 2, "the straight map of the same images"),
            ("pca", 3, "the straight map, three components"),
            ("umap", 2, "neighbours kept together, flat"),
            ("umap", 3, "neighbours kept together, in space"),
        ]
        for kind, dim, purpose in wanted:
            trained = kind == "dense"
            model = DENSE if dataset != "digits" else {"widths": (128, 64)}
            entries.append(
                ZooEntry(
                    id=f"{short if trained else dataset}-{kind}-{dim}d",
                    purpose=purpose,
                    dataset=dataset,
                    kind=kind,
                    dim=dim,
                    model=model if trained else {},
                    training={"epochs": epochs, "batch_size": 256 if epochs < 100 else 64} if trained else {},
                )
            )
    return tuple(entries)


ZOO = _table()


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
