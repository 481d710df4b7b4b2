"""Pictures in rows and columns, pixels square and never smoothed, with a name for each row and a note under each."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import ByteArray, FloatArray
from ae_models.figures.style import figure, look, text

_SIDE = 112  # pixels a picture has at least in the sheet that is drawn
_BESIDE, _BELOW, _BETWEEN = 0.1, 0.26, 0.5  # gaps, in sides of a picture; the note stands in the second


def picture_grid(
    colours: ByteArray,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    notes: Sequence[Sequence[str]] = (),
    tips: Sequence[Sequence[str]] = (),
    group: int = 0,
    dark: bool = False,
    side: int = 104,
) -> Any:
    """Return a Plotly figure of pictures.

    Parameters
    ----------
    colours : (n_rows, n_columns, h, w, 3) array
        What ``tint`` gives; masked (``without``) where there is no picture.
    rows, columns : sequences of str
        What each row and each column is called; an empty column name leaves it out.
    notes, tips : sequences of sequences of str
        What stands under each picture; what is said on pointing at it. Empty: nothing.
    group : int
        Columns that belong together: a wider gap stands after as many. 0: all of them.
    side : int
        Height of a picture on the screen, in CSS pixels, where the page is wide enough.
    """
    n_rows, n_columns, height, width = colours.shape[:4]
    gaps = [_BELOW if any(line) else _BESIDE for line in notes] if notes else [_BESIDE] * n_rows
    tops = np.concatenate([[0.0], np.cumsum(1 + np.array(gaps))])  # of each row, and the end of the last
    wide = width / height
    groups = np.arange(n_columns) // (group or n_columns)
    lefts = (np.arange(n_columns) * (wide + _BESIDE) + groups * _BETWEEN).astype(np.float32)
    there = ~np.ma.getmaskarray(colours)[:, :, 0, 0, 0]
    shades = look(dark)
    head = 10 + 22 * max(name.count("\n") + 1 for name in columns) if any(columns) else 10
    drawn = figure(dark, height=int(side * tops[-1]) + head)
    drawn.add_trace(_pictures(colours, tops, lefts, there))
    drawn.add_trace(_frames(tops, lefts, there, wide, shades.line))
    across = np.tile(lefts + wide / 2, n_rows)[there.ravel()]
    down = np.repeat(tops[:-1].astype(np.float32) + 0.5, n_columns)[there.ravel()]
    if notes:
        drawn.add_trace(_notes(across, down, _in_places(notes, there), shades.ink))
    if tips:
        drawn.add_trace(_tips(across, down, _in_places(tips, there), side))
    drawn.update_layout(margin={"l": 8, "r": 8, "t": head, "b": 4})
    _name_places(drawn, (lefts + wide / 2, columns), ((tops[:-1] + 0.5).astype(np.float32), rows))
    drawn.update_xaxes(range=[-0.02, float(lefts[-1] + wide) + 0.02])
    drawn.update_yaxes(range=[float(tops[-1]), -0.02])
    return drawn


def without(colours: ByteArray, empty: npt.NDArray[np.bool_]) -> ByteArray:
    """Return the pictures of a grid masked where ``empty``, an array of a bool a place, says that there is none."""
    mask = np.broadcast_to(empty[:, :, None, None, None], colours.shape)
    return np.ma.masked_array(colours, mask)


def _name_places(drawn: Any, across: tuple[FloatArray, Sequence[str]], down: tuple[FloatArray, Sequence[str]]) -> None:
    """Write the names of columns and rows at their middles; keep pixels square."""
    bare = {"showgrid": False, "ticks": "", "showline": False, "zeroline": False, "fixedrange": True}
    columns, rows = (
        {"tickvals": places, "ticktext": [text(name) for name in names]} for places, names in (across, down)
    )
    drawn.update_xaxes(**bare, **columns, side="top", constrain="domain")
    drawn.update_yaxes(**bare, **rows, scaleanchor="x", constrain="domain", constraintoward="top")


def _pictures(colours: ByteArray, tops: FloatArray, lefts: FloatArray, there: npt.NDArray[np.bool_]) -> Any:
    import plotly.graph_objects as go

    source, zoom = _sheet(np.ma.getdata(colours), tops, lefts, there)
    unit = 1 / (colours.shape[2] * zoom)
    return go.Image(source=source, x0=unit / 2, y0=unit / 2, dx=unit, dy=unit, zsmooth=False, hoverinfo="skip")


def _notes(across: FloatArray, down: FloatArray, words: list[str], colour: str) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        text=words,
        x=across,
        y=down + 0.5 + _BELOW * 0.46,
        mode="text",
        textfont={"size": 15, "color": colour},
        hoverinfo="skip",
        showlegend=False,
    )


def _tips(across: FloatArray, down: FloatArray, words: list[str], side: int) -> Any:
    """Return what is said on pointing at a picture, on squares that are not seen."""
    import plotly.graph_objects as go

    return go.Scatter(
        text=words,
        x=across,
        y=down,
        mode="markers",
        marker={"size": side * 0.8, "opacity": 0, "symbol": "square"},
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def _in_places(words: Sequence[Sequence[str]], there: npt.NDArray[np.bool_]) -> list[str]:
    return [text(word) for line, known in zip(words, there, strict=True) for word in np.array(line)[known]]


def _frames(tops: FloatArray, lefts: FloatArray, there: npt.NDArray[np.bool_], wide: float, colour: str) -> Any:
    """Return a line around each picture: as lines of the figure they are whole at any size of the page."""
    import plotly.graph_objects as go

    row, column = np.nonzero(there)
    top, left = tops[row][:, None], lefts[column][:, None]
    return go.Scatter(
        x=(left + np.array([0, wide, wide, 0, 0, np.nan])).ravel().astype(np.float32),
        y=(top + np.array([0, 0, 1, 1, 0, np.nan])).ravel().astype(np.float32),
        mode="lines",
        line={"width": 1, "color": colour},
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )


def _sheet(colours: ByteArray, tops: FloatArray, lefts: FloatArray, there: npt.NDArray[np.bool_]) -> tuple[str, int]:
    """Return all pictures on one transparent sheet as a PNG address, each pixel a square of ``zoom`` pixels."""
    from PIL import Image

    height, width = colours.shape[2:4]
    zoom = max(1, -(-_SIDE // height))
    side, wide = height * zoom, width * zoom
    down, across = np.rint(side * tops).astype(int), np.rint(side * lefts).astype(int)
    sheet = np.zeros((down[-1], across[-1] + wide, 4), np.uint8)
    for row, column in np.argwhere(there):
        large = colours[row, column].repeat(zoom, axis=0).repeat(zoom, axis=1)
        place = slice(down[row], down[row] + side), slice(across[column], across[column] + wide)
        sheet[(*place, slice(3))] = large
        sheet[(*place, 3)] = 255
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "PNG")
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode('ascii')}", zoom
