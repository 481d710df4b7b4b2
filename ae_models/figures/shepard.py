"""Shepard diagrams as densities, a panel a map: pairs on the diagonal kept their distance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.figures.panels import add_panel, rows_of_panels
from ae_models.figures.style import Look, figure, look


def shepard_densities(
    panels: Mapping[str, npt.NDArray[np.integer[Any]]], most: float, *, dark: bool = False, height: int = 330
) -> Any:
    """Return a Plotly figure of log densities.

    Parameters
    ----------
    panels : mapping of str to (bins, bins) array of int
        Pairs by distance on the map (first axis, scaled to the images) and between the images (second).
    most : float
        Both axes run from 0 to this.
    height : int
        Of a row of panels, in CSS pixels.
    """
    n_rows = rows_of_panels(len(panels))
    drawn, first = figure(dark, height=height * n_rows + 100), -(-len(panels) // n_rows)
    for place, (name, counts) in enumerate(panels.items()):
        axes = add_panel(
            drawn,
            place,
            len(panels),
            name,
            {"title": "distance between images (pixels)", "range": [0, most]},
            {
                "title": "" if place % first else "distance on the map (scaled)",
                "range": [0, most],
                "showticklabels": place % first == 0,
            },
            below=0.22,
        )
        _add_density(drawn, counts, most, look(dark), axes)
    return drawn


def _add_density(
    drawn: Any, counts: npt.NDArray[np.integer[Any]], most: float, shades: Look, axes: dict[str, str]
) -> None:
    """Add one panel's log density and its diagonal, on the axes of that panel."""
    centres = (np.arange(len(counts), dtype=np.float32) + 0.5) * (most / len(counts))
    drawn.add_heatmap(
        x=centres,
        y=centres,
        z=np.where(counts > 0, np.log10(np.maximum(counts, 1)), np.nan).astype(np.float32),
        customdata=counts,
        colorscale=[[0, shades.line], [1, shades.accent]],
        showscale=False,
        hovertemplate="images %{x:.1f} apart, map %{y:.1f}: %{customdata:,} pairs<extra></extra>",
        **axes,
    )
    ends = np.array([0, most], np.float32)
    line = {"color": shades.ink, "width": 2, "dash": "dot"}
    drawn.add_scatter(x=ends, y=ends, mode="lines", line=line, hoverinfo="skip", showlegend=False, **axes)
