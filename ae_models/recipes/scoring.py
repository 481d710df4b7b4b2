"""What a run says of its data and its held-out error, measured on the graphs that will be served."""

from __future__ import annotations

import io
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np

from ae_models import errors
from ae_models.base import FloatArray, ImageDataset, Splits
from ae_models.config import NoConfig
from ae_models.corruptions import CORRUPTIONS
from ae_models.corruptions import corruption as make_corruption
from ae_models.runs import InMemory, RunRecord, RunStore

STORED_CODE_DIMS = 64  # codes up to this size are kept with the run: a page then never encodes


def write_scored(store: RunStore, record: dict[str, Any], files: dict[str, bytes], heldout: ImageDataset) -> RunRecord:
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


def about_data(splits: Splits) -> dict[str, Any]:
    """Return the fields of a record that say which data it is about."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "dataset": {
            "name": splits.train.name,
            "variant": splits.variant,
            "fitted_on": rows_record("train", splits.train),
            "scored_on": rows_record("heldout", splits.heldout),
        },
        "class_names": splits.train.class_names,
        "input_shape": splits.train.shape,
        "output_shape": splits.train.shape,
    }


def rows_record(split: str, rows: ImageDataset) -> dict[str, Any]:
    """Return which rows these are: split, number, digest."""
    return {"split": split, "n": len(rows), "digest": rows.digest}


def flat(rows: ImageDataset) -> FloatArray:
    """Return images as flat rows ``(n, n_pixels)``."""
    return rows.images().reshape(len(rows), -1)


def numbers(k: int) -> str:
    """Return a code size in words."""
    return "1 number" if k == 1 else f"{k} numbers"


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of Python and of packages."""
    return {"python": platform.python_version(), **{package: version(package) for package in packages}}
