"""Runs whose arithmetic is known: straight maps written as ONNX by hand, put where the server keeps own runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from ae_models import datasets
from ae_models.runs import RunRecord, RunStore
from tests.browser import truth


def straight(
    name: str, shape: tuple[int, ...], output: tuple[int, ...], **maps: tuple[np.ndarray, np.ndarray]
) -> bytes:
    """Return ``x -> x.flat @ weights + bias``, reshaped to ``output``, for each output's ``(weights, bias)``."""
    nodes = [helper.make_node("Reshape", [name, "flat_shape"], ["flat"])]
    sizes = {"flat_shape": [-1, int(np.prod(shape))], "output_shape": [-1, *output]}
    kept = [numpy_helper.from_array(np.array(size, np.int64), title) for title, size in sizes.items()]
    for result, (weights, bias) in maps.items():
        kept += [
            numpy_helper.from_array(weights.astype(np.float32), f"{result}_weights"),
            numpy_helper.from_array(bias.astype(np.float32), f"{result}_bias"),
        ]
        nodes += [
            helper.make_node("Gemm", ["flat", f"{result}_weights", f"{result}_bias"], [f"{result}_flat"]),
            helper.make_node("Reshape", [f"{result}_flat", "output_shape"], [result]),
        ]
    graph = helper.make_graph(
        nodes,
        "straight",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])],
        [helper.make_tensor_value_info(result, TensorProto.FLOAT, ["batch", *output]) for result in maps],
        kept,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    checker.check_model(model)
    made: bytes = model.SerializeToString()
    return made


def put(home: Path, run: str, dataset: str, files: dict[str, bytes], **about: Any) -> RunRecord:
    """Write a run of bundled data, beside what ``about`` says like one that ships; return its record."""
    splits = datasets.load(dataset, "bundled")
    rows = {"fitted_on": ("train", splits.train), "scored_on": ("heldout", splits.heldout)}
    record = {
        **truth.record("digits-dense-2d").model_dump(mode="json", exclude={"files", "dataset"}),
        "id": run,
        "origin": "local",
        "title": run,
        "class_names": splits.heldout.class_names,
        "dataset": {
            "name": dataset,
            "variant": "bundled",
            **{name: {"split": split, "n": len(of), "digest": of.digest} for name, (split, of) in rows.items()},
        },
        **about,
    }
    return RunStore(home / "runs").write(record, files)
