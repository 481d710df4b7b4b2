"""A stranger's graphs: the same linear map in many dresses, written with onnx.helper and not by our exporter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from sklearn.decomposition import PCA

from ae_models import datasets

K, SHAPE = 3, (1, 8, 8)
N_PIXELS = 64
FLOAT = TensorProto.FLOAT
SCALES = {"0-1": (1.0, 0.0), "minus1-1": (2.0, -1.0), "0-255": (255.0, 0.0)}


def digits() -> np.ndarray:
    """The small digits to train on, ``(n, 64)``."""
    rows = datasets.load("digits").train
    return rows.images().reshape(len(rows), -1)


def standardized() -> tuple[float, float]:
    rows = digits()
    return 1 / float(rows.std()), -float(rows.mean()) / float(rows.std())


def pca() -> tuple[np.ndarray, np.ndarray]:
    fitted = PCA(K, svd_solver="covariance_eigh").fit(digits().astype(np.float64))
    return fitted.components_.astype("f"), fitted.mean_.astype("f")


def model(
    nodes: Sequence[Any],
    given: tuple[str, Sequence[Any]],
    outputs: Sequence[tuple[str, Sequence[Any] | None]],
    constants: dict[str, np.ndarray] | None = None,
    *,
    kind: int = FLOAT,
    opset: int = 17,
    **more: Any,
) -> bytes:
    graph = helper.make_graph(
        list(nodes),
        "g",
        [helper.make_tensor_value_info(given[0], kind, list(given[1]))],
        [helper.make_tensor_value_info(name, FLOAT, None if dims is None else list(dims)) for name, dims in outputs],
        [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()],
    )
    opsets = [helper.make_opsetid("", opset), *more.pop("domains", [])]
    made: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=8, **more).SerializeToString()
    return made


Dims = Sequence[Any]


def encoder(
    dims: Dims = (1, 8, 8),
    scale: tuple[float, float] = (1.0, 0.0),
    kind: int = FLOAT,
    flatten: str = "Flatten",
    batch: Any = "n",
) -> bytes:
    """An encoder that takes ``scale[0] * image + scale[1]`` standing as ``dims``."""
    components, mean = pca()
    constants = {
        "factor": np.array(1 / scale[0], "f"),
        "shift": np.array(scale[1], "f"),
        "mean": mean[None],
        "components": components,
    }
    nodes = [helper.make_node("Cast", ["input_1"], ["real"], to=FLOAT)]
    if flatten == "Flatten":
        nodes.append(helper.make_node("Flatten", ["real"], ["flat"]))
    elif flatten == "old PyTorch":  # x.view(x.size(0), -1)
        constants |= {"zero": np.array(0), "minus": np.array([-1]), "axes": np.array([0])}
        nodes += [
            helper.make_node("Shape", ["real"], ["sizes"]),
            helper.make_node("Gather", ["sizes", "zero"], ["n"]),
            helper.make_node("Unsqueeze", ["n", "axes"], ["ns"]),
            helper.make_node("Concat", ["ns", "minus"], ["to"], axis=0),
            helper.make_node("Reshape", ["real", "to"], ["flat"]),
        ]
    else:  # one image only
        constants["to"] = np.array([1, N_PIXELS])
        nodes.append(helper.make_node("Reshape", ["real", "to"], ["flat"]))
    nodes += [
        helper.make_node("Sub", ["flat", "shift"], ["moved"]),
        helper.make_node("Mul", ["moved", "factor"], ["plain"]),
        helper.make_node("Sub", ["plain", "mean"], ["centred"]),
        helper.make_node("Gemm", ["centred", "components"], ["dense_3"], transB=1),
    ]
    return model(nodes, ("input_1", [batch, *dims]), [("dense_3", ["n", K])], constants, kind=kind)


def decoder(dims: Dims = (1, 8, 8), scale: tuple[float, float] = (1.0, 0.0), code: Dims = (K,)) -> bytes:
    """A decoder that gives ``scale[0] * image + scale[1]`` standing as ``dims``."""
    components, mean = pca()
    constants = {
        "factor": np.array(scale[0], "f"),
        "shift": np.array(scale[1], "f"),
        "mean": mean,
        "components": components,
        "sizes": np.array([-1, *dims]),
    }
    nodes = [
        helper.make_node("Flatten", ["latent"], ["code"]),
        helper.make_node("Gemm", ["code", "components", "mean"], ["flat"]),
        helper.make_node("Mul", ["flat", "factor"], ["longer"]),
        helper.make_node("Add", ["longer", "shift"], ["moved"]),
        helper.make_node("Reshape", ["moved", "sizes"], ["out"]),
    ]
    return model(nodes, ("latent", ["n", *code]), [("out", ["n", *dims])], constants)
