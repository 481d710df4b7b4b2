"""The server: ``python -m streamlit run dashboard.py``. Its routes, what happens at start-up, which script runs."""

from ae_models.ui.server import make_app

app = make_app()
