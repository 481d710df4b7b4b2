"""R_NX curves: neighbours kept above chance, over every neighbourhood size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import figure, look, text

_DASHES = ("solid", "dash", "dot", "dashdot")


def r_nx_curves(curves: Mapping[str, tuple[FloatArray, FloatArray]], *, dark: bool = False, height: int = 460) -> Any:
    """Return a Plotly figure of one curve a method.

    Parameters
    ----------
    curves : mapping of str to ((m,) array, (m,) array)
        Neighbourhood sizes K, and R_NX(K): 1 is perfect, 0 a random map.
    """
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(
        dark,
        height=height,
        x="neighbourhood size K (images, log axis)",
        y="neighbours kept above chance, R_NX (0 to 1)",
    )
    for place, (name, (sizes, values)) in enumerate(curves.items()):
        drawn.add_trace(
            go.Scatter(
                x=sizes.astype(np.float32),
                y=values.astype(np.float32),
                name=text(name),
                mode="lines",
                line={"width": 3.5, "color": shades.method(place), "dash": _DASHES[place % len(_DASHES)]},
                hovertemplate=f"K = %{{x:,}}: %{{y:.3f}}<extra>{text(name)}</extra>",
            )
        )
    drawn.update_xaxes(type="log", dtick=1, tickformat=",")
    drawn.update_yaxes(rangemode="tozero")
    return drawn
