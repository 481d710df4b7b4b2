"""Who wins by one metric: a bar a method, best on top, with what is uncertain and what chance would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import Look, figure, look, text


@dataclass(frozen=True)
class Standing:
    """One method: its value, the least and greatest it may as well be, and its chance level; None: not known."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    leads: bool = False


def standings(
    places: Sequence[Standing], *, x: str, decimals: int = 3, dark: bool = False, height: int | None = None
) -> Any:
    """Return a Plotly figure of horizontal bars in the order given, the first on top; leaders in the accent colour.

    Parameters
    ----------
    places : sequence of Standing
    x : str
        The metric and its unit.
    decimals : int
        Of the value that stands at each bar.
    """
    shades = look(dark)
    drawn = figure(dark, height=height or 130 + 52 * len(places), x=x)
    names = [text(place.name) for place in places]
    values = np.array([place.value for place in places], np.float32)
    lows = np.array([place.value if place.low is None else place.low for place in places], np.float32)
    highs = np.array([place.value if place.high is None else place.high for place in places], np.float32)
    shown = [f"{place.value:.{decimals}f}" for place in places]
    drawn.add_trace(_bars(places, (lows, values, highs), shown, shades))
    for name, value, high in zip(names, shown, highs, strict=True):
        drawn.add_annotation(
            x=max(float(high), 0.0), y=name, text=f"<b>{value}</b>", showarrow=False, xanchor="left", xshift=12
        )
    known = [(name, place.chance) for name, place in zip(names, places, strict=True) if place.chance is not None]
    if known:
        drawn.add_trace(_chances(known, shades.warm))
    drawn.update_yaxes(autorange="reversed", showgrid=False, ticks="")
    right = float(max(highs.max(initial=0), values.max(initial=0)))
    lowest = min([0.0, float(lows.min(initial=0)), *(chance for _, chance in known)])
    span = max(right, *(chance for _, chance in known), lowest + 1e-9) - lowest
    drawn.update_xaxes(range=[lowest - (0.03 * span if lowest < 0 else 0), lowest + span * 1.24])
    drawn.update_layout(bargap=0.35)
    return drawn


def _bars(
    places: Sequence[Standing], ends: tuple[FloatArray, FloatArray, FloatArray], shown: list[str], shades: Look
) -> Any:
    """Return a bar a method with its error bar; ``ends`` are the least, the measured and the greatest values."""
    import plotly.graph_objects as go

    lows, values, highs = ends
    return go.Bar(
        x=values,
        y=[text(place.name) for place in places],
        orientation="h",
        marker={"color": [shades.accent if place.leads else shades.line for place in places]},
        error_x={
            "array": np.maximum(highs - values, 0),
            "arrayminus": np.maximum(values - lows, 0),
            "color": shades.ink,
            "thickness": 2,
            "width": 6,
        },
        customdata=shown,
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        showlegend=False,
    )


def _chances(known: list[tuple[str, float]], colour: str) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=np.array([chance for _, chance in known], np.float32),
        y=[name for name, _ in known],
        mode="markers",
        name="chance",
        marker={"symbol": "line-ns", "size": 26, "line": {"width": 3, "color": colour}},
        hovertemplate="chance: %{x:.3f}<extra></extra>",
    )
