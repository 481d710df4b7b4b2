"""Lessons: exhibits of the subject, each a question first."""

from __future__ import annotations

import streamlit as st

from ae_models.ui import state
from ae_models.ui.lessons import EXHIBITS
from ae_models.ui.markdown import plain
from ae_models.ui.widgets.lesson import index, page

asked = state.address().get("lesson", "")
if asked in EXHIBITS:
    page.draw(asked)
else:
    if asked:
        st.warning(
            plain(f"lesson in the address must be one of {', '.join(EXHIBITS)}: got “{asked[:40]}”"),
            icon=":material/info:",
        )
    index.draw()
