"""A stranger's model: two ONNX files, tried on real images; what was found; pictures before and after; kept by name."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ae_models import datasets
from ae_models.base import UserError
from ae_models.datasets.readers import UPLOADS
from ae_models.jobs.opening import TriedModel
from ae_models.ui import state, uploads
from ae_models.ui.shared import opened_files as kept
from ae_models.ui.shared import picture_strip
from ae_models.ui.shared.actions import reason
from ae_models.ui.shared.bar import available_datasets
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.your_data.cards import say

_TURN, _SAID = "bring-model-turn", "bring-model-said"
_BEST = "the one under which images come back best"
_WORDS = {"0-1": "0 to 1", "minus1-1": "−1 to 1", "0-255": "0 to 255", "standardized": "mean 0, deviation 1"}
WHAT = (
    "Keras, PyTorch, JAX, scikit-learn: whatever writes ONNX. Images may stand as (n, c, h, w), (n, h, w, c) or flat. "
    "Custom operators, tensors in other files and graphs of one image at a time are refused, with the reason. A run’s "
    "zip is loaded under My models."
)


def render() -> None:
    """Draw the form and, once both files are there, what was found."""
    turn = int(str(state.get(_TURN) or 0))
    with st.container(border=True, key="panel-bring-model"):
        columns = st.columns(2, gap="medium")
        halves = [
            uploads.place(
                f"{half}, an ONNX file",
                type="onnx",
                key=f"bring-{half}-{turn}",
                most=UPLOADS.graph_bytes,
                into=column,
            )
            for column, half in zip(columns, ("Encoder", "Decoder"), strict=True)
        ]
        names = available_datasets()
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        dataset = row.selectbox(
            "Made for the images of",
            names,
            format_func=lambda name: datasets.source(name).title,
            key="bring-model-data",
            width=240,
        )
        scale = row.selectbox(
            "It takes values from",
            [_BEST, *_WORDS],
            format_func=lambda name: _WORDS.get(name, name),
            key="bring-model-scale",
            width=330,
        )
        if not all(halves):
            st.caption(WHAT)
            return
        found = kept.tried(halves, str(dataset), None if scale == _BEST else str(scale))
        if isinstance(found, str):
            st.error(escape_markdown(found), icon=":material/error:")
            st.caption("Nothing was kept.")
        else:
            _found(found, halves, turn)


def _found(trial: TriedModel, halves: list[Any], turn: int) -> None:
    left, right = st.columns([5, 6], gap="large")
    with left:
        st.subheader("What was checked", anchor=False)
        for what, words, good in trial.checks:
            mark = ":green[:material/check_circle:]" if good else ":orange[:material/warning:]"
            st.markdown(f"{mark} **{escape_markdown(what)}**: {escape_markdown(words)}")
    with right:
        st.subheader("Real images, and what comes back", anchor=False)
        picture_strip.render(trial.before, "Real images, held out", high=60)
        picture_strip.render(trial.after, "The same, encoded and decoded", high=60)
    key = f"bring-model-name-{turn}"
    state.start(key, halves[0].name.removesuffix(".onnx")[:120])
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    title = row.text_input("Name", key=key, max_chars=120, width=300)
    wanted = row.button("Keep it", type="primary", icon=":material/check:", disabled=not title.strip())
    row.button("Forget it", type="tertiary", on_click=state.put, args=(_TURN, turn + 1))
    if wanted:
        _keep(trial, key, turn)
    if said := reason(_SAID):
        st.markdown(f":red[{escape_markdown(said)}]")


def _keep(trial: TriedModel, key: str, turn: int) -> None:
    state.put(_SAID, "")
    try:
        record = kept.keep(trial, str(state.get(key)))
    except UserError as mistake:
        state.put(_SAID, str(mistake))
        return
    say(
        f"“{record.title}” is among My models now: error {record.test.sse:.2f} on {record.test.n:,} held-out images.",
        ("explore/page.py", "Open it on Explore", {"data": record.dataset.name, "run": record.id}),
    )
    state.put(_TURN, turn + 1)
    st.rerun()
