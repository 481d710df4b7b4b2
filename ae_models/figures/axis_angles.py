"""How far each unit of a linear autoencoder is from a principal direction while it trains, a panel a penalty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray
from ae_models.figures.panels import add_panel
from ae_models.figures.style import figure, look


def axis_angles(
    steps: npt.NDArray[np.integer[Any]],
    panels: Mapping[str, tuple[FloatArray, FloatArray]],
    *,
    dark: bool = False,
    height: int = 380,
) -> Any:
    """Return a Plotly figure: in each panel the angles of the decoder's columns and of its singular vectors.

    Parameters
    ----------
    steps : (m,) array
    panels : mapping of str to ((m, k) array, (m, k) array)
        Degrees from the nearest principal direction: of the columns, of the left singular vectors.
    """
    shades, drawn = look(dark), figure(dark, height=height)
    seen = steps > 0
    for place, (title, pair) in enumerate(panels.items()):
        axes = add_panel(
            drawn,
            place,
            len(panels),
            title,
            {"title": "training steps", "type": "log", "dtick": 1, "tickformat": ","},
            {
                "title": "" if place else "angle to a principal direction (°)",
                "range": [0, 92],
                "tickvals": [0, 30, 60, 90],
                "showticklabels": place == 0,
            },
        )
        columns, vectors = (values[seen] for values in pair)
        _add_lines(drawn, steps[seen], columns, "decoder columns: what one unit draws", (shades.accent, "solid"), axes)
        _add_lines(drawn, steps[seen], vectors, "singular vectors of the decoder", (shades.warm, "dot"), axes)
    drawn.update_layout(legend={"y": -0.28, "yanchor": "top"}, margin={"b": 110})
    return drawn


def _add_lines(
    drawn: Any,
    steps: npt.NDArray[np.integer[Any]],
    angles: FloatArray,
    name: str,
    stroke: tuple[str, str],
    axes: dict[str, str],
) -> None:
    """Add a line a unit in a colour and a dash; the first panel's first stands in the legend for all of its kind."""
    colour, dash = stroke
    for unit in range(angles.shape[1]):
        drawn.add_scatter(
            x=steps.astype(np.float32),
            y=angles[:, unit].astype(np.float32),
            name=name,
            legendgroup=name,
            showlegend=axes["xaxis"] == "x" and unit == 0,
            mode="lines",
            line={"width": 3, "color": colour, "dash": dash},
            hovertemplate=f"step %{{x:,}}: unit {unit + 1} is %{{y:.1f}}° away<extra></extra>",
            **axes,
        )
