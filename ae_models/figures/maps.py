"""Maps side by side, each image a dot coloured by a number of its own, its class, or where along a line it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, IntArray
from ae_models.figures.panels import add_panel, rows_of_panels
from ae_models.figures.style import CLASSES, SYMBOLS, figure, look, text

_SCALES = {  # low is bad: it stands out in both themes
    False: [[0, "#bd1f01"], [0.5, "#ffb45c"], [0.8, "#b9cbea"], [1, "#3346d3"]],
    True: [[0, "#ff6a4d"], [0.5, "#f0a04b"], [0.8, "#5f6f9e"], [1, "#8b9bff"]],
}
_ALONG = [[0, "#3346d3"], [0.33, "#1f8a4c"], [0.66, "#ffa90e"], [1, "#bd1f01"]]


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
        axes = _add_map(drawn, place, len(maps), one.name, bare)
        _add_dots(drawn, one, ids, tips, axes)
        if ring is not None:
            _add_ring(drawn, one.points[ring : ring + 1], look(dark).ink, axes)
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


def _add_dots(drawn: Any, one: PointMap, ids: IntArray, tips: npt.NDArray[np.str_], axes: dict[str, str]) -> None:
    """Add the dots of a map, those of low values last and so on top."""
    order = np.argsort(-np.nan_to_num(one.values, nan=np.inf), kind="stable")
    drawn.add_scattergl(
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


def _add_ring(drawn: Any, point: FloatArray, colour: str, axes: dict[str, str]) -> None:
    drawn.add_scattergl(
        x=point[:, 0],
        y=point[:, 1],
        mode="markers",
        marker={"size": 17, "symbol": "circle-open", "color": colour, "line": {"width": 3}},
        hoverinfo="skip",
        showlegend=False,
        **axes,
    )


def _add_map(drawn: Any, place: int, n: int, name: str, bare: dict[str, Any]) -> dict[str, str]:
    """Add a panel with one unit for both of its axes; return them."""
    return add_panel(drawn, place, n, name, bare, {**bare, "scaleanchor": "x" if place == 0 else f"x{place + 1}"})


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
    shades = look(dark)
    drawn = figure(dark, height=height * rows_of_panels(len(maps)))
    drawn.update_layout(margin={"l": 10, "r": 10, "t": 40, "b": 10})
    bare = {"showgrid": False, "showticklabels": False, "ticks": "", "mirror": True, "linecolor": shades.line}
    marker = {"size": 8 if len(known) <= 400 else 4, **(_classes(known) if classes else _along(known))}
    for place, (name, points) in enumerate(maps.items()):
        axes = _add_map(drawn, place, len(maps), name, bare)
        drawn.add_scatter(  # not WebGL: a few thousand dots are there sooner without it, and are printed as they are
            x=points[:, 0].astype(np.float32),
            y=points[:, 1].astype(np.float32),
            mode="markers",
            marker=marker,
            hoverinfo="skip",
            showlegend=False,
            **axes,
        )
    return drawn


def _classes(known: FloatArray) -> dict[str, Any]:
    """Return a colour for each point, and where the classes are few a shape too."""
    names, places = np.unique(known, return_inverse=True)
    shapes = np.array(SYMBOLS)[places] if len(names) <= 3 else "circle"
    return {"color": np.array(CLASSES)[places % len(CLASSES)], "symbol": shapes}


def _along(known: FloatArray) -> dict[str, Any]:
    return {"color": known, "colorscale": _ALONG, "cmin": 0, "cmax": 1}
