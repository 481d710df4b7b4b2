"""A figure as every view shows it: a title with a tip, what it says in plain words, the figure, its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from ae_models.ui.widgets.bar import plain

BUTTONS = ["zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "toggleSpikelines"]


def is_dark() -> bool:
    """Say whether this visitor's page is dark."""
    return st.context.theme.type == "dark"


def draw(
    figure: Any,
    *,
    key: str,
    title: str,
    says: str,
    table: pd.DataFrame,
    tip: str = "",
    name: str = "",
    on_select: Callable[[], None] | None = None,
    controls: Callable[[], None] | None = None,
) -> None:
    """Draw a figure with everything around it.

    Parameters
    ----------
    figure : plotly Figure
    key : str
        Streamlit's key; also the name of the files that are saved, where ``name`` does not say another.
    title, tip : str
        The heading, and what a term in it means.
    says : str
        What the figure shows, computed; plain text.
    table : DataFrame
        The numbers behind it.
    on_select : callable or None
        Called when a point is clicked.
    controls : callable or None
        Draws switches between the words and the figure.
    """
    name = name or f"latent-lab-{key}"
    with st.container(border=True, height="stretch", key=f"panel-{key}"):
        heading(title, tip)
        if says:
            st.markdown(plain(says))
        if controls is not None:
            controls()
        config = {
            "displaylogo": False,
            "modeBarButtonsToRemove": BUTTONS,
            "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
        }
        more: dict[str, Any] = {} if on_select is None else {"on_select": on_select, "selection_mode": "points"}
        st.plotly_chart(figure, theme=None, key=key, config=config, alt=says or title, **more)
        numbers(table, key=key, name=name)


def heading(title: str, tip: str = "") -> None:
    """Draw the title of a panel, with what it means for whoever points at it."""
    st.markdown(f"### {plain(title)}", help=tip or None)


def numbers(table: pd.DataFrame, *, key: str, name: str) -> None:
    """Draw the table behind a figure, closed, with a button that saves it."""
    with st.expander("The numbers"):
        st.dataframe(table, hide_index=True, height="auto" if len(table) < 10 else 360, key=f"table-{key}")
        st.download_button(
            "Save as CSV",
            table.to_csv(index=False),
            file_name=f"{name}.csv",
            mime="text/csv",
            key=f"csv-{key}",
            on_click="ignore",
            icon=":material/download:",
        )
