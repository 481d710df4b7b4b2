"""Errors on known images and on those of another kind: as distributions, and as ROC curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import add_line, figure, look

_BINS = 60


def error_distributions(
    errors: Mapping[str, FloatArray], limit: float, *, dark: bool = False, height: int = 380
) -> Any:
    """Return a Plotly figure of how many of each kind have which error, and a line at a limit.

    Parameters
    ----------
    errors : mapping of str to (n,) array
        Squared errors of each kind, summed over pixels; the known kind first. The axis ends where 99.5 % of them do.
    limit : float
        Above this an image is called a stranger.
    """
    shades = look(dark)
    drawn = figure(dark, height=height, x="error (SSE an image)", y="share of its kind, %")
    most = max(float(np.quantile(values, 0.995)) for values in errors.values())
    edges = np.linspace(0, max(most, limit * 1.1), _BINS + 1)
    for place, (name, values) in enumerate(errors.items()):
        line = {"color": shades.method(2 * place), "dash": ("solid", "dot")[place % 2]}
        counts, _ = np.histogram(values, edges)
        add_line(
            drawn,
            (edges[:-1] + edges[1:]) / 2,
            100 * counts / len(values),
            name=name,
            hover="error %{x:.0f}: %{y:.1f} %",
            line={"width": 3, "shape": "hvh", **line},
        )
    drawn.update_traces(fill="tozeroy")
    drawn.add_vline(x=limit, line={"width": 2, "color": shades.ink, "dash": "dash"})
    drawn.add_annotation(
        x=limit, y=1, yref="paper", text="limit", showarrow=False, xanchor="left", xshift=6, yanchor="top"
    )
    drawn.update_yaxes(rangemode="tozero")
    return drawn


def roc_curves(curves: Mapping[str, tuple[FloatArray, FloatArray]], *, dark: bool = False, height: int = 380) -> Any:
    """Return a Plotly figure of ROC curves, false alarms across and strangers caught up, and the line of guessing.

    Parameters
    ----------
    curves : mapping of str to (false alarms, caught)
        What ``metrics.anomaly.roc`` gives.
    """
    shades = look(dark)
    drawn = figure(dark, height=height, x="false alarms, %", y="strangers caught, %")
    ends = np.array([0, 100], np.float32)
    drawn.add_scatter(
        x=ends,
        y=ends,
        name="guessing",
        mode="lines",
        line={"width": 2, "color": shades.quiet, "dash": "dot"},
        hoverinfo="skip",
    )
    for place, (name, (false_alarms, caught)) in enumerate(curves.items()):
        shown = _thinned(false_alarms, caught)
        line = {"color": shades.method(place), "dash": ("solid", "dash", "dashdot")[place % 3]}
        hover = "%{y:.0f} % caught at %{x:.0f} % false alarms"
        add_line(drawn, 100 * false_alarms[shown], 100 * caught[shown], name=name, hover=hover, line=line)
    drawn.update_xaxes(range=[-1, 101])
    drawn.update_yaxes(range=[-1, 102])
    return drawn


def _thinned(false_alarms: FloatArray, caught: FloatArray, most: int = 300) -> Any:
    """Return the places of a curve's points that are as far apart as a screen can show."""
    way = false_alarms + caught
    return np.unique(np.searchsorted(way, np.linspace(0, float(way[-1]), most)).clip(0, len(way) - 1))
