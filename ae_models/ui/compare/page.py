"""Compare: is an autoencoder better than PCA? One question, several answers, a view each; only the chosen one runs."""

from __future__ import annotations

from importlib import import_module

import streamlit as st

from ae_models import datasets
from ae_models.base import UserError
from ae_models.ui import state
from ae_models.ui.shared import sharing
from ae_models.ui.shared.bar import available_datasets
from ae_models.ui.shared.markdown import escape_markdown

VIEWS = {  # name in the address: (what a visitor reads, what it asks, the script)
    "pictures": (
        "Same pictures",
        "The same {samples} through both, at the same code size: who draws them better?",
        "ae_models.ui.compare.pictures",
    ),
    "size": ("Code size", "A longer code keeps more. How much more than PCA’s?", "ae_models.ui.compare.sizes"),
    "neighbours": ("Neighbours", "Does a map keep who is near whom?", "ae_models.ui.compare.neighbours"),
    "scores": ("Scores", "Every question has its own winner. Choose one.", "ae_models.ui.compare.scores"),
    "pca": (
        "PCA itself",
        "What an autoencoder has to beat: the straight map that fits the training {samples} best.",
        "ae_models.ui.compare.straight",
    ),
    "linear": ("Linear = PCA", "Take the bends out of an autoencoder, and PCA is left.", "ae_models.ui.compare.linear"),
    "check": (
        "Check the numbers",
        "What others have published, computed anew by their protocols.",
        "ae_models.ui.compare.check",
    ),
}

names = available_datasets()
shared = state.shared("compare", sharing.COMPARE)
sharing.dress(shared, "compare")
title = st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="compare-title")
title.title("Is the autoencoder better than PCA?", anchor=False, width="content")
row = st.container(horizontal=True, vertical_alignment="center", gap="small", key="compare-bar")
view = row.segmented_control(
    "What to compare",
    list(VIEWS),
    format_func=lambda name: VIEWS[name][0],
    default=next(iter(VIEWS)),
    required=True,
    key="view",
    bind="query-params",
    label_visibility="collapsed",
)
row.space("stretch")
dataset = row.selectbox(
    "Data",
    names,
    format_func=lambda name: datasets.source(name).title,
    key="images",
    bind="query-params",
    label_visibility="collapsed",
    width=220,
)
with row.container(width="content"):
    sharing.share("compare", state.address, sharing.COMPARE, shared)
sharing.leave(row, shared, lambda: state.leave_present("compare"))
if dataset not in names or view not in VIEWS:  # a browser can be made to say anything
    st.stop()
title.markdown(f":gray[{escape_markdown(datasets.kind_of(dataset).say(VIEWS[view][1]))}]", width="content")
for line in shared.problems:
    st.warning(escape_markdown(line), icon=":material/info:")
sharing.task(shared)
try:
    with st.container(key="compare-view"):
        import_module(VIEWS[view][2]).render(dataset)
except UserError as mistake:
    st.error(escape_markdown(str(mistake)), icon=":material/error:")
