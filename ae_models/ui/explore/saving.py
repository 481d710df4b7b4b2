"""Files to take away: made when somebody asks, kept while others may ask for the same."""

from __future__ import annotations

from ae_models.export import TABLES, zipped
from ae_models.recipes import exports
from ae_models.recipes.onefile import Opening, page_of
from ae_models.recipes.sizing import page_size, projector_size
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.shared.run_data import embeddings_signature


def _title_and_maps(store: RunStore, record: RunRecord, *_: object) -> object:
    """Return what a file holds besides the run itself: its title, and the maps that are kept."""
    return record.title, embeddings_signature()


@cached(seen=_title_and_maps)
def file_of(store: RunStore, record: RunRecord, form: str) -> bytes:
    """Return one file of a run: a table of codes and maps (csv, npz, parquet), or a zip of what an export writes."""
    if form in TABLES:
        return exports.joined(store, record, form)
    files = exports.export_of(store, record, form)
    return next(iter(files.values())) if form == "zip" else zipped(files)


@cached(seen=_title_and_maps)
def about(store: RunStore, record: RunRecord, form: str) -> int:
    """Return about how many bytes the page or the projector's zip will have, before it is made."""
    return {"html": page_size, "projector": projector_size}[form](store, record)


@cached(seen=_title_and_maps)
def page(store: RunStore, record: RunRecord, opening: Opening) -> bytes:
    """Return the canvas in one file, as it is on the screen."""
    return page_of(store, record, opening)
