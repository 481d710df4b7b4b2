"""What figures share: type for a projector."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from ae_models.figures.curves import Axes, Marks, curves
from ae_models.figures.picture_grid import picture_grid
from ae_models.figures.style import larger


def sizes(figure: go.Figure) -> list[float]:
    found = [figure.layout.font.size, figure.layout.xaxis.tickfont.size, figure.layout.xaxis.title.font.size]
    found += [annotation.font.size for annotation in figure.layout.annotations if annotation.font.size]
    return found + [trace.textfont.size for trace in figure.data if trace.type == "scatter" and trace.textfont.size]


def test_all_type_grows_and_nothing_else_changes() -> None:
    lines = {"a": np.array([1.0, 2.0], np.float32)}
    tiles = np.zeros((1, 2, 8, 8, 3), np.uint8)
    for figure in (
        curves([1, 2], lines, Axes("x", "y"), Marks({"level": 1.0})),
        picture_grid(tiles, rows=["r"], columns=["", ""], notes=[["1", "2"]]),
    ):
        before = figure.to_plotly_json()
        whole = larger(figure, 1.25)
        grown = go.Figure(whole)
        assert sizes(grown) == [round(1.25 * size) for size in sizes(figure)]
        assert grown.layout.height == round(1.25 * figure.layout.height)
        assert figure.to_plotly_json() == before  # the figure itself is left alone
        for after, own in zip(whole["data"], before["data"], strict=True):
            assert {**after, "textfont": None} == {**own, "textfont": None}
