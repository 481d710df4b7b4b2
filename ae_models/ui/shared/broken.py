"""What cannot be read or drawn, beside what can: a row that says what is wrong with it, and a button to delete it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from ae_models.base import UserError
from ae_models.ui.shared.markdown import escape_markdown

_log = logging.getLogger(__name__)


def row(why: str, key: str, delete: Callable[[], object] | None) -> None:
    """Draw a row for one broken item; ``delete`` is None for whoever may not delete it."""
    place = st.container(horizontal=True, vertical_alignment="center", key=f"broken-{key}")
    place.warning(escape_markdown(why[:400]), icon=":material/broken_image:", width="stretch")
    if delete is not None:
        place.button("Delete it", key=key, icon=":material/delete:", on_click=delete)


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Draw one of many: where that fails, a line stands in its place and the others are drawn."""
    try:
        yield
    except UserError as mistake:
        st.caption(escape_markdown(str(mistake)))
    except Exception as error:  # noqa: BLE001 - whatever one item holds must not hide the others
        _log.exception("%r cannot be shown", what)
        st.caption(f"{escape_markdown(what)} cannot be shown ({type(error).__name__}).")
