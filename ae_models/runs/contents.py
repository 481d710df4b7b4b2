"""What the arrays of a run must be: of the shapes that ``run.json`` says, of numbers, all of them finite."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ae_models.base import UserError
from ae_models.base.fields import Figure, first_fault
from ae_models.base.stored import is_finite, plain_arrays, plain_json
from ae_models.runs.record import RunRecord

MOST_FILE_BYTES = 128_000_000  # of one file of a run
MOST_ARRAY_BYTES = 256_000_000  # of the arrays of one file, unpacked
_MOST_ROWS = 100_000  # of a history
_Change = Annotated[float, Field(ge=-1e40, le=1e40)]


class HistoryRow(BaseModel):
    """A line of ``history.json``: one whole epoch."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    epoch: Figure
    train_reconstruction: _Change
    train_regulariser: _Change
    heldout_reconstruction: _Change
    heldout_regulariser: _Change
    heldout_sse: Figure
    seconds: Figure


_HISTORY = TypeAdapter(Annotated[list[HistoryRow], Field(max_length=_MOST_ROWS)])


def check_contents(record: RunRecord, name: str, content: bytes, most: int | None = None) -> None:
    """Raise ``UserError``, naming the file, where one of a run's files does not hold what its record says.

    Graphs and weights are not looked at here: ``check_pair`` and whoever loads them do that.
    """
    check = {"codes.npz": _check_codes, "snapshots.npz": _check_snapshots}.get(name)
    try:
        if check is not None:
            check(record, content, MOST_ARRAY_BYTES if most is None else most)
        elif name == "history.json":
            _HISTORY.validate_python(plain_json(content))
    except ValidationError as error:
        raise UserError(f"{name}, {first_fault(error)}") from None
    except UserError as mistake:
        raise UserError(f"{name} {mistake}") from None
    except ValueError as error:
        raise UserError(f"{name} cannot be read ({str(error)[:120]})") from None


def _check_codes(record: RunRecord, content: bytes, most: int) -> None:
    arrays = plain_arrays(content, {"codes": "f"}, optional={"ids": "iu"}, most=most)
    n = record.dataset.scored_on.n
    _check_shape("codes", arrays["codes"], (n, record.latent_dim))
    if "ids" in arrays:
        _check_shape("ids", arrays["ids"], (n,))


def _check_snapshots(record: RunRecord, content: bytes, most: int) -> None:
    whole = {"aligned": "f", "steps": "iu", "ids": "iu", "dims": "iu"}
    arrays = plain_arrays(content, whole, optional={"raw": "f"}, most=most)
    sizes = tuple(arrays[name].size for name in ("steps", "ids", "dims"))
    if 0 in sizes:
        raise UserError("shows nothing")
    for name, size in zip(("steps", "ids", "dims"), sizes, strict=True):
        _check_shape(name, arrays[name], (size,))
    for name in {"aligned", "raw"} & set(arrays):
        _check_shape(name, arrays[name], sizes)
    dims, steps = arrays["dims"], arrays["steps"]
    if dims.min() < 0 or dims.max() >= record.latent_dim:
        raise UserError(f"has dims that go beyond the {record.latent_dim} numbers of the code")
    if steps.min() < 0 or (np.diff(steps.astype(np.int64)) < 0).any():
        raise UserError("has steps that do not go forward")


def _check_shape(name: str, array: npt.NDArray[Any], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise UserError(f"has {name} of shape {array.shape}, not {shape}")
    if array.dtype.kind == "f" and not is_finite(array):
        raise UserError(f"has {name} that are not finite")
    if array.dtype.kind in "iu" and array.size and not 0 <= int(array.min()) <= int(array.max()) < 2**31:
        raise UserError(f"has {name} below 0 or above 2,147,483,647")
