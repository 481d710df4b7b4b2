"""What one epoch leaves for the next: weights, the optimiser's moments, history, snapshots; no pickle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.base import FloatArray, UserError

if TYPE_CHECKING:
    from ae_models.training.snapshots import Flipbook


@dataclass
class Checkpoint:
    """Everything that training needs to go on from a whole epoch."""

    tensors: dict[str, Tensor]
    history: list[dict[str, float]]

    @classmethod
    def of(cls, model: Autoencoder, optimizer: Any, history: list[dict[str, float]], flipbook: Flipbook) -> Checkpoint:
        """Take a copy of a training in progress."""
        tensors = {f"model.{name}": value.detach().cpu().clone() for name, value in model.state_dict().items()}
        for index, parameter in enumerate(model.parameters()):
            for name, value in optimizer.state[parameter].items():
                tensors[f"optimizer.{index}.{name}"] = torch.as_tensor(value).detach().cpu().clone()
        for step, codes in zip(flipbook.steps, flipbook.codes, strict=True):
            tensors[f"snapshot.{step}"] = torch.from_numpy(np.ascontiguousarray(codes))
        return cls(tensors, list(history))

    def restore(self, model: Autoencoder, optimizer: Any | None) -> None:
        """Put weights and the optimiser's moments back."""
        weights = {name[6:]: value for name, value in self.tensors.items() if name.startswith("model.")}
        try:
            model.load_state_dict(weights)
        except RuntimeError:
            raise UserError("the checkpoint belongs to another design: nothing was changed") from None
        if optimizer is None:
            return
        for index, parameter in enumerate(model.parameters()):
            prefix = f"optimizer.{index}."
            kept = {name[len(prefix) :]: value for name, value in self.tensors.items() if name.startswith(prefix)}
            if not kept:
                raise UserError("the checkpoint is damaged: it lacks what the optimiser knew")
            optimizer.state[parameter] = {name: value.to(parameter.device) for name, value in kept.items()}

    def snapshots(self) -> tuple[list[int], list[FloatArray]]:
        """Return the steps and codes taken so far, in order."""
        steps = sorted(int(name[9:]) for name in self.tensors if name.startswith("snapshot."))
        return steps, [self.tensors[f"snapshot.{step}"].numpy() for step in steps]

    def to_bytes(self) -> bytes:
        """Return it as safetensors; history is in the header."""
        content: bytes = save(self.tensors, {"history": json.dumps(self.history)})
        return content

    @classmethod
    def from_bytes(cls, content: bytes) -> Checkpoint:
        """Read what ``to_bytes`` wrote; ``UserError`` when it is damaged."""
        try:
            tensors = load(content)
            length = int.from_bytes(content[:8], "little")
            header = json.loads(content[8 : 8 + length])
            history = json.loads(header["__metadata__"]["history"])
        except (SafetensorError, ValueError, KeyError, TypeError) as error:
            raise UserError(f"the checkpoint is damaged ({type(error).__name__})") from None
        if not isinstance(history, list) or not history:
            raise UserError("the checkpoint is damaged: it has no epoch")
        return cls(tensors, history)
