"""Plotly figures from base types and plain arrays: real axis names and units. No Streamlit, no torch, no model."""
