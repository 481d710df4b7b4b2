"""Items of a store, each with one thing wrong with it (or nothing, by chance); seeded: a failure comes again."""

from __future__ import annotations

import io
import json
import random
import shutil
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

Raw = dict[str, Any]
# Texts of JSON values; each stands in the place of a value.
TEXTS = (
    "null", "true", "-1", "0", "0.5", '""', '"x"', "[]", "{}", "[1, 2]", '{"a": 1}', "NaN", "-Infinity", "1e999",
    "1e300", "9" * 400, "9" * 5000,
    "-" + "9" * 30, '"\\ud800"', '"\\u0000"', '"\\u202egnp.exe"', '"<b>[x](y)</b> :red[z] $a$"',
    '"0001-01-01T00:00:00+00:00"', '"9999-12-31T23:59:59-12:00"', '"2026-01-01T00:00:00"', '"tomorrow"',
    "[" * 60 + "]" * 60,
    '"' + "a" * 5000 + '"', '"../../etc"', '["a", 1, null]', "[[], [[]]]", "4294967296", "[0, 0, 0]", "[99999, 1, 1]",
)  # fmt: skip
KINDS = ("missing", "type", "words", "short", "flat", "deep", "nan", "far", "empty", "cut", "junk", "huge")
_MARK = "@@here@@"


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value of a JSON object, the objects in it too."""
    found = [way] if way else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, part in pairs:
        found += places(part, (*way, key))
    return found


def mutated_json(values: Raw, rng: random.Random, spare: tuple[str, ...] = ()) -> bytes:
    """Return the text of an object with one of its values lost or replaced; fields of ``spare`` stay."""
    copy = json.loads(json.dumps(values))
    way = rng.choice([way for way in places(copy) if way[0] not in spare])
    inner = copy
    for key in way[:-1]:
        inner = inner[key]
    if rng.random() < 0.15:
        del inner[way[-1]]
        return json.dumps(copy).encode()
    inner[way[-1]] = _MARK
    return json.dumps(copy).replace(f'"{_MARK}"', rng.choice(TEXTS)).encode()


def mutated_arrays(content: bytes, rng: random.Random) -> bytes:
    """Return an NPZ with one of its arrays lost, or of another type, size or value; or the file itself broken."""
    with np.load(io.BytesIO(content)) as stored:
        arrays = {name: stored[name] for name in stored.files}
    name = rng.choice(sorted(arrays))
    array = arrays[name]
    kind = rng.choice(KINDS)
    if kind == "missing":
        del arrays[name]
    elif kind in ("cut", "junk"):
        return content[: len(content) // 2] if kind == "cut" else b"PK\x03\x04" + b"x" * 200
    elif kind == "huge":
        return _huge(arrays, name)
    else:
        arrays[name] = {
            "type": lambda: array.astype(np.complex64),
            "words": lambda: np.full(array.shape, "word"),
            "short": lambda: array[:-1],
            "flat": lambda: array.reshape(-1),
            "deep": lambda: array[None],
            "nan": lambda: np.full(array.shape, np.nan, np.float32),
            "far": lambda: np.full(array.shape, np.finfo(np.float32).max, np.float32).astype(np.float64) * 1e200,
            "empty": lambda: array[:0],
        }[kind]()
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _huge(arrays: dict[str, Any], name: str) -> bytes:
    """Return an NPZ whose header promises a million times what there is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for other, array in arrays.items():
            one = io.BytesIO()
            if other == name:
                about = {"descr": "<f4", "fortran_order": False, "shape": (10**9, 1000)}
                np.lib.format.write_array_header_1_0(one, about)
            else:
                np.save(one, array)
            packed.writestr(f"{other}.npy", one.getvalue())
    return buffer.getvalue()


def runs(source: Path, seed: int) -> dict[str, bytes]:
    """Return the files of a run with one thing wrong; ``run.json`` says the digests of what is there."""
    rng = random.Random(seed)
    files = {path.name: path.read_bytes() for path in source.iterdir()}
    record = json.loads(files.pop("run.json"))
    record["id"] = f"mutated-{seed}"
    arrays = [name for name in files if name.endswith((".npz", "history.json"))]
    change = rng.choice(["record"] * 3 + arrays)
    if change == "history.json":
        files[change] = mutated_json({"rows": json.loads(files[change])}, rng)[9:-1]
    elif change != "record":
        files[change] = mutated_arrays(files[change], rng)
    for name, content in files.items():
        record["files"][name] = {"size": len(content), "sha256": sha256(content).hexdigest()}
    about = mutated_json(record, rng) if change == "record" else json.dumps(record).encode()
    return {**files, "run.json": about}


def data_set(source: Path, target: Path, seed: int) -> None:
    """Write a data set with one thing wrong."""
    rng = random.Random(seed)
    shutil.copytree(source, target)
    card = json.loads((target / "card.json").read_bytes()) | {"name": target.name}
    if rng.random() < 0.3:
        content = mutated_arrays((target / "rows.npz").read_bytes(), rng)
        (target / "rows.npz").write_bytes(content)
        card |= {"size": len(content), "sha256": sha256(content).hexdigest()}
        (target / "card.json").write_text(json.dumps(card))
    else:
        (target / "card.json").write_bytes(mutated_json(card, rng))


def job(source: Path, target: Path, seed: int) -> None:
    """Write a job with one thing wrong, and what was watched of it."""
    rng = random.Random(seed)
    values = json.loads(source.read_bytes()) | {"id": target.stem}
    watched = source.with_suffix(".npz")
    if watched.is_file() and rng.random() < 0.3:
        target.with_suffix(".npz").write_bytes(mutated_arrays(watched.read_bytes(), rng))
        target.write_text(json.dumps(values))
    else:
        target.write_bytes(mutated_json(values, rng))


def zipped(files: dict[str, bytes]) -> bytes:
    """Return the zip of a run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()
