"""Points of fitted maps, kept by what was fitted on what: a JSON that says so beside an array."""

from __future__ import annotations

import io
import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ae_models.base import Embedding, IntArray, UserError, as_user_error, paths
from ae_models.base.fields import Count, Line, Seconds, Settings, first_fault
from ae_models.base.owners import title_and_owner
from ae_models.base.stored import is_finite, plain_arrays, plain_json, read_file, remove_file

_FIELDS = ("method", "config", "version", "dataset", "fitted_on", "scored_on", "seconds")
_LATER_FIELDS = ("transform_seconds",)  # maps of earlier versions lack them
_NAME = r"[a-z0-9-]{1,80}"
_MOST_RECORD_BYTES = 1_000_000
_MOST_BYTES = 512_000_000  # of a map's points, in the file and in memory


class MapRows(BaseModel):
    """Which rows a map was fitted on, or shows. Of a map that was brought it is not known what it was fitted on."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    split: Annotated[Line, Field(max_length=40)]
    n: Count
    digest: str = Field(pattern=r"^([0-9a-f]{64})?$")
    variant: Annotated[Line, Field(max_length=40)] = ""


def shipped_embeddings() -> Path:
    """Return the folder of maps that ship with the product."""
    return paths.SHIPPED / "embeddings"


def own_embeddings() -> Path:
    """Return the folder of maps fitted here."""
    return paths.home() / "cache" / "embeddings"


def key(method: str, config: dict[str, Any], fitted_digest: str, scored_digest: str) -> str:
    """Return the file name of a map: method and a digest of parameters and data."""
    text = json.dumps([method, config, fitted_digest, scored_digest], sort_keys=True)
    return f"{method}-{sha256(text.encode()).hexdigest()[:16]}"


def save(embedding: Embedding, folder: Path, name: str, owner: str = "") -> None:
    """Write ``name.npz`` and then ``name.json``, each beside its final place and renamed, for ``owner``, a visitor."""
    paths.writable(folder)
    buffer = io.BytesIO()
    np.savez(buffer, points=embedding.points.astype(np.float32), ids=embedding.ids.astype(np.int32))
    about = {field: getattr(embedding, field) for field in (*_FIELDS, *_LATER_FIELDS)}
    about["sha256"] = sha256(buffer.getvalue()).hexdigest()
    if owner:
        about["owner"] = owner
    try:
        _replace(folder / f"{name}.npz", buffer.getvalue())
        _replace(folder / f"{name}.json", (json.dumps(about, indent=1) + "\n").encode())
    except OSError as error:
        raise UserError(f"the map could not be written in {folder} ({error.strerror})") from None


def _replace(path: Path, content: bytes) -> None:
    beside = paths.beside(path)
    beside.write_bytes(content)
    beside.replace(path)


class MapRecord(BaseModel):
    """What the JSON of a map says."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    method: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    config: Settings
    version: Line
    dataset: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    fitted_on: MapRows
    scored_on: MapRows
    seconds: Seconds
    transform_seconds: Seconds | None = None  # maps of earlier versions lack it
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @model_validator(mode="after")
    def _settings_are_plain(self) -> Self:
        wide = self.config.get("n_components"), self.config.get("of", 2)
        if not all(type(size) is int and 1 <= size <= 4096 for size in wide):
            raise ValueError("config says no number of dimensions")
        if not isinstance(self.config.get("title", ""), str):
            raise ValueError("config has a title that is no text")
        return self


def load(folder: Path, name: str) -> Embedding:
    """Return one stored map; ``UserError`` when its files are missing, altered, or not what they say."""
    try:
        about = _said(folder / f"{name}.json")
        content = read_file(folder / f"{name}.npz", _MOST_BYTES)
        if sha256(content).hexdigest() != about.sha256:
            raise UserError("its points are not those that were written (sha256 differs)")
        arrays = plain_arrays(content, {"points": "f", "ids": "iu"}, most=_MOST_BYTES)
        _check_arrays(arrays, about)
    except FileNotFoundError:
        raise UserError(f"map '{name}' is not in {folder}") from None
    except (OSError, ValueError) as error:
        raise UserError(f"map '{name}' is damaged: {as_user_error(error, 'it cannot be read')}") from None
    known = {field: getattr(about, field) for field in (*_FIELDS, *_LATER_FIELDS)}
    known |= {rows: known[rows].model_dump() for rows in ("fitted_on", "scored_on")}
    return Embedding(arrays["points"], arrays["ids"], **known)


def _check_arrays(arrays: dict[str, npt.NDArray[Any]], about: MapRecord) -> None:
    points, ids = arrays["points"], arrays["ids"]
    wanted = about.scored_on.n, about.config["n_components"]
    if points.shape != wanted or ids.shape != wanted[:1]:
        raise UserError(f"its points have shape {points.shape}, not {wanted}")
    if not is_finite(points):
        raise UserError("its points are not finite")
    if ids.size and not 0 <= int(ids.min()) <= int(ids.max()) < 2**31:
        raise UserError("its images have numbers below 0 or above 2,147,483,647")


