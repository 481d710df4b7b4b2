"""The server: ``python -m streamlit run dashboard.py``. Its routes, what happens at start-up, which script runs."""

import streamlit as st

from ae_models.ui.server import lifespan, middleware, routes

# Streamlit finds the app by reading this file: the call must stand here.
app = st.App("ae_models/ui/app.py", routes=routes(), middleware=middleware(), lifespan=lifespan)
