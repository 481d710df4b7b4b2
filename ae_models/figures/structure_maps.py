"""Maps of the same points side by side, coloured by what is known of each: its class, or where along it lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.panels import add_panel, rows_of_panels
from ae_models.figures.style import CLASSES, SYMBOLS, figure, look

_ALONG = [[0, "#3346d3"], [0.33, "#1f8a4c"], [0.66, "#ffa90e"], [1, "#bd1f01"]]


def structure_maps(
    maps: Mapping[str, FloatArray],
    known: FloatArray,
    *,
    classes: bool,
    dark: bool = False,
    height: int = 360,
) -> Any:
    """Return a Plotly figure of maps, each with one unit for both of its axes and none written on them.

    Parameters
    ----------
    maps : mapping of str to (n, 2) array
        By what stands above each.
    known : (n,) array
        Of each point: its class, or (not ``classes``) a place from 0 to 1 along a scale of colours.
    height : int
        Of a row of maps, in CSS pixels.
    """
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height * rows_of_panels(len(maps)))
    drawn.update_layout(margin={"l": 10, "r": 10, "t": 40, "b": 10})
    bare = {"showgrid": False, "showticklabels": False, "ticks": "", "mirror": True, "linecolor": shades.line}
    marker = {"size": 8 if len(known) <= 400 else 4, **(_classes(known) if classes else _along(known))}
    for place, (name, points) in enumerate(maps.items()):
        alike = {"scaleanchor": "x" if place == 0 else f"x{place + 1}"}
        axes: dict[str, Any] = add_panel(drawn, place, len(maps), name, bare, {**bare, **alike})
        drawn.add_trace(
            go.Scatter(  # not WebGL: a few thousand dots are there sooner without it, and are printed as they are
                x=points[:, 0].astype(np.float32),
                y=points[:, 1].astype(np.float32),
                mode="markers",
                marker=marker,
                hoverinfo="skip",
                showlegend=False,
                **axes,
            )
        )
    return drawn


def _classes(known: FloatArray) -> dict[str, Any]:
    """Return a colour for each point, and where the classes are few a shape too."""
    names, places = np.unique(known, return_inverse=True)
    shapes = np.array(SYMBOLS)[places] if len(names) <= 3 else "circle"
    return {"color": np.array(CLASSES)[places % len(CLASSES)], "symbol": shapes}


def _along(known: FloatArray) -> dict[str, Any]:
    return {"color": known, "colorscale": _ALONG, "cmin": 0, "cmax": 1}
