"""The sentences: train this on that, fit that map, decode this point. Each composes rooms and knows no interface.

Values in, values out: progress is a callback, results are records. Heavy rooms are imported inside the functions.
"""

from __future__ import annotations

import io
import json
import platform
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np

from ae_models import datasets, errors, places
from ae_models.autoencoders import ARCHITECTURES
from ae_models.base import Embedding, FloatArray, ImageDataset, Mistake, Progress, Splits
from ae_models.config import Config, PCAConfig, TrainConfig, Variant
from ae_models.projections import PROJECTIONS
from ae_models.projections import store as maps
from ae_models.runs import (
    Graphs,
    InMemory,
    RunRecord,
    RunStore,
    linear_graphs,
    new_id,
    own_runs,
    pca_runs,
    shipped_runs,
)

STORED_CODE_DIMS = 64  # codes up to this size are kept with the run: a page then never encodes


@dataclass(frozen=True)
class TrainOrder:
    """What to train: checked in full before anything heavy is imported."""

    model: str
    model_config: Config
    training: TrainConfig
    dataset: str
    variant: Variant = "auto"
    name: str = ""

    @classmethod
    def of(
        cls,
        model: str,
        dataset: str,
        *,
        variant: Variant = "auto",
        name: str = "",
        model_settings: dict[str, Any] | None = None,
        training_settings: dict[str, Any] | None = None,
    ) -> TrainOrder:
        """Check names and settings; a bad one raises ``Mistake``."""
        entry = ARCHITECTURES.entry(model)
        datasets.source(dataset).resolve(variant)
        if entry.config is None:
            raise ValueError(f"architecture '{model}' has no config class")
        if len(name) > 120:
            raise Mistake(f"name must have at most 120 characters: got {len(name)}")
        model_config = entry.config.of(**(model_settings or {}))
        return cls(model, model_config, TrainConfig.of(**(training_settings or {})), dataset, variant, name)


def train(
    order: TrainOrder,
    progress: Progress | None = None,
    *,
    store: RunStore | None = None,
    run_id: str | None = None,
    shipped: bool = False,
) -> RunRecord:
    """Train an autoencoder, score it on held-out images, write a run; return its record.

    Parameters
    ----------
    order : TrainOrder
    progress : callable, optional
        Told the share done and a line after each epoch.
    store, run_id, shipped
        Where to write, under which id; ``shipped`` rounds the weights to float16 before scoring and leaves out
        ``weights.safetensors``.
    """
    from safetensors.torch import save as safetensors_bytes

    from ae_models.training.export import export, round_to_half, stored_as_half
    from ae_models.training.fit import fit

    store = store or own_runs()
    places.writable(store.root)
    splits = datasets.load(order.dataset, order.variant)
    n_epochs = order.training.epochs

    def told(row: dict[str, float]) -> None:
        if progress:
            progress(
                row["epoch"] / n_epochs,
                f"epoch {row['epoch']:.0f} of {n_epochs}: train SSE {row['train_sse']:.2f}, "
                f"held-out {row['heldout_sse']:.2f}",
            )

    fitted = fit(order.model, order.model_config, order.training, splits.train, splits.heldout, told)
    if shipped:
        round_to_half(fitted.model)
    encoder, decoder = export(fitted.model)
    files = {"encoder.onnx": encoder, "decoder.onnx": decoder}
    if shipped:
        files = {name: stored_as_half(graph) for name, graph in files.items()}
    else:
        files["weights.safetensors"] = safetensors_bytes(fitted.model.state_dict())
    files["history.json"] = json.dumps(fitted.history, indent=0).encode()

    latent_dim = int(order.model_config.model_dump()["latent_dim"])
    slug = order.name or f"{order.dataset}-{order.model}-{latent_dim}d"
    record = {
        **_about_data(splits),
        "id": run_id or new_id(slug),
        "title": order.name or f"{ARCHITECTURES.entry(order.model).title}, {_numbers(latent_dim)}",
        "origin": "shipped" if shipped else "local",
        "model": {"name": order.model, "config": order.model_config.model_dump(mode="json")},
        "training": order.training.model_dump(mode="json"),
        "seed": order.training.seed,
        "latent_dim": latent_dim,
        "seconds": round(fitted.seconds, 2),
        "images_per_second": round(fitted.images_per_second, 1),
        "n_parameters": sum(parameter.numel() for parameter in fitted.model.parameters()),
        "device": fitted.device,
        "threads": fitted.threads,
        "versions": _versions("torch", "pytorch-lightning", "onnxruntime", "numpy"),
    }
    written = _write_scored(store, record, files, splits.heldout)
    if not shipped:
        for k in sorted({2, 3, latent_dim}):
            if k <= min(len(splits.train), int(np.prod(splits.train.shape))):
                fit_pca(splits, k)
    return written


