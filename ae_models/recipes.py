"""The sentences: train this on that, fit that map, decode this point. Each composes rooms and knows no interface.

Values in, values out: progress is a callback, results are records. Heavy rooms are imported inside the functions.
"""

from __future__ import annotations

import io
import json
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from ae_models import datasets, errors, places
from ae_models.autoencoders import ARCHITECTURES, PENALTIES, check
from ae_models.base import Embedding, FloatArray, ImageDataset, Mistake, Progress, Splits
from ae_models.config import Config, Design, NoConfig, PCAConfig, TrainConfig, Variant
from ae_models.corruptions import CORRUPTIONS
from ae_models.corruptions import corruption as make_corruption
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
    unfinished_runs,
)

if TYPE_CHECKING:
    from ae_models.training.checkpoint import Checkpoint
    from ae_models.training.fit import Fitted

STORED_CODE_DIMS = 64  # codes up to this size are kept with the run: a page then never encodes


@dataclass(frozen=True)
class TrainOrder:
    """What to train: checked in full before anything heavy is imported."""

    design: Design
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
        corruption: str = "none",
        penalty: str = "none",
        variant: Variant = "auto",
        name: str = "",
        settings: dict[str, Any] | None = None,
    ) -> TrainOrder:
        """Check names and settings, and whether they go together; a bad one raises ``Mistake``.

        ``settings`` are those of the model, the corruption, the penalty and the training in one; where two of them
        share a name (``strength``, say), it goes to the first that has it, in this order.
        """
        source = datasets.source(dataset)
        chosen = source.resolve(variant)
        if len(name) > 120:
            raise Mistake(f"name must have at most 120 characters: got {len(name)}")
        kinds = ((ARCHITECTURES, model), (CORRUPTIONS, corruption), (PENALTIES, penalty))
        classes = [registry.entry(choice).config or NoConfig for registry, choice in kinds]
        model_config, corruption_config, penalty_config, training = split_settings(
            [*classes, TrainConfig], settings or {}
        )
        design = Design(model, model_config, corruption, corruption_config, penalty, penalty_config)
        assert isinstance(training, TrainConfig)  # split_settings keeps the order of the classes
        corrupted = make_corruption(corruption, corruption_config)
        target = corrupted.target_shape(source.shape)
        corrupted.input_shape(source.shape)
        check(design, training, corrupted.input_shape(source.shape), target)
        return cls(design, training, dataset, chosen, name)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values that ``from_dict`` reads."""
        design = self.design
        return {
            "model": design.model,
            "dataset": self.dataset,
            "corruption": design.corruption,
            "penalty": design.penalty,
            "variant": self.variant,
            "name": self.name,
            "parts": [
                part.model_dump(mode="json")
                for part in (design.model_config, design.corruption_config, design.penalty_config, self.training)
            ],
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TrainOrder:
        """Read what ``to_dict`` gave, with every check."""
        parts = values["parts"]
        plain = cls.of(
            values["model"],
            values["dataset"],
            corruption=values["corruption"],
            penalty=values["penalty"],
            variant=values["variant"],
            name=values["name"],
            settings={**parts[0], "seed": parts[3]["seed"]},
        )
        design = Design(
            plain.design.model,
            plain.design.model_config,
            plain.design.corruption,
            type(plain.design.corruption_config).of(**parts[1]),
            plain.design.penalty,
            type(plain.design.penalty_config).of(**parts[2]),
        )
        return cls(design, TrainConfig.of(**parts[3]), plain.dataset, plain.variant, plain.name)


def split_settings(classes: list[type[Config]], settings: dict[str, Any]) -> list[Config]:
    """Return one config of each class from settings in one; an unknown one raises ``Mistake`` with the choices."""
    shares: list[dict[str, Any]] = [{} for _ in classes]
    for key, value in settings.items():
        for share, config_class in zip(shares, classes, strict=True):
            if key in config_class.model_fields:
                share[key] = value
                break
        else:
            known = dict.fromkeys(field for config_class in classes for field in config_class.model_fields)
            raise Mistake(f"unknown setting '{key}': choose from {', '.join(known)}")
    return [config_class.of(**share) for config_class, share in zip(classes, shares, strict=True)]


def train(
    order: TrainOrder,
    progress: Progress | None = None,
    *,
    store: RunStore | None = None,
    run_id: str | None = None,
    shipped: bool = False,
    should_stop: Callable[[], bool] | None = None,
) -> RunRecord:
    """Train an autoencoder, score it on held-out images, write a run; return its record.

    After each epoch a checkpoint is kept, so that ``resume`` can go on where this ended.

    Parameters
    ----------
    order : TrainOrder
    progress : callable, optional
        Told the share done and a line after each epoch.
    store, run_id, shipped
        Where to write, under which id; ``shipped`` rounds the weights to float16 before scoring and leaves out
        ``weights.safetensors``.
    should_stop : callable, optional
        Asked before each batch; when it says so, ``Interrupted`` is raised.
    """
    slug = order.name or f"{order.dataset}-{order.design.model}-{order.design.latent_dim}d"
    return _train(order, run_id or new_id(slug), None, progress, store or own_runs(), shipped, should_stop)


def resume(
    run_id: str, progress: Progress | None = None, *, should_stop: Callable[[], bool] | None = None
) -> RunRecord:
    """Go on with an interrupted training from its last whole epoch; the result is that of an unbroken one."""
    from ae_models.training.checkpoint import Checkpoint

    order, content = unfinished_runs().read(run_id)
    checkpoint = Checkpoint.from_bytes(content)
    return _train(TrainOrder.from_dict(order), run_id, checkpoint, progress, own_runs(), False, should_stop)


class Interrupted(Exception):
    """Training was asked to stop. ``run_id`` can be resumed if at least one epoch was done."""

    def __init__(self, run_id: str, epochs: int) -> None:
        super().__init__(run_id)
        self.run_id, self.epochs = run_id, epochs


def _train(
    order: TrainOrder,
    run_id: str,
    checkpoint: Checkpoint | None,
    progress: Progress | None,
    store: RunStore,
    shipped: bool,
    should_stop: Callable[[], bool] | None,
) -> RunRecord:
    from ae_models.training.fit import Stopped, fit

    places.writable(store.root)
    splits = datasets.load(order.dataset, order.variant)
    n_epochs, kept = order.training.epochs, unfinished_runs()
    done = 0 if checkpoint is None else len(checkpoint.history)

    def told(row: dict[str, float], made: Checkpoint) -> None:
        nonlocal done
        done = round(row["epoch"])
        if done < n_epochs:
            kept.write(run_id, order.to_dict(), made.to_bytes())
        if progress:
            progress(
                done / n_epochs,
                f"epoch {done} of {n_epochs}: train {row['train_reconstruction']:.2f}, "
                f"held-out SSE {row['heldout_sse']:.2f}",
            )

    try:
        fitted = fit(
            order.design, order.training, splits.train, splits.heldout, told, should_stop=should_stop, resume=checkpoint
        )
    except Stopped:
        raise Interrupted(run_id, done) from None
    record = {
        **_about_data(splits),
        "id": run_id,
        "title": order.name or _title(order.design),
        "origin": "shipped" if shipped else "local",
        **_about_training(order, fitted),
    }
    files = _files(fitted, shipped)
    written = _write_scored(store, record, files, splits.heldout)
    kept.remove(run_id)
    if not shipped:
        for k in sorted({2, 3, order.design.latent_dim}):
            if k <= min(len(splits.train), int(np.prod(splits.train.shape))):
                fit_pca(splits, k)
    return written


def _files(fitted: Fitted, shipped: bool) -> dict[str, bytes]:
    """Return what a finished training leaves in its folder."""
    from safetensors.torch import save as safetensors_bytes

    from ae_models.training.export import export, round_to_half, stored_as_half

    if shipped:
        round_to_half(fitted.model)
    encoder, decoder = export(fitted.model)
    files = {"encoder.onnx": encoder, "decoder.onnx": decoder}
    if shipped:
        files = {name: stored_as_half(graph) for name, graph in files.items()}
    else:
        files["weights.safetensors"] = safetensors_bytes(fitted.model.state_dict())
    files["history.json"] = json.dumps(fitted.history, indent=0).encode()
    if fitted.snapshots:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **fitted.snapshots)
        files["snapshots.npz"] = buffer.getvalue()
    return files


def _about_training(order: TrainOrder, fitted: Fitted) -> dict[str, Any]:
    design = order.design
    return {
        "model": {"name": design.model, "config": design.model_config.model_dump(mode="json")},
        "corruption": {"name": design.corruption, "config": design.corruption_config.model_dump(mode="json")},
        "penalty": {"name": design.penalty, "config": design.penalty_config.model_dump(mode="json")},
        "training": {**order.training.model_dump(mode="json"), "loss": design.loss(order.training)},
        "seed": order.training.seed,
        "latent_dim": design.latent_dim,
        "input_shape": fitted.model.input_shape,
        "output_shape": fitted.model.output_shape,
        "seconds": round(fitted.seconds, 2),
        "images_per_second": round(fitted.images_per_second, 1),
        "n_parameters": sum(parameter.numel() for parameter in fitted.model.parameters()),
        "device": fitted.device,
        "threads": fitted.threads,
        "versions": _versions("torch", "pytorch-lightning", "onnxruntime", "numpy"),
    }


def _title(design: Design) -> str:
    title = f"{ARCHITECTURES.entry(design.model).title}, {_numbers(design.latent_dim)}"
    extras = [
        registry.entry(name).title.lower()
        for registry, name in ((CORRUPTIONS, design.corruption), (PENALTIES, design.penalty))
        if name != "none"
    ]
    return ", ".join([title, *extras])


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
    """Score the graphs that will be served on held-out images, and write the run.

    A run whose input was corrupted in training is scored on inputs corrupted the same way (seed 0), against the
    clean target; ``test.input`` says so.
    """
    graphs = InMemory(files["encoder.onnx"], files["decoder.onnx"])
    choice = record.get("corruption", {"name": "none", "config": {}})
    config_class = CORRUPTIONS.entry(choice["name"]).config or NoConfig
    corrupted = make_corruption(choice["name"], config_class.of(**choice["config"]))
    total, codes = 0.0, []
    for start in range(0, len(heldout), 1000):
        rows = slice(start, start + 1000)
        labels = None if heldout.labels is None else heldout.labels[rows]
        targets = corrupted.targets(heldout.images(rows), labels, heldout.ids[rows])
        found = graphs.encode(corrupted.inputs(targets, heldout.ids[rows], 0))
        codes.append(found)
        total += errors.sse(targets, graphs.decode(found)) * len(targets)
    sse = total / len(heldout)
    if record["latent_dim"] <= STORED_CODE_DIMS:
        buffer = io.BytesIO()
        np.savez(buffer, codes=np.concatenate(codes), ids=heldout.ids)
        files = {**files, "codes.npz": buffer.getvalue()}
    test = {
        "sse": round(sse, 5),
        "mse": round(sse / float(np.prod(record["output_shape"])), 7),
        "n": len(heldout),
        "input": "clean" if choice["name"] == "none" else "corrupted",
    }
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
