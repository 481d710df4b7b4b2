"""Error and variance against size: numbers in the code, or bytes an image; PCA and autoencoders beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import DASHES, SYMBOLS, Look, doubling, figure, look, text


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
    _add_pca(drawn, straight, "PCA", "%{y:.2f}", shades)
    _add_models(drawn, ladder, "Autoencoder, the same design at every size", shades.accent, "lines+markers")
    if others:
        _add_models(drawn, others, "other autoencoders", shades.third, "markers")
    if gap is not None:
        _bracket(drawn, gap, log, shades)
    doubling(drawn, max(len(straight), *(place.numbers for place in ladder), 1))
    if log:
        drawn.update_yaxes(type="log", tickvals=[1, 2, 5, 10, 20, 50, 100, 200])
    else:
        drawn.update_yaxes(rangemode="tozero")
    return drawn


def variance(straight: FloatArray, models: Sequence[Place], *, dark: bool = False, height: int = 400) -> Any:
    """Return a Plotly figure of held-out R² in percent over the numbers of the code.

    Parameters
    ----------
    straight : (k,) array
        PCA's R² with 1, 2, ... k numbers, at most 1.
    models : sequence of Place
        Autoencoders; their ``error`` is their R².
    """
    shades = look(dark)
    drawn = figure(dark, height=height, x="numbers in the code", y="variance drawn, R² (%)")
    _add_pca(drawn, 100 * straight, "PCA, cumulative", "%{y:.1f} %", shades)
    if models:
        drawn.add_scatter(
            x=np.array([place.numbers for place in models], np.float32),
            y=np.array([100 * place.error for place in models], np.float32),
            text=[text(place.title) for place in models],
            name="autoencoders",
            mode="markers",
            marker={"size": 13, "color": shades.accent},
            hovertemplate="%{text}: %{y:.1f} %<extra></extra>",
        )
    doubling(drawn, len(straight))
    drawn.update_yaxes(range=[-3, 103])
    return drawn


def scree(shares: FloatArray, *, dark: bool = False, height: int = 400) -> Any:
    """Return a Plotly figure of one bar a component; ``shares`` are ``(k,)``, of all variance, each 0 to 1."""
    drawn = figure(dark, height=height, x="component", y="variance it explains (%)")
    drawn.add_bar(
        x=np.arange(1, len(shares) + 1, dtype=np.int32),
        y=(100 * shares).astype(np.float32),
        marker={"color": look(dark).warm},
        hovertemplate="component %{x}: %{y:.2f} %<extra></extra>",
    )
    drawn.update_layout(bargap=0.15)
    return drawn


def byte_size(
    curves: Mapping[str, tuple[FloatArray, FloatArray, list[str]]],
    *,
    raw: float,
    log: bool = False,
    dark: bool = False,
    height: int = 520,
) -> Any:
    """Return a Plotly figure of held-out SSE over bytes an image, on a logarithmic axis of bytes.

    Parameters
    ----------
    curves : mapping of str to ((m,) array, (m,) array, list of str)
        For each way of keeping images: bytes an image, SSE, and what each point is called.
    raw : float
        Bytes of an image without loss (PNG): a line across.
    log : bool
        A logarithmic axis of errors too.
    """
    shades = look(dark)
    drawn = figure(dark, height=height, x="bytes an image", y="held-out error (SSE an image)")
    for place, (name, (sizes, errors, notes)) in enumerate(curves.items()):
        colour = (shades.accent, shades.warm, shades.third)[place % 3]
        drawn.add_scatter(
            x=np.asarray(sizes, np.float32),
            y=np.asarray(errors, np.float32),
            text=[text(note) for note in notes],
            name=text(name),
            mode="lines+markers",
            line={"width": 3.5, "color": colour, "dash": DASHES[place % 3]},
            marker={"size": 10, "color": colour, "symbol": SYMBOLS[place % len(SYMBOLS)]},
            hovertemplate="%{text}: %{x:.1f} bytes, error %{y:.2f}<extra></extra>",
        )
    drawn.add_vline(x=raw, line={"color": shades.quiet, "width": 2, "dash": "dot"})
    drawn.add_annotation(
        x=float(np.log10(raw)), y=1, yref="paper", text="lossless PNG", showarrow=False, xanchor="right", xshift=-6
    )
    drawn.update_xaxes(type="log", tickvals=[0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000])
    if log:
        drawn.update_yaxes(type="log", tickvals=[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100])
    else:
        drawn.update_yaxes(rangemode="tozero")
    return drawn


def _add_pca(drawn: Any, straight: FloatArray, name: str, value: str, shades: Look) -> None:
    drawn.add_scatter(
        x=np.arange(1, len(straight) + 1, dtype=np.float32),
        y=straight.astype(np.float32),
        name=name,
        mode="lines",
        line={"width": 3.5, "color": shades.warm, "dash": "dash"},
        hovertemplate=f"PCA, %{{x}} numbers: {value}<extra></extra>",
    )


def _bracket(drawn: Any, gap: tuple[float, float, float, str], log: bool, shades: Look) -> None:
    """Add a line between two errors at one size, and what it says."""
    numbers, low, high, note = gap
    drawn.add_scatter(
        x=np.full(2, numbers, np.float32),
        y=np.array([low, high], np.float32),
        mode="lines",
        line={"width": 2.5, "color": shades.ink},
        hoverinfo="skip",
        showlegend=False,
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


def _add_models(drawn: Any, places: Sequence[Place], name: str, colour: str, mode: str) -> None:
    drawn.add_scatter(
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
