"""Held-out error through training, with PCA's as a floor: who stays above it, who goes below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import SYMBOLS, figure, look, text


def above_the_baseline(
    histories: Mapping[str, FloatArray], floor: float, floor_name: str, *, dark: bool = False, height: int = 420
) -> Any:
    """Return a Plotly figure of one line a network over its epochs, and the floor across.

    Parameters
    ----------
    histories : mapping of str to (epochs,) array
        Held-out SSE after each epoch; one value alone is drawn as a point.
    floor : float
        PCA's held-out SSE at the same code size.
    """
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height, x="epochs", y="held-out error (SSE an image)")
    last = max([len(values) for values in histories.values()] + [2])
    drawn.add_trace(
        go.Scatter(
            x=np.array([0, last], np.float32),
            y=np.full(2, floor, np.float32),
            mode="lines",
            name=text(floor_name),
            line={"width": 3, "color": shades.warm, "dash": "dash"},
            hovertemplate="%{y:.2f}<extra>" + text(floor_name) + "</extra>",
        )
    )
    colours = (shades.third, shades.fourth, shades.accent, shades.ink)
    for place, (name, values) in enumerate(histories.items()):
        colour = colours[place % len(colours)]
        drawn.add_trace(
            go.Scatter(
                x=np.arange(1, len(values) + 1, dtype=np.float32),
                y=values.astype(np.float32),
                mode="lines+markers",
                name=text(name),
                line={"width": 3, "color": colour},
                marker={"size": 9, "symbol": SYMBOLS[place % len(SYMBOLS)], "color": colour},
                hovertemplate=f"epoch %{{x}}: %{{y:.2f}}<extra>{text(name)}</extra>",
            )
        )
    ends = [float(values.min()) for values in histories.values() if len(values)]
    starts = [float(values.max()) for values in histories.values() if len(values)]
    low, high = min([floor, *ends]), max([floor, *starts])
    drawn.update_yaxes(range=[low - 0.08 * (high - low), min(high, floor * 1.6) + 0.02 * floor])
    return drawn
