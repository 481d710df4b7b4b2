"""What a finished training leaves in its folder: its files, and what its record says of it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from ae_models.autoencoders import ARCHITECTURES, PENALTIES, Design
from ae_models.base import Splits, UserError
from ae_models.corruptions import CORRUPTIONS
from ae_models.recipes.train_request import TrainRequest
from ae_models.runs import RunRecord
from ae_models.runs.scoring import numbers, versions
from ae_models.runs.serving import find_run

if TYPE_CHECKING:
    from ae_models.training.fit import Fitted


def slug(order: TrainRequest) -> str:
    """Return what the id of an order's run begins with."""
    return order.name or f"{order.dataset}-{order.design.model}-{order.design.latent_dim}d"


def files(fitted: Fitted, shipped: bool) -> dict[str, bytes]:
    """Return what a finished training leaves in its folder."""
    from safetensors.torch import save as safetensors_bytes

    from ae_models.training.export import export, round_to_half, stored_as_half

    if shipped:
        round_to_half(fitted.model)
    encoder, decoder = export(fitted.model)
    content = {"encoder.onnx": encoder, "decoder.onnx": decoder}
    if shipped:
        content = {name: stored_as_half(graph) for name, graph in content.items()}
    else:
        content["weights.safetensors"] = safetensors_bytes(fitted.model.state_dict())
    content["history.json"] = json.dumps(fitted.history, indent=0).encode()
    if fitted.snapshots:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **fitted.snapshots)
        content["snapshots.npz"] = buffer.getvalue()
    return content


def about_training(order: TrainRequest, fitted: Fitted) -> dict[str, Any]:
    """Return what a record says of the network and its training."""
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


def title(design: Design) -> str:
    """Return what a run of this design is called."""
    first = f"{ARCHITECTURES.entry(design.model).title}, {numbers(design.latent_dim)}"
    extras = [
        registry.entry(name).title.lower()
        for registry, name in ((CORRUPTIONS, design.corruption), (PENALTIES, design.penalty))
        if name != "none"
    ]
    return ", ".join([first, *extras])


def epochs_of(record: RunRecord) -> float:
    """Return how many epochs made a run's weights, those of the runs it was trained on from among them."""
    own = record.stopped.epoch if record.stopped else float(record.training.get("epochs", 0))
    return own + (record.parent.epochs if record.parent else 0.0)


def starting_weights(run_id: str, splits: Splits) -> Any:
    """Return a run's weights, by name, to train on from; ``UserError`` when they are none for these images."""
    from safetensors import SafetensorError
    from safetensors.torch import load

    store, record = find_run(run_id)
    if record.dataset.fitted_on.digest != splits.train.digest:
        raise UserError(
            f"run '{run_id}' was trained on other images than the {splits.variant} {splits.train.name} here"
        )
    try:
        return load(store.file(record, "weights.safetensors"))
    except SafetensorError:
        raise UserError(f"run '{run_id}' is damaged: weights.safetensors cannot be read") from None
