"""Page settings and navigation; nothing else."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ae_models.ui import state, uploads
from ae_models.ui.shared import job_badge

HERE = Path(__file__).parent

uploads.begin()
st.set_page_config(page_title="Latent Lab", page_icon=str(HERE / "icon.png"), layout="wide")
st.html(HERE / "page.css")


def to_explore() -> None:
    """Send whoever asks for Explore by its name to the first page: Streamlit gives that one no name of its own."""
    st.switch_page(PAGES[0], query_params=st.query_params.to_dict())


PAGES = [
    st.Page("explore/page.py", title="Explore", url_path="first", default=True),
    st.Page("draw/page.py", title="Draw", url_path="draw"),
    st.Page("walk/page.py", title="Walk", url_path="walk"),
    st.Page("compare/page.py", title="Compare", url_path="compare"),
    st.Page("lessons/page.py", title="Lessons", url_path="lessons"),
    st.Page("train/page.py", title="Train", url_path="train"),
    st.Page("your_data/page.py", title="Your data", url_path="bring"),
    st.Page("models/page.py", title="My models", url_path="models"),
    st.Page(to_explore, title="Explore", url_path="explore", visibility="hidden"),
]

page = st.navigation(PAGES, position="top")
state.arrive(getattr(page, "title", ""))  # outside of a server, where tools import this, a page has no title
job_badge.render()
page.run()
uploads.end()
