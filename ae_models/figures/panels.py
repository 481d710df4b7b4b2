"""Panels side by side in one figure: one WebGL context, one legend, one picture to save."""

from __future__ import annotations

from typing import Any

from ae_models.figures.style import text

_GAP = 0.03  # of the width of the figure


def add_panel(drawn: Any, place: int, n: int, title: str, x: dict[str, Any], y: dict[str, Any]) -> dict[str, str]:
    """Give a Plotly figure its panel number ``place`` of ``n``; return the axes that traces of this panel name.

    Parameters
    ----------
    title : str
        What stands above the panel.
    x, y : dict
        What its axes have besides the look that the figure's axes share.
    """
    tail = "" if place == 0 else str(place + 1)
    left, right = place / n, (place + 1) / n - (_GAP if place < n - 1 else 0)
    shared = drawn.layout.meta or {"x": drawn.layout.xaxis.to_plotly_json(), "y": drawn.layout.yaxis.to_plotly_json()}
    drawn.update_layout(
        {
            "meta": shared,
            f"xaxis{tail}": {**_merged(shared["x"], x), "domain": [left, right], "anchor": f"y{tail}"},
            f"yaxis{tail}": {**_merged(shared["y"], y), "anchor": f"x{tail}"},
        }
    )
    drawn.add_annotation(
        text=f"<b>{text(title)}</b>",
        x=(left + right) / 2,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="center",
        yanchor="bottom",
        showarrow=False,
        font={"size": 17},
    )
    return {"xaxis": f"x{tail}", "yaxis": f"y{tail}"}


def _merged(axis: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Return an axis with more settings; a title given as text keeps the type of the axis's own."""
    title = {**axis.get("title", {}), "text": more.get("title", "")}
    return {**axis, **more, "title": title}
