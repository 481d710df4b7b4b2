"""What a child process does with what a visitor sent, and the types that it may answer with. Run in ``sandboxed``.

Each call takes plain values and gives plain values (see ``plain_values``); the server asks for it by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError

from ae_models.base import FloatArray, ImageDataset, Shape, UserError
from ae_models.base.config import ImportConfig
from ae_models.datasets.readers import Guess, Limits, Prepared, Raw, Reading, of_bytes, read
from ae_models.datasets.readers.items import Item, Problems
from ae_models.datasets.readers.names import shown
from ae_models.datasets.readers.raw import Hint
from ae_models.recipes import import_data, imported_maps
from ae_models.recipes.import_data import Incoming
from ae_models.runs import RunRecord, RunStore, new_id, own_runs, shipped_runs
from ae_models.runs.contents import MOST_FILE_BYTES
from ae_models.runs.pairing import Pair
from ae_models.runs.record import FILES

N_SHOWN = 8  # pictures of a visitor's model, before and after


@dataclass(frozen=True)
class Sent:
    """A file as it came: the name is only shown."""

    name: str
    content: bytes

    @property
    def item(self) -> Item:
        """It as something to read."""
        return of_bytes(self.name, self.content)


@dataclass(frozen=True, eq=False)
class TriedModel:
    """A stranger's two graphs after they were tried: what was found, and pictures before and after."""

    names: tuple[str, str]
    dataset: str
    pair: Pair
    n_parameters: int
    checks: list[tuple[str, str, bool]]
    before: FloatArray
    after: FloatArray


@dataclass(frozen=True, eq=False)
class Points:
    """Points matched to the held-out images of a data set: ``Placed`` without the images."""

    source: str
    points: FloatArray
    variant: str
    by_id: bool


@dataclass(frozen=True, eq=False)
class WrittenRun:
    """A run that was checked: its record as plain values, without ``files``, and the content of each file."""

    record: dict[str, Any]
    files: dict[str, bytes]


def look(sent: list[Sent], settings: dict[str, Any], keep_good: bool, limits: Limits) -> Incoming:
    """Read files and say what they are taken for."""
    config = ImportConfig.of(**settings)
    items = [file.item for file in sent]
    return import_data.taken(read(items, config, problems=Problems(keep_good), limits=limits), config, limits)


def take(raw: Raw, settings: dict[str, Any], limits: Limits) -> Incoming:
    """Take rows that were read before for something else."""
    return import_data.taken(raw, ImportConfig.of(**settings), limits)


def try_model(halves: list[Sent], dataset: str, scale: str | None) -> TriedModel:
    """Try an encoder and a decoder on real images."""
    from ae_models.recipes.imported_models import GraphFile, try_onnx

    encoder, decoder = (GraphFile(half.name, half.content) for half in halves)
    trial = try_onnx(encoder, decoder, dataset, scale=scale)
    before, after = trial.reconstruct(N_SHOWN)
    return TriedModel(trial.names, dataset, trial.pair, trial.n_parameters, trial.checks(), before, after)


def keep_model(tried: TriedModel, title: str) -> WrittenRun:
    """Encode and score the held-out images with graphs that were tried."""
    from ae_models import datasets
    from ae_models.recipes.imported_models import Trial, keep_onnx

    trial = Trial(tried.names, datasets.load(tried.dataset), tried.pair, tried.n_parameters)
    return _written(lambda store: keep_onnx(trial, title, store=store))


def open_zip(sent: Sent) -> WrittenRun:
    """Check the run that a zip holds."""
    from ae_models import runs

    return _written(lambda store: runs.unpack(sent.content, store))


def place(sent: Sent, dataset: str, limits: Limits) -> Points:
    """Read points and match them to a data set's held-out images."""
    found = imported_maps.match_points([sent.item], dataset, limits=limits)
    return Points(found.source, found.points, found.variant, found.by_id)


def picture(sent: Sent, shape: Shape, box: int) -> FloatArray:
    """Read an image file as an image of this shape."""
    from ae_models.recipes.drawing import picture_of_file

    return picture_of_file(sent.content, f"“{shown(sent.name)}”", shape, box)


def _written(write: Callable[[RunStore], Any]) -> WrittenRun:
    """Have a run written into a folder of its own, and return what is in it."""
    with TemporaryDirectory(prefix="run-", dir=Path.cwd()) as folder:
        store = RunStore(Path(folder))
        record = write(store)
        files = {name: store.file(record, name) for name in record.files}
    return WrittenRun(record.model_dump(mode="json", exclude={"files"}), files)


def keep_run(written: WrittenRun, owner: str = "") -> RunRecord:
    """Keep a run that a child checked, as one of ours that ``owner`` brought; called in the server.

    The id stays where it is free; else the run gets a new one. ``UserError`` where it is no run after all.
    """
    values, store = written.record, own_runs()
    run_id = values.get("id")
    if not isinstance(run_id, str) or set(written.files) - set(FILES):
        raise UserError("this holds no run")
    if any(len(content) > MOST_FILE_BYTES for content in written.files.values()):
        raise UserError(f"a file of this run is larger than {MOST_FILE_BYTES:,} bytes")
    taken = run_id in store or run_id in shipped_runs()
    ours = {"id": new_id(run_id) if taken else run_id, "origin": "imported", "owner": owner, "recovery": ""}
    try:
        return store.write({**values, **ours}, written.files)
    except ValidationError as error:
        raise UserError(f"this holds no run: {error.errors()[0]['msg'][:200]}") from None


CALLS: dict[str, Callable[..., Any]] = {
    "look": look,
    "take": take,
    "try_model": try_model,
    "keep_model": keep_model,
    "open_zip": open_zip,
    "place": place,
    "picture": picture,
}
ANSWERS: dict[str, Any] = {
    "look": Incoming,
    "take": Incoming,
    "try_model": TriedModel,
    "keep_model": WrittenRun,
    "open_zip": WrittenRun,
    "place": Points,
    "picture": FloatArray,
}
TABLE: dict[str, type] = {
    each.__name__: each
    for each in (Guess, Hint, ImageDataset, Incoming, Limits, Pair, Reading, Points, Prepared, Raw, Sent, TriedModel)
} | {"WrittenRun": WrittenRun}


def check(answer: Any) -> None:
    """Raise ``UserError`` unless the arrays of an answer of the right type belong together.

    The child is not trusted: a page may index one array by another.
    """
    if isinstance(answer, Incoming):
        raw, rows = answer.raw, answer.rows
        n = len(raw.values)
        sizes = [len(part) for part in (raw.ids, raw.labels, raw.is_test) if part is not None]
        if raw.values.ndim < 2 or not n or any(size != n for size in sizes):
            raise UserError("the rows that came back do not belong together")
        for images in (rows.train, rows.heldout):
            _check_images(images)
        if rows.train.shape != rows.heldout.shape or rows.train.class_names != rows.heldout.class_names:
            raise UserError("the rows that came back do not belong together")
        if rows.scale is not None:
            wide = (rows.shape[2],)
            if set(rows.scale) != {"low", "high"} or any(part.shape != wide for part in rows.scale.values()):
                raise UserError("the scale that came back does not fit its rows")


def _check_images(images: ImageDataset) -> None:
    pixels, n = images.pixels, len(images.pixels)
    if pixels.ndim != 4 or not n or images.ids.shape != (n,) or not 0 < images.levels < 65_536:
        raise UserError("the images that came back are none")
    labels = images.labels
    if labels is not None and (
        labels.shape != (n,) or int(labels.min()) < 0 or int(labels.max()) >= len(images.class_names)
    ):
        raise UserError("the labels that came back are beyond their classes")
