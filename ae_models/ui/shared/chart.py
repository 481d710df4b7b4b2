"""A figure as every view shows it: a title with a tip, what it says in plain words, the figure, its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ae_models.export import markdown
from ae_models.ui.shared.markdown import escape_markdown

BUTTONS = ["zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "toggleSpikelines"]


def is_dark() -> bool:
    """Say whether this visitor's page is dark."""
    return bool(st.context.theme.type == "dark")


def render(
    figure: Any,
    *,
    key: str,
    title: str,
    says: str,
    table: pd.DataFrame,
    tip: str = "",
    name: str = "",
    selectable: bool = False,
) -> str | None:
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
    selectable : bool
        Whether a click on a point is heard.

    Returns
    -------
    str or None
        What the clicked point carries (its ``customdata``).
    """
    name = name or f"latent-lab-{key}"
    with st.container(border=True, height="stretch", key=f"panel-{key}"):
        heading(title, tip)
        if says:
            st.markdown(escape_markdown(says))
        heard = plot(figure, key=key, name=name, alt=says or title, selectable=selectable)
        numbers(table, key=key, name=name)
    return _clicked(heard) if selectable else None


def plot(figure: Any, *, key: str, name: str, alt: str, selectable: bool = False) -> Any:
    """Draw a Plotly figure as all pages draw theirs; return what Streamlit heard of it."""
    config = {
        "displaylogo": False,
        "modeBarButtonsToRemove": BUTTONS,
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
    }
    more: dict[str, Any] = {"on_select": "rerun", "selection_mode": "points"} if selectable else {}
    return st.plotly_chart(figure, theme=None, key=key, config=config, alt=alt, **more)


def _clicked(said: Any) -> str | None:
    points = said.get("selection", {}).get("points", []) if said else []
    data = points[0].get("customdata") if points else None
    first = data[0] if isinstance(data, list) and data else data
    return str(first) if isinstance(first, str | int) else None


def nothing(why: str, commands: Sequence[str]) -> None:
    """Say that there is nothing to show yet, why, and what to do."""
    with st.container(border=True):
        st.markdown(escape_markdown(why) + " Run this, then reload the page:")
        st.code("\n".join(commands), language="bash")


def heading(title: str, tip: str = "") -> None:
    """Draw the title of a panel, with what it means for whoever points at it."""
    st.markdown(f"### {escape_markdown(title)}", help=tip or None)


def numbers(table: pd.DataFrame, *, key: str, name: str) -> None:
    """Draw the table behind a figure, closed, with a button that saves it."""
    with st.expander("The numbers"):
        _table(table, key, name)


@st.fragment
def numbers_when_opened(table: pd.DataFrame, *, key: str, name: str) -> None:
    """Do the same, but draw the table only once it is opened: the browser has a megabyte less to read before."""
    box = st.expander("The numbers", key=f"numbers-{key}", on_change="rerun")
    if box.open:
        with box:
            _table(table, key, name)


def _table(table: pd.DataFrame, key: str, name: str) -> None:
    st.dataframe(table, hide_index=True, height="auto" if len(table) < 10 else 360, key=f"table-{key}")
    saves(table, key=key, name=name)


def saves(table: pd.DataFrame, *, key: str, name: str) -> None:
    """Draw the buttons that save a table, for a spreadsheet and for a text."""
    rows = markdown(list(map(str, table.columns)), table.to_numpy(object).tolist())
    save_buttons(table.map(_safe).to_csv(index=False), rows, key=key, name=name)


def save_buttons(as_csv: str, as_markdown: str, *, key: str, name: str) -> None:
    """Draw the two buttons with what they save."""
    row = st.container(horizontal=True, gap="small")
    for title, form, mime, content in (
        ("CSV", "csv", "text/csv", as_csv),
        ("Markdown", "md", "text/markdown", as_markdown),
    ):
        row.download_button(
            f"Save as {title}",
            content,
            file_name=f"{name}.{form}",
            mime=mime,
            key=f"{form}-{key}",
            on_click="ignore",
            icon=":material/download:",
        )


def _safe(value: object) -> object:
    """Return text that a spreadsheet does not take for a formula; numbers as they are."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
