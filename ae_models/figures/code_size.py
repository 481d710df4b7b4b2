"""Error against the size of the code: PCA's curve, the autoencoders on it or below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import Look, figure, look, text


@dataclass(frozen=True)
class Place:
    """One model on the plot; ``id`` comes back when it is clicked."""

    id: str
    title: str
    numbers: int
    error: float


def code_size(
    straight: FloatArray,
    ladder: Sequence[Place],
    others: Sequence[Place] = (),
    *,
    gap: tuple[float, float, float, str] | None = None,
    log: bool = False,
    dark: bool = False,
    height: int = 520,
) -> Any:
    """Return a Plotly figure of held-out SSE over the numbers of the code.

    Parameters
    ----------
    straight : (k,) array
        PCA's error with 1, 2, ... k numbers.
    ladder : sequence of Place
        Models that differ in the size of their code only, joined by a line.
    others : sequence of Place
        Single models.
    gap : (numbers, low, high, str) or None
        A bracket between two errors at one size, and what is written beside it.
    log : bool
        A logarithmic axis of errors; that of sizes always doubles.
    """
    shades = look(dark)
    drawn = figure(dark, height=height, x="numbers in the code", y="held-out error (SSE an image)")
    drawn.add_trace(_pca(straight, shades))
    drawn.add_trace(_models(ladder, "Autoencoder, the same design at every size", shades.accent, "lines+markers"))
    if others:
        drawn.add_trace(_models(others, "other autoencoders", shades.third, "markers"))
    if gap is not None:
        _bracket(drawn, gap, log, shades)
    most = max(len(straight), *(place.numbers for place in ladder), 1)
    ticks = [2**power for power in range(12) if 2**power <= most]
    drawn.update_xaxes(type="log", tickvals=ticks, ticktext=[str(tick) for tick in ticks])
    if log:
        drawn.update_yaxes(type="log", tickvals=[1, 2, 5, 10, 20, 50, 100, 200])
    else:
        drawn.update_yaxes(rangemode="tozero")
    return drawn


def _pca(straight: FloatArray, shades: Look) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=np.arange(1, len(straight) + 1, dtype=np.float32),
        y=straight.astype(np.float32),
        name="PCA",
        mode="lines",
        line={"width": 3.5, "color": shades.warm, "dash": "dash"},
        hovertemplate="PCA, %{x} numbers: %{y:.2f}<extra></extra>",
    )


def _bracket(drawn: Any, gap: tuple[float, float, float, str], log: bool, shades: Look) -> None:
    """Add a line between two errors at one size, and what it says."""
    import plotly.graph_objects as go

    numbers, low, high, note = gap
    drawn.add_trace(
        go.Scatter(
            x=np.full(2, numbers, np.float32),
            y=np.array([low, high], np.float32),
            mode="lines",
            line={"width": 2.5, "color": shades.ink},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    middle = float(np.sqrt(low * high)) if log else (low + high) / 2
    drawn.add_annotation(
        x=float(np.log10(numbers)),
        y=float(np.log10(middle)) if log else middle,
        text=f"<b>{text(note)}</b>",
        showarrow=False,
        xanchor="left",
        xshift=10,
        bgcolor=shades.panel,
    )


def _models(places: Sequence[Place], name: str, colour: str, mode: str) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=np.array([place.numbers for place in places], np.float32),
        y=np.array([place.error for place in places], np.float32),
        customdata=[place.id for place in places],
        text=[text(place.title) for place in places],
        name=name,
        mode=mode,
        line={"width": 3.5, "color": colour},
        marker={"size": 14, "color": colour, "symbol": "circle" if "lines" in mode else "diamond"},
        hovertemplate="%{text}: %{y:.2f}<br>click to open it<extra></extra>",
    )
