"""Small real digits, and files of every kind made of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ae_models import datasets
from ae_models.base import ByteArray, IntArray
from ae_models.base.config import ImportConfig
from ae_models.datasets import readers
from ae_models.datasets.readers.items import Problems
from ae_models.recipes import import_data

N = 40
IDX_TYPES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


@pytest.fixture(scope="session")
def digits() -> tuple[ByteArray, IntArray]:
    """``(40, 28, 28)`` bytes and labels: the first four of each class among MNIST's test images."""
    rows = datasets.heldout("mnist", "bundled")
    assert rows.labels is not None
    chosen = np.concatenate([np.flatnonzero(rows.labels == label)[:4] for label in range(10)])
    return rows.pixels[chosen, 0].astype(np.uint8), rows.labels[chosen]


def idx(array: np.ndarray) -> bytes:
    kind = array.dtype.str[1:]
    head = b"".join(size.to_bytes(4, "big") for size in ((IDX_TYPES[kind] << 8) | array.ndim, *array.shape))
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)  # object arrays are among the bad files
    return buffer.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def picture(array: np.ndarray, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, kind, **options)
    return buffer.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def csv_of(rows: np.ndarray, labels: np.ndarray | None, header: bool = True, first: int = 0) -> bytes:
    lines = []
    if header:
        names = [f"pixel{place + first}" for place in range(rows.shape[1])]
        lines.append(",".join(([] if labels is None else ["label"]) + names))
    for place, row in enumerate(rows):
        lines.append(",".join(map(str, ([] if labels is None else [labels[place]]) + row.tolist())))
    return ("\n".join(lines) + "\n").encode()


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.fixture
def looked(tmp_path: Path) -> Callable[..., import_data.Incoming]:
    """``looked({"a.csv": ...}, kind="vectors")``: write files, read them as they would be from a path."""

    def look(
        files: Mapping[str, bytes], *, keep_good: bool = False, limits: Any = readers.LIMITS, **settings: Any
    ) -> import_data.Incoming:
        folder = written(tmp_path / f"in-{len(list(tmp_path.iterdir()))}", files)
        problems = Problems(keep_good)
        paths = [folder / next(iter(files))] if len(files) == 1 else [folder]
        items = readers.of_paths(paths, limits, problems)
        return import_data.look(items, ImportConfig.of(**settings), problems=problems, limits=limits)

    return look
