"""Error by class: a bar for each method, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    return class_bars(names, {"Autoencoder": autoencoder, "PCA": pca}, noun=noun, dark=dark, height=height)


def class_bars(
    names: Sequence[str],
    errors: Mapping[str, FloatArray],
    *,
    noun: str = "class",
    dark: bool = False,
    height: int = 380,
) -> Any:
    """Return a Plotly figure of a bar for each method in each class; values are ``(n_classes,)`` SSE."""
    import plotly.graph_objects as go

    shades = look(dark)
    drawn = figure(dark, height=height, x=noun, y="error (SSE an image)")
    for place, (title, values) in enumerate(errors.items()):
        drawn.add_trace(
            go.Bar(
                x=[text(name) for name in names],
                y=np.asarray(values, np.float32),
                name=text(title),
                marker={"color": shades.method(place)},
                hovertemplate=f"{text(title)}, %{{x}}: %{{y:.2f}}<extra></extra>",
            )
        )
    drawn.update_layout(barmode="group", bargap=0.28, bargroupgap=0.06, xaxis={"type": "category"})
    return drawn
