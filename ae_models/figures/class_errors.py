"""Error by class: an autoencoder's bar beside PCA's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.figures.style import figure, look, text


def class_errors(
    names: Sequence[str],
    autoencoder: FloatArray,
    pca: FloatArray,
    *,
    noun: str = "class",
    dark: bool = False,
    height: int = 380,
) -> Any:
    """Return a Plotly figure of two bars a class; each ``(n_classes,)`` held-out SSE."""
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height, x=noun, y="error (SSE an image)")
    for title, values, colour in (("Autoencoder", autoencoder, shades.accent), ("PCA", pca, shades.warm)):
        drawn.add_trace(
            go.Bar(
                x=[text(name) for name in names],
                y=np.asarray(values, np.float32),
                name=title,
                marker={"color": colour},
                hovertemplate=f"{title}, %{{x}}: %{{y:.2f}}<extra></extra>",
            )
        )
    drawn.update_layout(barmode="group", bargap=0.28, bargroupgap=0.06, xaxis={"type": "category"})
    return drawn