def fit_pca(splits: Splits, k: int, *, store: RunStore | None = None, run_id: str | None = None) -> RunRecord:
    """Fit exact PCA on the training rows and keep it as a run folder, so that it is served like an autoencoder.

    One that was fitted on these rows before is returned as it is.
    """
    from ae_models.projections.pca import PCA

    found = find_pca(splits.train.name, splits.train.digest, k)
    if found and store is None:
        return found[1]
    start = time.perf_counter()
    pca = PCA(PCAConfig.of(n_components=k)).fit(_flat(splits.train))
    encoder, decoder = linear_graphs(pca.mean, pca.components, splits.train.shape)
    record = {
        **_about_data(splits),
        "id": run_id or f"{splits.train.name}-pca-{k}d-{splits.train.digest[:6]}",
        "title": f"PCA, {_numbers(k)}",
        "origin": "shipped" if store else "local",
        "model": {"name": "pca", "config": {"n_components": k}},
        "latent_dim": k,
        "seconds": round(time.perf_counter() - start, 2),
        "n_parameters": pca.components.size + pca.mean.size,
        "versions": _versions("scikit-learn", "onnxruntime", "numpy"),
        "explained_variance": [round(float(share), 6) for share in pca.explained],
    }
    files = {"encoder.onnx": encoder, "decoder.onnx": decoder}
    return _write_scored(store or pca_runs(), record, files, splits.heldout)


def find_pca(dataset: str, fitted_digest: str, k: int) -> tuple[RunStore, RunRecord] | None:
    """Return the stored PCA of ``k`` components that was fitted on the rows of this digest, or None."""
    candidates = (
        (shipped_runs(), f"{dataset}-pca-{k}d"),
        (pca_runs(), f"{dataset}-pca-{k}d-{fitted_digest[:6]}"),
    )
    for store, run_id in candidates:
        if run_id in store:
            try:
                record = store.read(run_id)
            except Mistake:
                continue
            if record.dataset.fitted_on.digest == fitted_digest:
                return store, record
    return None


def find_run(run_id: str) -> tuple[RunStore, RunRecord]:
    """Return a run by its id, shipped or own; an unknown id raises ``Mistake`` with the choices."""
    stores = (shipped_runs(), own_runs(), pca_runs())
    for store in stores:
        if run_id in store:
            return store, store.read(run_id)
    known = [known_id for store in stores[:2] for known_id in store.ids()]
    raise Mistake(f"unknown run '{run_id}': choose from {', '.join(known) or 'none yet'}")


def heldout_of(record: RunRecord) -> ImageDataset:
    """Return the rows that a run never saw, after checking by digest that they are the rows it was scored on."""
    rows = datasets.heldout(record.dataset.name, record.dataset.variant)
    if rows.digest != record.dataset.scored_on.digest:
        raise Mistake(
            f"run '{record.id}' was scored on other images than the {record.dataset.variant} "
            f"{record.dataset.name} that is here (digest {rows.digest[:12]}, not "
            f"{record.dataset.scored_on.digest[:12]})"
        )
    return rows


def stored_codes(store: RunStore, record: RunRecord) -> FloatArray | None:
    """Return the codes ``(n, latent_dim)`` of the held-out rows, if the run keeps them."""
    if "codes.npz" not in record.files:
        return None
    try:
        with np.load(io.BytesIO(store.file(record, "codes.npz")), allow_pickle=False) as arrays:
            codes: FloatArray = arrays["codes"].astype(np.float32)
    except (ValueError, KeyError, OSError) as error:
        raise Mistake(f"run '{record.id}' is damaged: codes.npz cannot be read ({type(error).__name__})") from None
    return codes


