"""A training as it is watched: its curves, eight images getting better, the map taking shape."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ae_models.base import ByteArray, IntArray, UserError
from ae_models.base.fields import Count, Figure, Line, first_fault
from ae_models.base.stored import is_finite, plain_arrays, plain_json
from ae_models.runs.contents import HistoryRow

_MOST_STEPS = 3_000
_MOST_FRAMES = 48
MOST_BYTES = 256_000_000  # of what was watched of one job, in a file and in memory
Row = dict[str, float]
Message = dict[str, Any]
Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class Live:
    """What is known of a training by now; nothing in it changes any more.

    Parameters
    ----------
    epochs : tuple of dict
        A row a whole epoch, as in a run's ``history.json``: ``epoch`` (from 1), ``train_reconstruction`` and
        ``train_regulariser`` (in the loss's unit, averaged over images), ``heldout_reconstruction``,
        ``heldout_regulariser``, ``heldout_sse`` (over all held-out images), ``seconds``.
    steps : tuple of dict
        Finer rows, about two a second, thinned where there are many: ``step``, ``epoch`` (a fraction),
        ``train_reconstruction``, ``train_regulariser`` (since the row before), ``heldout_sse`` (over 500 held-out
        images, so a little off the whole).
    floor : float, optional
        The held-out SSE of the best linear map with this code size; None until it is known.
    example_ids : (8,) array of int32
        Held-out images whose reconstructions are shown.
    wanted, seen : (8, c, h, w) arrays of uint8, 255 for 1
        Those images, and what the network sees of them.
    frames : tuple of (8, c, h, w) arrays of uint8
        Their reconstructions through time, the newest last; thinned where there are many.
    frame_epochs : tuple of float
        When each frame was, in epochs.
    points : (n, d) array of float16
        Codes of at most 2,000 held-out images now, at most three coordinates of them.
    ids : (n,) array of int32
        Which held-out images those are.
    dims : tuple of int
        Which coordinates of the code ``points`` shows.
    note : str
        What the points are, where they are not codes: a preview of a map that is being fitted.
    version : int
        Grows with each change: a page that has drawn this one need not draw again.
    """

    epochs: tuple[Row, ...] = ()
    steps: tuple[Row, ...] = ()
    floor: float | None = None
    example_ids: IntArray = field(default_factory=lambda: np.zeros(0, np.int32))
    wanted: ByteArray = field(default_factory=lambda: np.zeros((0, 1, 1, 1), np.uint8))
    seen: ByteArray = field(default_factory=lambda: np.zeros((0, 1, 1, 1), np.uint8))
    frames: tuple[ByteArray, ...] = ()
    frame_epochs: tuple[float, ...] = ()
    points: npt.NDArray[np.float16] = field(default_factory=lambda: np.zeros((0, 2), np.float16))
    ids: IntArray = field(default_factory=lambda: np.zeros(0, np.int32))
    dims: tuple[int, ...] = ()
    note: str = ""
    version: int = 0

    @property
    def newest(self) -> Row | None:
        """The latest row, of a whole epoch or between two; None before the first."""
        return max((*self.epochs, *self.steps), key=lambda row: row["epoch"], default=None)

    @property
    def crossed(self) -> float | None:
        """The epoch, a fraction, of the first row that is below the floor; None when none is."""
        if self.floor is None:
            return None
        rows = sorted((*self.steps, *self.epochs), key=lambda row: row["epoch"])
        return next((row["epoch"] for row in rows if row["heldout_sse"] < self.floor), None)


def taken(now: Live, message: Message) -> Live:
    """Return what is known after one more of a worker's messages; the same object where it adds nothing.

    Kinds and values are those of ``recipes.Watch``, and ``map`` with ``points``, ``ids`` and a ``note``.

    Rows of a training that was taken up again replace those that came after its checkpoint.
    """
    kind = message.get("kind")
    changes: dict[str, Any] = {}
    if kind == "scene":
        changes = {name: unpacked(message[name]) for name in ("example_ids", "wanted", "seen", "ids")}
    elif kind == "floor":
        changes = {"floor": float(message["sse"])}
    elif kind == "map":
        changes = {"points": unpacked(message["points"]), "ids": unpacked(message["ids"]), "note": message["note"]}
    elif kind == "epoch":
        row = message["row"]
        changes = {"epochs": (*(old for old in now.epochs if old["epoch"] < row["epoch"]), row)}
    elif kind == "glimpse":
        row = message["row"]
        before = zip(now.frame_epochs, now.frames, strict=True)
        frames = [(when, frame) for when, frame in before if when < row["epoch"]]
        frames = thinned([*frames, (row["epoch"], unpacked(message["images"]))], _MOST_FRAMES)
        changes = {
            "steps": tuple(thinned([*(old for old in now.steps if old["step"] < row["step"]), row], _MOST_STEPS)),
            "frames": tuple(frame for _, frame in frames),
            "frame_epochs": tuple(when for when, _ in frames),
            "points": unpacked(message["points"]),
            "dims": tuple(message["dims"]),
        }
    return replace(now, **changes, version=now.version + 1) if changes else now


def thinned(items: list[Item], most: int) -> list[Item]:
    """Return every second item where there are more than ``most``, the first and the last among them.

    Examples
    --------
    >>> thinned([1, 2, 3, 4, 5, 6], 5), thinned([1, 2, 3], 5)
    ([1, 3, 5, 6], [1, 2, 3])
    """
    if len(items) <= most:
        return items
    kept = items[::2]
    return kept if len(items) % 2 else [*kept, items[-1]]


def packed(array: npt.NDArray[Any]) -> dict[str, Any]:
    """Return an array as values that a message can carry."""
    whole = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return {"shape": list(whole.shape), "kind": whole.dtype.str, "bytes": whole.tobytes()}


def unpacked(values: dict[str, Any]) -> Any:
    """Return the array that ``packed`` was given, read-only."""
    return np.frombuffer(values["bytes"], np.dtype(values["kind"])).reshape(values["shape"])


def to_bytes(live: Live) -> bytes:
    """Return it as an NPZ without pickle, for ``from_bytes``."""
    about: dict[str, Any] = {
        "epochs": live.epochs,
        "steps": live.steps,
        "floor": live.floor,
        "frame_epochs": live.frame_epochs,
    }
    about |= {"dims": live.dims, "note": live.note, "version": live.version}
    arrays = {name: getattr(live, name) for name in _ARRAYS}
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        about=np.frombuffer(json.dumps(about).encode(), np.uint8),
        frames=np.stack(live.frames) if live.frames else np.zeros((0, *live.wanted.shape), np.uint8),
        **arrays,
    )
    return buffer.getvalue()


def from_bytes(content: bytes) -> Live:
    """Read what ``to_bytes`` wrote; ``UserError`` when it is damaged."""
    try:
        arrays = plain_arrays(content, _KINDS, most=MOST_BYTES)
        about = _About.model_validate(plain_json(arrays.pop("about").tobytes()))
        frames = arrays.pop("frames")
        _check_arrays(arrays, frames, about)
    except UserError as mistake:
        raise UserError(f"what was watched of this job is damaged: it {mistake}") from None
    except ValidationError as error:
        raise UserError(f"what was watched of this job is damaged: {first_fault(error)}") from None
    except ValueError as error:
        raise UserError(f"what was watched of this job is damaged: {error}") from None
    whole: dict[str, Any] = {**arrays, **about.model_dump(), "frames": tuple(frames)}
    return Live(**whole)


def _check_arrays(arrays: dict[str, Any], frames: npt.NDArray[Any], about: _About) -> None:
    n, sizes = len(arrays["example_ids"]), {name: array.ndim for name, array in arrays.items()}
    if sizes != {"example_ids": 1, "wanted": 4, "seen": 4, "points": 2, "ids": 1} or frames.ndim != 5:
        raise UserError("has arrays of other shapes")
    if len(arrays["wanted"]) != n or len(arrays["seen"]) != n or len(frames) != len(about.frame_epochs):
        raise UserError("has other pictures than it says")
    if len(frames) and frames.shape[1:] != arrays["wanted"].shape:
        raise UserError("has pictures of other shapes")
    if len(arrays["ids"]) not in (0, len(arrays["points"])) and len(arrays["points"]):
        raise UserError("has other points than images")
    if not is_finite(arrays["points"]):
        raise UserError("has points that are not finite")
    if any(len(arrays[name]) and int(arrays[name].min()) < 0 for name in ("ids", "example_ids")):
        raise UserError("has images with numbers below 0")


class _Step(BaseModel):
    """A row between two epochs."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    epoch: Figure
    heldout_sse: Figure
    train_reconstruction: float
    train_regulariser: float
    step: Figure


class _About(BaseModel):
    """What stands beside the arrays."""

    model_config = ConfigDict(allow_inf_nan=False)

    epochs: Annotated[tuple[HistoryRow, ...], Field(max_length=100_000)]
    steps: Annotated[tuple[_Step, ...], Field(max_length=100_000)]
    floor: Figure | None
    frame_epochs: Annotated[tuple[Figure, ...], Field(max_length=10_000)]
    dims: Annotated[tuple[Annotated[int, Field(ge=0, le=4096)], ...], Field(max_length=3)]
    note: Line
    version: Count


_ARRAYS = ("example_ids", "wanted", "seen", "points", "ids")
_KINDS = {"about": "u", "frames": "u", "example_ids": "iu", "wanted": "u", "seen": "u", "points": "f", "ids": "iu"}
