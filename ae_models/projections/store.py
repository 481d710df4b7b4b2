"""Points of fitted maps, kept by what was fitted on what: a JSON that says so beside an array."""

from __future__ import annotations

import io
import json
import os
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models import places
from ae_models.base import Embedding, IntArray, Mistake

_FIELDS = ("method", "config", "version", "dataset", "fitted_on", "scored_on", "seconds")
_LATER_FIELDS = ("transform_seconds",)  # maps of earlier versions lack them


def shipped_embeddings() -> Path:
    """Return the folder of maps that ship with the product."""
    return places.SHIPPED / "embeddings"


def own_embeddings() -> Path:
    """Return the folder of maps fitted here."""
    return places.home() / "cache" / "embeddings"


def key(method: str, config: dict[str, Any], fitted_digest: str, scored_digest: str) -> str:
    """Return the file name of a map: method and a digest of parameters and data."""
    text = json.dumps([method, config, fitted_digest, scored_digest], sort_keys=True)
    return f"{method}-{sha256(text.encode()).hexdigest()[:16]}"


def save(embedding: Embedding, folder: Path, name: str) -> None:
    """Write ``name.npz`` and then ``name.json``, each beside its final place and renamed."""
    places.writable(folder)
    buffer = io.BytesIO()
    np.savez(buffer, points=embedding.points.astype(np.float32), ids=embedding.ids.astype(np.int32))
    about = {field: getattr(embedding, field) for field in (*_FIELDS, *_LATER_FIELDS)}
    about["sha256"] = sha256(buffer.getvalue()).hexdigest()
    try:
        _replace(folder / f"{name}.npz", buffer.getvalue())
        _replace(folder / f"{name}.json", (json.dumps(about, indent=1) + "\n").encode())
    except OSError as error:
        raise Mistake(f"the map could not be written in {folder} ({error.strerror})") from None


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}-{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def load(folder: Path, name: str) -> Embedding:
    """Return one stored map; ``Mistake`` when its files are missing, altered, or not what they say."""
    try:
        about = json.loads((folder / f"{name}.json").read_bytes())
        content = (folder / f"{name}.npz").read_bytes()
        if sha256(content).hexdigest() != about["sha256"]:
            raise Mistake(f"map '{name}' is damaged: its points are not those that were written (sha256 differs)")
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            known = {field: about[field] for field in _FIELDS} | {field: about.get(field) for field in _LATER_FIELDS}
            return Embedding(arrays["points"], arrays["ids"], **known)
    except FileNotFoundError:
        raise Mistake(f"map '{name}' is not in {folder}") from None
    except Mistake:
        raise
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Mistake(f"map '{name}' is damaged ({type(error).__name__})") from None


def catalogue() -> list[tuple[Path, str, dict[str, Any]]]:
    """Return ``(folder, name, what its JSON says)`` of every readable map: own ones first, newest first."""
    found = []
    for folder in (own_embeddings(), shipped_embeddings()):
        for path in sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True):
            try:
                about = json.loads(path.read_bytes())
            except (OSError, ValueError, RecursionError):
                continue  # load() reports it by name to whoever asks for it
            if (
                isinstance(about, dict)
                and set(_FIELDS) <= set(about)
                and all(isinstance(about[field], dict) for field in ("config", "fitted_on", "scored_on"))
            ):
                found.append((folder, path.stem, about))
    return found


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
    """Return the stored map of this name, own or shipped; ``Mistake`` when there is none or it is damaged."""
    if not re.fullmatch(r"[a-z0-9-]{1,80}", name):
        raise Mistake(f"'{name[:80]}' is no name of a map")
    own = (own_embeddings() / f"{name}.json").is_file()
    return load(own_embeddings() if own else shipped_embeddings(), name)


def remove(name: str) -> None:
    """Delete an own map; ``Mistake`` when there is none of this name."""
    named(name)
    try:
        for ending in ("json", "npz"):  # without its JSON there is no map
            (own_embeddings() / f"{name}.{ending}").unlink()
    except OSError as error:
        raise Mistake(f"map '{name}' cannot be deleted ({error.strerror})") from None


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
        except Mistake:
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
