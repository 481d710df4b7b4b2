"""What lessons show at once was computed beforehand and ships: arrays, and beside them what they were made with."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import UserError, paths

Arrays = dict[str, npt.NDArray[Any]]


def folder() -> Path:
    """Return where they are."""
    return paths.SHIPPED / "lessons"


def is_built(name: str) -> bool:
    """Say whether the arrays called ``name`` are there."""
    return (folder() / f"{name}.json").is_file()


def read(name: str, what: str) -> tuple[dict[str, Any], Arrays]:
    """Return what is said of the arrays called ``name``, and the arrays, read-only.

    ``UserError`` where they are not there or damaged; ``what`` is what that line calls them: "maps", say.
    """
    return _read(folder(), name, what)


@lru_cache(maxsize=4)
def _read(where: Path, name: str, what: str) -> tuple[dict[str, Any], Arrays]:
    try:
        about = json.loads((where / f"{name}.json").read_bytes())
        path = where / f"{name}.npz"
        if sha256(path.read_bytes()).hexdigest() != about["sha256"]:
            raise UserError(f"the {what} of the lessons are damaged: {name}.npz is not what {name}.json names")
        with np.load(path, allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in stored.files}
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"the {what} of the lessons are not here: {type(error).__name__}") from None
    for array in arrays.values():
        array.flags.writeable = False
    return about, arrays


def write(name: str, arrays: Arrays, about: dict[str, Any]) -> None:
    """Write arrays with what is said of them."""
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / f"{name}.npz"
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    said = {**about, "sha256": sha256(path.read_bytes()).hexdigest()}
    (folder() / f"{name}.json").write_text(json.dumps(said, indent=1) + "\n")
