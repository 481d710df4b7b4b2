"""The contact sheet: what would be kept, a row a class, with the counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.base import Shape
from ae_models.datasets.readers.sheet import COLUMNS, sheet_rows
from ae_models.figures.picture_grid import picture_grid, without
from ae_models.figures.tint import ink
from ae_models.kinds import Kind, kind_called
from ae_models.recipes.import_data import Incoming
from ae_models.ui.shared.chart import BUTTONS, is_dark
from ae_models.ui.shared.markdown import escape_markdown

_LISTED = 500


def render(found: Incoming, about: dict[str, Any]) -> None:
    """Draw what would be kept: how much, pictures with their labels, counts, what was left out."""
    values, rows = about["values"], found.rows
    kind = kind_called(about["kind"])
    st.subheader(f"{about['n_train']:,} {kind.samples} to train on, {about['n_heldout']:,} held out", anchor=False)
    st.markdown(
        f":gray[{escape_markdown(about['format'])} · {_shape(kind, about['shape'])} · values from {values['min']:g} "
        f"to {values['max']:g} ({values['type']})]"
    )
    _pictures(found)
    if about["classes"]:
        with st.expander(f"Counts of all {len(about['classes'])} classes"):
            table = pd.DataFrame(about["classes"]).rename(columns={"name": "class", "heldout": "held out"})
            st.dataframe(table, hide_index=True, key="bring-counts")
    else:
        st.caption("No labels: maps are coloured by error, and measures that need classes will say so.")
    for note in rows.notes[:6]:
        st.caption(f":material/info: {escape_markdown(note)}")
    if about["left_out"]:
        n = len(about["left_out"])
        with st.expander(f"Left out: {n:,} {'file' if n == 1 else 'files'}", expanded=n <= 6):
            st.dataframe(pd.DataFrame(about["left_out"][:_LISTED]), hide_index=True, key="bring-left-out")


def _pictures(found: Incoming) -> None:
    images = found.rows.train
    lines = sheet_rows(images)
    dark = is_dark()
    tiles = [ink(images.images(rows), dark) for _, rows in lines]
    shape = tiles[0].shape[1:]
    colours = np.zeros((len(lines), COLUMNS, *shape), np.uint8)
    empty = np.ones((len(lines), COLUMNS), bool)
    for place, tile in enumerate(tiles):
        colours[place, : len(tile)] = tile
        empty[place, : len(tile)] = False
    counts: Any = [] if images.labels is None else np.bincount(images.labels, minlength=len(images.class_names))
    names = [f"{_short(title)} · {counts[place]:,}" if title else "" for place, (title, _) in enumerate(lines)]
    figure = picture_grid(
        without(colours, empty), rows=names, columns=[""] * COLUMNS, dark=dark, side=min(54, 560 // len(lines))
    )
    st.plotly_chart(
        figure,
        theme=None,
        key="bring-sheet",
        config={"displaylogo": False, "modeBarButtonsToRemove": BUTTONS, "displayModeBar": False},
        alt=f"A contact sheet of {len(lines)} rows: {', '.join(title for title, _ in lines if title)}",
    )


def _short(title: str) -> str:
    return title if len(title) <= 22 else f"{title[:21]}…"


def _shape(kind: Kind, shape: Shape) -> str:
    channels, height, width = shape
    size = kind.say(kind.sizes, height=height, width=width)
    return f"{size}, {'in colour' if channels == 3 else 'grey'}" if kind.is_pictorial else size