def codes_of(store: RunStore, record: RunRecord, images: ImageDataset) -> FloatArray:
    """Return the codes ``(n, latent_dim)`` of a data set's images: the stored ones where they are these rows."""
    if images.digest == record.dataset.scored_on.digest:
        kept = stored_codes(store, record)
        if kept is not None:
            return kept
    return Graphs(store, record).encode(images.images())


def project(
    method: str,
    dataset: str,
    dim: int,
    *,
    variant: Variant = "auto",
    settings: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> Embedding:
    """Fit a map on the training rows and let it transform the held-out ones; keep the points.

    A map that was fitted before with the same parameters on the same data is read, not fitted again.
    """
    entry = PROJECTIONS.entry(method)
    if entry.config is None:
        raise ValueError(f"projection '{method}' has no config class")
    config: Config = entry.config.of(**{"n_components": dim, **(settings or {})})
    say: Progress = progress or (lambda share, line: None)
    splits = datasets.load(dataset, variant)
    projection_class = PROJECTIONS.load(method)
    values = config.model_dump(mode="json")
    name = maps.key(method, values, splits.train.digest, splits.heldout.digest)
    for folder in (maps.own_embeddings(), maps.shipped_embeddings()):
        if (folder / f"{name}.json").is_file():
            return maps.load(folder, name)

    say(0.0, f"fitting {method} on {len(splits.train):,} images")
    start = time.perf_counter()
    fitted = projection_class(config).fit(_flat(splits.train))
    say(0.7, f"placing {len(splits.heldout):,} held-out images")
    embedding = Embedding(
        points=fitted.transform(_flat(splits.heldout)),
        ids=splits.heldout.ids,
        method=method,
        config=values,
        version=projection_class.version(),
        dataset=dataset,
        fitted_on=_rows("train", splits.train) | {"variant": splits.variant},
        scored_on=_rows("heldout", splits.heldout) | {"variant": splits.variant},
        seconds=round(time.perf_counter() - start, 2),
    )
    maps.save(embedding, maps.own_embeddings(), name)
    say(1.0, "done")
    return embedding


def decode_point(run_id: str, at: list[float]) -> tuple[RunRecord, FloatArray]:
    """Return a run's record and the image ``(c, h, w)`` it draws from the code ``at``; not clipped."""
    store, record = find_run(run_id)
    codes = np.array([at], np.float32)
    if not np.isfinite(codes).all():
        raise Mistake(f"--at takes finite numbers: got {' '.join(str(value) for value in at)}")
    return record, Graphs(store, record).decode(codes)[0]


def _write_scored(store: RunStore, record: dict[str, Any], files: dict[str, bytes], heldout: ImageDataset) -> RunRecord:
    """Score the graphs that will be served, on clean held-out images, and write the run."""
    graphs = InMemory(files["encoder.onnx"], files["decoder.onnx"])
    images = heldout.images()
    codes = graphs.encode(images)
    found = errors.sse(images, graphs.decode(codes))
    if record["latent_dim"] <= STORED_CODE_DIMS:
        buffer = io.BytesIO()
        np.savez(buffer, codes=codes, ids=heldout.ids)
        files = {**files, "codes.npz": buffer.getvalue()}
    test = {"sse": round(found, 5), "mse": round(found / float(np.prod(heldout.shape)), 7), "n": len(heldout)}
    return store.write({**record, "test": test}, files)


def _about_data(splits: Splits) -> dict[str, Any]:
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "dataset": {
            "name": splits.train.name,
            "variant": splits.variant,
            "fitted_on": _rows("train", splits.train),
            "scored_on": _rows("heldout", splits.heldout),
        },
        "class_names": splits.train.class_names,
        "input_shape": splits.train.shape,
        "output_shape": splits.train.shape,
    }


def _rows(split: str, rows: ImageDataset) -> dict[str, Any]:
    return {"split": split, "n": len(rows), "digest": rows.digest}


def _flat(rows: ImageDataset) -> FloatArray:
    return rows.images().reshape(len(rows), -1)


def _numbers(k: int) -> str:
    return "1 number" if k == 1 else f"{k} numbers"


def _versions(*packages: str) -> dict[str, str]:
    return {"python": platform.python_version(), **{package: version(package) for package in packages}}
