"""A figure of ``ae_models.figures`` on a page: drawn by the Plotly that the maps use, in the theme's colours."""

from __future__ import annotations

from typing import Any

from ae_models.ui.shared.canvas.assets import plotly_url
from ae_models.ui.shared.canvas.mounting import mount


def chart(figure: dict[str, Any], *, key: str, height: int, label: str) -> None:
    """Draw a figure in a place of fixed height; drawn again only when it changes.

    Parameters
    ----------
    figure : dict
        A Plotly figure as plain values, ``{"data", "layout"}``; colours may be names ("@accent").
    key : str
        Streamlit's key.
    height : int
        In CSS pixels.
    label : str
        What a screen reader says instead of it.
    """
    mount("shared/chart", {"plotly": plotly_url(), "figure": figure, "height": int(height), "label": label}, key=key)
