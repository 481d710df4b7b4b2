"""Files that were uploaded and not kept: read once for as long as somebody looks at them, never more than a few."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import streamlit as st

from ae_models import datasets
from ae_models.base import ImageDataset, Mistake
from ae_models.config import ImportConfig
from ae_models.importing import LIMITS, UPLOADS, Raw, of_bytes, read
from ae_models.importing.items import Problems
from ae_models.importing.limits import size
from ae_models.importing.names import shown
from ae_models.recipes import bringing, laying
from ae_models.recipes.bringing import Incoming
from ae_models.recipes.laying import Placed
from ae_models.recipes.strangers import GraphFile, Trial, try_onnx

_KEPT = 20 * 60  # seconds; for words like "20m" Streamlit would import pandas, at the first page
READING = ("only", "labels", "size", "background")  # what changes how files are read
_ONE = Lock()  # one import is read at a time: a class that uploads at once waits, and memory stays


def look(files: Sequence[Any], config: ImportConfig, keep_good: bool = False) -> Incoming | str:
    """Return what uploaded files are taken for; a text says in one line why they cannot be read.

    Parameters
    ----------
    files : sequence of Streamlit's uploaded files
    config : ImportConfig
        What the visitor knows better.
    keep_good : bool
        Leave bad files out instead of refusing all.
    """
    names = tuple(str(file.file_id) for file in files)
    reading = tuple((field, getattr(config, field)) for field in READING)
    raw = _read(files, names, reading, keep_good)
    if isinstance(raw, str):
        return raw
    return _taken(raw, config, names, keep_good, config.model_dump_json())


@st.cache_resource(max_entries=4, ttl=_KEPT, show_spinner="Reading the files ...")
def _read(_files: Sequence[Any], names: object, reading: tuple[tuple[str, Any], ...], keep_good: bool) -> Raw | str:
    try:
        with _ONE:
            items = [of_bytes(file.name, _content(file, UPLOADS.file_bytes)) for file in _files]
            return read(items, ImportConfig.of(**dict(reading)), problems=Problems(keep_good), limits=UPLOADS)
    except Mistake as mistake:
        return said(mistake)


@st.cache_resource(max_entries=4, ttl=_KEPT, show_spinner="Looking at the images ...")
def _taken(_raw: Raw, _config: ImportConfig, names: object, keep_good: bool, settings: str) -> Incoming | str:
    try:
        with _ONE:
            return bringing.taken(_raw, _config, UPLOADS)
    except Mistake as mistake:
        return said(mistake)


def said(mistake: Mistake) -> str:
    """Return a mistake as the page says it: without the options of the command line."""
    return str(mistake).replace(" (--keep-good leaves such files out)", "")


@st.cache_resource(max_entries=32, show_spinner=False)
def first_rows(dataset: str, stamp: str, n: int) -> ImageDataset:
    """Return some held-out rows of a kept data set, spread over it, for its card."""
    images = datasets.heldout(dataset)
    step = max(1, len(images) // n)
    return images.take(range_of(len(images), step, n))


def range_of(length: int, step: int, n: int) -> Any:
    """Return ``n`` row numbers, ``step`` apart."""
    import numpy as np

    return np.arange(0, length, step)[:n]


def tried(halves: Sequence[Any], dataset: str, scale: str | None) -> Trial | str:
    """Return an uploaded encoder and decoder after they were tried on real images; a text says what is wrong."""
    names = tuple(str(file.file_id) for file in halves)
    return _tried(halves, names, dataset, datasets.stamp(dataset), scale)


@st.cache_resource(max_entries=4, ttl=_KEPT, show_spinner="Trying the graphs on real images ...")
def _tried(_halves: Sequence[Any], names: object, dataset: str, stamp: str, scale: str | None) -> Trial | str:
    try:
        with _ONE:
            encoder, decoder = (GraphFile(file.name, _content(file, LIMITS.graph_bytes)) for file in _halves)
            return try_onnx(encoder, decoder, dataset, scale=scale)
    except Mistake as mistake:
        return said(mistake)


def placed(file: Any, dataset: str) -> Placed | str:
    """Return uploaded points matched to a data set's held-out images; a text says why they cannot be."""
    return _placed(file, str(file.file_id), dataset, datasets.stamp(dataset))


@st.cache_resource(max_entries=4, ttl=_KEPT, show_spinner="Reading the points ...")
def _placed(_file: Any, name: str, dataset: str, stamp: str) -> Placed | str:
    try:
        with _ONE:
            item = of_bytes(_file.name, _content(_file, UPLOADS.file_bytes))
            return laying.placed([item], dataset, limits=UPLOADS)
    except Mistake as mistake:
        return said(mistake)


def _content(file: Any, most: int) -> bytes:
    if file.size > most:
        raise Mistake(f"{shown(file.name)}: {size(file.size)}, where at most {size(most)} are read")
    content: bytes = file.getvalue()
    return content
