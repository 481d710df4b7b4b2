"""The pages: the only importer of Streamlit besides ``dashboard.py``. Read state, call one function, draw."""
