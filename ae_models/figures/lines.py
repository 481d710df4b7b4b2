"""Lines over training steps: how something falls, on a logarithmic axis of steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray
from ae_models.figures.style import figure, look, text

_DASHES = ("solid", "dash", "dot", "dashdot")


def over_steps(
    steps: npt.NDArray[np.integer[Any]],
    lines: Mapping[str, FloatArray],
    *,
    y: str,
    unit: str = "",
    log: bool = False,
    dark: bool = False,
    height: int = 420,
) -> Any:
    """Return a Plotly figure of one line a name over training steps; the step before training is left out.

    On a logarithmic axis values of 0 and less have no place and leave a gap.

    Parameters
    ----------
    steps : (m,) array
    lines : mapping of str to (m,) array
    y, unit : str
        What the values are, and in what.
    log : bool
        A logarithmic axis of values too.
    """
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height, x="training steps (all images at once)", y=f"{y} ({unit})" if unit else y)
    seen = steps > 0
    for place, (name, values) in enumerate(lines.items()):
        shown = np.where(values > 0, values, np.nan) if log else values
        drawn.add_trace(
            go.Scatter(
                x=steps[seen].astype(np.float32),
                y=shown[seen].astype(np.float32),
                name=text(name),
                mode="lines",
                line={"width": 3.5, "color": shades.method(place), "dash": _DASHES[place % len(_DASHES)]},
                hovertemplate=f"step %{{x:,}}: %{{y:.3g}} {text(unit)}<extra>{text(name)}</extra>",
            )
        )
    drawn.update_xaxes(type="log", dtick=1, tickformat=",")
    if log:
        drawn.update_yaxes(type="log", dtick=1, exponentformat="power")
    else:
        drawn.update_yaxes(rangemode="tozero")
    return drawn
