"""Variance drawn on held-out images over the size of the code: PCA's curve and autoencoders beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.code_size import Place
from ae_models.figures.style import figure, look, text


def variance(straight: FloatArray, models: Sequence[Place], *, dark: bool = False, height: int = 400) -> Any:
    """Return a Plotly figure of held-out R² in percent; the axis of sizes doubles.

    Parameters
    ----------
    straight : (k,) array
        PCA's R² with 1, 2, ... k numbers, at most 1.
    models : sequence of Place
        Autoencoders; their ``error`` is their R².
    """
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height, x="numbers in the code", y="variance drawn, R² (%)")
    drawn.add_trace(
        go.Scatter(
            x=np.arange(1, len(straight) + 1, dtype=np.float32),
            y=(100 * straight).astype(np.float32),
            name="PCA, cumulative",
            mode="lines",
            line={"width": 3.5, "color": shades.warm, "dash": "dash"},
            hovertemplate="PCA, %{x} numbers: %{y:.1f} %<extra></extra>",
        )
    )
    if models:
        drawn.add_trace(
            go.Scatter(
                x=np.array([place.numbers for place in models], np.float32),
                y=np.array([100 * place.error for place in models], np.float32),
                text=[text(place.title) for place in models],
                name="autoencoders",
                mode="markers",
                marker={"size": 13, "color": shades.accent},
                hovertemplate="%{text}: %{y:.1f} %<extra></extra>",
            )
        )
    ticks = [2**power for power in range(12) if 2**power <= len(straight)]
    drawn.update_xaxes(type="log", tickvals=ticks, ticktext=[str(tick) for tick in ticks])
    drawn.update_yaxes(range=[-3, 103])
    return drawn
