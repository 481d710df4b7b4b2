"""Weights of our own architectures, from elsewhere, become a run."""

from __future__ import annotations

import json
import re
from typing import Any

from ae_models import datasets
from ae_models.base import Splits, UserError
from ae_models.datasets.readers.limits import LIMITS, size
from ae_models.datasets.readers.names import class_name, shown
from ae_models.recipes.imported_models import UNKNOWN, check_title, pca_beside
from ae_models.recipes.train_request import TrainRequest
from ae_models.runs import RunRecord, RunStore, new_id, own_runs
from ae_models.runs.scoring import about_data, numbers, versions, write_scored


def import_safetensors(
    content: bytes, config: dict[str, Any], name: str = "", *, dataset: str = "", store: RunStore | None = None
) -> RunRecord:
    """Load weights of one of our own architectures, export them, score them, and write a run.

    Parameters
    ----------
    content : bytes
        A safetensors file, as a run keeps it: the architecture's own names.
    config : dict
        A ``run.json``, or ``{"model", "dataset", "settings"}`` as for a training.

    Raises
    ------
    UserError
        When the file is damaged or too large, the configuration is none, or names and shapes do not fit it.
    """
    _check_header(content)
    order = order_of(config, dataset, name)
    splits = datasets.load(order.dataset, order.variant)
    fitted = _loaded(content, order, splits)
    from ae_models.training.export import export

    title = name or order.name or f"{order.design.model}, {numbers(order.design.latent_dim)}"
    check_title(title)
    encoder, decoder = export(fitted)
    design = order.design
    record = {
        **about_data(splits),
        "id": new_id(title),
        "title": class_name(title, 120),
        "origin": "imported",
        "purpose": UNKNOWN,
        "model": {"name": design.model, "config": design.model_config.model_dump(mode="json")},
        "corruption": {"name": design.corruption, "config": design.corruption_config.model_dump(mode="json")},
        "penalty": {"name": design.penalty, "config": design.penalty_config.model_dump(mode="json")},
        "latent_dim": design.latent_dim,
        "input_shape": fitted.input_shape,
        "output_shape": fitted.output_shape,
        "seconds": 0.0,
        "n_parameters": sum(parameter.numel() for parameter in fitted.parameters()),
        "versions": versions("torch", "onnxruntime", "numpy"),
        "imported": {"weights": "safetensors", "warnings": []},
    }
    files = {"encoder.onnx": encoder, "decoder.onnx": decoder, "weights.safetensors": content}
    written = write_scored(store or own_runs(), record, files, splits.heldout)
    pca_beside(splits, design.latent_dim)
    return written


def _check_header(content: bytes) -> None:
    """Raise ``UserError`` where a safetensors file is too large or its header is not one."""
    if len(content) > LIMITS.weights_bytes:
        raise UserError(f"the weights have {size(len(content))}, where at most {size(LIMITS.weights_bytes)} are read")
    try:
        length = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + length]) if 2 <= length <= len(content) - 8 else None
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise UserError("the weights are no safetensors file, or one that is cut short")


def order_of(config: dict[str, Any], dataset: str = "", name: str = "") -> TrainRequest:
    """Return the order that a configuration describes, checked as one for training is."""
    try:
        model, data = config["model"], config.get("dataset", "")
        if isinstance(model, dict):  # a run.json
            parts = [config.get(key) or {"name": "none"} for key in ("model", "corruption", "penalty")]
            choices = [str(part["name"]) for part in parts]
            settings: dict[str, Any] = {}
            for part in reversed(parts):
                settings |= dict(part.get("config") or {})
            data = data.get("name", "") if isinstance(data, dict) else data
        else:
            choices = [str(model), str(config.get("corruption", "none")), str(config.get("penalty", "none"))]
            settings = dict(config.get("settings") or {})
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UserError("the configuration is neither a run.json nor an order with 'model' and 'dataset'") from None
    chosen = dataset or str(data)
    if not chosen:
        raise UserError("the configuration names no data set: say --dataset")
    settings.pop("name", None)
    return TrainRequest.of(choices[0], chosen, corruption=choices[1], penalty=choices[2], name=name, settings=settings)


def _loaded(content: bytes, order: TrainRequest, splits: Splits) -> Any:
    from safetensors import SafetensorError
    from safetensors.torch import load as tensors_of

    from ae_models.autoencoders import build
    from ae_models.corruptions import corruption

    shape = splits.train.shape
    seen = corruption(order.design.corruption, order.design.corruption_config).input_shape(shape)
    model = build(order.design, seen, shape)
    try:
        tensors = tensors_of(content)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"the weights are no safetensors file ({type(error).__name__})") from None
    wanted = {key: tuple(tensor.shape) for key, tensor in model.state_dict().items()}
    found = {key: tuple(tensor.shape) for key, tensor in tensors.items()}
    if wanted != found:
        odd = next(key for key in sorted({*wanted, *found}) if wanted.get(key) != found.get(key))
        raise UserError(
            f"the weights do not fit {order.design.model}: '{shown(odd)}' is {_shape(found.get(odd))} in the file, "
            f"{_shape(wanted.get(odd))} in the network"
        )
    if not all(bool(tensor.isfinite().all()) for tensor in tensors.values()):
        raise UserError("the weights hold values that are no finite numbers")
    model.load_state_dict(tensors)
    return model


def _shape(sizes: tuple[int, ...] | None) -> str:
    return "not there" if sizes is None else " x ".join(map(str, sizes)) or "one number"


def read_config(content: bytes, name: str) -> dict[str, Any]:
    """Return the JSON object in a configuration file; ``UserError`` when it is none."""
    try:
        found = json.loads(content) if len(content) <= 1_000_000 else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(re.fullmatch(r"\w{1,60}", key) for key in found):
        raise UserError(f"{shown(name)}: is no JSON object with a configuration")
    return found
