"""A map through training as a flipbook: a slider of moments and a button that plays them, in the figure itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ae_models.base import FloatArray, IntArray
from ae_models.figures.style import CLASSES, Look, figure, look, text

_PLAY_MS = 220
_AT_ONCE: dict[str, Any] = {
    "mode": "immediate",
    "frame": {"duration": 0, "redraw": False},
    "transition": {"duration": 0},
}


def flipbook(
    points: FloatArray,
    labels: IntArray,
    names: Sequence[str],
    captions: Sequence[str],
    *,
    dark: bool = False,
    height: int = 540,
) -> Any:
    """Return a Plotly figure that opens on the last moment.

    Parameters
    ----------
    points : (moments, n, 2) array
    labels : (n,) array of int
        The class of each point: only its colour.
    names : sequence of str
        What the classes are called, in the legend.
    captions : (moments,) sequence of str
        What the slider says of each moment.
    """
    shades = look(dark)
    drawn = figure(dark, height=height)
    _add_dots(drawn, points, labels, names)
    bare = {"showgrid": False, "showticklabels": False, "ticks": "", "mirror": True, "linecolor": shades.line}
    low, high = np.quantile(points, 0.001, axis=(0, 1)), np.quantile(points, 0.999, axis=(0, 1))
    room = 0.04 * (high - low)
    ends = np.stack([low - room, high + room]).astype(float)
    drawn.update_layout(
        margin={"l": 10, "r": 10, "t": 36, "b": 10},
        xaxis={**bare, "range": ends[:, 0].tolist()},
        yaxis={**bare, "range": ends[:, 1].tolist()},
        updatemenus=[_buttons(shades)],
        sliders=[_slider(captions, len(points) - 1, shades)],
    )
    return drawn


def _add_dots(drawn: Any, points: FloatArray, labels: IntArray, names: Sequence[str]) -> None:
    """Add the dots of the last moment, the legend, and a frame a moment that moves them."""
    import plotly.graph_objects as go

    colours = np.array(CLASSES)[labels % len(CLASSES)]
    last = points[-1]
    drawn.add_trace(
        go.Scatter(
            x=last[:, 0].astype(np.float32),
            y=last[:, 1].astype(np.float32),
            mode="markers",
            marker={"size": 5, "color": colours},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    for place, name in enumerate(names):
        marker = {"size": 11, "color": CLASSES[place % len(CLASSES)]}
        drawn.add_trace(go.Scatter(x=[None], y=[None], mode="markers", name=text(name), marker=marker))
    drawn.frames = [
        go.Frame(
            name=str(moment),
            data=[go.Scatter(x=shown[:, 0].astype(np.float32), y=shown[:, 1].astype(np.float32))],
            traces=[0],
        )
        for moment, shown in enumerate(points)
    ]


def _buttons(shades: Look) -> dict[str, Any]:
    """Return the two buttons that play the moments and stop."""
    play = {**_AT_ONCE, "frame": {"duration": _PLAY_MS, "redraw": False}}
    return {
        "type": "buttons",
        "direction": "left",
        "x": 0,
        "y": 0,
        "xanchor": "left",
        "yanchor": "top",
        "pad": {"t": 34},
        "showactive": False,
        "bgcolor": shades.panel,
        "bordercolor": shades.line,
        "font": {"size": 15, "color": shades.ink},
        "buttons": [
            {"label": "Play", "method": "animate", "args": [None, {**play, "fromcurrent": False}]},
            {"label": "Stop", "method": "animate", "args": [[None], _AT_ONCE]},
        ],
    }


def _slider(captions: Sequence[str], active: int, shades: Look) -> dict[str, Any]:
    """Return the slider of moments, with its caption above it."""
    return {
        "active": active,
        "x": 0.32,
        "len": 0.68,
        "y": 0,
        "pad": {"t": 18, "b": 6},
        "currentvalue": {"prefix": "", "font": {"size": 16, "color": shades.ink}},
        "font": {"size": 1, "color": "rgba(0,0,0,0)"},  # the caption says it; a label a step is too many
        "ticklen": 0,
        "minorticklen": 0,
        "bgcolor": shades.line,
        "activebgcolor": shades.accent,
        "bordercolor": shades.line,
        "steps": [
            {"label": text(caption), "method": "animate", "args": [[str(moment)], _AT_ONCE]}
            for moment, caption in enumerate(captions)
        ],
    }
