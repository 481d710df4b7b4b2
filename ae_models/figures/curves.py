"""A few lines over a quantity: noise, the size of a code, training steps, epochs, neighbourhoods, bands of detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray
from ae_models.figures.style import DASHES, SYMBOLS, Look, add_line, figure, look, text

_APART = 3.5  # times as far along a logarithmic axis
_MOST_MARKED = 30  # places: more symbols than that lie on one another


@dataclass(frozen=True)
class Axes:
    """The names of both axes and how they run.

    ``log``: the horizontal one doubles, and its places must be above 0. ``top``: where the vertical one ends; lines
    may leave it.
    """

    x: str
    y: str
    log: bool = False
    top: float | None = None


@dataclass(frozen=True)
class Marks:
    """What stands beside the lines: thin dotted levels, named at one end, and a vertical line at the place in question.

    Parameters
    ----------
    levels : mapping of str to float
        Heights by what they are called.
    levels_at : str
        At which end the name stands.
    place : float, optional
        Where the vertical line stands.
    """

    levels: Mapping[str, float] = field(default_factory=dict)
    levels_at: Literal["left", "right"] = "left"
    place: float | None = None


def curves(
    places: Sequence[float],
    lines: Mapping[str, FloatArray],
    axes: Axes,
    marks: Marks | None = None,
    *,
    dark: bool = False,
    height: int = 420,
) -> Any:
    """Return a Plotly figure of one line a name, each with its own colour, dash and symbol.

    Parameters
    ----------
    places : (m,) sequence
        Where the lines have values, on the horizontal axis.
    lines : mapping of str to (m,) array
    axes : Axes
    marks : Marks, optional
    """
    shades = look(dark)
    drawn = figure(dark, height=height, x=axes.x, y=axes.y)
    across = np.asarray(places, np.float32)
    for place, (name, values) in enumerate(lines.items()):
        add_line(
            drawn,
            across,
            values,
            name=name,
            hover="%{x}: %{y:.1f}",
            line={"color": shades.method(place), "dash": DASHES[place % len(DASHES)]},
            marker={"symbol": SYMBOLS[place % len(SYMBOLS)]} if len(across) <= _MOST_MARKED else None,
        )
    if marks is not None:
        _add_marks(drawn, marks, shades)
    if axes.log:
        ticks = _apart(across)
        drawn.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{value:,g}" for value in ticks], tickangle=0)
    drawn.update_yaxes(rangemode="tozero", **({} if axes.top is None else {"range": [0, axes.top]}))
    return drawn


def _add_marks(drawn: Any, marks: Marks, shades: Look) -> None:
    for name, level in marks.levels.items():
        drawn.add_hline(y=level, line={"width": 2, "color": shades.quiet, "dash": "dot"})
        drawn.add_annotation(
            x=float(marks.levels_at == "right"),
            xref="paper",
            y=level,
            text=text(name),
            showarrow=False,
            xanchor=marks.levels_at,
            yanchor="bottom",
            font={"color": shades.quiet},
        )
    if marks.place is not None:
        drawn.add_vline(x=marks.place, line={"width": 2, "color": shades.ink, "dash": "dash"})


def _apart(places: FloatArray) -> list[float]:
    """Return the last place and others that are so far from it and each other that their labels do not touch."""
    kept = [float(places[-1])]
    for place in places[::-1]:
        if kept[-1] >= _APART * place:
            kept.append(float(place))
    return kept[::-1]


def over_steps(
    steps: npt.NDArray[np.integer[Any]],
    lines: Mapping[str, FloatArray],
    *,
    y: str,
    unit: str = "",
    log: bool = False,
    dark: bool = False,
    height: int = 420,
) -> Any:
    """Return a Plotly figure of one line a name over training steps; the step before training is left out.

    On a logarithmic axis values of 0 and less have no place and leave a gap.

    Parameters
    ----------
    steps : (m,) array
    lines : mapping of str to (m,) array
    y, unit : str
        What the values are, and in what.
    log : bool
        A logarithmic axis of values too.
    """
    shades = look(dark)
    drawn = figure(dark, height=height, x="training steps (all images at once)", y=f"{y} ({unit})" if unit else y)
    seen = steps > 0
    for place, (name, values) in enumerate(lines.items()):
        shown = np.where(values > 0, values, np.nan) if log else values
        line = {"color": shades.method(place), "dash": DASHES[place % 4]}
        hover = f"step %{{x:,}}: %{{y:.3g}} {text(unit)}"
        add_line(drawn, steps[seen], shown[seen], name=name, hover=hover, line=line)
    drawn.update_xaxes(type="log", dtick=1, tickformat=",")
    if log:
        drawn.update_yaxes(type="log", dtick=1, exponentformat="power")
    else:
        drawn.update_yaxes(rangemode="tozero")
    return drawn


def above_the_baseline(
    histories: Mapping[str, FloatArray], baseline: float, baseline_name: str, *, dark: bool = False, height: int = 420
) -> Any:
    """Return a Plotly figure of held-out error, one line a network over its epochs, and PCA's across.

    Parameters
    ----------
    histories : mapping of str to (epochs,) array
        Held-out SSE after each epoch; one value alone is drawn as a point.
    baseline : float
        PCA's held-out SSE at the same code size.
    """
    shades = look(dark)
    drawn = figure(dark, height=height, x="epochs", y="held-out error (SSE an image)")
    last = max([len(values) for values in histories.values()] + [2])
    dashed = {"width": 3, "color": shades.warm, "dash": "dash"}
    add_line(drawn, [0, last], [baseline] * 2, name=baseline_name, hover="%{y:.2f}", line=dashed)
    colours = (shades.third, shades.fourth, shades.accent, shades.ink)
    for place, (name, values) in enumerate(histories.items()):
        add_line(
            drawn,
            np.arange(1, len(values) + 1),
            values,
            name=name,
            hover="epoch %{x}: %{y:.2f}",
            line={"width": 3, "color": colours[place % len(colours)]},
            marker={"symbol": SYMBOLS[place % len(SYMBOLS)]},
        )
    ends = [float(values.min()) for values in histories.values() if len(values)]
    starts = [float(values.max()) for values in histories.values() if len(values)]
    low, high = min([baseline, *ends]), max([baseline, *starts])
    drawn.update_yaxes(range=[low - 0.08 * (high - low), min(high, baseline * 1.6) + 0.02 * baseline])
    return drawn


def r_nx_curves(curves: Mapping[str, tuple[FloatArray, FloatArray]], *, dark: bool = False, height: int = 460) -> Any:
    """Return a Plotly figure of neighbours kept above chance over every neighbourhood size, one curve a method.

    Parameters
    ----------
    curves : mapping of str to ((m,) array, (m,) array)
        Neighbourhood sizes K, and R_NX(K): 1 is perfect, 0 a random map.
    """
    shades = look(dark)
    across, up = "neighbourhood size K (images, log axis)", "neighbours kept above chance, R_NX (0 to 1)"
    drawn = figure(dark, height=height, x=across, y=up)
    for place, (name, (sizes, values)) in enumerate(curves.items()):
        line = {"color": shades.method(place), "dash": DASHES[place % 4]}
        add_line(drawn, sizes, values, name=name, hover="K = %{x:,}: %{y:.3f}", line=line)
    drawn.update_xaxes(type="log", dtick=1, tickformat=",")
    drawn.update_yaxes(rangemode="tozero")
    return drawn


def detail(
    bands: Sequence[tuple[int, int]], lines: Mapping[str, FloatArray], *, dark: bool = False, height: int = 400
) -> Any:
    """Return a Plotly figure of the share kept, in per cent, over bands of detail from coarse to fine.

    Parameters
    ----------
    bands : sequence of (low, high)
        Waves across the picture.
    lines : mapping of str to (n_bands,) array
        Shares, at most 1.
    """
    shades = look(dark)
    drawn = figure(dark, height=height, x="waves across the picture: coarse → fine", y="kept, %")
    names = [f"{low} to {high}" for low, high in bands]
    for place, (name, shares) in enumerate(lines.items()):
        line = {"color": shades.method(place), "dash": "solid" if place == 0 else "dash"}
        marker = {"size": 11, "symbol": SYMBOLS[place % len(SYMBOLS)]}
        hover = "%{x} waves: %{y:.0f} %"
        add_line(drawn, names, np.maximum(100 * shares, 0), name=name, hover=hover, line=line, marker=marker)
    drawn.update_yaxes(range=[0, 103])
    return drawn
