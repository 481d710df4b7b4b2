"""A few lines over a quantity: errors over noise, over the size of a code, over how many images there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import SYMBOLS, Look, figure, look, text

_APART = 3.5  # times as far along a logarithmic axis
_MOST_MARKED = 30  # places: more symbols than that lie on one another
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


@dataclass(frozen=True)
class Axes:
    """The names of both axes and how they run.

    ``log``: the horizontal one doubles, and its places must be above 0. ``top``: where the vertical one ends; lines
    may leave it.
    """

    x: str
    y: str
    log: bool = False
    top: float | None = None


@dataclass(frozen=True)
class Marks:
    """What stands beside the lines: thin dotted levels, named at one end, and a vertical line at the place in question.

    Parameters
    ----------
    levels : mapping of str to float
        Heights by what they are called.
    levels_at : str
        At which end the name stands.
    place : float, optional
        Where the vertical line stands.
    """

    levels: Mapping[str, float] = field(default_factory=dict)
    levels_at: Literal["left", "right"] = "left"
    place: float | None = None


def curves(
    places: Sequence[float],
    lines: Mapping[str, FloatArray],
    axes: Axes,
    marks: Marks | None = None,
    *,
    dark: bool = False,
    height: int = 420,
) -> Any:
    """Return a Plotly figure of one line a name, each with its own colour, dash and symbol.

    Parameters
    ----------
    places : (m,) sequence
        Where the lines have values, on the horizontal axis.
    lines : mapping of str to (m,) array
    axes : Axes
    marks : Marks, optional
    """
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height, x=axes.x, y=axes.y)
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
    if marks is not None:
        _add_marks(drawn, marks, shades)
    if axes.log:
        ticks = _apart(across)
        drawn.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{value:,g}" for value in ticks], tickangle=0)
    drawn.update_yaxes(rangemode="tozero", **({} if axes.top is None else {"range": [0, axes.top]}))
    return drawn


def _add_marks(drawn: Any, marks: Marks, shades: Look) -> None:
    for name, level in marks.levels.items():
        drawn.add_hline(y=level, line={"width": 2, "color": shades.quiet, "dash": "dot"})
        drawn.add_annotation(
            x=float(marks.levels_at == "right"),
            xref="paper",
            y=level,
            text=text(name),
            showarrow=False,
            xanchor=marks.levels_at,
            yanchor="bottom",
            font={"color": shades.quiet},
        )
    if marks.place is not None:
        drawn.add_vline(x=marks.place, line={"width": 2, "color": shades.ink, "dash": "dash"})


def _apart(places: FloatArray) -> list[float]:
    """Return the last place and others that are so far from it and each other that their labels do not touch."""
    kept = [float(places[-1])]
    for place in places[::-1]:
        if kept[-1] >= _APART * place:
            kept.append(float(place))
    return kept[::-1]
