"""Maps side by side, each image a dot coloured by a number of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, IntArray
from ae_models.figures.panels import add_panel, rows_of_panels
from ae_models.figures.style import figure, look, text

_SCALES = {  # low is bad: it stands out in both themes
    False: [[0, "#bd1f01"], [0.5, "#ffb45c"], [0.8, "#b9cbea"], [1, "#3346d3"]],
    True: [[0, "#ff6a4d"], [0.5, "#f0a04b"], [0.8, "#5f6f9e"], [1, "#8b9bff"]],
}


@dataclass(frozen=True, eq=False)
class PointMap:
    """One map: its name, its points ``(n, 2)`` and a number for each ``(n,)``; NaN where an image has none."""

    name: str
    points: FloatArray
    values: FloatArray


def point_maps(
    maps: Sequence[PointMap],
    ids: IntArray,
    names: Sequence[str],
    *,
    measure: str,
    limits: tuple[float, float],
    ring: int | None = None,
    dark: bool = False,
    height: int = 340,
) -> Any:
    """Return a Plotly figure of maps in WebGL with one colour scale.

    Parameters
    ----------
    maps : sequence of PointMap
        All of the same images, in the same order.
    ids : (n,) array of int
        What a clicked dot answers.
    names : sequence of str
        What an image is called on pointing at it.
    measure : str
        What the colours mean.
    limits : (low, high)
        Ends of the colour scale.
    ring : int or None
        The row that wears a ring.
    height : int
        Of a row of maps, in CSS pixels.
    """
    drawn = figure(dark, height=height * rows_of_panels(len(maps)) + 130)
    bare = {"showgrid": False, "showline": False, "showticklabels": False, "ticks": ""}
    tips = np.array([text(name) for name in names])
    for place, one in enumerate(maps):
        alike = {"scaleanchor": "x" if place == 0 else f"x{place + 1}"}
        axes: dict[str, Any] = add_panel(drawn, place, len(maps), one.name, bare, {**bare, **alike})
        drawn.add_trace(_dots(one, ids, tips, axes))
        if ring is not None:
            drawn.add_trace(_ring(one.points[ring : ring + 1], look(dark).ink, axes))
    drawn.update_layout(
        margin={"l": 10, "r": 10, "t": 40, "b": 90},
        coloraxis={
            "colorscale": _SCALES[dark],
            "cmin": limits[0],
            "cmax": limits[1],
            "colorbar": {
                "title": {"text": text(measure), "side": "top", "font": {"size": 16}},
                "orientation": "h",
                "y": 0,
                "yanchor": "top",
                "thickness": 14,
                "len": 0.4,
                "tickfont": {"size": 15},
            },
        },
    )
    return drawn


def _dots(one: PointMap, ids: IntArray, tips: npt.NDArray[np.str_], axes: dict[str, Any]) -> Any:
    """Return the dots of a map, those of low values last and so on top."""
    import plotly.graph_objects as go

    order = np.argsort(-np.nan_to_num(one.values, nan=np.inf), kind="stable")
    return go.Scattergl(
        x=one.points[order, 0].astype(np.float32),
        y=one.points[order, 1].astype(np.float32),
        mode="markers",
        marker={"size": 5, "color": one.values[order].astype(np.float32), "coloraxis": "coloraxis"},
        customdata=ids[order].astype(np.int32),
        text=tips[order],
        hovertemplate=f"%{{text}}: %{{marker.color:.3f}}<extra>{text(one.name)}</extra>",
        showlegend=False,
        **axes,
    )


def _ring(point: FloatArray, colour: str, axes: dict[str, Any]) -> Any:
    import plotly.graph_objects as go

    return go.Scattergl(
        x=point[:, 0],
        y=point[:, 1],
        mode="markers",
        marker={"size": 17, "symbol": "circle-open", "color": colour, "line": {"width": 3}},
        hoverinfo="skip",
        showlegend=False,
        **axes,
    )
