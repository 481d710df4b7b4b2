"""What a visitor has done that may fail: where it does, the reason stands on the page at its next run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import streamlit as st

from ae_models.base import UserError
from ae_models.base.trash import Deleted
from ae_models.ui import state
from ae_models.ui.shared import broken, ownership
from ae_models.ui.shared.markdown import escape_markdown


def attempt(key: str, act: Callable[[], object]) -> bool:
    """Do something; where it cannot be done, keep the reason under ``key`` and return False."""
    state.put(key, "")
    try:
        act()
    except UserError as mistake:
        state.put(key, str(mistake))
        return False
    return True


def reason(key: str) -> str:
    """Return why the last attempt under a key failed; "" where it did not."""
    return str(state.get(key) or "")


def icon_button(row: Any, icon: str, key: str, tip: str, act: Callable[[], object]) -> None:
    """Draw a button that is an icon alone in a row."""
    row.button("", key=key, icon=f":material/{icon}:", type="tertiary", on_click=act, help=tip)


def undo_row(title: str, key: str, take_back: Callable[[], object]) -> None:
    """Say that something was just deleted, and offer to take it back."""
    row = st.container(border=True, horizontal=True, vertical_alignment="center", key=key)
    row.markdown(f"“{escape_markdown(title)}” is deleted.", width="stretch")
    row.button("Undo", icon=":material/undo:", on_click=take_back)


def trash(label: str, found: Iterable[Deleted], key: str, take_back: Callable[[str], object]) -> None:
    """List what this visitor deleted lately, closed, each with the button that takes it back."""
    gone = ownership.deleted(found)
    if not gone:
        return
    with st.expander(f"{label} ({len(gone)})"):
        for name, each in gone:
            with broken.alone(each.entry):
                place = st.container(horizontal=True, vertical_alignment="center")
                when = f"{datetime.fromtimestamp(each.when).astimezone():%d %b %H:%M}"
                place.markdown(f"{escape_markdown(each.title)} :gray[· {when}]", width="stretch")
                place.button("Take back", key=f"{key}-{name}", on_click=take_back, args=(each.entry,))
