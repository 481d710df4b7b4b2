"""What every layer of a run answers to an image: its graphs again, with more outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import FloatArray, UserError
from ae_models.runs.graphs import SESSION_WEIGHT, session_of
from ae_models.runs.record import RunRecord
from ae_models.runs.store import RunStore
from ae_models.runs.time_limit import run_within

_BENDS = "Celu Elu Gelu HardSigmoid HardSwish LeakyRelu Mish PRelu Relu Selu Sigmoid Softplus Softsign Tanh"
BENDS = frozenset(_BENDS.split())  # what stands behind a layer: its output is what the next layer sees


@dataclass(frozen=True, eq=False)
class LayerOutput:
    """One layer's answer to some images: ``(n, units)``, or ``(n, channels, height, width)`` of a convolution."""

    half: str  # "encoder", "code" or "decoder"
    values: FloatArray


class Layers:
    """A run's encoder and decoder, opened at every bend."""

    def __init__(self, store: RunStore, record: RunRecord) -> None:
        self._record = record
        graphs = {half: store.file(record, f"{half}.onnx") for half in ("encoder", "decoder")}
        self._halves = {half: _opened(graph, half) for half, graph in graphs.items()}
        self._weight = SESSION_WEIGHT * sum(map(len, graphs.values()))

    @property
    def weight(self) -> int:
        """About how many bytes of memory its sessions take."""
        return self._weight

    def answer(self, images: FloatArray) -> tuple[LayerOutput, ...]:
        """Return what each layer answers to images ``(n, c, h, w)``, from the first hidden one to the picture drawn.

        Between the halves stands the code. A network without bends has the code and the picture only.
        """
        if images.shape[1:] != self._record.input_shape:
            raise UserError(
                f"run '{self._record.id}' takes images of {self._record.input_shape}: got {images.shape[1:]}"
            )
        what = f"run '{self._record.id}'"
        session, names = self._halves["encoder"]
        *hidden, codes = run_within(
            session, [*names, "mean"], {"image": np.ascontiguousarray(images, np.float32)}, what
        )
        found = [LayerOutput("encoder", values) for values in hidden] + [LayerOutput("code", codes)]
        session, names = self._halves["decoder"]
        answers = run_within(session, [*names, "image"], {"code": codes}, what)
        return (*found, *(LayerOutput("decoder", values) for values in answers))


def _opened(graph: bytes, half: str) -> tuple[Any, list[str]]:
    """Return a session of a graph that gives its hidden layers too, and what those outputs are called."""
    import onnx

    model = onnx.load_from_string(graph)
    there = {output.name for output in model.graph.output}
    names = [node.output[0] for node in model.graph.node if node.op_type in BENDS and node.output[0] not in there]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    return session_of(model.SerializeToString(), f"{half}.onnx with its layers"), names
