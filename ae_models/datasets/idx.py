"""IDX, the format of the MNIST files: a magic number, sizes, values of any type; QMNIST's labels have eight a row."""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import ByteArray, UserError

IMAGES_MAGIC = 0x00000803  # unsigned bytes, three sizes
LABELS_MAGIC = 0x00000801  # unsigned bytes, one size
_KINDS = {IMAGES_MAGIC: "images", LABELS_MAGIC: "labels"}
_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MAX_BYTES = 1 << 31
_PART = 1 << 20


def parse(content: bytes, name: str, spend: Callable[[int, str], None] | None = None) -> npt.NDArray[Any]:
    """Return the array in the bytes of an IDX file, in the machine's byte order; single bytes are not copied.

    Raises ``UserError`` when its sizes and its length disagree. ``spend`` is told of the bytes of a copy.

    References
    ----------
    LeCun, Cortes, Burges: "The MNIST database", section "File formats".
    """
    if content[2] not in _TYPES:
        raise UserError(f"{name}: is IDX of an unknown element type (0x{content[2]:02x})")
    element, n_sizes = np.dtype(_TYPES[content[2]]), content[3]
    header = 4 + 4 * n_sizes
    if len(content) < header:
        raise UserError(f"{name}: is cut short in its header ({len(content)} of {header} bytes)")
    sizes = [int.from_bytes(content[4 + 4 * place : 8 + 4 * place], "big") for place in range(n_sizes)]
    expected = header + element.itemsize * math.prod(sizes)
    if len(content) != expected:
        word = "is cut short" if len(content) < expected else "is too long"
        raise UserError(f"{name}: {word}: {len(content):,} bytes, where its sizes {sizes} need {expected:,}")
    if element.itemsize > 1 and spend is not None:
        spend(len(content), name)
    found = np.frombuffer(content, element, offset=header).reshape(sizes)
    return found.astype(element.newbyteorder("="), copy=False)


def _read(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        if raw[:2] != b"\x1f\x8b":
            return raw
        with gzip.open(path) as stream:
            parts, n = [], 0
            while n < _MAX_BYTES and (part := stream.read(_PART)):  # asked for at once, 2 GiB would be set aside
                parts.append(part)
                n += len(part)
            return b"".join(parts)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UserError(f"{path}: the gzip stream is damaged or cut short") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None


def read_idx(path: Path, magic: int) -> ByteArray:
    """Return the bytes in an IDX file, gzipped or not: the content tells, not the name.

    ``IMAGES_MAGIC`` gives ``(n, height, width)``, ``LABELS_MAGIC`` gives ``(n,)``. Raises ``UserError`` if the file is
    missing, cut short, longer than its sizes say, or of another kind.
    """
    data = _read(path)
    if len(data) < 4:
        raise UserError(f"{path}: {len(data)} bytes are too few for an IDX file")
    found = int.from_bytes(data[:4], "big")
    if found != magic:
        what = f"a file of {_KINDS[found]}" if found in _KINDS else "not an IDX file of bytes"
        raise UserError(f"{path}: expected {_KINDS[magic]} (magic {magic:#010x}), found {what} (magic {found:#010x})")
    array: ByteArray = parse(data, str(path))
    if not array.size:
        raise UserError(f"{path}: holds no {_KINDS[magic]} (sizes {list(array.shape)})")
    return array


def count(path: Path) -> int:
    """Return the number of items that an IDX file's header names, reading no more than the header."""
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
        if head[:2] == b"\x1f\x8b":
            with gzip.open(path) as unpacked:
                head = unpacked.read(8)
    except (OSError, EOFError, zlib.error):
        raise UserError(f"{path}: cannot be read") from None
    return int.from_bytes(head[4:8], "big")


def read_pair(images_path: Path, labels_path: Path, n_classes: int) -> tuple[ByteArray, ByteArray]:
    """Return ``(n, 1, h, w)`` images and ``(n,)`` labels of two files that belong together.

    Raises ``UserError`` when their counts disagree or a label is not below ``n_classes``.
    """
    images = read_idx(images_path, IMAGES_MAGIC)
    labels = read_idx(labels_path, LABELS_MAGIC)
    if len(images) != len(labels):
        raise UserError(f"{labels_path}: {len(labels):,} labels for the {len(images):,} images of {images_path.name}")
    if int(labels.max()) >= n_classes:
        raise UserError(f"{labels_path}: label {int(labels.max())} where the highest class is {n_classes - 1}")
    return images[:, None], labels
