"""Streamlit's script for Plotly figures, fetched before the first figure is asked for."""

from __future__ import annotations

from ae_models.ui.shared.canvas.mounting import mount
from ae_models.ui.static import plot_script

KEY = "lesson-early"


def fetch_plots() -> None:
    """Let the browser fetch and read the script: a second that a visitor would wait for at the first figure."""
    if script := plot_script():
        mount("shared/early", {"script": f"./static/js/{script}"}, key=KEY)
