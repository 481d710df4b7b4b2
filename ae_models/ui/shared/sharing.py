"""Share this view: a link with a task, without some controls, in the presenter's look; and what such a link shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from ae_models.ui.shared.link import MOST_TASK, NAMES, Shared
from ae_models.ui.shared.markdown import escape_markdown

_PRESENT = Path(__file__).parents[1] / "present.css"
EXPLORE = {  # what may be hidden, by its name in the address, and what it is called
    "data": "Data",
    "model": "Model",
    "dim": "2-D or 3-D",
    "share": "Share",
    "more": "More",
    "strip": "The strip over the maps",
    "sliders": "Sliders",
    "tools": "Tools",
    "legend": "Legend",
}
COMPARE = {"view": "What to compare", "data": "Data", "share": "Share", "controls": "Controls of the view"}
_PLACES = {  # where on a page each is; lessons leave theirs out themselves
    "explore": {
        "data": ".st-key-bar-data",
        "model": ".st-key-bar-model",
        "dim": ".st-key-bar-dim",
        "share": ".st-key-bar-share",
        "more": ".st-key-bar-more",
        "strip": ".ll-strip, .st-key-strip",
        "sliders": ".ll-sliders",
        "tools": ".ll-tools",
        "legend": ".ll-legend",
    },
    "compare": {
        "view": ".st-key-view",
        "data": ".st-key-images",
        "share": ".st-key-bar-share",
        "controls": '.st-key-compare-view [data-testid="stWidgetLabel"] + *, .st-key-compare-view '
        ":is(.stSelectbox, .stMultiSelect, .stButtonGroup, .stSlider)",
    },
}


def hide(shared: Shared, page: str) -> None:
    """Take the controls that a link hides off a page."""
    places = [_PLACES[page][name] for name in shared.hide if name in _PLACES[page]]
    if places:  # names of a closed table, never what the address says
        st.html(f"<style>:is({', '.join(places)}) {{ display: none !important; }}</style>")


def look(shared: Shared) -> None:
    """Give the page the presenter's look, where the link asks for it."""
    if shared.present:
        st.html(_PRESENT)


def task(shared: Shared) -> None:
    """Show the task of a link: as text, whatever it holds."""
    if shared.task:
        with st.container(border=True, key="panel-task"):
            lines = "  \n".join(escape_markdown(line) for line in shared.task.splitlines())
            st.markdown(f"**Task** · {lines}")


def leave(row: Any, shared: Shared, go: Callable[[], None]) -> None:
    """Draw the way out of the presenter's look in a row, where the page has it; ``go`` takes the page out of it."""
    if shared.present:
        row.button("Leave", key="present-leave", on_click=go, type="tertiary", icon=":material/close:")


def dress(shared: Shared, page: str) -> None:
    """Do what a link adds to the looks, before a page draws what it hides; its task follows with ``task``."""
    hide(shared, page)
    look(shared)


@st.fragment
def share(
    page: str,
    address: Callable[[], Mapping[str, str]],
    controls: Mapping[str, str],
    shared: Shared,
    more: Callable[[], None] | None = None,
) -> None:
    """Draw the button "Share"; it runs again when it is opened, so that the address is that of this moment.

    Parameters
    ----------
    page : str
        Which page or exhibit: what is written here stays with it.
    address : callable
        Gives the query parameters of the view; what a teacher adds is put over them.
    controls : mapping
        What may be hidden: names as the address says them, and what they are called.
    shared : Shared
        What the link that led here added: where a new one begins.
    more : callable, optional
        Draws what a page offers besides, under the link.
    """
    with st.popover("Share", width=100, key="bar-share", on_change="rerun"):
        st.markdown("**Share this view**")
        words = st.text_area(
            "Task for whoever opens it",
            shared.task,
            max_chars=MOST_TASK,
            key=f"share-task-{page}",
            placeholder="none",
            height=90,
        )
        hidden = st.multiselect(
            "Leave these out",
            list(controls),
            default=[name for name in shared.hide if name in controls],
            format_func=lambda name: controls.get(name, name),
            key=f"share-hide-{page}",
            placeholder="nothing",
        )
        present = st.toggle(
            "Presenter’s look", shared.present, key=f"share-present-{page}", help="Large type, few controls."
        )
        made = Shared((words or "").strip(), tuple(hidden), present)
        st.markdown("Copy this address: it brings back what you see, in any browser that reaches this server.")
        view = {name: value for name, value in address().items() if name not in NAMES}
        wanted = {**view, **made.address()}
        base = (st.context.url or "").split("?")[0].rstrip("/")
        if page == "explore":  # the first page has no name: behind a proxy its address is a folder's, or is not there
            base += "/"
        st.code(f"{base}?{urlencode(wanted)}", language=None, wrap_lines=True)
        if more is not None:
            more()