def _said(path: Path) -> MapRecord:
    """Return what a map's JSON says; ``UserError`` without the map's name where it is none."""
    try:
        return _parsed(read_file(path, _MOST_RECORD_BYTES))
    except ValidationError as error:
        raise UserError(first_fault(error)) from None


@lru_cache(maxsize=1024)
def _parsed(content: bytes) -> MapRecord:
    return MapRecord.model_validate(plain_json(content))


@dataclass(frozen=True)
class DamagedMap:
    """An own map that cannot be read, why, and whose it was where that can be read."""

    name: str
    why: str
    owner: str = ""


def catalogue() -> list[tuple[Path, str, dict[str, Any]]]:
    """Return ``(folder, name, what its JSON says)`` of every readable map: own ones first, newest first."""
    found = []
    for folder in (own_embeddings(), shipped_embeddings()):
        for name in _names(folder):
            with suppress(OSError, ValueError):  # ``damaged`` has those
                found.append((folder, name, _said(folder / f"{name}.json").model_dump()))
    return found


def damaged() -> list[DamagedMap]:
    """Return the own maps that cannot be read. One that did not change since it was last read is not read again."""
    folder, found = own_embeddings(), []
    for name in _names(folder):
        stamps = tuple(_stamp(folder / f"{name}.{ending}") for ending in ("json", "npz"))
        why = _fault(folder, name, stamps)
        if why:
            found.append(DamagedMap(name, why, title_and_owner(folder / f"{name}.json")[1]))
    return found


@lru_cache(maxsize=1024)
def _fault(folder: Path, name: str, stamps: object) -> str:
    """Return what is wrong with a map; "" for a sound one."""
    try:
        load(folder, name)
    except UserError as mistake:
        return str(mistake)
    return ""


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what changes when a file does."""
    try:
        found = path.lstat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _names(folder: Path) -> list[str]:
    """Return the names of all maps of a folder, readable or not, the newest first."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name.removesuffix(".json")
                if name != entry.name and re.fullmatch(_NAME, name):
                    with suppress(OSError):
                        found.append((-entry.stat(follow_symlinks=False).st_mtime_ns, name))
    except OSError:
        return []
    return [name for _, name in sorted(found)]


def same(method: str, config: dict[str, Any], fitted_digest: str, scored_digest: str) -> tuple[Embedding, str] | None:
    """Return the stored map of this method, with these parameters, fitted and scored on these rows; or None.

    Its name comes with it.
    """
    for folder, name, about in catalogue():
        rows = about["fitted_on"].get("digest"), about["scored_on"].get("digest")
        if (about["method"], about["config"], *rows) == (method, config, fitted_digest, scored_digest):
            return load(folder, name), name
    return None


def named(name: str) -> Embedding:
    """Return the stored map of this name, own or shipped; ``UserError`` when there is none or it is damaged."""
    if not re.fullmatch(_NAME, name):
        raise UserError(f"'{name[:80]}' is no name of a map")
    return load(own_embeddings() if name in _names(own_embeddings()) else shipped_embeddings(), name)


def remove(name: str) -> None:
    """Delete an own map, whole or damaged; ``UserError`` when there is none of this name."""
    if name not in _names(own_embeddings()):
        raise UserError(f"map '{name[:80]}' is not among those that were made here")
    for ending in ("json", "npz"):  # without its JSON there is no map
        remove_file(own_embeddings() / f"{name}.{ending}")


def find(method: str, dataset: str, dim: int, ids: IntArray, digest: str | None = None) -> Embedding | None:
    """Return a stored map of ``dim`` dimensions that shows all the images ``ids``, cut down to them, or None.

    A map of exactly these images comes before a larger one, a newer before an older. With ``digest`` only a map of the
    images of this digest is taken: another data set may have had the same name.
    """
    wanted = [
        (folder, name, about)
        for folder, name, about in catalogue()
        if about["method"] == method
        and about["dataset"] == dataset
        and about["config"].get("n_components") == dim
        and digest in (None, about["scored_on"].get("digest"))
    ]
    wanted.sort(key=lambda found: found[2]["scored_on"].get("n") != len(ids))  # stable: keeps newest first
    for folder, name, _ in wanted:
        try:
            whole = load(folder, name)
        except UserError:
            continue
        part = cut(whole, ids)
        if part is not None:
            return part
    return None


def cut(whole: Embedding, ids: IntArray) -> Embedding | None:
    """Return a map cut down to the images ``ids``, in their order, or None when it lacks one of them."""
    rows = rows_of(whole.ids, ids)
    return None if rows is None else replace(whole, points=whole.points[rows], ids=ids)


def rows_of(have: IntArray, want: IntArray) -> npt.NDArray[np.intp] | None:
    """Return the position in ``have`` of each id of ``want``, or None when one is missing.

    Examples
    --------
    >>> rows_of(np.array([5, 7, 9], "i"), np.array([9, 5], "i"))
    array([2, 0])
    """
    order = np.argsort(have, kind="stable")
    places_in_order = np.searchsorted(have, want, sorter=order)
    if len(have) == 0 or places_in_order.max(initial=0) >= len(have):
        return None
    rows: npt.NDArray[np.intp] = order[places_in_order]
    return rows if np.array_equal(have[rows], want) else None
