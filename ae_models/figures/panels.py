"""Panels side by side in one figure, more than four in two rows: one WebGL context, one legend, one picture to save."""

from __future__ import annotations

from typing import Any

from ae_models.figures.style import text

_GAP = 0.03  # of the width of the figure
_MOST = 4  # in one row


def rows_of_panels(n: int) -> int:
    """Return in how many rows ``n`` panels stand.

    Examples
    --------
    >>> [rows_of_panels(n) for n in (1, 4, 5, 8)]
    [1, 1, 2, 2]
    """
    return 1 if n <= _MOST else 2


def add_panel(
    drawn: Any, place: int, n: int, title: str, x: dict[str, Any], y: dict[str, Any], *, below: float = 0.1
) -> dict[str, str]:
    """Give a Plotly figure its panel number ``place`` of ``n``; return the axes that traces of this panel name.

    Parameters
    ----------
    title : str
        What stands above the panel.
    x, y : dict
        What its axes have besides the look that the figure's axes share.
    below : float
        Room between two rows, in heights of the figure: for titles, and for what stands under an axis.
    """
    tail = "" if place == 0 else str(place + 1)
    n_rows = rows_of_panels(n)
    row, column = divmod(place, -(-n // n_rows))
    left, right = _span(column, -(-n // n_rows), _GAP)
    low, high = _span(n_rows - 1 - row, n_rows, below)
    shared = drawn.layout.meta or {"x": drawn.layout.xaxis.to_plotly_json(), "y": drawn.layout.yaxis.to_plotly_json()}
    drawn.update_layout(
        {
            "meta": shared,
            f"xaxis{tail}": {**_merged(shared["x"], x), "domain": [left, right], "anchor": f"y{tail}"},
            f"yaxis{tail}": {**_merged(shared["y"], y), "domain": [low, high], "anchor": f"x{tail}"},
        }
    )
    drawn.add_annotation(
        text=f"<b>{text(title)}</b>",
        x=(left + right) / 2,
        y=high,
        xref="paper",
        yref="paper",
        xanchor="center",
        yanchor="bottom",
        showarrow=False,
        font={"size": 17},
    )
    return {"xaxis": f"x{tail}", "yaxis": f"y{tail}"}


def _span(place: int, n: int, gap: float) -> tuple[float, float]:
    """Return the ends of the place-th of ``n`` equal parts of 0 to 1 with a gap between them."""
    part = (1 - gap * (n - 1)) / n
    start = place * (part + gap)
    return start, min(start + part, 1.0)


def _merged(axis: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Return an axis with more settings; a title given as text keeps the type of the axis's own."""
    title = {**axis.get("title", {}), "text": more.get("title", "")}
    return {**axis, **more, "title": title}
