"""The models and maps that ship with the product: one table, and the sentence that builds it.

Every model, and every map of Explore and Compare, is fitted on training images only (the 60,000 of MNIST and
Fashion-MNIST, 1,437 of the digits), so that the bundled images are truly held out. Two arrays of the lessons are fitted
on test images, as their own subject: ``courses.npz`` on MNIST's 10,000, ``maps.npz`` on 2,000 of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ae_models import datasets
from ae_models.analysis.default_contestants import lineup, with_siblings
from ae_models.base import Progress, UserError
from ae_models.base.config import Variant
from ae_models.projections import PROJECTIONS
from ae_models.projections import store as maps
from ae_models.recipes import (
    Destination,
    Scoring,
    TrainRequest,
    compare,
    every_core,
    fit_pca,
    known_structures,
    linear_courses,
    project,
    train,
)
from ae_models.recipes.stored_scores import shipped_scores
from ae_models.runs import shipped_runs
from ae_models.runs.scoring import numbers


@dataclass(frozen=True)
class ZooEntry:
    """One thing that ships: a run, or a map of the held-out images."""

    id: str
    purpose: str
    dataset: str
    kind: str  # a model of ARCHITECTURES, "pca", or a map of PROJECTIONS that cannot draw
    dim: int
    model: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    title: str = ""  # what a card calls it, where the architecture's own name does not tell it from others
    corruption: str = "none"
    penalty: str = "none"
    codes: bool = True  # kept with the run; long codes of quick encoders are cheaper made again than shipped


_DENSE_28 = {"widths": (512, 256, 128)}
_DENSE_8 = {"widths": (128, 64)}
_LONG = {"epochs": 30, "weight_decay": 0.1}
_SMALL = {"epochs": 200, "batch_size": 64, "weight_decay": 0.1}
_CONV_30 = {"channels": (32, 64), "dense": 384}
_CONV_30_TRAINING = {"epochs": 25, "shift": 1, "snapshots": False}

_FLAT, _SPACE = "the first screen: two numbers, drawn on a map", "three numbers: a space to turn"
_STRAIGHT = "the straight map of the same images"
_NEAR = "neighbours kept together"
_LADDER = "a rung of the ladder: what a longer code keeps"

# One small network on one thread, so that only what is compared differs: the size of the code, or the seed.
_SMALL_28 = {"widths": (256, 128)}
_PLAIN = {"epochs": 30, "weight_decay": 0.1, "snapshots": False, "threads": 1}
_LONG_CODE = {"epochs": 30, "weight_decay": 1e-3, "snapshots": False, "threads": 1}
_UNDECAYED = {"epochs": 30, "weight_decay": 0.0, "snapshots": False, "threads": 1}
_SMALL_CONV = {"channels": (16, 32), "dense": 128}


def _ladder(name: str, dataset: str) -> tuple[ZooEntry, ...]:
    """Return the same network with codes of 1 to 64 numbers."""
    return tuple(
        ZooEntry(
            f"{name}-ladder-{k}d", _LADDER, dataset, "dense", k, _SMALL_28, _PLAIN, f"Small autoencoder, {numbers(k)}",
            codes=k <= 3,
        )
        for k in (1, 2, 3, 8, 16, 32, 64)
    )  # fmt: skip


def _seed(seed: int) -> ZooEntry:
    return ZooEntry(
        f"mnist-seed{seed}-2d",
        "the same training from another start: axes mean nothing, spread does",
        "mnist",
        "dense",
        2,
        _SMALL_28,
        {**_PLAIN, "seed": seed},
        f"Small autoencoder, 2 numbers, seed {seed}",
    )


ZOO = (
    ZooEntry("mnist-dense-2d", _FLAT, "mnist", "dense", 2, _DENSE_28, _LONG),
    ZooEntry("mnist-dense-3d", _SPACE, "mnist", "dense", 3, _DENSE_28, _LONG),
    ZooEntry(
        "mnist-conv-30d", "what thirty numbers keep", "mnist", "conv", 30, _CONV_30, _CONV_30_TRAINING, codes=False
    ),
    ZooEntry("mnist-pca-2d", _STRAIGHT, "mnist", "pca", 2),
    ZooEntry("mnist-pca-3d", _STRAIGHT, "mnist", "pca", 3),
    ZooEntry("mnist-pca-30d", _STRAIGHT, "mnist", "pca", 30, codes=False),
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
    *(
        ZooEntry(f"{dataset}-tsne-2d", "near neighbours kept, and little else", dataset, "tsne", 2)
        for dataset in ("mnist", "fashion-mnist", "digits")
    ),
    ZooEntry("mnist-pca-64d", "the best straight maps of every size up to 64", "mnist", "pca", 64, codes=False),
    ZooEntry("fashion-mnist-pca-64d", "the same of clothes", "fashion-mnist", "pca", 64, codes=False),
    *_ladder("mnist", "mnist"),
    *(_seed(seed) for seed in (1, 2, 3, 4)),
    ZooEntry("mnist-linear-2d", "a network that becomes PCA", "mnist", "linear", 2, {}, _UNDECAYED),
    ZooEntry(
        "mnist-bent-encoder-2d", "bends before the code do not help", "mnist", "bent-encoder", 2, _SMALL_28, _PLAIN
    ),
    ZooEntry("mnist-bent-decoder-2d", "bends behind the code do", "mnist", "bent-decoder", 2, _SMALL_28, _PLAIN),
    *_ladder("fashion", "fashion-mnist"),
    ZooEntry("fashion-linear-2d", "a network that becomes PCA", "fashion-mnist", "linear", 2, {}, _UNDECAYED),
    ZooEntry(
        "mnist-variational-2d", "a code that is a cloud: the prior can be drawn from", "mnist", "variational", 2,
        _SMALL_28, _PLAIN,
    ),
    ZooEntry(
        "mnist-variational-collapsed-2d", "beta is 100: the code says nothing, every picture is the mean", "mnist",
        "variational", 2, {**_SMALL_28, "beta": 100}, {**_PLAIN, "epochs": 10}, "Variational autoencoder, beta 100",
    ),
    ZooEntry(
        "fashion-variational-2d", "a code that is a cloud: the prior can be drawn from", "fashion-mnist",
        "variational", 2, _SMALL_28, _PLAIN,
    ),
    ZooEntry(
        "mnist-denoise-64d", "noise in, clean out", "mnist", "dense", 64, _SMALL_28, _LONG_CODE,
        "Denoising autoencoder", "gaussian-noise", codes=False,
    ),
    ZooEntry(
        "mnist-inpaint-64d", "a hole in, a whole picture out", "mnist", "dense", 64, _SMALL_28, _LONG_CODE,
        "Filling in", "occlusion", codes=False,
    ),
    ZooEntry(
        "mnist-enlarge-64d", "14 x 14 in, 28 x 28 out", "mnist", "dense", 64, _SMALL_28, _LONG_CODE,
        "Enlarging", "downsample", codes=False,
    ),
    ZooEntry(
        "mnist-colour-64d", "grey in, colour out: it guesses where the picture does not say", "mnist-tinted", "dense",
        64, _SMALL_28, _LONG_CODE, "Colouring", "grey-scale", codes=False,
    ),
    ZooEntry(
        "mnist-copier-800d", "more numbers than pixels that vary, and no bend: it copies and has learned nothing",
        "mnist", "linear", 800, {}, _UNDECAYED, "Linear copier, 800 numbers", codes=False,
    ),
    ZooEntry(
        "mnist-relu-800d", "800 units that bend, and nothing that keeps them from copying", "mnist", "linear", 800, {},
        {**_UNDECAYED, "k": 800}, "ReLU code, 800 numbers", penalty="k-sparse", codes=False,
    ),
    ZooEntry(
        "mnist-sparse-800d", "800 units, 25 at a time: parts of digits", "mnist", "linear", 800, {},
        {**_UNDECAYED, "k": 25}, "Sparse code, 25 of 800 numbers", penalty="k-sparse", codes=False,
    ),
    ZooEntry("mnist-conv-2d", "convolutions, two numbers", "mnist", "conv", 2, _SMALL_CONV, _PLAIN),
    ZooEntry("mnist-conv-3d", "convolutions, three numbers", "mnist", "conv", 3, _SMALL_CONV, _PLAIN),
    ZooEntry("fashion-conv-2d", "convolutions, two numbers", "fashion-mnist", "conv", 2, _SMALL_CONV, _PLAIN),
    ZooEntry(
        "mnist-published-30d", "the network of 2006, trained as one trains today", "mnist", "published", 30, {},
        {**_PLAIN, "shift": 1}, codes=False,
    ),
    ZooEntry(
        "mnist-logistic-pca-30d", "PCA for pixels between 0 and 1, as Hinton & Salakhutdinov compared with", "mnist",
        "linear", 30, {"output": "sigmoid"}, {**_UNDECAYED, "loss": "bce"}, "Logistic PCA, 30 numbers", codes=False,
    ),
    ZooEntry(
        "fashion-conv-30d", "what thirty numbers keep", "fashion-mnist", "conv", 30, _CONV_30,
        {**_CONV_30_TRAINING, "epochs": 15, "threads": 1}, codes=False,
    ),
    ZooEntry("lesson-courses", "linear autoencoders becoming PCA", "mnist", "courses", 2),
    ZooEntry("lesson-maps", "data of known structure, mapped with other settings", "mnist", "structures", 2),
    *(
        ZooEntry(f"{dataset}-scores-{dim}d", "what Compare opens with", dataset, "scores", dim)
        for dataset in ("mnist", "fashion-mnist")
        for dim in (2, 3)
    ),
)  # fmt: skip


def is_built(entry: ZooEntry) -> bool:
    """Say whether an entry of the zoo is there. Delete the folder of scores when a run or a map has changed."""
    if entry.kind == "scores":
        return (shipped_scores() / entry.id).is_dir()
    if entry.kind == "courses":
        return linear_courses.is_built()
    if entry.kind == "structures":
        return known_structures.is_built()
    if entry.kind in PROJECTIONS and entry.kind != "pca":
        return (maps.shipped_embeddings() / f"{entry.id}.json").is_file()
    return entry.id in shipped_runs()


def build(only: list[str], progress: Callable[[str], Progress]) -> list[str]:
    """Build the entries named in ``only`` (all of them if it is empty) that are not there; return their ids.

    It can be stopped and started again: what is there is kept. ``progress(id)`` gives each entry its callback.
    """
    known = {entry.id for entry in ZOO}
    for name in only:
        if name not in known:
            raise UserError(f"unknown zoo entry '{name}': choose from {', '.join(sorted(known))}")
    built = []
    for entry in ZOO:
        if (not only or entry.id in only) and not is_built(entry):
            _build(entry, progress(entry.id))
            built.append(entry.id)
    return built


def _score(entry: ZooEntry, progress: Progress) -> None:
    """Score what Compare opens with, so that a first visit computes nothing."""
    store = shipped_runs()
    runs = [(store, record) for record in store.list()[0] if record.dataset.name == entry.dataset]
    chosen, others = lineup(runs, entry.dataset, entry.dim)
    folder = shipped_scores() / entry.id
    compare(
        entry.dataset,
        with_siblings(chosen, runs),
        others,
        Scoring(dim=entry.dim, variant="full"),
        threads=every_core(),
        keep_in=folder,
        progress=progress,
    )


def _build(entry: ZooEntry, progress: Progress) -> None:
    variant: Variant = "bundled" if entry.dataset == "digits" else "full"
    if entry.kind in PROJECTIONS and entry.kind != "pca":
        embedding = project(entry.kind, entry.dataset, entry.dim, variant=variant, progress=progress)
        maps.save(embedding, maps.shipped_embeddings(), entry.id)
    elif entry.kind == "scores":
        _score(entry, progress)
    elif entry.kind == "courses":
        linear_courses.build_courses(progress)
    elif entry.kind == "structures":
        known_structures.build_maps(progress)
    elif entry.kind == "pca":
        splits = datasets.load(entry.dataset, variant)
        fit_pca(splits, entry.dim, store=shipped_runs(), run_id=entry.id, keep_codes=entry.codes, purpose=entry.purpose)
    else:
        order = TrainRequest.of(
            entry.kind,
            entry.dataset,
            corruption=entry.corruption,
            penalty=entry.penalty,
            variant=variant,
            name=entry.title,
            settings={"latent_dim": entry.dim, **entry.model, **entry.training},
        )
        place = Destination(shipped_runs(), entry.id, shipped=True, keep_codes=entry.codes, purpose=entry.purpose)
        train(order, progress, to=place)
