"""Serving: a run's two ONNX graphs behind ``encode`` and ``decode``, or layer by layer; graphs of a linear map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ae_models.base import FloatArray, Shape, UserError
from ae_models.runs.record import RunRecord
from ae_models.runs.store import RunStore
from ae_models.runs.time_limit import run_within

OWN_BATCH = 500  # 10,000 at once takes 312 MB, batches of 500 take 89
SESSION_WEIGHT = 3  # bytes of memory that a session takes for each byte of its graph, about: with its own copies
IMPORTED_BATCH = 4
"""Images at once through a graph from elsewhere: few, for a step that is under way cannot be interrupted."""


def batch_of(origin: str) -> int:
    """Return how many images go at once through the graphs of a run of this origin."""
    return IMPORTED_BATCH if origin == "imported" else OWN_BATCH


def session_of(graph: bytes, what: str, fold: bool = True) -> Any:
    """Return a session of a graph, one thread; ``UserError`` naming ``what`` where it is none.

    With ``fold`` what is made of constants is worked out here, which nothing can stop; without, at each run.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # an arena a session keeps the most that any run took, for ever
    options.log_severity_level = 3
    left_out = [] if fold else ["ConstantFolding"]
    try:
        return onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=left_out
        )
    except Exception as error:  # noqa: BLE001 - onnxruntime has no common base for its errors
        first = str(error).splitlines()[0][:200]
        raise UserError(f"{what} is no graph that ONNX Runtime can load: {first}") from None


