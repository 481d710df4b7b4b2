"""Pictures in rows and columns, pixels square and never smoothed, with a name for each row and a note under each."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np

from ae_models.base import ByteArray
from ae_models.figures.style import figure, look, text

_SIDE = 112  # pixels a picture has at least in the sheet that is drawn
_BESIDE, _BELOW = 0.14, 0.3  # gaps, in sides of a picture; the note stands in the lower one


def picture_grid(
    colours: ByteArray,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    notes: Sequence[Sequence[str]] = (),
    tips: Sequence[Sequence[str]] = (),
    dark: bool = False,
    side: int = 104,
) -> Any:
    """Return a Plotly figure of pictures.

    Parameters
    ----------
    colours : (n_rows, n_columns, h, w, 3) array
        What ``tint`` gives.
    rows, columns : sequences of str
        What each row and each column is called; an empty column name leaves it out.
    notes, tips : sequences of sequences of str
        What stands under each picture; what is said on pointing at it. Empty: nothing.
    side : int
        Height of a picture on the screen, in CSS pixels, where the page is wide enough.
    """
    import plotly.graph_objects as go

    n_rows, n_columns, height, width = colours.shape[:4]
    gaps = [_BELOW if any(line) else _BESIDE for line in notes] if notes else [_BESIDE] * n_rows
    sheet, zoom = _sheet(colours, gaps, dark)
    shades = look(dark)
    tops = np.concatenate([[0.0], np.cumsum(1 + np.array(gaps))])  # of each row, and the end of the last
    head = 28 + 22 * max(name.count("\n") + 1 for name in columns)
    drawn = figure(dark, height=int(side * tops[-1]) + head)
    pitch_x, unit = (1 + _BESIDE) * width / height, 1 / (height * zoom)
    drawn.add_trace(go.Image(source=sheet, x0=unit / 2, y0=unit / 2, dx=unit, dy=unit, zsmooth=False, hoverinfo="skip"))
    centres_x = (np.arange(n_columns) * pitch_x + width / height / 2).astype(np.float32)
    centres_y = (tops[:-1] + 0.5).astype(np.float32)
    if notes:
        drawn.add_trace(
            go.Scatter(
                x=np.tile(centres_x, n_rows),
                y=np.repeat(centres_y + 0.5 + _BELOW * 0.42, n_columns),
                text=[text(note) for line in notes for note in line],
                mode="text",
                textfont={"size": 15, "color": shades.ink},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    if tips:
        drawn.add_trace(
            go.Scatter(
                x=np.tile(centres_x, n_rows),
                y=np.repeat(centres_y, n_columns),
                text=[text(tip) for line in tips for tip in line],
                mode="markers",
                marker={"size": side * 0.8, "opacity": 0, "symbol": "square"},
                hovertemplate="%{text}<extra></extra>",
                showlegend=False,
            )
        )
    bare = {"showgrid": False, "ticks": "", "showline": False, "zeroline": False, "fixedrange": True}
    drawn.update_layout(
        margin={"l": 8, "r": 8, "t": head, "b": 4},
        xaxis={
            **bare,
            "side": "top",
            "tickvals": centres_x,
            "ticktext": [text(name) for name in columns],
            "range": [0, n_columns * pitch_x],
            "constrain": "domain",
        },
        yaxis={
            **bare,
            "tickvals": centres_y,
            "ticktext": [text(name) for name in rows],
            "range": [float(tops[-1]), 0],
            "scaleanchor": "x",
            "constrain": "domain",
            "constraintoward": "top",
        },
    )
    return drawn


def _sheet(colours: ByteArray, gaps: Sequence[float], dark: bool) -> tuple[str, int]:
    """Return all pictures on one transparent sheet as a PNG address, each pixel a square of ``zoom`` pixels."""
    from PIL import Image

    n_rows, n_columns, height, width = colours.shape[:4]
    zoom = max(1, -(-_SIDE // height))
    side, wide = height * zoom, width * zoom
    tops = np.rint(side * np.concatenate([[0.0], np.cumsum(1 + np.array(gaps))])).astype(int)
    pitch = (1 + _BESIDE) * wide
    sheet = np.zeros((tops[-1], round(n_columns * pitch), 4), np.uint8)
    line = [int(look(dark).line[place : place + 2], 16) for place in (1, 3, 5)]
    for row in range(n_rows):
        for column in range(n_columns):
            top, left = tops[row], round(column * pitch)
            large = colours[row, column].repeat(zoom, axis=0).repeat(zoom, axis=1)
            large[[0, -1], :] = large[:, [0, -1]] = line
            sheet[top : top + side, left : left + wide, :3] = large
            sheet[top : top + side, left : left + wide, 3] = 255
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "PNG")
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode('ascii')}", zoom
