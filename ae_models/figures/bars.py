"""Bars: who wins by one metric, errors by class, where colours drawn lie between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import Look, figure, look, text

_BINS = 21  # between two colours


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
    _add_bars(drawn, places, (lows, values, highs), shown, shades)
    for name, value, high in zip(names, shown, highs, strict=True):
        drawn.add_annotation(
            x=max(float(high), 0.0), y=name, text=f"<b>{value}</b>", showarrow=False, xanchor="left", xshift=12
        )
    known = [(name, place.chance) for name, place in zip(names, places, strict=True) if place.chance is not None]
    if known:
        drawn.add_scatter(
            x=np.array([chance for _, chance in known], np.float32),
            y=[name for name, _ in known],
            mode="markers",
            name="chance",
            marker={"symbol": "line-ns", "size": 26, "line": {"width": 3, "color": shades.warm}},
            hovertemplate="chance: %{x:.3f}<extra></extra>",
        )
    drawn.update_yaxes(autorange="reversed", showgrid=False, ticks="")
    right = float(max(highs.max(initial=0), values.max(initial=0)))
    lowest = min([0.0, float(lows.min(initial=0)), *(chance for _, chance in known)])
    span = max(right, *(chance for _, chance in known), lowest + 1e-9) - lowest
    drawn.update_xaxes(range=[lowest - (0.03 * span if lowest < 0 else 0), lowest + span * 1.24])
    drawn.update_layout(bargap=0.35)
    return drawn


def _add_bars(
    drawn: Any,
    places: Sequence[Standing],
    ends: tuple[FloatArray, FloatArray, FloatArray],
    shown: list[str],
    shades: Look,
) -> None:
    """Add a bar a method with its error bar; ``ends`` are the least, the measured and the greatest values."""
    lows, values, highs = ends
    drawn.add_bar(
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


def class_bars(
    names: Sequence[str],
    errors: Mapping[str, FloatArray],
    *,
    noun: str = "class",
    dark: bool = False,
    height: int = 380,
) -> Any:
    """Return a Plotly figure of a bar for each method in each class; values are ``(n_classes,)`` SSE."""
    shades = look(dark)
    drawn = figure(dark, height=height, x=noun, y="error (SSE an image)")
    for place, (title, values) in enumerate(errors.items()):
        drawn.add_bar(
            x=[text(name) for name in names],
            y=np.asarray(values, np.float32),
            name=text(title),
            marker={"color": shades.method(place)},
            hovertemplate=f"{text(title)}, %{{x}}: %{{y:.2f}}<extra></extra>",
        )
    drawn.update_layout(barmode="group", bargap=0.28, bargroupgap=0.06, xaxis={"type": "category"})
    return drawn


def between_colours(places: FloatArray, first: FloatArray, second: FloatArray, *, dark: bool = False) -> Any:
    """Return a Plotly figure of how many guesses lie where between two colours; a bar wears the colour it counts.

    Parameters
    ----------
    places : (n,) array
        0 is the first colour, 1 the second, one half the mixture of both.
    first, second : (3,) arrays in [0, 1]
    """
    shades = look(dark)
    drawn = figure(dark, height=330, x="colour drawn", y="images, %")
    edges = np.linspace(-0.2, 1.2, _BINS + 1)
    counts, _ = np.histogram(np.clip(places, edges[0], edges[-1]), edges)
    middles = (edges[:-1] + edges[1:]) / 2
    share = np.clip(middles, 0, 1)[:, None]
    colours = np.rint(255 * np.clip((1 - share) * first + share * second, 0, 1)).astype(int)
    drawn.add_bar(
        x=middles.astype(np.float32),
        y=(100 * counts / max(len(places), 1)).astype(np.float32),
        width=0.9 * (edges[1] - edges[0]),
        marker={
            "color": [f"rgb({red},{green},{blue})" for red, green, blue in colours],
            "line": {"width": 1, "color": shades.line},
        },
        hovertemplate="%{y:.1f} %<extra></extra>",
        showlegend=False,
    )
    drawn.update_xaxes(tickvals=[0, 0.5, 1], ticktext=["one tint", "half and half", "the other tint"])
    for place in (0, 1):
        drawn.add_vline(x=place, line={"width": 2, "color": shades.ink, "dash": "dash"})
    return drawn
