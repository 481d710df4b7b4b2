"""Files that become a hundred times what may be read, and a script that reads each in a process of its own."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import struct
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ae_models.base.config import ImportConfig
from ae_models.datasets.readers import LIMITS, Item, of_bytes, of_paths
from ae_models.datasets.readers.items import Problems

MIB = 1 << 20
LIMIT = 4 * MIB
LIMITED = replace(LIMITS, unpacked_bytes=LIMIT)
MUCH = 100 * LIMIT
Make = Callable[[Path], None]
Items = Callable[[Path], Sequence[Item]]


class _Repeated(io.RawIOBase):
    """Some bytes, and then a line again and again, as long as a file of this size."""

    def __init__(self, first: bytes, line: bytes, size: int) -> None:
        self._first, self._size, self._at = first, size, 0
        self._length, self._lines = len(line), line * (131_072 // len(line) + 2)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        most = min(len(buffer), self._size - self._at, 65_536)
        if self._at < len(self._first):
            part = self._first[self._at : self._at + most]
        else:
            start = (self._at - len(self._first)) % self._length
            part = self._lines[start : start + most]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


def repeated(name: str, line: bytes, size: int = MUCH, first: bytes = b"") -> Item:
    """A text of this size that is nowhere in memory."""
    return Item(name, size, lambda: io.BufferedReader(_Repeated(first, line, size)))


def _text(name: str, line: bytes, size: int = MUCH, first: bytes = b"") -> tuple[Make, Items]:
    return lambda folder: None, lambda folder: [repeated(name, line, size, first)]


def _file(name: str, content: Callable[[], bytes]) -> tuple[Make, Items]:
    def make(folder: Path) -> None:
        (folder / name).write_bytes(content())

    return make, _of_folder


def _of_folder(folder: Path) -> Sequence[Item]:
    return of_paths([next(folder.iterdir())], LIMITED, Problems())


def _sparse(name: str, head: bytes, size: int = MUCH) -> tuple[Make, Items]:
    """A file of zeros behind a head, which takes no room on the disk."""

    def make(folder: Path) -> None:
        with (folder / name).open("wb") as stream:
            stream.write(head)
            stream.truncate(len(head) + size)

    return make, _of_folder


def npy_head(kind: str, shape: tuple[int, ...]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": kind, "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def _zeros(pack: Callable[[], Any]) -> bytes:
    """``MUCH`` zeros, compressed."""
    packer, part = pack(), bytes(MIB)
    return b"".join(packer.compress(part) for _ in range(MUCH // MIB)) + packer.flush()


def _mat_element(content: bytes) -> bytes:
    return b"MATLAB 5.0".ljust(124, b" ") + b"\x00\x01IM" + struct.pack("<II", 15, len(content)) + content


def _mat() -> bytes:
    """A compressed matrix of bytes."""
    head = struct.pack("<II", 14, MUCH + 48) + struct.pack("<IIII", 6, 8, 9, 0)
    head += struct.pack("<IIii", 5, 8, MUCH // 784, 784) + struct.pack("<II", 1, 1) + b"x".ljust(8, b"\0")
    head += struct.pack("<II", 2, MUCH)
    packer = zlib.compressobj()
    start = packer.compress(head)
    body = b"".join(packer.compress(bytes(MIB)) for _ in range(MUCH // MIB))
    return _mat_element(start + body + packer.flush())


def _mat_cells() -> bytes:
    """A struct of one field that says it has fifty million parts."""
    body = struct.pack("<IIII", 6, 8, 2, 0) + struct.pack("<IIii", 5, 8, 50_000, 1_000)
    body += struct.pack("<II", 1, 7) + b"dataset\0" + struct.pack("<HHi", 5, 4, 8)
    body += struct.pack("<II", 1, 8) + b"a".ljust(8, b"\0")
    return _mat_element(zlib.compress(struct.pack("<II", 14, len(body)) + body))


def _parquet(columns: Callable[[Any], dict[str, Any]]) -> Callable[[], bytes]:
    def made() -> bytes:
        import pyarrow
        from pyarrow import parquet

        buffer = io.BytesIO()
        parquet.write_table(pyarrow.table(columns(pyarrow)), buffer, dictionary_pagesize_limit=64 * MIB)
        return buffer.getvalue()

    return made


def _wide(pyarrow: Any) -> dict[str, Any]:
    column = pyarrow.array(np.full(900_000, 0.5, np.float32))
    return {f"c{place}": column for place in range(MUCH // 4 // 900_000)}


def _lists(pyarrow: Any) -> dict[str, Any]:
    values = pyarrow.array(np.full(MUCH // 4, 0.5, np.float32))
    return {"x": pyarrow.FixedSizeListArray.from_arrays(values, 10_240)}


def _one_picture_many_times(pyarrow: Any) -> dict[str, Any]:
    return {"image": pyarrow.array([picture((64, 64)) + bytes(MIB)] * (MUCH // MIB))}


def picture(shape: tuple[int, ...], mode: str | None = None, kind: str = "PNG") -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    made = Image.fromarray(np.zeros(shape, np.uint8))
    (made.convert(mode) if mode else made).save(buffer, kind)
    return buffer.getvalue()


def _zip(name: str, size: int) -> Callable[[], bytes]:
    def made() -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(name, "w") as stream:
            for _ in range(size // MIB):
                stream.write(b"0,1\n" * (MIB // 4))
        return buffer.getvalue()

    return made


def _pictures(names: Callable[[int], str], n: int) -> tuple[Make, Items]:
    content = picture((64, 64))
    return lambda folder: None, lambda folder: [of_bytes(names(place), content) for place in range(n)]


def _beside(line: bytes) -> tuple[Make, Items]:
    content = picture((8, 8))
    pictures = [of_bytes(f"{place}.png", content) for place in range(12)]
    return lambda folder: None, lambda folder: [*pictures, repeated("a.csv", line, first=b"name,label\n")]


def _arrays(**arrays: np.ndarray) -> tuple[Make, Items]:
    def content() -> bytes:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
        return buffer.getvalue()

    return _file("a.npz", content)


_TOO_MUCH = "the most that is read|where at most|are left"
CASES: dict[str, tuple[tuple[Make, Items], str, dict[str, Any]]] = {
    "libsvm": (_text("a.svm", b"1 4096:1\n", 9 * MUCH // 4 // 4096), _TOO_MUCH, {}),
    "libsvm of values": (_text("a.svm", b"1 " + b"".join(b"%d:1 " % i for i in range(1, 401)) + b"\n"), _TOO_MUCH, {}),
    "libsvm in one line": (_text("a.svm", b" 1:1", first=b"1 2:3"), "letters, the most", {}),
    "CSV": (_text("a.csv", b"0.5,0.25,1\n"), _TOO_MUCH, {}),
    "CSV of many short lines": (_text("a.csv", b"1,2\n"), _TOO_MUCH, {}),
    "CSV in one line": (_text("a.csv", b"1,"), "letters, the most|columns", {}),
    "CSV with one long label": (
        _text("a.csv", b"a,1\n", 581_211, b"label,x\n" + b"a,1\n" * 300 + b"b" * 500_000 + b",1\n"), _TOO_MUCH, {},
    ),
    "CSV of lines that do not fit": (_text("a.csv", b"1,2,3\n", first=b"1,2\n" * 300), "has 3 fields", {}),
    "CSV of bytes and one real number": (
        _text("a.csv", b"1,2\n", 4 * 900_000, b"0.5,1\n"), _TOO_MUCH, {},
    ),
    "numbers between blanks": (_text("a.txt", b"0.5 0.25 1\n"), "save it as CSV", {}),
    "a table beside pictures": (_beside(b"x,y\n"), _TOO_MUCH, {}),
    "NPY": (_sparse("a.npy", npy_head("|u1", (MUCH // 784, 784)), MUCH // 784 * 784), _TOO_MUCH, {}),
    "NPY that promises": (_sparse("a.npy", npy_head("<f8", (10**9, 784)), 80), _TOO_MUCH, {}),
    "NPY of another byte order": (_sparse("a.npy", npy_head(">f8", (50, 8192)), 50 * 8192 * 8), _TOO_MUCH, {}),
    "NPZ": (_arrays(x=np.zeros((MUCH // 784, 784), np.uint8)), _TOO_MUCH, {}),
    "NPZ of bytes and real numbers": (
        _arrays(x_train=np.zeros((1_000, 784), np.uint8), x_test=np.zeros((400, 784))), _TOO_MUCH, {},
    ),
    "IDX": (_sparse("a-idx3-ubyte", b"\0\0\x08\x03" + struct.pack(">III", MUCH // 784, 28, 28)), _TOO_MUCH, {}),
    "IDX of 8 bytes": (
        _sparse("a-idx3-ubyte", b"\0\0\x0e\x03" + struct.pack(">III", 600, 28, 28), 600 * 784 * 8), _TOO_MUCH, {},
    ),
    "MAT": (_file("a.mat", _mat), _TOO_MUCH, {}),
    "MAT of cells": (_file("a.mat", _mat_cells), "50,000,000 cells", {}),
    "parquet": (_file("a.parquet", _parquet(_wide)), _TOO_MUCH, {}),
    "parquet of lists": (_file("a.parquet", _parquet(_lists)), _TOO_MUCH, {}),
    "parquet of one picture, many times": (_file("a.parquet", _parquet(_one_picture_many_times)), _TOO_MUCH, {}),
    "a large picture": (_file("a.png", lambda: picture((4_000, 8_000, 4))), _TOO_MUCH, {}),
    "a large picture with a palette": (_file("a.png", lambda: picture((4_000, 8_000), "P")), _TOO_MUCH, {}),
    "a large photo": (_file("a.jpg", lambda: picture((4_000, 8_000, 3), kind="JPEG")), _TOO_MUCH, {}),
    "many pictures": (_pictures(lambda place: f"{place}.png", 20_000), _TOO_MUCH, {}),
    "a folder of a long name": (
        _pictures(lambda place: f"{'b' * 50_000 if place == 7 else 'a'}/{place}.png", 900), _TOO_MUCH, {},
    ),
    "gzip": (_file("a.csv.gz", lambda: gzip.compress(b"0,1\n" * (MUCH // 4), 1)), _TOO_MUCH, {}),
    "bz2": (_file("a.csv.bz2", lambda: _zeros(bz2.BZ2Compressor)), _TOO_MUCH, {}),
    "xz": (_file("a.csv.xz", lambda: _zeros(lambda: lzma.LZMACompressor(preset=0))), _TOO_MUCH, {}),
    "a zip": (_file("a.zip", _zip("a.csv", MUCH)), _TOO_MUCH, {}),
    "small images made large": (
        _sparse("a.npy", npy_head("|u1", (60_000, 8, 8)) + b"\x01", 60_000 * 64 - 1), _TOO_MUCH, {"size": 64},
    ),
    "rows of bytes": (_sparse("a.npy", npy_head("|u1", (60_000, 50)) + b"\x01", 60_000 * 50 - 1), _TOO_MUCH, {}),
}  # fmt: skip
POINTS: dict[str, tuple[Make, Items]] = {
    "points": _sparse("a.npy", npy_head("|u1", (MUCH // 1_000, 1_000)), MUCH // 1_000 * 1_000),
    "points of bytes": _sparse("a.npy", npy_head("|u1", (3_000, 1_000)), 3_000_000),
}


def told(name: str, folder: Path) -> str:
    """Return what is said of a case."""
    from ae_models.base import UserError
    from ae_models.datasets.readers.coordinates import coordinates
    from ae_models.recipes import import_data

    try:
        if name in POINTS:
            coordinates(POINTS[name][1](folder), LIMITED)
        else:
            (_, items), _, settings = CASES[name]
            import_data.look(items(folder), ImportConfig.of(**settings), limits=LIMITED)
    except UserError as mistake:
        return str(mistake)
    return "read"


def _child(work: Callable[[], str]) -> tuple[str, int, float, float]:
    """Return what work says in a process of its own, how that ended, its peak in MB and its seconds."""
    read, write = os.pipe()
    start = time.monotonic()
    child = os.fork()
    if not child:
        os.write(write, work().encode()[:60_000])
        os._exit(0)
    os.close(write)
    _, status, usage = os.wait4(child, 0)
    with os.fdopen(read, "rb") as stream:
        said = stream.read().decode()
    return said, status, usage.ru_maxrss / (MIB if sys.platform == "darwin" else 1 << 10), time.monotonic() - start


def measured(name: str) -> dict[str, Any]:
    """Return what is said of a case, with the peak of memory and the seconds of a process of its own."""
    make = POINTS[name][0] if name in POINTS else CASES[name][0][0]
    with tempfile.TemporaryDirectory() as folder:
        _child(lambda: str(make(Path(folder))))
        said, status, peak, seconds = _child(lambda: told(name, Path(folder)))
    return {"said": said, "status": status, "peak_mb": peak, "seconds": seconds}


def main(names: Sequence[str]) -> None:
    import resource

    import PIL.Image  # noqa: F401 - what every case needs is loaded before the first
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401
    import scipy.io  # noqa: F401

    from ae_models.recipes import import_data  # noqa: F401

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = peak / (MIB if sys.platform == "darwin" else 1 << 10)
    found = {name: measured(name) for name in names or (*CASES, *POINTS)}
    sys.stdout.write(json.dumps({"start_mb": start, "cases": found}))


if __name__ == "__main__":
    main(sys.argv[1:])
