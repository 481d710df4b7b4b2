"""Error against bytes: codes of a few bits a number, with their model's share, and JPEG."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import SYMBOLS, figure, look, text

_DASHES = ("solid", "dash", "dot")


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
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height, x="bytes an image", y="held-out error (SSE an image)")
    for place, (name, (sizes, errors, notes)) in enumerate(curves.items()):
        colour = (shades.accent, shades.warm, shades.third)[place % 3]
        drawn.add_trace(
            go.Scatter(
                x=np.asarray(sizes, np.float32),
                y=np.asarray(errors, np.float32),
                text=[text(note) for note in notes],
                name=text(name),
                mode="lines+markers",
                line={"width": 3.5, "color": colour, "dash": _DASHES[place % 3]},
                marker={"size": 10, "color": colour, "symbol": SYMBOLS[place % len(SYMBOLS)]},
                hovertemplate="%{text}: %{x:.1f} bytes, error %{y:.2f}<extra></extra>",
            )
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
