"""A network's shape: one bar a layer, as high as the layer is wide, through the bottleneck and out again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from ae_models.autoencoders import Layer
from ae_models.figures.look import ACCENT, INK, LINE, MUTED, TINT, Spec, figure, note
from ae_models.kinds import IMAGE, kind_of

_BAR = 0.42  # of the distance between two layers
_LEAST = 0.07  # the height of a layer of one number, as a share of the highest


def heights(units: Sequence[int]) -> list[float]:
    """Return the height of each layer's bar, 0 to 1: it grows with the logarithm of its units, the widest has 1.

    Examples
    --------
    >>> [round(height, 2) for height in heights([784, 512, 2, 512, 784])]
    [1.0, 0.94, 0.17, 0.94, 1.0]
    >>> heights([1, 1])
    [1.0, 1.0]
    """
    most = math.log(max(units))
    if most == 0:
        return [1.0 for _ in units]
    return [_LEAST + (1 - _LEAST) * math.log(value) / most for value in units]


def network_sketch(layers: Sequence[Layer], *, height: int = 260) -> Spec:
    """Return a figure of the layers from left to right, the code in the accent colour.

    Parameters
    ----------
    layers : sequence of Layer
        From the image that goes in to the one that comes out.
    height : int
        In pixels.
    """
    high = heights([layer.units for layer in layers])
    bars = {
        "type": "bar",
        "x": list(range(len(layers))),
        "y": high,
        "base": [-value / 2 for value in high],
        "width": _BAR,
        "marker": {"color": [_colour(layer) for layer in layers], "cornerradius": 6},
        "customdata": [describe(layer) for layer in layers],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    notes = []
    for place, (layer, value) in enumerate(zip(layers, high, strict=True)):
        is_code = layer.role == "code"
        font = {"size": 17 if is_code else 13, "color": ACCENT if is_code else INK}
        notes.append(note(f"<b>{layer.units:,}</b>", x=place, y=value / 2, yanchor="bottom", font=font))
        notes.append(note(caption(layer), x=place, y=-0.52, yanchor="top", font={"size": 12, "color": MUTED}))
    return figure(
        [*(_flow(place, left, right) for place, (left, right) in enumerate(pairwise(high))), bars],
        height=height,
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        xaxis={"visible": False, "fixedrange": True, "range": [-0.55, len(layers) - 0.45]},
        yaxis={"visible": False, "fixedrange": True, "range": [-0.66, 0.64]},
        hovermode="closest",
        annotations=notes,
    )


_ROLES = {"input": "the {sample}", "output": "the {picture} drawn", "code": "the code"}


def describe(layer: Layer) -> str:
    """Return a layer in words.

    Examples
    --------
    >>> describe(Layer("hidden", "dense", (512,), 401_920))
    'dense layer, 512 numbers; 401,920 parameters lead to it'
    """
    kind = IMAGE
    if layer.role in ("input", "output") and len(layer.shape) == 3:
        channels, high, wide = layer.shape
        kind = kind_of((channels, high, wide))
    hidden = "convolution" if layer.kind == "convolution" else "dense layer"
    what = kind.say(_ROLES.get(layer.role, hidden))
    leads = f"; {layer.parameters:,} parameters lead to it" if layer.parameters else ""
    return f"{what}, {_size(layer)}{leads}"


def caption(layer: Layer) -> str:
    """Return the short line under a layer's bar.

    Examples
    --------
    >>> caption(Layer("hidden", "convolution", (32, 14, 14), 320))
    '32 × 14 × 14'
    """
    if layer.role == "hidden":
        return "dense" if len(layer.shape) == 1 else " × ".join(map(str, layer.shape))
    if layer.role == "code":
        return "code"
    channels, high, wide = layer.shape
    return f"{high} × {wide}" if channels == 1 else f"{channels} × {high} × {wide}"


def _size(layer: Layer) -> str:
    numbers = f"{layer.units:,} {'number' if layer.units == 1 else 'numbers'}"
    return numbers if len(layer.shape) == 1 else f"{' × '.join(map(str, layer.shape))}, {numbers}"


def _colour(layer: Layer) -> str:
    if layer.role == "code":
        return ACCENT
    return MUTED if layer.role in ("input", "output") else LINE


def _flow(place: int, left: float, right: float) -> Spec:
    """Return the ground between two bars."""
    x = [place + _BAR / 2, place + 1 - _BAR / 2]
    return {
        "type": "scatter",
        "x": [x[0], x[1], x[1], x[0]],
        "y": [left / 2, right / 2, -right / 2, -left / 2],
        "fill": "toself",
        "fillcolor": TINT,
        "mode": "none",
        "hoverinfo": "skip",
    }
