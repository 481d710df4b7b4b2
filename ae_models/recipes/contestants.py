"""Who takes part in a comparison: a run or a fitted map, with its points, its drawings and what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ae_models import datasets
from ae_models.base import Embedding, FloatArray, ImageDataset, Progress, UserError
from ae_models.base.config import Config, Variant
from ae_models.base.squared_errors import squared_errors
from ae_models.kinds import kind_of
from ae_models.projections import PROJECTIONS
from ae_models.projections import store as maps
from ae_models.recipes.comparison import Costs, Row
from ae_models.recipes.linear_directions import decoder_directions, pca_directions
from ae_models.recipes.mapping import fit_pca, project
from ae_models.runs import Graphs, RunRecord, RunStore, shipped_runs
from ae_models.runs.scoring import flat, in_parts, rows_record, seen_and_wanted
from ae_models.runs.serving import codes_of, find_pca, find_run, heldout_of

TIMED_IMAGES = 1_000


@dataclass(frozen=True, eq=False)
class Contestant:
    """One method and what it made of the scored images; ``row`` says who it is, without any figure as yet.

    ``points`` are ``(n, d)``. ``drawn_by`` names what its drawings depend on, nothing where it draws none; ``draw``
    gives them; ``errors_on`` its squared errors on other images; ``directions`` what its decoder adds per unit of each
    code beside PCA's, or raises ``UserError``; ``timed`` the seconds it takes to encode 1,000 images, None where nobody
    measured it. Runs of one ``family`` differ only in their seed.
    """

    row: Row
    points: FloatArray
    timed: Callable[[], float | None]
    drawn_by: str = ""
    draw: Callable[[], FloatArray] | None = None
    errors_on: Callable[[ImageDataset], FloatArray] | None = None
    directions: Callable[[], tuple[FloatArray, FloatArray]] | None = None
    family: str = ""
    run_id: str = ""
    why_not: dict[str, str] = field(default_factory=dict)


def scored_images(
    dataset: str, runs: Sequence[RunRecord], projections: Sequence[str], dim: int, variant: Variant
) -> tuple[ImageDataset, Variant, Variant]:
    """Return the images to score on, which nothing here was fitted on; which they are; and what maps are fitted on.

    Maps are fitted on the full training file where every run was and where that is here or was used before, and on the
    bundled images otherwise: what is compared had the same to learn from. ``auto`` scores on the whole test file in the
    first case, and on the held-out fifth of the bundled images in the other.
    """
    own = [record for record in runs if record.dataset.variant == "bundled"]
    if variant == "full" and own:
        raise UserError(
            f"run '{own[0].id}' was fitted on bundled images, some of which the full set scores on: "
            "leave out --variant full"
        )
    fitted: Variant = "bundled" if own else "full" if variant == "full" else _widest(dataset, runs, projections, dim)
    scored = fitted if variant == "auto" else variant
    images = datasets.heldout(dataset, scored)
    for record in runs:
        if record.dataset.variant == scored:
            heldout_of(record)  # checks that these are the images it never saw
    return images, scored, fitted


def _widest(dataset: str, runs: Sequence[RunRecord], projections: Sequence[str], dim: int) -> Variant:
    """Return ``full`` where all maps were fitted on the full training file before, or it is here."""
    source = datasets.source(dataset)
    try:
        return source.resolve("full")
    except UserError:
        pass
    try:
        test = datasets.heldout(dataset, "full")
    except UserError:
        return source.resolve("auto")
    there = (
        _shipped_pca(dataset, dim, "full") if name == "pca" else stored_map(name, dataset, dim, test, "full")
        for name in projections
    )
    return "full" if all(found is not None for found in there) else source.resolve("auto")


def runs_of(ids: Sequence[str], dataset: str) -> list[tuple[RunStore, RunRecord]]:
    """Return the runs of these ids, each once; ``UserError`` for an unknown one or one of another data set."""
    found = [find_run(run_id) for run_id in dict.fromkeys(ids)]
    for _, record in found:
        if record.dataset.name != dataset:
            raise UserError(f"run '{record.id}' is of {record.dataset.name}: --dataset must be that, got {dataset}")
    return found


def of_run(store: RunStore, record: RunRecord, images: ImageDataset, *, kind: str = "run") -> Contestant:
    """Return a run as a contestant; its points are its codes, whatever their size."""
    graphs, codes, training = Graphs(store, record), codes_of(store, record, images), _training(record)
    return Contestant(
        _row_of(record, images, kind),
        codes,
        timed=lambda: _timed(graphs.encode, record, images),
        drawn_by=f"{record.files['decoder.onnx'].sha256} {record.corruption.model_dump_json()}",
        draw=lambda: graphs.decode(codes),
        errors_on=lambda others: _errors_on(graphs, record, others),
        directions=lambda: decoder_directions(graphs, record, codes),
        family=f"{record.model} {record.corruption} {record.penalty} {training} {record.dataset.fitted_on.digest}",
        run_id=record.id,
    )


def _training(record: RunRecord) -> dict[str, Any]:
    """Return the settings of a training that change its result, without the seed."""
    return {key: value for key, value in record.training.items() if key not in ("seed", "threads", "snapshots")}


def _row_of(record: RunRecord, images: ImageDataset, kind: str) -> Row:
    notes, is_pca = [], record.model.name == "pca"
    if record.latent_dim > 3:
        notes.append(f"its map figures are those of the code itself, {record.latent_dim} numbers")
    if record.corruption.name != "none":
        notes.append(f"it sees corrupted pictures ({record.corruption.name}) and is scored against clean ones")
    choices = {"corruption": record.corruption, "penalty": record.penalty}
    return Row(
        id=record.id if kind == "run" else f"pca-{record.latent_dim}d",
        method=record.model.name,
        title=record.title,
        kind=kind,
        latent_dim=record.latent_dim,
        seed=None if is_pca else record.seed,
        version=", ".join(f"{name} {number}" for name, number in record.versions.items() if name in _MAKERS),
        parameters={
            **record.model.config,
            **{key: choice.model_dump() for key, choice in choices.items() if choice.name != "none"},
            **_training(record),
        },
        fitted_on=record.dataset.fitted_on.model_dump() | {"variant": record.dataset.variant},
        scored_on=rows_record("heldout", images),
        costs=Costs(
            record.n_parameters or None,
            record.seconds,
            None,
            True,
            PROJECTIONS.load("pca").repeatable if is_pca else "same seed, same machine and threads",
            decodes=True,
        ),
        note="; ".join(notes),
    )


_MAKERS = ("torch", "scikit-learn", "keras", "jax")


def of_projection(
    name: str, dataset: str, dim: int, images: ImageDataset, variant: Variant, progress: Progress
) -> Contestant:
    """Return a baseline map fitted on ``variant`` as a contestant: read if it was fitted before, else fitted."""
    if name == "pca":
        found = _shipped_pca(dataset, dim, variant)
        if found is None:
            splits = datasets.load(dataset, variant)
            fit_pca(splits, dim)
            found = find_pca(dataset, splits.train.digest, dim)
        if found is None:
            raise UserError(f"the PCA of {dataset} in {dim} dimensions could not be kept and read again")
        return of_run(*found, images, kind="projection")
    embedding = stored_map(name, dataset, dim, images, variant)
    if embedding is None:
        embedding = project(name, dataset, dim, variant=variant, progress=progress)
        embedding = maps.cut(embedding, images.ids) or embedding
    return _of_embedding(embedding, images, variant)


def _of_embedding(embedding: Embedding, images: ImageDataset, variant: Variant) -> Contestant:
    entry, method, dim = PROJECTIONS.entry(embedding.method), embedding.method, embedding.points.shape[1]
    fitted, seconds = PROJECTIONS.load(method), embedding.transform_seconds
    speed = None if seconds is None else seconds * TIMED_IMAGES / max(int(embedding.scored_on["n"]), 1)
    fit_seconds = embedding.seconds if seconds is None else embedding.seconds - seconds
    n_parameters, made = _drawing(embedding, images, variant) if fitted.decodes else (None, {})
    why = f"{entry.title} cannot draw"
    made.setdefault("why_not", dict.fromkeys(("reconstructions", "other_errors", "directions"), why))
    decodes = "draw" in made
    row = Row(
        id=f"{method}-{dim}d",
        method=method,
        title=f"{entry.title}, {dim}-D",
        kind="projection",
        latent_dim=dim,
        seed=embedding.config.get("seed"),
        version=embedding.version,
        parameters=embedding.config,
        fitted_on=embedding.fitted_on,
        scored_on=rows_record("heldout", images),
        costs=Costs(
            n_parameters,
            fit_seconds,
            None,
            bool(fitted.repeatable),
            fitted.repeatable or "nobody has looked",
            decodes=decodes,
            new_images_note="" if decodes else "by fitting it again: only its points are kept",
        ),
    )
    return Contestant(row, embedding.points, timed=lambda: speed, **made)


def _drawing(embedding: Embedding, images: ImageDataset, variant: Variant) -> tuple[int | None, dict[str, Any]]:
    """Return how many numbers a map that decodes has, and what it offers beside its points.

    It is fitted again, which such maps do in a second.
    """
    entry = PROJECTIONS.entry(embedding.method)
    assert entry.config is not None  # every projection has one
    config: Config = entry.config.of(**embedding.config)
    train = datasets.load(embedding.dataset, variant).train
    if train.digest != embedding.fitted_on["digest"]:
        why = kind_of(images.shape).say("the {samples} it was fitted on are not here")
        return None, {"why_not": {"reconstructions": why}}
    fitted = PROJECTIONS.load(embedding.method)(config).fit(flat(train))

    def drawn(points: FloatArray) -> FloatArray:
        return np.asarray(fitted.inverse_transform(points).reshape(-1, *images.shape), np.float32)

    def directions() -> tuple[FloatArray, FloatArray]:
        k = embedding.points.shape[1]
        zero = np.zeros((1, k), np.float32)
        mine = fitted.inverse_transform(np.eye(k, dtype=np.float32)) - fitted.inverse_transform(zero)
        return mine, pca_directions(embedding.dataset, embedding.fitted_on["digest"], k)

    return int(fitted.components.size + fitted.mean.size), {
        "why_not": {},
        "drawn_by": maps.key(embedding.method, embedding.config, embedding.fitted_on["digest"], images.digest),
        "draw": lambda: drawn(embedding.points),
        "errors_on": lambda others: squared_errors(others.images(), drawn(fitted.transform(flat(others)))),
        "directions": directions,
    }


def stored_map(name: str, dataset: str, dim: int, images: ImageDataset, variant: str) -> Embedding | None:
    """Return a stored map with default settings, fitted on ``variant``, that shows these images; or None."""
    entry = PROJECTIONS.entry(name)
    if entry.config is None:
        return None
    values = entry.config.of(n_components=dim).model_dump(mode="json")
    for folder, key, about in maps.catalogue():
        if (about["method"], about["dataset"], about["config"]) != (name, dataset, values):
            continue
        if about["fitted_on"].get("variant") != variant:
            continue
        try:
            whole = maps.load(folder, key)
        except UserError:
            continue
        cut = maps.cut(whole, images.ids)
        if cut is not None:
            return cut
    return None


def _shipped_pca(dataset: str, dim: int, variant: str) -> tuple[RunStore, RunRecord] | None:
    store, run_id = shipped_runs(), f"{dataset}-pca-{dim}d"
    if run_id not in store:
        return None
    record = store.read(run_id)
    return (store, record) if record.dataset.variant == variant else None


def _errors_on(graphs: Graphs, record: RunRecord, others: ImageDataset) -> FloatArray:
    parts = in_parts(record.corruption, others)
    return np.concatenate([squared_errors(wanted, graphs.reconstruct(seen)) for _, seen, wanted in parts])


def _timed(encode: Callable[[FloatArray], FloatArray], record: RunRecord, images: ImageDataset) -> float:
    seen, _ = seen_and_wanted(record.corruption, images, slice(0, TIMED_IMAGES))
    encode(seen[:1])  # the session is made on first use
    start = time.perf_counter()
    encode(seen)
    return (time.perf_counter() - start) * TIMED_IMAGES / len(seen)