class InMemory:
    """An encoder and a decoder from bytes: an ``Encoder`` and a ``Decoder``.

    Sessions are made on first use, one thread each; one may be shared by many threads of a server. A call that takes
    too long is ended with a ``UserError`` (``run_within``).
    """

    def __init__(self, encoder: bytes, decoder: bytes, what: str = "this run", batch: int = OWN_BATCH) -> None:
        self._bytes = {"encoder": encoder, "decoder": decoder}
        self._what, self._batch = what, batch
        self._opened: dict[str, int] = {}

    @property
    def weight(self) -> int:
        """About how many bytes of memory it takes now: its graphs, and the sessions that are open."""
        return sum(map(len, self._bytes.values())) + SESSION_WEIGHT * sum(self._opened.values())

    def _session(self, half: str) -> Any:
        graph = self._graph(half)
        self._opened[half] = len(graph)
        return session_of(graph, f"{half}.onnx of {self._what}")

    def _graph(self, half: str) -> bytes:
        return self._bytes[half]

    @cached_property
    def _encoder(self) -> Any:
        return self._session("encoder")

    @cached_property
    def _decoder(self) -> Any:
        return self._session("decoder")

    def encode(self, images: FloatArray) -> FloatArray:
        """Return the codes ``(n, latent_dim)`` of images ``(n, c, h, w)`` in [0, 1]."""
        return self._run(self._encoder, "mean", "image", images)

    @property
    def has_noise(self) -> bool:
        """Whether the encoder gives a spread of the code beside its mean, as variational ones do."""
        return "log_var" in [output.name for output in self._encoder.get_outputs()]

    def spread(self, images: FloatArray) -> FloatArray:
        """Return the standard deviations of the codes ``(n, latent_dim)``; only where ``has_noise``."""
        spread: FloatArray = np.exp(0.5 * self._run(self._encoder, "log_var", "image", images)).astype(np.float32)
        return spread

    def decode(self, codes: FloatArray) -> FloatArray:
        """Return the images ``(n, c, h, w)`` of codes ``(n, latent_dim)``; not clipped."""
        return self._run(self._decoder, "image", "code", codes)

    def reconstruct(self, images: FloatArray) -> FloatArray:
        """Return ``decode(encode(images))``."""
        return self.decode(self.encode(images))

    def _run(self, session: Any, output: str, name: str, values: FloatArray) -> FloatArray:
        values = np.ascontiguousarray(values, np.float32)
        parts = [
            run_within(session, [output], {name: values[start : start + self._batch]}, self._what)[0]
            for start in range(0, max(len(values), 1), self._batch)
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


class Graphs(InMemory):
    """The encoder and the decoder of a stored run, read and checked when they are first used."""

    def __init__(self, store: RunStore, record: RunRecord) -> None:
        super().__init__(b"", b"", f"run '{record.id}'", batch_of(record.origin))
        self.store, self.record = store, record

    def _graph(self, half: str) -> bytes:
        return self.store.file(self.record, f"{half}.onnx")

    def encode(self, images: FloatArray) -> FloatArray:
        """Return the codes ``(n, latent_dim)``; images of another shape than the run's raise ``UserError``."""
        if images.shape[1:] != self.record.input_shape:
            raise UserError(
                f"run '{self.record.id}' takes images of {_text(self.record.input_shape)} (channels x height x width): "
                f"got {_text(images.shape[1:])}"
            )
        return self._fitting(super().encode(images), "codes", (len(images), self.record.latent_dim))

    def decode(self, codes: FloatArray) -> FloatArray:
        """Return the images ``(n, c, h, w)``; codes of another size than the run's raise ``UserError``."""
        if codes.shape[1:] != (self.record.latent_dim,):
            raise UserError(
                f"run '{self.record.id}' has a code of {self.record.latent_dim} numbers: got {codes.shape[-1]}"
            )
        return self._fitting(super().decode(codes), "images", (len(codes), *self.record.output_shape))

    def _fitting(self, found: FloatArray, what: str, shape: tuple[int, ...]) -> FloatArray:
        if found.shape != shape:
            raise UserError(f"run '{self.record.id}' is damaged: its graphs give {what} of {_text(found.shape[1:])}")
        return found


def _text(shape: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in shape)


def linear_graphs(mean: FloatArray, components: FloatArray, shape: Shape) -> tuple[bytes, bytes]:
    """Return the encoder and decoder of an orthogonal linear map, as ONNX.

    Parameters
    ----------
    mean : (n_pixels,) array
    components : (latent_dim, n_pixels) array
        Orthonormal rows: the code is ``(x - mean) @ components.T`` and the image ``code @ components + mean``.
    shape : (channels, height, width)
    """
    from onnx import TensorProto, checker, helper, numpy_helper

    k, n_pixels = components.shape
    constants = {
        "mean_pixels": mean.astype(np.float32)[None],
        "components": components.astype(np.float32),
        "image_shape": np.array([-1, *shape], np.int64),
        "flat_shape": np.array([-1, n_pixels], np.int64),
    }

    def made(nodes: list[Any], name: str, output: str, sizes: tuple[tuple[int, ...], tuple[int, ...]]) -> bytes:
        used = {value for node in nodes for value in node.input}
        graph = helper.make_graph(
            nodes,
            "linear",
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *sizes[0]])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", *sizes[1]])],
            [numpy_helper.from_array(value, key) for key, value in constants.items() if key in used],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
        checker.check_model(model)
        serialized: bytes = model.SerializeToString()
        return serialized

    encoder = [
        helper.make_node("Reshape", ["image", "flat_shape"], ["flat"]),
        helper.make_node("Sub", ["flat", "mean_pixels"], ["centred"]),
        helper.make_node("Gemm", ["centred", "components"], ["mean"], transB=1),
    ]
    decoder = [
        helper.make_node("Gemm", ["code", "components", "mean_pixels"], ["flat"]),
        helper.make_node("Reshape", ["flat", "image_shape"], ["image"]),
    ]
    return made(encoder, "image", "mean", (shape, (k,))), made(decoder, "code", "image", ((k,), shape))


_ACTIVATIONS = "Celu Elu Gelu HardSigmoid HardSwish LeakyRelu Mish PRelu Relu Selu Sigmoid Softplus Softsign Tanh"
ACTIVATIONS = frozenset(_ACTIVATIONS.split())  # what stands behind a layer: its output is what the next layer sees


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
    names = [node.output[0] for node in model.graph.node if node.op_type in ACTIVATIONS and node.output[0] not in there]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    return session_of(model.SerializeToString(), f"{half}.onnx with its layers"), names
