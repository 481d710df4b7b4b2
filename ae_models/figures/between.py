"""Where guesses lie between two colours: a histogram whose bars wear the colour that they count."""

from __future__ import annotations

from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import figure, look

_BINS = 21


def between_colours(places: FloatArray, first: FloatArray, second: FloatArray, *, dark: bool = False) -> Any:
    """Return a Plotly figure of how many guesses lie where between two colours.

    Parameters
    ----------
    places : (n,) array
        0 is the first colour, 1 the second, one half the mixture of both.
    first, second : (3,) arrays in [0, 1]
    """
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=330, x="colour drawn", y="images, %")
    edges = np.linspace(-0.2, 1.2, _BINS + 1)
    counts, _ = np.histogram(np.clip(places, edges[0], edges[-1]), edges)
    middles = (edges[:-1] + edges[1:]) / 2
    share = np.clip(middles, 0, 1)[:, None]
    colours = np.rint(255 * np.clip((1 - share) * first + share * second, 0, 1)).astype(int)
    drawn.add_trace(
        go.Bar(
            x=middles.astype(np.float32),
            y=(100 * counts / max(len(places), 1)).astype(np.float32),
            width=0.9 * (edges[1] - edges[0]),
            marker={
                "color": [f"rgb({red},{green},{blue})" for red, green, blue in colours],
                "line": {"width": 1, "color": shades.line},
            },
            hovertemplate="%{y:.1f} %<extra></extra>",
            showlegend=False,
        )
    )
    drawn.update_xaxes(tickvals=[0, 0.5, 1], ticktext=["one tint", "half and half", "the other tint"])
    for place in (0, 1):
        drawn.add_vline(x=place, line={"width": 2, "color": shades.ink, "dash": "dash"})
    return drawn
