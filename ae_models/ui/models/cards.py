"""Cards of models: what each is, how good, from when; open it, rename it, note something, download it, delete it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from ae_models import datasets, runs
from ae_models.base import UserError
from ae_models.kinds import kind_of
from ae_models.kinds.glossary import tip
from ae_models.runs import Damaged, RunRecord, RunStore, own_runs, shipped_runs
from ae_models.ui import state
from ae_models.ui.models.thumbnails import strip, thumbnail
from ae_models.ui.routes import publish
from ae_models.ui.shared import broken, ownership
from ae_models.ui.shared.actions import attempt, icon_button
from ae_models.ui.shared.canvas.watching import LiveMap, live_map
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.visitor import visitor

Run = tuple[RunStore, RunRecord]
COLUMNS = 3
_HIGH = 150
SAID, DELETED, EDITING = "models-said", "models-deleted", "models-editing"
_ORIGINS = {
    "shipped": ":gray-badge[shipped]",
    "local": ":blue-badge[yours]",
    "imported": ":violet-badge[loaded]",
    "others": ":gray-badge[not yours]",
}
SORTS: dict[str, Callable[[Run], Any]] = {
    "newest": lambda run: run[1].created,
    "title": lambda run: run[1].title.lower(),
    "code size": lambda run: (run[1].latent_dim, run[1].title.lower()),
    "error": lambda run: run[1].test.mse,
}


def chosen(found: Sequence[Run], words: str, whose: str, sort: str) -> list[Run]:
    """Return the runs that hold every word somewhere, of these origins, in this order."""
    origins: dict[str, Callable[[RunRecord], bool]] = {
        "yours": is_own,
        "shipped": lambda record: record.origin == "shipped",
    }
    fits = origins.get(whose)
    kept = [
        run
        for run in found
        if (fits is None or fits(run[1])) and all(word in text_of(run[1]) for word in words.lower().split())
    ]
    return sorted(kept, key=SORTS[sort], reverse=sort == "newest")


def is_own(record: RunRecord) -> bool:
    """Say whether this visitor may change a model."""
    return record.origin != "shipped" and ownership.is_mine(record.owner)


def text_of(record: RunRecord) -> str:
    """Return all that a search looks through."""
    names = (record.dataset.name, title_of_data(record), record.model.name, record.corruption.name, record.penalty.name)
    return " ".join((record.title, record.id, record.note, record.purpose, *names)).lower()


def title_of_data(record: RunRecord) -> str:
    """Return what a run's data set is called."""
    name = record.dataset.name
    return datasets.source(name).title if name in datasets.DATASETS else name


def render(found: Sequence[Run]) -> None:
    """Draw a card for each run."""
    for start in range(0, len(found), COLUMNS):
        for column, (store, record) in zip(st.columns(COLUMNS), found[start : start + COLUMNS], strict=False):
            with column, st.container(border=True, key=f"card-{record.id}", height="stretch"), broken.alone(record.id):
                _card(store, record)


def render_damaged(found: Sequence[Damaged]) -> None:
    """Draw a row for each folder that is no whole run."""
    for bad in found:
        mine = bad.id in own_runs() and ownership.is_mine(runs.owner_of(own_runs(), bad.id))
        broken.row(bad.why, f"delete-{bad.id}", partial(_delete, bad.id, bad.id) if mine else None)


def _card(store: RunStore, record: RunRecord) -> None:
    code = "1 number" if record.latent_dim == 1 else f"{record.latent_dim} numbers"
    own = is_own(record)
    st.markdown(
        f"**{escape_markdown(record.title)}** {_ORIGINS[record.origin if own or store == shipped_runs() else 'others']}"
    )
    _thumbnail(store, record)
    spoilt = " on spoilt input" if record.test.input == "corrupted" else ""
    kind = kind_of(record.input_shape)
    st.markdown(
        f"{escape_markdown(title_of_data(record))} · {code}  \n"
        f"**error {record.test.sse:.1f}**{spoilt} :gray[· {record.test.mse:.4f} {kind.a_part}]  \n"
        f":gray[{_made(record)}]",
        help=f"{escape_markdown(record.id)}, scored on {record.test.n:,} held-out {kind.samples}. "
        f"{tip('SSE', kind=kind)}",
    )
    if record.note:
        st.caption(escape_markdown(record.note))
    if store != shipped_runs():
        ownership.whose_line(record.owner)
    row = st.container(horizontal=True, vertical_alignment="center")
    address = {"data": record.dataset.name, "run": record.id, "dim": "3" if record.latent_dim == 3 else "2"}
    row.page_link("explore/page.py", label="Open", icon=":material/scatter_plot:", query_params=address)
    row.space("stretch")
    row.download_button(
        "",
        lambda: runs.pack(store, record),
        f"{record.id}.zip",
        "application/zip",
        key=f"zip-{record.id}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help="Download it as a zip; another Latent Lab can load it.",
    )
    if own:
        _own_buttons(row, record)


def _own_buttons(row: Any, record: RunRecord) -> None:
    """Draw what only who may change a model gets."""
    with row:
        secret = partial(_secret, record.id)
        ownership.recovery_button(record.id, record.owner, bool(record.recovery), secret, "models")
    edit = partial(state.put, EDITING, record.id)
    icon_button(row, "edit", f"edit-{record.id}", "Rename it, or note something.", edit)
    delete = partial(_delete, record.id, record.title)
    icon_button(row, "delete", f"delete-{record.id}", "Delete it. It can be taken back for 30 days.", delete)


def _made(record: RunRecord) -> str:
    epochs = record.training.get("epochs")
    if record.stopped:
        epochs = f"stopped after {record.stopped.epoch:.1f} of {record.stopped.of}"
    parts = [
        f"{datetime.fromisoformat(record.created).astimezone():%d %b %Y %H:%M}",
        f"{epochs} epochs" if epochs else "",
        f"{record.n_parameters:,} parameters" if record.n_parameters else "",
    ]
    return " · ".join(part for part in parts if part)


def _thumbnail(store: RunStore, record: RunRecord) -> None:
    try:
        little = thumbnail(store, record)
        pictures = strip(store, record) if little is None else None
    except UserError as mistake:
        st.caption(escape_markdown(str(mistake)))
        return
    with st.container(height=_HIGH, border=False, key=f"little-{record.id}"):
        if little is None:
            st.image(pictures, width="stretch")
            st.caption("What it sees, and what it draws")
            return
        points, labels = publish(little.points), publish(little.labels)
        live_map(LiveMap(points, little.n, little.width, labels, _HIGH, compact=True), key=f"thumb-{record.id}")


def _secret(run_id: str) -> str:
    return runs.new_recovery_secret(runs.own_runs(), run_id, visitor())


def _delete(run_id: str, title: str) -> None:
    attempt(SAID, lambda: state.put(DELETED, (runs.delete(run_id, visitor()).entry, title)))
