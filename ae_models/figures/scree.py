"""The scree: the share of variance that each principal component explains."""

from __future__ import annotations

from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import figure, look


def scree(shares: FloatArray, *, dark: bool = False, height: int = 400) -> Any:
    """Return a Plotly figure of one bar a component; ``shares`` are ``(k,)``, of all variance, each 0 to 1."""
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height, x="component", y="variance it explains (%)")
    drawn.add_trace(
        go.Bar(
            x=np.arange(1, len(shares) + 1, dtype=np.int32),
            y=(100 * shares).astype(np.float32),
            marker={"color": shades.warm},
            hovertemplate="component %{x}: %{y:.2f} %<extra></extra>",
        )
    )
    drawn.update_layout(bargap=0.15)
    return drawn
