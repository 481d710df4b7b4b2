"""Page settings and navigation; nothing else."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent

st.set_page_config(page_title="Latent Lab", page_icon=str(HERE / "icon.png"), layout="wide")
st.html(HERE / "page.css")

PAGES = [
    st.Page("views/explore.py", title="Explore", url_path="explore", default=True),
    st.Page("views/draw.py", title="Draw", url_path="draw"),
    st.Page("views/walk.py", title="Walk", url_path="walk"),
    st.Page("views/compare.py", title="Compare", url_path="compare"),
]

st.navigation(PAGES, position="top").run()
