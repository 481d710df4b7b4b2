"""Every reader says how large what it makes will be, before it makes it: memory and time hold whatever a file says."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import os
import re
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models.base import UserError
from ae_models.datasets.readers import LIMITS, Item, limits, of_bytes, read
from ae_models.datasets.readers.items import Problems
from ae_models.datasets.readers.limits import Budget

from . import large
from .conftest import csv_of, idx, npy, npz, picture
from .large import CASES, LIMIT, LIMITED, MIB, POINTS

_HERE = Path(__file__)
_MORE_MB, _SECONDS = 200, 60


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every case, read in a process of its own where the system can fork."""
    if not hasattr(os, "fork"):
        found = {}
        for name in (*CASES, *POINTS):
            folder = tmp_path_factory.mktemp("large")
            (POINTS[name] if name in POINTS else CASES[name][0])[0](folder)
            found[name] = {"said": large.told(name, folder)}
        return {"cases": found}
    command = [sys.executable, str(_HERE.with_name("large.py"))]
    environment = {**os.environ, "PYTHONPATH": str(_HERE.parents[2]), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, capture_output=True, env=environment, timeout=900, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


@pytest.mark.parametrize("name", [*CASES, *POINTS])
def test_what_becomes_a_hundred_times_the_limit_is_refused_in_little_memory(tried: dict[str, Any], name: str) -> None:
    found = tried["cases"][name]
    pattern = CASES[name][1] if name in CASES else large._TOO_MUCH
    assert found.get("status", 0) == 0
    assert re.search(pattern, found["said"]), found["said"]
    assert "\n" not in found["said"]
    if "peak_mb" in found:
        assert found["peak_mb"] < tried["start_mb"] + LIMIT / 1e6 + _MORE_MB
        assert found["seconds"] < _SECONDS


BYTES = np.random.default_rng(0).integers(0, 256, (LIMIT // 784 - 200, 784)).astype(np.uint8)


def _mat() -> bytes:
    from scipy.io import savemat

    buffer = io.BytesIO()
    savemat(buffer, {"x": BYTES[: len(BYTES) // 2]})  # as it lies in the file, and as an array
    return buffer.getvalue()


def _parquet(lists: bool) -> bytes:
    import pyarrow
    from pyarrow import parquet

    rows = BYTES[:1_000]
    columns = {"x": pyarrow.array(list(rows))} if lists else {f"c{n}": pyarrow.array(rows[:, n]) for n in range(784)}
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), buffer)
    return buffer.getvalue()


def _svm() -> bytes:
    rows = [" ".join(f"{place + 1}:{value:.3g}" for place, value in enumerate(row)) for row in BYTES[:350] / 255]
    return "\n".join(f"{place % 3} {row}" for place, row in enumerate(rows)).encode()


NORMAL: dict[str, tuple[Callable[[], dict[str, bytes]], int]] = {
    "libsvm": (lambda: {"a.svm": _svm()}, 350),
    "CSV": (lambda: {"a.csv": csv_of(BYTES, None)}, len(BYTES)),
    "numbers between blanks": (
        lambda: {"a.txt": b"\n".join(b" ".join(b"%d" % value for value in row) for row in BYTES[:300])}, 300,
    ),
    "NPY": (lambda: {"a.npy": npy(BYTES)}, len(BYTES)),
    "NPZ": (lambda: {"a.npz": npz(x=BYTES)}, len(BYTES)),
    "IDX": (lambda: {"a-idx3-ubyte": idx(BYTES.reshape(-1, 28, 28))}, len(BYTES)),
    "IDX in gzip": (lambda: {"a-idx3-ubyte.gz": gzip.compress(idx(BYTES.reshape(-1, 28, 28)))}, len(BYTES)),
    "MAT": (lambda: {"a.mat": _mat()}, len(BYTES) // 2),
    "parquet": (lambda: {"a.parquet": _parquet(False)}, 1_000),
    "parquet of lists": (lambda: {"a.parquet": _parquet(True)}, 1_000),
    "pictures": (lambda: {f"{place}.png": picture(BYTES[place].reshape(28, 28)) for place in range(900)}, 900),
}  # fmt: skip


@pytest.mark.parametrize("name", NORMAL)
def test_what_is_just_under_the_limit_is_read(name: str) -> None:
    make, n = NORMAL[name]
    items = [of_bytes(file, content) for file, content in make().items()]
    assert len(read(items, limits=LIMITED)) == n


def test_rows_and_time_are_looked_at_on_the_way() -> None:
    few = replace(LIMITS, images=1_000)
    for item in (large.repeated("a.csv", b"1,2\n", MIB), large.repeated("a.svm", b"1 2:3\n", MIB)):
        with pytest.raises(UserError, match="more than 1,000 rows, the most that is read"):
            read([item], limits=few)


def test_a_long_table_in_a_small_zip_ends_at_the_limit_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock moves a second at each look; a table is looked at every two million bytes, wherever it lies."""
    now = itertools.count(time.monotonic())
    monkeypatch.setattr(limits.time, "monotonic", lambda: next(now))
    short = replace(LIMITS, seconds=20)
    line = b",".join([b"7"] * 500) + b"\n"
    for keep_good in (False, True):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("a.csv", line * (30 * MIB // len(line)))
        with pytest.raises(UserError, match=r"a\.csv: reading took more than 20 seconds and was given up"):
            read([of_bytes("a.zip", buffer.getvalue())], problems=Problems(keep_good), limits=short)


def test_lines_that_do_not_fit_are_left_out_up_to_a_number() -> None:
    item = large.repeated("a.csv", b"1,2,3\n", 6 * 20_000, b"1,2\n" * 300)
    with pytest.raises(UserError, match="more than 10,000 lines have another number of fields"):
        read([item], problems=Problems(keep_good=True))


def test_room_for_a_moment_is_what_is_left_or_a_little() -> None:
    budget = Budget(replace(LIMITS, unpacked_bytes=1_000 * MIB))
    budget.spend(700 * MIB, "a")
    budget.room_for(300 * MIB, "a")
    with pytest.raises(UserError, match="a: needs 301 MiB to be read, where 300 MiB are left"):
        budget.room_for(301 * MIB, "a")
    budget.spend(300 * MIB, "a")
    budget.room_for(limits.MOMENT, "a")
    assert budget.used == 1_000 * MIB


def test_a_text_is_read_a_line_at_a_time() -> None:
    item = Item("a.txt", 9, lambda: io.BufferedReader(io.BytesIO(b"\xef\xbb\xbfa\r\nb\rc\n")))
    assert [line.strip() for line in item.lines(Budget())] == ["a", "b", "c"]
    with pytest.raises(UserError, match="is text in no UTF-8"):
        list(of_bytes("a.txt", b"\xff\xff").lines(Budget()))


def test_a_mat_file_of_cells_in_cells_is_refused() -> None:
    body = b""
    for _ in range(12):
        head = struct.pack("<IIII", 6, 8, 1, 0) + struct.pack("<IIii", 5, 8, 1, 1) + struct.pack("<II", 1, 0)
        body = struct.pack("<II", 14, len(head) + len(body)) + head + body
    content = b"MATLAB 5.0".ljust(124, b" ") + b"\x00\x01IM" + body
    with pytest.raises(UserError, match="holds 1 cells, where at most 10,000, 10 deep, are read"):
        read([of_bytes("a.mat", content)])
