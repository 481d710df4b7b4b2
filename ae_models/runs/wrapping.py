"""Graphs put into the form that is served: ``image (n, c, h, w)`` in [0, 1] to ``mean``, ``code`` to ``image``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import Shape
from ae_models.runs.foreign_graph import Graph

_FLOAT, _BYTE = 1, 2
LAYOUTS = ("planes", "pixels", "rows", "flat", "flat pixels")
"""How one image stands before a graph: ``(c, h, w)``, ``(h, w, c)``, ``(h, w)``, ``(c h w,)``, ``(h w c,)``."""


@dataclass(frozen=True)
class Scale:
    """A line from [0, 1] to what a graph takes or gives: ``value = factor * image + shift``."""

    name: str
    factor: float
    shift: float

    @property
    def is_plain(self) -> bool:
        """Whether nothing changes."""
        return self.factor == 1 and self.shift == 0


def scales(mean: float, deviation: float) -> dict[str, Scale]:
    """Return the scales that are known; ``standardized`` takes mean and deviation of the training images."""
    return {
        "0-1": Scale("0-1", 1.0, 0.0),
        "minus1-1": Scale("minus1-1", 2.0, -1.0),
        "0-255": Scale("0-255", 255.0, 0.0),
        "standardized": Scale("standardized", 1 / deviation, -mean / deviation),
    }


def shape_in(layout: str, shape: Shape) -> tuple[int, ...]:
    """Return the sizes of one image in a layout."""
    c, h, w = shape
    return {
        "planes": (c, h, w),
        "pixels": (h, w, c),
        "rows": (h, w),
        "flat": (c * h * w,),
        "flat pixels": (c * h * w,),
    }[layout]


def layouts_for(dims: tuple[int | None, ...] | None, shape: Shape) -> list[str]:
    """Return the layouts that fit the sizes a graph asks for, or gives; a free size fits any.

    Examples
    --------
    >>> layouts_for((28, 28, 1), (1, 28, 28)), layouts_for((784,), (1, 28, 28)), layouts_for((10,), (1, 28, 28))
    (['pixels'], ['flat'], [])
    """
    found = []
    for layout in LAYOUTS:
        wanted = shape_in(layout, shape)
        if shape[0] == 1 and layout == "flat pixels":
            continue
        if layout == "rows" and shape[0] != 1:
            continue
        if dims is None or (
            len(dims) == len(wanted) and all(have in (None, want) for have, want in zip(dims, wanted, strict=True))
        ):
            found.append(layout)
    return found


class _Builder:
    """A graph that grows by a node at a time."""

    def __init__(self, value: str) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.value = value

    def add(self, operator: str, constant: Any = None, **attributes: Any) -> None:
        from onnx import helper, numpy_helper

        place = len(self.nodes)
        inputs = [self.value]
        if constant is not None:
            name = f"wrap-{self.value}-constant-{place}"
            self.constants.append(numpy_helper.from_array(constant, name))
            inputs.append(name)
        self.value = f"wrap-{self.value}-{place}" if place == 0 else f"{self.value}-{place}"
        self.nodes.append(helper.make_node(operator, inputs, [self.value], **attributes))


def encoder(graph: Graph, outputs: dict[str, str], layout: str, scale: Scale, shape: Shape, latent_dim: int) -> bytes:
    """Return an encoder ``image -> mean`` [, ``log_var``].

    Parameters
    ----------
    outputs : dict
        ``mean``, and perhaps ``log_var``, to the names of the graph's own outputs.
    """
    before = _Builder("image")
    if not scale.is_plain:
        before.add("Mul", np.array(scale.factor, np.float32))
        before.add("Add", np.array(scale.shift, np.float32))
    if layout in ("pixels", "flat pixels"):
        before.add("Transpose", perm=[0, 2, 3, 1])
    if layout in ("rows", "flat", "flat pixels"):
        before.add("Reshape", np.array([-1, *shape_in(layout, shape)], np.int64))
    if graph.input_type == _BYTE:
        before.add("Add", np.array(0.5, np.float32))
        before.add("Floor")
    if graph.input_type != _FLOAT:
        before.add("Cast", to=graph.input_type)
    after = []
    for name, own in outputs.items():
        built = _Builder(f"model/{own}")
        built.add("Cast", to=_FLOAT)
        built.add("Reshape", np.array([-1, latent_dim], np.int64))
        after.append((name, built))
    return _made(graph, ("image", list(shape)), before, after, {name: [latent_dim] for name in outputs})


def decoder(graph: Graph, output: str, code_dims: list[int], layout: str, scale: Scale, shape: Shape) -> bytes:
    """Return a decoder ``code -> image``; ``code_dims`` are the sizes of one code as the graph takes it."""
    before = _Builder("code")
    if len(code_dims) > 1:
        before.add("Reshape", np.array([-1, *code_dims], np.int64))
    if graph.input_type != _FLOAT:
        before.add("Cast", to=graph.input_type)
    built = _Builder(f"model/{output}")
    built.add("Cast", to=_FLOAT)
    c, h, w = shape
    sizes = [-1, h, w, c] if layout in ("pixels", "flat pixels") else [-1, c, h, w]
    built.add("Reshape", np.array(sizes, np.int64))
    if layout in ("pixels", "flat pixels"):
        built.add("Transpose", perm=[0, 3, 1, 2])
    if not scale.is_plain:
        built.add("Sub", np.array(scale.shift, np.float32))
        built.add("Mul", np.array(1 / scale.factor, np.float32))
    return _made(graph, ("code", [int(np.prod(code_dims))]), before, [("image", built)], {"image": list(shape)})


def _made(
    graph: Graph,
    face: tuple[str, list[int]],
    before: _Builder,
    after: list[tuple[str, _Builder]],
    sizes: dict[str, list[int]],
) -> bytes:
    """Return the graph between what stands before and after it, its own names behind ``model/``."""
    from onnx import TensorProto, compose, helper

    model = compose.add_prefix(graph.proto, "model/")
    inner = model.graph
    start = helper.make_node("Identity", [before.value], [f"model/{graph.input}"])
    ends = [helper.make_node("Identity", [built.value], [name]) for name, built in after]
    nodes = [*before.nodes, start, *inner.node]
    for _, built in after:
        nodes += built.nodes
    constants = [*inner.initializer, *before.constants, *(c for _, built in after for c in built.constants)]
    made = helper.make_graph(
        [*nodes, *ends],
        "wrapped",
        [helper.make_tensor_value_info(face[0], TensorProto.FLOAT, ["batch", *face[1]])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *sizes[name]]) for name, _ in after],
        constants,
    )
    whole = helper.make_model(made, opset_imports=model.opset_import, ir_version=max(4, min(model.ir_version, 10)))
    serialized: bytes = whole.SerializeToString()
    return serialized
