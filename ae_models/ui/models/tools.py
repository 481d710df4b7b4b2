"""What stands around the cards: search and sort, a zip to load, the edit window, undo, the trash."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from ae_models import recipes, runs
from ae_models.base import UserError
from ae_models.runs import own_runs
from ae_models.ui import state, uploads
from ae_models.ui.models.cards import DELETED, EDITING, SAID, SORTS
from ae_models.ui.shared import actions, opened_files, ownership
from ae_models.ui.shared.actions import attempt, undo_row
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.visitor import visitor

_LOADED, _TURN = "models-loaded", "models-turn"
_WHOSE = {"all": "All", "yours": "Yours", "shipped": "Shipped"}


def bar(has_own: bool) -> tuple[str, str, str]:
    """Draw search, filter, sort and the place for a zip; return the words, whose models, and the order."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="models-bar")
    words = row.text_input(
        "Search", key="models-search", placeholder="title, data, note ...", width=280, bind="query-params"
    )
    state.start("models-whose", "yours" if has_own else "all")
    whose = row.segmented_control(
        "Whose",
        list(_WHOSE),
        format_func=_WHOSE.get,
        key="models-whose",
        required=True,
        persist_state="session",
    )
    sort = row.selectbox("Sort by", list(SORTS), key="models-sort", width=160, persist_state="session")
    row.space("stretch")
    with row.popover("Load a model", icon=":material/upload:", width=170):
        turn = int(str(state.get(_TURN) or 0))
        sent = uploads.place(
            "A model’s zip, as it was downloaded from a Latent Lab",
            type="zip",
            key=f"models-zip-{turn}",
            most=runs.MOST_ZIP_BYTES,
        )
        if sent is not None:
            _load(sent, turn)
    return words or "", str(whose or "all"), str(sort)


def _load(sent: Any, turn: int) -> None:
    attempt(SAID, lambda: state.put(_LOADED, opened_files.load_zip(sent).title))
    state.put(_TURN, turn + 1)  # a fresh place: the same file may come again
    st.rerun()


def messages() -> None:
    """Say what was done last, and offer to undo it."""
    said, loaded, gone = state.get(SAID), state.get(_LOADED), state.get(DELETED)
    if said:
        st.error(escape_markdown(str(said)), icon=":material/error:")
    if loaded:
        st.success(f"“{escape_markdown(str(loaded))}” is here now.", icon=":material/check:")
        state.put(_LOADED, "")
    if gone:
        entry, title = gone
        undo_row(title, "models-undo", partial(_restore, entry))


def trash() -> None:
    """List what this visitor deleted lately, each to be taken back."""
    actions.trash("Deleted lately", runs.deleted(), "back", _restore)


def _restore(entry: str) -> None:
    state.put(DELETED, None)
    attempt(SAID, lambda: runs.restore(entry, visitor()))


def recovery() -> None:
    """Show a link that was just made; where one was followed, ask whether the model changes hands."""
    ownership.recovery(
        lambda run_id: own_runs().read(run_id).title,
        lambda run_id, secret: runs.take_over(own_runs(), run_id, secret, visitor()).title,
    )


def edit_window() -> None:
    """Open the window in which a title and a note are changed, where somebody asked for it."""
    run_id = state.get(EDITING)
    if run_id:
        state.put(EDITING, None)
        _edit(str(run_id))


@st.dialog("Rename and note")
def _edit(run_id: str) -> None:
    try:
        record = recipes.find_run(run_id)[1]
    except UserError as mistake:
        st.error(escape_markdown(str(mistake)))
        return
    title, note = f"title-{run_id}", f"note-{run_id}"
    st.text_input("Title", record.title, max_chars=120, key=title)
    st.text_area("Note", record.note, max_chars=2_000, key=note, placeholder="what you saw, what to try next")
    if st.button("Save", type="primary", on_click=_save, args=(run_id, title, note)):
        st.rerun()


def _save(run_id: str, title: str, note: str) -> None:
    texts = {"title": str(state.get(title)), "note": str(state.get(note))}
    attempt(SAID, lambda: runs.amend(own_runs(), run_id, visitor(), **texts))
