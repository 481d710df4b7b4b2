"""Files that were uploaded: opened in a child process (``jobs.sandbox``), and what they became kept for the visit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ae_models import datasets, runs
from ae_models.base import FloatArray, ImageDataset, Shape, UserError
from ae_models.base.config import ImportConfig
from ae_models.datasets.readers import UPLOADS
from ae_models.datasets.readers.limits import size
from ae_models.datasets.readers.names import shown
from ae_models.jobs import opening, sandbox
from ae_models.jobs.opening import Sent, TriedModel
from ae_models.recipes.import_data import Incoming
from ae_models.recipes.imported_maps import MatchedPoints
from ae_models.runs import RunRecord
from ae_models.ui.cache import cached
from ae_models.ui.shared.visit_results import of_this_visit
from ae_models.ui.visitor import visitor

T = TypeVar("T")
READING = ("only", "labels", "size", "background")  # what changes how files are read


def get_ready() -> None:
    """Have a child process ready: the page that is drawn takes files."""
    sandbox.current().prewarm()


def look(files: Sequence[Any], config: ImportConfig, keep_good: bool = False) -> Incoming | str:
    """Return what uploaded files are taken for; a text says in one line why they cannot be read.

    Parameters
    ----------
    files : sequence of Streamlit's uploaded files
    config : ImportConfig
        What the visitor knows better. What does not change how files are read is answered without reading them again.
    keep_good : bool
        Leave bad files out instead of refusing all.
    """
    reading = (_ids(files), *(getattr(config, field) for field in READING))
    settings = config.model_dump(mode="json")
    rows = of_this_visit().get(f"rows {keep_good}", reading)

    def opened() -> Incoming:
        if rows is not None:
            taken: Incoming = _open("take", rows, settings, UPLOADS, what=files[0].name, words="Looking at the rows")
            return taken
        sent = [_sent(file, UPLOADS.file_bytes) for file in files]
        found: Incoming = _open(
            "look", sent, settings, keep_good, UPLOADS, what=files[0].name, words="Reading the files"
        )
        of_this_visit().put(f"rows {keep_good}", reading, found.raw)
        return found

    return _kept(f"look {keep_good}", (reading, config.model_dump_json(), UPLOADS), opened)


def tried(halves: Sequence[Any], dataset: str, scale: str | None) -> TriedModel | str:
    """Return an uploaded encoder and decoder after they were tried on real images; a text says what is wrong."""

    def opened() -> TriedModel:
        sent = [_sent(half, UPLOADS.graph_bytes) for half in halves]
        words = "Trying the graphs on real images"
        model: TriedModel = _open("try_model", sent, dataset, scale, what=halves[1].name, words=words)
        return model

    return _kept("tried", (_ids(halves), dataset, datasets.stamp(dataset), scale), opened)


def keep(found: TriedModel, title: str) -> RunRecord:
    """Keep a model that was tried as a run; ``UserError`` where it cannot be."""
    written = _open("keep_model", found, title, what=title or "the model", words="Encoding the held-out images")
    return opening.keep_run(written, visitor().id)


def load_zip(file: Any) -> RunRecord:
    """Keep the run that an uploaded zip holds; ``UserError`` where it holds none."""
    sent = _sent(file, runs.MOST_ZIP_BYTES)
    return opening.keep_run(_open("open_zip", sent, what=file.name, words="Reading the model"), visitor().id)


def placed(file: Any, dataset: str) -> MatchedPoints | str:
    """Return uploaded points matched to a data set's held-out images; a text says why they cannot be."""

    def opened() -> MatchedPoints:
        sent = _sent(file, UPLOADS.file_bytes)
        found = _open("place", sent, dataset, UPLOADS, what=file.name, words="Reading the points")
        heldout = datasets.heldout(dataset)
        if found.points.ndim != 2 or len(found.points) != len(heldout) or not np.isfinite(found.points).all():
            raise UserError(f"{shown(file.name)}: its points do not fit the held-out images")
        return MatchedPoints(found.source, found.points, dataset, heldout, found.variant, found.by_id)

    return _kept("placed", (_ids([file]), dataset, datasets.stamp(dataset)), opened)


def picture(file: Any, shape: Shape, box: int) -> FloatArray | str:
    """Return an uploaded image file as an image of this shape; a text says why it cannot be read."""

    def opened() -> FloatArray:
        sent = _sent(file, UPLOADS.picture_bytes)
        found: FloatArray = _open("picture", sent, shape, box, what=file.name, words="Reading the picture")
        if found.shape != shape or not np.isfinite(found).all():
            raise UserError(f"{shown(file.name)}: what came of it is no image of this shape")
        return found

    return _kept("picture", (_ids([file]), shape, box), opened)


def said(mistake: UserError) -> str:
    """Return a mistake as the page says it: without the options of the command line."""
    return str(mistake).replace(" (--keep-good leaves such files out)", "")


def _ids(files: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(file.file_id) for file in files)


def _kept(kind: str, key: Any, opened: Callable[[], T]) -> T | str:
    """Return what the visit has of this kind and key; else open it, and keep the result or the reason why not."""
    found: T | str | None = of_this_visit().get(kind, key)
    if found is None:
        try:
            found = opened()
        except UserError as mistake:
            found = said(mistake)
        of_this_visit().put(kind, key, found)
    return found


def _open(call: str, *arguments: Any, what: str, words: str) -> Any:
    """Have a child process open something, with a line on the page that says for how long it may."""
    context = get_script_run_ctx(suppress_warning=True)
    asking = visitor()
    who = asking.id or (context.session_id if context is not None else "")
    seconds = (
        min(sandbox.SECONDS[call], UPLOADS.seconds) if call in ("look", "take", "place") else sandbox.SECONDS[call]
    )
    with _progress(words, seconds) as waiting:
        return sandbox.current().call(
            call, *arguments, what=what, visitor=who, address=asking.address, seconds=seconds, waiting=waiting
        )


@contextmanager
def _progress(words: str, seconds: float) -> Iterator[Callable[[float], None]]:
    """Draw how long it takes already. Each drawing lets Streamlit end this run where a newer one is asked for."""
    place = st.empty()

    def waiting(elapsed: float) -> None:
        if elapsed:
            place.progress(min(1.0, elapsed / seconds), f"{words}: {elapsed:.0f} s, at most {seconds:g} s")
        else:
            place.progress(0.0, f"{words}: it is opened when its turn comes; then at most {seconds:g} s")

    try:
        yield waiting
    except UserError:
        place.empty()
        raise
    place.empty()


def _sent(file: Any, most: int) -> Sent:
    if file.size > most:
        raise UserError(f"{shown(file.name)}: {size(file.size)}, where at most {size(most)} are read")
    return Sent(file.name, file.getvalue())


@cached()
def first_rows(dataset: str, n: int) -> ImageDataset:
    """Return some held-out rows of a kept data set, spread over it, for its card."""
    images = datasets.heldout(dataset)
    step = max(1, len(images) // n)
    return images.take(np.arange(0, len(images), step)[:n])
