"""How much of coarse shape and of fine detail survives: a line a method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import SYMBOLS, figure, look, text


def detail(
    bands: Sequence[tuple[int, int]], lines: Mapping[str, FloatArray], *, dark: bool = False, height: int = 400
) -> Any:
    """Return a Plotly figure of the share kept, in per cent, over bands of detail from coarse to fine.

    Parameters
    ----------
    bands : sequence of (low, high)
        Waves across the picture.
    lines : mapping of str to (n_bands,) array
        Shares, at most 1.
    """
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height, x="waves across the picture: coarse → fine", y="kept, %")
    names = [f"{low} to {high}" for low, high in bands]
    for place, (name, shares) in enumerate(lines.items()):
        drawn.add_trace(
            go.Scatter(
                x=names,
                y=np.maximum(100 * shares, 0).astype(np.float32),
                name=text(name),
                mode="lines+markers",
                line={"width": 3.5, "color": shades.method(place), "dash": "solid" if place == 0 else "dash"},
                marker={"size": 11, "symbol": SYMBOLS[place % len(SYMBOLS)], "color": shades.method(place)},
                hovertemplate=f"%{{x}} waves: %{{y:.0f}} %<extra>{text(name)}</extra>",
            )
        )
    drawn.update_yaxes(range=[0, 103])
    return drawn
