"""Train this on that: the network, its score on held-out images, its run folder."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ae_models import datasets, places
from ae_models.base import Mistake, Progress, Splits
from ae_models.recipes.mapping import fit_pca
from ae_models.recipes.order import TrainOrder
from ae_models.recipes.scoring import about_data, versions, write_scored
from ae_models.runs import RunRecord, RunStore, new_id, own_runs, unfinished_runs

if TYPE_CHECKING:
    from ae_models.training.checkpoint import Checkpoint
    from ae_models.training.fit import Fitted


def train(
    order: TrainOrder,
    progress: Progress | None = None,
    *,
    store: RunStore | None = None,
    run_id: str | None = None,
    shipped: bool = False,
    keep_codes: bool = True,
    purpose: str = "",
    should_stop: Callable[[], bool] | None = None,
) -> RunRecord:
    """Train an autoencoder, score it on held-out images, write a run; return its record.

    After each epoch a checkpoint is kept, so that ``resume`` can go on where this ended.

    Parameters
    ----------
    order : TrainOrder
    progress : callable, optional
        Told the share done and a line after each epoch.
    store, run_id, shipped, keep_codes, purpose
        Where to write, under which id; ``shipped`` rounds the weights to float16 before scoring and leaves out
        ``weights.safetensors``; ``purpose`` stands on the card; without ``keep_codes``
        the codes of held-out images are made when they are needed.
    should_stop : callable, optional
        Asked before each batch; when it says so, ``Interrupted`` is raised.
    """
    slug = order.name or f"{order.dataset}-{order.design.model}-{order.design.latent_dim}d"
    run_id = run_id or new_id(slug)
    return _train(order, run_id, None, progress, store or own_runs(), shipped, should_stop, keep_codes, purpose)


def resume(
    run_id: str, progress: Progress | None = None, *, should_stop: Callable[[], bool] | None = None
) -> RunRecord:
    """Go on with an interrupted training from its last whole epoch; the result is that of an unbroken one."""
    from ae_models.training.checkpoint import Checkpoint

    order, content = unfinished_runs().read(run_id)
    checkpoint = Checkpoint.from_bytes(content)
    try:
        again = TrainOrder.from_dict(order)
    except Mistake:
        raise
    except (KeyError, TypeError, ValueError):
        raise Mistake(f"interrupted run '{run_id}' is damaged: order.json cannot be read") from None
    return _train(again, run_id, checkpoint, progress, own_runs(), False, should_stop)


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
    keep_codes: bool = True,
    purpose: str = "",
) -> RunRecord:
    from ae_models.training.fit import Stopped, fit

    places.writable(store.root)
    splits = _chosen_rows(datasets.load(order.dataset, order.variant), order.training.n_images)
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
        **about_data(splits),
        "id": run_id,
        "title": order.title,
        "origin": "shipped" if shipped else "local",
        "purpose": purpose,
        **_about_training(order, fitted),
    }
    files = _files(fitted, shipped)
    written = write_scored(store, record, files, splits.heldout, keep_codes=keep_codes)
    kept.remove(run_id)
    if not shipped:
        for k in sorted({2, 3, order.design.latent_dim}):
            if k <= min(len(splits.train), int(np.prod(splits.train.shape))):
                fit_pca(splits, k)
    return written


def _chosen_rows(splits: Splits, n_images: int) -> Splits:
    if n_images > len(splits.train):
        raise Mistake(f"n_images must be at most {len(splits.train):,}, the training images here: got {n_images:,}")
    if not n_images:
        return splits
    return Splits(splits.train.take(np.arange(n_images)), splits.heldout, splits.variant)


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
        "versions": versions("torch", "pytorch-lightning", "onnxruntime", "numpy"),
    }
