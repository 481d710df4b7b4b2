"""Page settings and navigation; nothing else."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ae_models.ui import state
from ae_models.ui.widgets import job_badge

HERE = Path(__file__).parent

st.set_page_config(page_title="Latent Lab", page_icon=str(HERE / "icon.png"), layout="wide")
st.html(HERE / "page.css")

PAGES = [
    st.Page("views/explore.py", title="Explore", url_path="explore", default=True),
    st.Page("views/draw.py", title="Draw", url_path="draw"),
    st.Page("views/walk.py", title="Walk", url_path="walk"),
    st.Page("views/compare.py", title="Compare", url_path="compare"),
    st.Page("views/train.py", title="Train", url_path="train"),
    st.Page("views/models.py", title="My models", url_path="models"),
]

page = st.navigation(PAGES, position="top")
state.arrive(page.title)
job_badge.draw()
page.run()
