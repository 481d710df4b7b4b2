"""What a run says of its data and its held-out error, measured on the graphs that will be served."""

from __future__ import annotations

import io
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np

from ae_models.base import FloatArray, ImageDataset, Splits, squared_errors
from ae_models.base.config import NoConfig
from ae_models.corruptions import CORRUPTIONS, corruption
from ae_models.runs import InMemory, ModelRecord, RunRecord, RunStore, batch_of

ROWS_AT_ONCE = 1000
STORED_CODE_DIMS = 64  # codes up to this size are kept with the run: a page then never encodes


def write_scored(
    store: RunStore,
    record: dict[str, Any],
    files: dict[str, bytes],
    heldout: ImageDataset,
    *,
    keep_codes: bool = True,
) -> RunRecord:
    """Score the graphs that will be served on held-out images, and write the run, with their codes if wanted.

    A run whose input was corrupted in training is scored on inputs corrupted the same way (seed 0), against the
    clean target; ``test.input`` says so.
    """
    graphs = InMemory(files["encoder.onnx"], files["decoder.onnx"], batch=batch_of(str(record.get("origin", ""))))
    choice = ModelRecord.model_validate(record.get("corruption", {"name": "none"}))
    total, codes = 0.0, []
    for _, inputs, targets in in_parts(choice, heldout):
        found = graphs.encode(inputs)
        codes.append(found)
        total += squared_errors.sse(targets, graphs.decode(found)) * len(targets)
    sse = total / len(heldout)
    if keep_codes and record["latent_dim"] <= STORED_CODE_DIMS:
        buffer = io.BytesIO()
        np.savez(buffer, codes=np.concatenate(codes), ids=heldout.ids)
        files = {**files, "codes.npz": buffer.getvalue()}
    test = {
        "sse": round(sse, 5),
        "mse": round(sse / float(np.prod(record["output_shape"])), 7),
        "n": len(heldout),
        "input": "clean" if choice.name == "none" else "corrupted",
    }
    return store.write({**record, "test": test}, files)


def in_parts(choice: ModelRecord, images: ImageDataset) -> Iterator[tuple[slice, FloatArray, FloatArray]]:
    """Yield slices of at most 1,000 rows with ``seen_and_wanted`` of them: all rows at once would take gigabytes."""
    for start in range(0, len(images), ROWS_AT_ONCE):
        rows = slice(start, min(start + ROWS_AT_ONCE, len(images)))
        yield rows, *seen_and_wanted(choice, images, rows)


def seen_and_wanted(choice: ModelRecord, images: ImageDataset, rows: slice) -> tuple[FloatArray, FloatArray]:
    """Return what a network sees of these images under a run's corruption, and what it should answer.

    Both are ``(n, c, h, w)`` in [0, 1]. They are the images themselves but for a run that was trained on corrupted
    input: that is corrupted here in the same way, always alike for the same image (seed 0).
    """
    entry = CORRUPTIONS.entry(choice.name)
    corrupted = corruption(choice.name, (entry.config or NoConfig).of(**choice.config))
    wanted = images.images(rows)
    return corrupted.inputs(wanted, images.ids[rows], seed=0), wanted


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
