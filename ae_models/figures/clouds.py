"""A map of codes with the cloud of each: ellipses of two standard deviations, and the circle of the prior."""

from __future__ import annotations

from typing import Any

import numpy as np

from ae_models.base import FloatArray, IntArray
from ae_models.figures.style import CLASSES, figure, look

_CORNERS = 36


def clouds(
    points: FloatArray,
    labels: IntArray,
    spreads: FloatArray | None,
    *,
    radius: float,
    n_ellipses: int = 60,
    dark: bool = False,
    height: int = 480,
) -> Any:
    """Return a Plotly figure of codes ``(n, 2)``.

    Parameters
    ----------
    labels : (n,) array of int
        Classes: their colours.
    spreads : (n, 2) array or None
        Standard deviations; the first ``n_ellipses`` codes wear an ellipse of two of them.
    radius : float
        Of a dashed circle around 0.
    """
    shades = look(dark)
    drawn = figure(dark, height=height)
    _add_dots(drawn, points, labels)
    angle = np.linspace(0, 2 * np.pi, _CORNERS)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    ends = points
    if spreads is not None:
        some = points[:n_ellipses, None] + 2 * spreads[:n_ellipses, None] * ring[None]
        ends = np.concatenate([points, some.reshape(-1, 2)])
        gap = np.full((len(some), 1, 2), np.nan)
        line = np.asarray(np.concatenate([some, gap], axis=1), np.float32).reshape(-1, 2)
        name = "clouds of some images (2 standard deviations)"
        _add_line(drawn, line, name, {"width": 1.5, "color": shades.ink, "dash": "solid"})
    prior = {"width": 3, "color": shades.accent, "dash": "dash"}
    _add_line(drawn, np.asarray(radius * ring, np.float32), "the Gaussian: 95 % of its draws", prior)
    most = max(float(np.quantile(np.abs(ends), 0.998)), radius) * 1.06
    bare = {"showgrid": False, "ticks": "outside"}
    drawn.update_layout(
        margin={"l": 40, "r": 10, "t": 56, "b": 40},
        xaxis={**bare, "range": [-most, most], "constrain": "domain"},
        yaxis={**bare, "range": [-most, most], "scaleanchor": "x", "constrain": "domain"},
    )
    return drawn


def _add_line(drawn: Any, points: FloatArray, name: str, line: dict[str, Any]) -> None:
    drawn.add_scatter(x=points[:, 0], y=points[:, 1], mode="lines", line=line, name=name, hoverinfo="skip")


def _add_dots(drawn: Any, points: FloatArray, labels: IntArray) -> None:
    colours = np.array(CLASSES)[labels % len(CLASSES)]
    drawn.add_scatter(
        x=points[:, 0].astype(np.float32),
        y=points[:, 1].astype(np.float32),
        mode="markers",
        marker={"size": 4, "color": colours, "opacity": 0.75},
        hoverinfo="skip",
        showlegend=False,
    )
