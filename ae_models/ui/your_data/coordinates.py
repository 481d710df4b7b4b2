"""Ready-made points of images: read, matched, looked at, laid beside our maps."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from ae_models import datasets
from ae_models.base import UserError, whose
from ae_models.datasets.readers import UPLOADS
from ae_models.projections import store as maps
from ae_models.recipes import imported_maps
from ae_models.recipes.imported_maps import MatchedPoints
from ae_models.ui import state, uploads
from ae_models.ui.shared import broken, ownership
from ae_models.ui.shared import opened_files as kept
from ae_models.ui.shared.actions import attempt, icon_button, reason
from ae_models.ui.shared.bar import available_datasets
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.visitor import visitor
from ae_models.ui.your_data.cards import say

_TURN, _SAID = "bring-map-turn", "bring-map-said"


def render() -> None:
    """Draw the place for a file and, once it is there, its points; below, what was laid before."""
    turn = int(str(state.get(_TURN) or 0))
    with st.container(border=True, key="panel-bring-map"):
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        dataset = row.selectbox(
            "Points of",
            available_datasets(),
            format_func=lambda name: datasets.source(name).title,
            key="bring-map-data",
            width=240,
        )
        n_train, n_heldout = datasets.source(str(dataset)).sizes()
        samples = datasets.kind_of(str(dataset)).samples
        st.markdown(
            f":gray[A line of numbers for each of its {samples}, as CSV, NPY or NPZ: {n_heldout:,} lines in the order "
            f"of the held-out {samples}, or {n_train + n_heldout:,} of all, or with a column “id”. Codes of more than "
            "3 numbers are shown by their main directions.]"
        )
        sent = uploads.place("Coordinates or codes, one file", key=f"bring-map-{turn}", most=UPLOADS.file_bytes)
        if sent is not None:
            found = kept.placed(sent, str(dataset))
            if isinstance(found, str):
                st.error(escape_markdown(found), icon=":material/error:")
                st.caption("Nothing was kept.")
            else:
                _found(found, sent, turn)
        if said := reason(_SAID):
            st.markdown(f":red[{escape_markdown(said)}]")
    _imported()


def _found(found: MatchedPoints, sent: Any, turn: int) -> None:
    n, width = found.points.shape
    how = "by their ids" if found.by_id else "by their order"
    st.markdown(f"**{n:,} points, {width:,} {'number' if width == 1 else 'numbers'} each**, matched {how}.")
    key = f"bring-map-name-{turn}"
    state.start(key, sent.name.rsplit(".", 1)[0][:120])
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    title = row.text_input("Name", key=key, max_chars=120, width=300)
    try:
        imported_maps.method_of(title)
        wrong = ""
    except UserError as mistake:
        wrong = str(mistake)
    row.button(
        "Lay it beside ours", type="primary", icon=":material/check:", disabled=bool(wrong), on_click=_lay,
        args=(found, key, turn),
    )  # fmt: skip
    row.button("Forget it", type="tertiary", on_click=state.put, args=(_TURN, turn + 1))
    if wrong:
        st.markdown(f":red[{escape_markdown(wrong)}]")


def _lay(found: MatchedPoints, key: str, turn: int) -> None:
    state.put(_SAID, "")
    try:
        embedding = imported_maps.keep_map(found, str(state.get(key)), visitor())
    except UserError as mistake:
        state.put(_SAID, str(mistake))
        return
    dim = "3" if found.points.shape[1] == 3 else "2"
    say(
        f"“{embedding.config['title']}” can stand in the third place on Explore now.",
        ("explore/page.py", "See it there", {"data": found.dataset, "dim": dim, "map": embedding.method}),
    )
    state.put(_TURN, turn + 1)


def _imported() -> None:
    found, damaged = imported_maps.known_maps(), maps.damaged()
    if not found and not damaged:
        return
    st.subheader(f"Maps that were laid ({len(found)})", anchor=False)
    for bad in damaged:
        delete = partial(attempt, _SAID, partial(imported_maps.remove_damaged, bad.name, visitor()))
        broken.row(bad.why, f"bring-map-damaged-{bad.name}", delete if ownership.is_mine(bad.owner) else None)
    known = set(datasets.DATASETS)
    for one in found:
        with broken.alone(one.title):
            _row(one, known)


def _row(one: imported_maps.ImportedMap, known: set[str]) -> None:
    method, dataset, width = one.method, one.dataset, one.width
    row = st.container(horizontal=True, vertical_alignment="center", border=True)
    title = datasets.source(dataset).title if dataset in known else f"{dataset}, which is not here"
    row.markdown(
        f"**{escape_markdown(one.title)}** :gray[· {escape_markdown(title)} · {width:,} numbers]", width="stretch"
    )
    if dataset in known:
        row.page_link(
            "explore/page.py",
            label="See it",
            icon=":material/scatter_plot:",
            query_params={"data": dataset, "map": method, "dim": "3" if width == 3 else "2"},
        )
    if not ownership.is_mine(one.owner):
        row.markdown(f":gray[{whose(one.owner)}]")
        return
    delete = partial(attempt, _SAID, partial(imported_maps.delete_map, method, dataset, visitor()))
    tip = "Delete it; the file it came from stays yours."
    icon_button(row, "delete", f"bring-map-delete-{dataset}-{method}", tip, delete)
