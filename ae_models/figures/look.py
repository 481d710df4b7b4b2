"""What figures share. A figure is a Plotly figure as plain values, ``{"data", "layout"}``: cheap to make and to send.

Its colours are names of the theme's, put in where it is drawn, so that a figure never knows light from dark.
"""

from __future__ import annotations

from typing import Any

INK, MUTED, LINE, ACCENT, TINT, GOOD, PANEL = "@ink", "@muted", "@line", "@accent", "@tint", "@good", "@panel"
COLOURS = (INK, MUTED, LINE, ACCENT, TINT, GOOD, PANEL)

Spec = dict[str, Any]
"""A Plotly figure as plain values."""


def figure(data: list[Spec], **layout: Any) -> Spec:
    """Return a figure with the quiet layout that all share; ``layout`` comes on top of it."""
    shared = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 13, "color": MUTED},
        "hoverlabel": {"bgcolor": INK, "bordercolor": INK, "font": {"size": 13, "color": PANEL}},
        "showlegend": False,
        "dragmode": False,
    }
    return {"data": data, "layout": {**shared, **layout}}


def note(text: str, **place: Any) -> Spec:
    """Return an annotation without an arrow."""
    return {"text": text, "showarrow": False, "font": {"size": 13, "color": MUTED}, **place}
