"""Scores that were computed before: a JSON of figures beside an NPZ of arrays, named by what they depend on."""

from __future__ import annotations

import io
import json
from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from ae_models.base import ImageDataset, UserError, paths
from ae_models.base.fields import Count, Line, Words
from ae_models.base.stored import UNREADABLE, plain_json, read_file
from ae_models.kinds import IMAGE, kind_of
from ae_models.metrics import METRICS, Value, metric
from ae_models.recipes.contestants import Contestant

_ARRAYS = ("per_point", "curve")
_MOST_BYTES = 256_000_000
_PLAIN = tuple(field.name for field in fields(Value) if field.name not in (*_ARRAYS, "spread", "spread_n"))


def shipped_scores() -> Path:
    """Return the folder of scores that ship: a folder for each comparison."""
    return paths.SHIPPED / "scores"


class StoredScores:
    """The figures of one contestant on one set of images, read from the cache and written back with new ones.

    The name of the files is a digest of the images, the points, what draws the pictures, ``k``, the seed and the
    foreign images; a figure of another version of its metric is not used. Damaged files count as not there.
    Figures are kept as they are; numbers an image, which colour maps, to three digits.
    Those that ship are read too; new ones are written to ``folder``, by default the cache.
    """

    def __init__(
        self, one: Contestant, images: ImageDataset, k: int, seed: int, foreign: str, folder: Path | None = None
    ) -> None:
        points = np.ascontiguousarray(one.points, "<f4")
        parts = [images.digest, sha256(points.data).hexdigest(), list(points.shape), one.drawn_by, k, seed, foreign]
        kind = kind_of(images.shape)
        if kind is not IMAGE:
            parts.append(kind.name)  # what is kept has the words of its kind
        self.folder, self._named = folder or paths.home() / "cache" / "scores", folder is not None
        self.name = sha256(json.dumps(parts).encode()).hexdigest()[:32]
        self.encode_seconds: float | None = None
        self.values: dict[str, Value] = {}
        shipped = next(shipped_scores().glob(f"*/{self.name}.json"), None)
        for place in (shipped.parent if shipped else None, self.folder):
            if place is not None:
                self._read(place)

    def _path(self, ending: str) -> Path:
        return self.folder / f"{self.name}.{ending}"

    def _read(self, folder: Path) -> None:
        found: dict[str, Value] = {}
        try:
            content = read_file(folder / f"{self.name}.npz", _MOST_BYTES)
            about = plain_json(read_file(folder / f"{self.name}.json", _MOST_BYTES))
            if about["arrays"] != sha256(content).hexdigest():
                return
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                for name, kept in about["values"].items():
                    if name in METRICS and kept["version"] == metric(name).version:
                        found[name] = _value(name, kept, arrays)
            seconds = about["encode_seconds"]
            if seconds is not None and not 0 <= float(seconds) < 1e12:
                return
        except (*UNREADABLE, AttributeError):
            return  # missing or damaged: computed again
        self.values |= found
        self.encode_seconds = self.encode_seconds if seconds is None else seconds

    def write(self) -> None:
        """Keep what is known now; a cache that cannot be written keeps nothing, a folder that was named must."""
        try:
            self._write()
        except UserError:
            if self._named:
                raise

    def _write(self) -> None:
        paths.writable(self.folder)
        arrays: dict[str, Any] = {}
        for name, value in self.values.items():
            if value.per_point is not None:
                arrays[f"{name} per_point"] = value.per_point.astype(np.float16)
            arrays |= {f"{name} curve {column}": array for column, array in value.curve.items()}
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)
        about = {
            "arrays": sha256(buffer.getvalue()).hexdigest(),
            "encode_seconds": self.encode_seconds,
            "values": {
                name: {"version": metric(name).version} | {field: getattr(value, field) for field in _PLAIN}
                for name, value in self.values.items()
            },
        }
        try:
            for ending, content in (("npz", buffer.getvalue()), ("json", json.dumps(about, allow_nan=False).encode())):
                beside = paths.beside(self._path(ending))
                beside.write_bytes(content)
                beside.replace(self._path(ending))
        except OSError as error:
            raise UserError(f"the scores could not be kept in {self.folder} ({error.strerror})") from None


class _Figures(BaseModel):
    """The plain fields of ``Value`` as they are kept."""

    model_config = ConfigDict(allow_inf_nan=False)

    value: float | None
    why: Words
    chance: float | None
    chance_n: Count
    k: Count
    n: Count
    of: Line
    seed: int | None
    interval: tuple[float, float] | None
    interval_how: Words
    by_class: tuple[float | None, ...]
    note: Words


def _value(name: str, kept: dict[str, Any], arrays: Any) -> Value:
    plain = _Figures.model_validate({field: kept[field] for field in _PLAIN}).model_dump()
    value, start = Value(**plain), f"{name} curve "
    curve = {key.removeprefix(start): arrays[key] for key in arrays.files if key.startswith(start)}
    each = f"{name} per_point"
    per_point = arrays[each].astype(np.float32) if each in arrays.files else None
    return replace(value, per_point=per_point, curve=curve)
