"""What figures for a projector share: colours of both themes, large type, axes with names and units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", sans-serif'
CLASSES = (  # Petroff's accessible sequence of ten (2021)
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)


@dataclass(frozen=True)
class Look:
    """The colours of a theme."""

    paper: str
    panel: str
    ink: str
    quiet: str
    line: str
    accent: str
    warm: str  # PCA, wherever it stands beside an autoencoder
    third: str
    fourth: str

    def method(self, place: int) -> str:
        """Return the colour of the method at this place of a comparison; more than eight share them."""
        own = (self.accent, self.warm, self.third, self.fourth, "#a96b59", "#bd1f01", "#b9ac70", "#717581")
        return own[place % len(own)]


LIGHT = Look("#fbfaf8", "#ffffff", "#1d2230", "#5b6475", "#e4e2dc", "#3346d3", "#d35400", "#1f8a4c", "#832db6")
DARK = Look("#12141b", "#1a1d27", "#eceef5", "#9aa3b5", "#2b3040", "#8b9bff", "#f0a04b", "#4cc38a", "#c58bea")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "star", "triangle-down")


def look(dark: bool) -> Look:
    """Return the colours of the dark or the light theme."""
    return DARK if dark else LIGHT


def figure(dark: bool, *, height: int = 420, x: str = "", y: str = "") -> Any:
    """Return an empty Plotly figure in the project's look: axis titles ``x`` and ``y``, type for a projector."""
    import plotly.graph_objects as go

    shades = look(dark)
    axis: dict[str, Any] = {
        "gridcolor": shades.line,
        "linecolor": shades.line,
        "zeroline": False,
        "ticks": "outside",
        "tickcolor": shades.line,
        "title": {"font": {"size": 17}, "standoff": 12},
        "tickfont": {"size": 16},
        "automargin": True,
    }
    return go.Figure(
        layout={
            "template": None,
            "height": height,
            "paper_bgcolor": shades.panel,
            "plot_bgcolor": shades.panel,
            "font": {"family": FONT, "size": 16, "color": shades.ink},
            "margin": {"l": 70, "r": 24, "t": 36, "b": 60},
            "xaxis": {**axis, "title": {**axis["title"], "text": x}},
            "yaxis": {**axis, "title": {**axis["title"], "text": y}},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 16}},
            "hoverlabel": {"font": {"size": 16, "family": FONT}, "bgcolor": shades.panel, "bordercolor": shades.line},
            "hovermode": "closest",
        }
    )


def add_line(
    drawn: Any,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    name: str,
    hover: str,
    line: Mapping[str, Any],
    marker: Mapping[str, Any] | None = None,
) -> None:
    """Add one line with its name in the legend and in its tips.

    Parameters
    ----------
    x, y : (m,) array_like
        Numbers; ``x`` may be names.
    hover : str
        What a tip says of a point, a template of Plotly's.
    line, marker : mapping
        Colour, dash, width; size and symbol of the points, None for none.
    """
    across = np.asarray(x)
    dots = {} if marker is None else {"marker": {"size": 9, "color": line["color"], **marker}}
    drawn.add_scatter(
        x=across if across.dtype.kind == "U" else across.astype(np.float32),
        y=np.asarray(y, np.float32),
        name=text(name),
        mode="lines" if marker is None else "lines+markers",
        line={"width": 3.5, **line},
        hovertemplate=f"{hover}<extra>{text(name)}</extra>",
        **dots,
    )


def doubling(drawn: Any, most: int) -> None:
    """Make the horizontal axis one of sizes that double, from 1 to ``most``."""
    ticks = [2**power for power in range(12) if 2**power <= most]
    drawn.update_xaxes(type="log", tickvals=ticks, ticktext=[str(tick) for tick in ticks])


def larger(drawn: Any, times: float) -> dict[str, Any]:
    """Return a figure as plain values with all of its type, and its height, so many times as large: for a projector."""
    whole: dict[str, Any] = drawn.to_plotly_json()
    _grow(whole["layout"], times)
    for trace in whole["data"]:
        _grow(trace, times)
    whole["layout"]["height"] = round(times * whole["layout"]["height"])
    return whole


def _grow(part: Any, times: float) -> None:
    for name, value in part.items():
        if name.endswith("font") and isinstance(value.get("size"), int | float):
            part[name] = {**value, "size": round(times * value["size"])}
        elif isinstance(value, dict):
            _grow(value, times)
        elif isinstance(value, list | tuple):
            for one in value:
                if isinstance(one, dict):
                    _grow(one, times)


def text(value: str) -> str:
    r"""Return text that Plotly shows as it is written: it reads labels as a kind of HTML. A line break stays one.

    Examples
    --------
    >>> text("<b>1 & 2\n3")
    '&lt;b&gt;1 &amp; 2<br>3'
    """
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
