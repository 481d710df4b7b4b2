"""An image on its way through a network: what each layer answers, as a picture as high as the layer is wide."""

from __future__ import annotations

import io
import math
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import ByteArray, FloatArray
from ae_models.figures.network import heights
from ae_models.figures.style import Look, figure, look, text
from ae_models.figures.tint import ink, signed

_GAP, _LEAST_WIDE, _ZOOM = 0.34, 0.09, 8
_TALLEST_CODE = 16  # numbers of a code that stand in one column


@dataclass(frozen=True, eq=False)
class LayerPicture:
    """One layer: ``values`` are ``(c, h, w)`` of an image, ``(units,)`` or ``(channels, h, w)`` of what is hidden."""

    role: str  # "image", "hidden" or "code"
    name: str
    values: FloatArray


def laid_out(values: FloatArray, role: str) -> FloatArray:
    """Return a layer's numbers as a rectangle: units in rows, channels side by side, a code in columns.

    Places left over are NaN.

    Examples
    --------
    >>> laid_out(np.arange(6, dtype="f"), "hidden").shape, laid_out(np.arange(2, dtype="f"), "code").shape
    ((3, 2), (2, 1))
    """
    if values.ndim == 3:
        channels, height, width = values.shape
        columns = 2 ** max(0, math.ceil(math.log2(math.sqrt(channels)) - 0.5))
        rows = -(-channels // columns)
        whole = np.full((rows * columns, height, width), np.nan, np.float32)
        whole[:channels] = values
        return whole.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)
    n = len(values)
    if role == "code":
        rows = min(n, _TALLEST_CODE)
    else:
        rows = next((rows for rows in range(math.isqrt(n - 1) + 1, n + 1) if n % rows == 0), n)
        rows = rows if rows <= 4 * math.sqrt(n) else math.isqrt(n - 1) + 1
    columns = -(-n // rows)
    filled = np.full(rows * columns, np.nan, np.float32)
    filled[:n] = values
    return filled.reshape(columns, rows).T if role == "code" else filled.reshape(rows, columns)


def layer_pictures(layers: Sequence[LayerPicture], *, dark: bool = False, height: int = 330) -> Any:
    """Return a Plotly figure of the layers from left to right, the code in a frame of the accent colour.

    Images are ink on paper. In all else orange is above 0 and blue below; the full colour is the layer's largest
    number, so that a layer of small numbers is seen as well.
    """
    shades = look(dark)
    drawn = figure(dark, height=height)
    left, frames = 0.0, []
    highs = heights([int(np.prod(layer.values.shape)) for layer in layers])
    for layer, high in zip(layers, highs, strict=True):
        colours = _colours(layer, dark)
        wide = max(high * colours.shape[1] / colours.shape[0], _LEAST_WIDE)
        drawn.add_trace(_picture(colours, left, wide, high))
        frames.append((left, wide, high, layer))
        left += wide + _GAP
    for start, wide, high, layer in frames:
        _add_frame(drawn, layer, (start, wide, high), shades)
    bare = {"visible": False, "fixedrange": True}
    drawn.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={**bare, "range": [-0.05, left - _GAP + 0.05], "constrain": "domain"},
        yaxis={**bare, "range": [1.3, -0.03], "scaleanchor": "x", "constrain": "domain"},
    )
    return drawn


def _picture(colours: ByteArray, left: float, wide: float, high: float) -> Any:
    """Return a layer's picture, from ``left`` on, so wide and so high about the middle."""
    import plotly.graph_objects as go

    rows, columns = colours.shape[0] * _ZOOM, colours.shape[1] * _ZOOM
    across, down = wide / columns, high / rows
    return go.Image(
        source=_png(colours),
        x0=left + across / 2,
        dx=across,
        y0=0.5 - high / 2 + down / 2,
        dy=down,
        zsmooth=False,
        hoverinfo="skip",
    )


def _add_frame(drawn: Any, layer: LayerPicture, box: tuple[float, float, float], shades: Look) -> None:
    """Add the frame and the name of a layer that stands in ``box``: its left edge, its width, its height."""
    start, wide, high = box
    is_code = layer.role == "code"
    drawn.add_shape(
        type="rect",
        x0=start,
        x1=start + wide,
        y0=0.5 - high / 2,
        y1=0.5 + high / 2,
        line={"color": shades.accent if is_code else shades.line, "width": 3 if is_code else 1},
    )
    drawn.add_annotation(
        x=start + wide / 2,
        y=1.03,
        text=f"<b>{text(layer.name)}</b>" if is_code else text(layer.name),
        showarrow=False,
        yanchor="top",
        font={"size": 16, "color": shades.accent if is_code else shades.quiet},
    )


def _colours(layer: LayerPicture, dark: bool) -> ByteArray:
    if layer.role == "image":
        return ink(layer.values, dark)
    shown = laid_out(layer.values, layer.role)
    return signed(shown, dark, float(np.nanmax(np.abs(shown), initial=0.0)))


def _png(colours: ByteArray) -> str:
    from PIL import Image

    large = colours.repeat(_ZOOM, axis=0).repeat(_ZOOM, axis=1)
    buffer = io.BytesIO()
    Image.fromarray(large).save(buffer, "PNG")
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode('ascii')}"
