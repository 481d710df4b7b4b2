"""Lessons: exhibits of the subject, each a question first."""

from __future__ import annotations

import streamlit as st

from ae_models.ui import state
from ae_models.ui.lessons import EXHIBITS, exhibit_page, index
from ae_models.ui.shared.markdown import escape_markdown

asked = state.address().get("lesson", "")
if asked in EXHIBITS:
    exhibit_page.render(asked)
else:
    if asked:
        st.warning(
            escape_markdown(f"lesson in the address must be one of {', '.join(EXHIBITS)}: got “{asked[:40]}”"),
            icon=":material/info:",
        )
    index.render()
