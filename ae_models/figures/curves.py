"""A few lines over a quantity: errors over noise, over the size of a code, over how many images there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import SYMBOLS, figure, look, text

_APART = 3.5  # times as far along a logarithmic axis
_MOST_MARKED = 30  # places: more symbols than that lie on one another
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def curves(
    places: Sequence[float],
    lines: Mapping[str, FloatArray],
    *,
    x: str,
    y: str,
    levels: Mapping[str, float] | None = None,
    levels_at: Literal["left", "right"] = "left",
    mark: float | None = None,
    log: bool = False,
    top: float | None = None,
    dark: bool = False,
    height: int = 420,
) -> Any:
    """Return a Plotly figure of one line a name, each with its own colour, dash and symbol.

    Parameters
    ----------
    places : (m,) sequence
        Where the lines have values, on the horizontal axis.
    lines : mapping of str to (m,) array
    x, y : str
        What the axes are called.
    levels : mapping of str to float, optional
        Heights at which a thin dotted line stands, with its name.
    levels_at : str
        At which end the name stands.
    mark : float, optional
        Where a vertical line stands: the place in question.
    log : bool
        A horizontal axis that doubles; its places must be above 0.
    top : float, optional
        Where the vertical axis ends; lines may leave it.
    """
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height, x=x, y=y)
    across = np.asarray(places, np.float32)
    for place, (name, values) in enumerate(lines.items()):
        colour = shades.method(place)
        drawn.add_trace(
            go.Scatter(
                x=across,
                y=np.asarray(values, np.float32),
                name=text(name),
                mode="lines+markers" if len(across) <= _MOST_MARKED else "lines",
                line={"width": 3.5, "color": colour, "dash": _DASHES[place % len(_DASHES)]},
                marker={"size": 9, "color": colour, "symbol": SYMBOLS[place % len(SYMBOLS)]},
                hovertemplate=f"%{{x}}: %{{y:.1f}}<extra>{text(name)}</extra>",
            )
        )
    quiet = {"width": 2, "color": shades.quiet, "dash": "dot"}
    for name, level in (levels or {}).items():
        drawn.add_hline(y=level, line=quiet)
        drawn.add_annotation(
            x=float(levels_at == "right"),
            xref="paper",
            y=level,
            text=text(name),
            showarrow=False,
            xanchor=levels_at,
            yanchor="bottom",
            font={"color": shades.quiet},
        )
    if mark is not None:
        drawn.add_vline(x=mark, line={"width": 2, "color": shades.ink, "dash": "dash"})
    if log:
        ticks = _apart(across)
        drawn.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{value:,g}" for value in ticks], tickangle=0)
    drawn.update_yaxes(rangemode="tozero", **({} if top is None else {"range": [0, top]}))
    return drawn


def _apart(places: FloatArray) -> list[float]:
    """Return the last place and others that are so far from it and each other that their labels do not touch."""
    kept = [float(places[-1])]
    for place in places[::-1]:
        if kept[-1] >= _APART * place:
            kept.append(float(place))
    return kept[::-1]
