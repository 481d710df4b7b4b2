"""Files to take away: made when somebody asks, kept while others may ask for the same."""

from __future__ import annotations

import streamlit as st

from ae_models.export import zipped
from ae_models.recipes import exports
from ae_models.recipes.onefile import Opening, page_of
from ae_models.recipes.sizing import page_size, projector_size
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.shared.run_data import embeddings_signature


def file_of(store: RunStore, record: RunRecord, form: str) -> bytes:
    """Return one file of a run: a table of codes and maps (csv, npz, parquet), or a zip of what an export writes."""
    return _file(store, record, str(store.root), record.id, f"{record.digest} {record.title}", form, _stamp(form))


@st.cache_resource(max_entries=16, show_spinner=False)
def _file(_store: RunStore, _record: RunRecord, root: str, run_id: str, digest: str, form: str, stamp: object) -> bytes:
    if form in exports.TABLES:
        return exports.joined(_store, _record, form)
    files = exports.export_of(_store, _record, form)
    return next(iter(files.values())) if form == "zip" else zipped(files)


def _stamp(form: str) -> object:
    """Return what changes when a map is fitted: tables hold those that are kept."""
    return embeddings_signature() if form in exports.TABLES else ""


def about(store: RunStore, record: RunRecord, form: str) -> int:
    """Return about how many bytes the page or the projector's zip will have, before it is made."""
    return _about(store, record, str(store.root), record.id, f"{record.digest} {record.title}", form, _stamp("csv"))


@st.cache_resource(max_entries=64, show_spinner=False)
def _about(_store: RunStore, _record: RunRecord, root: str, run_id: str, digest: str, form: str, stamp: object) -> int:
    return {"html": page_size, "projector": projector_size}[form](_store, _record)


def page(store: RunStore, record: RunRecord, opening: Opening) -> bytes:
    """Return the canvas in one file, as it is on the screen."""
    return _page(store, record, str(store.root), record.id, f"{record.digest} {record.title}", opening, _stamp("csv"))


@st.cache_resource(max_entries=2, show_spinner=False)
def _page(
    _store: RunStore, _record: RunRecord, root: str, run_id: str, digest: str, opening: Opening, stamp: object
) -> bytes:
    return page_of(_store, _record, opening)
