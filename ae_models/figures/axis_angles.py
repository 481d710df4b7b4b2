"""How far each unit of a linear autoencoder is from a principal direction while it trains, a panel a penalty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray
from ae_models.figures.style import figure, look, text


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
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height)
    names = ("decoder columns: what one unit draws", "singular vectors of the decoder")
    kinds = ((shades.accent, "solid"), (shades.warm, "dot"))
    seen, share = steps > 0, 1 / max(len(panels), 1)
    for place, (title, pair) in enumerate(panels.items()):
        tail = "" if place == 0 else str(place + 1)
        for name, values, (colour, dash) in zip(names, pair, kinds, strict=True):
            for unit in range(values.shape[1]):
                drawn.add_trace(
                    go.Scatter(
                        x=steps[seen].astype(np.float32),
                        y=values[seen, unit].astype(np.float32),
                        name=name,
                        legendgroup=name,
                        showlegend=place == 0 and unit == 0,
                        mode="lines",
                        xaxis=f"x{tail}",
                        yaxis=f"y{tail}",
                        line={"width": 3, "color": colour, "dash": dash},
                        hovertemplate=f"step %{{x:,}}: unit {unit + 1} is %{{y:.1f}}° away<extra></extra>",
                    )
                )
        left, right = place * share, (place + 1) * share - (0.03 if place < len(panels) - 1 else 0)
        axes = drawn.layout
        drawn.update_layout(
            {
                f"xaxis{tail}": {
                    **axes.xaxis.to_plotly_json(),
                    "domain": [left, right],
                    "anchor": f"y{tail}",
                    "type": "log",
                    "dtick": 1,
                    "tickformat": ",",
                    "title": {"text": "training steps", "font": {"size": 17}, "standoff": 12},
                },
                f"yaxis{tail}": {
                    **axes.yaxis.to_plotly_json(),
                    "anchor": f"x{tail}",
                    "range": [0, 92],
                    "tickvals": [0, 30, 60, 90],
                    "showticklabels": place == 0,
                    "title": {
                        "text": "angle to a principal direction (°)" if place == 0 else "",
                        "font": {"size": 16},
                        "standoff": 12,
                    },
                },
            }
        )
        drawn.add_annotation(
            text=f"<b>{text(title)}</b>",
            x=(left + right) / 2,
            y=1.0,
            xref="paper",
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            font={"size": 17},
        )
    drawn.update_layout(legend={"y": -0.28, "yanchor": "top"}, margin={"b": 110})
    return drawn
