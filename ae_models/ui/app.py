"""Page settings and navigation; nothing else."""

from __future__ import annotations

import streamlit as st

st.set_page_config(page_title="Latent Lab", page_icon=":material/bubble_chart:", layout="wide")

PAGES = [st.Page("views/explore.py", title="Explore", url_path="explore", default=True)]

st.navigation(PAGES, position="top").run()
