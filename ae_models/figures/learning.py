"""How a training goes: its errors an epoch, the line of the best-fitting linear model, and what the penalty costs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ae_models.figures.look import ACCENT, GOOD, INK, LINE, MUTED, PANEL, Spec, figure, note

Row = dict[str, float]
_UNITS = {"sse": "squared error", "bce": "cross-entropy, in nats"}
_MOST_POINTS = 400  # of a line: a screen has no more
_LINE = 19  # pixels of a line of words above a plot
_GAP = 0.13  # between two plots, as a share of the height


@dataclass(frozen=True)
class Curve:
    """One line of a plot: which value of a row, what it is called, whether the rows between epochs have it."""

    key: str
    name: str
    colour: str
    fine: bool = True


@dataclass(frozen=True)
class Plot:
    """One of the plots above one another, and its share of the height."""

    title: str
    curves: tuple[Curve, ...]
    share: float


def plots_of(rows: Sequence[Row], loss: str) -> list[Plot]:
    """Return what there is to plot: the error always; another loss and a regulariser where there are such things."""
    train = Curve("train_reconstruction", "training", MUTED)
    held = Curve("heldout_sse", "held out", ACCENT)
    plots = [Plot("Error: sum of squared differences", (train, held) if loss == "sse" else (held,), 1.0)]
    if loss != "sse":
        exact = Curve("heldout_reconstruction", "held out", ACCENT, fine=False)
        plots.append(Plot(f"Reconstruction as it is trained: {_UNITS.get(loss, loss)}", (train, exact), 0.55))
    if any(row.get("train_regulariser", 0.0) > 0 for row in rows):
        both = (
            Curve("train_regulariser", "training", MUTED),
            Curve("heldout_regulariser", "held out", ACCENT, fine=False),
        )
        plots.append(Plot("Regulariser: what prior or penalty add to the loss", both, 0.55))
    return plots


def learning_curves(
    epochs: Sequence[Row],
    steps: Sequence[Row],
    *,
    n_epochs: int,
    loss: str,
    floor: float | None = None,
    crossed: float | None = None,
    floor_name: str = "the linear model that fits the training images best",
    height: int = 330,
) -> Spec:
    """Return a figure of a training up to now.

    Parameters
    ----------
    epochs : sequence of dict
        A row a whole epoch, as in ``history.json``.
    steps : sequence of dict
        Finer rows with ``epoch`` (a fraction), ``train_reconstruction``, ``train_regulariser``, ``heldout_sse``.
    n_epochs : int
        Where the axis ends; a half, a quarter ... of it while little is done, so that there is something to see.
    loss : {"sse", "bce"}
        In which unit the reconstruction is; in ``sse`` it shares a plot with the held-out error.
    floor : float, optional
        The held-out SSE of the linear model that fits the training images best.
    crossed : float, optional
        The epoch at which the held-out error fell below the floor.
    floor_name : str
        What stands on that line.
    height : int
        In pixels.
    """
    rows = merged(epochs, steps)
    plots = plots_of(rows, loss)
    data: list[Spec] = []
    notes: list[Spec] = []
    layout: dict[str, Any] = {}
    for place, (plot, domain) in enumerate(zip(plots, domains([plot.share for plot in plots]), strict=True), start=1):
        number = "" if place == 1 else str(place)
        layout[f"yaxis{number}"] = {**_axis(), "domain": domain, "nticks": 5}
        notes += _titles(plot, domain[1], f"{floor_name}: {floor:.1f}" if place == 1 and floor is not None else "")
        for curve in plot.curves:
            of_curve = rows if curve.fine else epochs
            if curve.key.startswith("train_"):
                of_curve = averaged(of_curve, epochs)
            points = [row for row in of_curve if curve.key in row]
            data.append(_line(curve, points, number))
            if points:
                notes.append(_head(curve, points[-1], number))
    layout["yaxis"]["range"] = [0, _top(rows, plots[0], floor)]
    layout["xaxis"] = _epochs_axis(_end(rows, n_epochs), len(plots))
    layout["margin"] = {"l": 46, "r": 100, "t": 26, "b": 42}
    if floor is not None:
        data += _crossing(floor, crossed)
        layout["shapes"] = [_floor_line(floor)]
        layout["margin"]["t"] += _LINE
    return figure(data, **layout, height=height, hovermode="x", annotations=notes)


def _titles(plot: Plot, top: float, baseline: str) -> list[Spec]:
    """Return what stands above a plot: its title, and under it what the dashed line is, where there is one."""
    place: Spec = {"xref": "paper", "x": 0, "yref": "paper", "y": top, "xanchor": "left", "yanchor": "bottom"}
    font = {"size": 13, "color": INK}
    if not baseline:
        return [note(f"<b>{plot.title}</b>", **place, font=font)]
    return [
        note(f"╌╌  {baseline}", **place, font=font),
        note(f"<b>{plot.title}</b>", **place, yshift=_LINE, font=font),
    ]


def _epochs_axis(end: float, n_plots: int) -> Spec:
    return {
        **_axis(),
        "range": [0, end],
        "showgrid": False,
        "anchor": "y" if n_plots == 1 else f"y{n_plots}",
        "title": {"text": "epoch", "standoff": 4},
    }


def merged(epochs: Sequence[Row], steps: Sequence[Row], most: int = 8) -> list[Row]:
    """Return the rows to draw in order of time: whole epochs, measured on all images, and finer rows between them.

    From ``most`` epochs on, only the finer rows before the first and after the last whole epoch are left.

    Examples
    --------
    >>> whole, fine = [{"epoch": 1.0}], [{"epoch": 0.5}, {"epoch": 1.0}, {"epoch": 1.5}]
    >>> [row["epoch"] for row in merged(whole, fine)]
    [0.5, 1.0, 1.5]
    """
    whole = {row["epoch"] for row in epochs}
    last = max(whole, default=0.0)
    between = [
        row
        for row in steps
        if row["epoch"] not in whole and (len(whole) < most or row["epoch"] < 1 or row["epoch"] > last)
    ]
    return sorted((*epochs, *between), key=lambda row: row["epoch"])


def averaged(rows: Sequence[Row], epochs: Sequence[Row]) -> list[Row]:
    """Return the rows of a *training* error in order of time.

    That of a whole epoch is an average over it: it stands in the middle of its epoch, and finer rows there replace it.

    Examples
    --------
    >>> whole = [{"epoch": 1.0}, {"epoch": 2.0}]
    >>> [row["epoch"] for row in averaged([{"epoch": 0.4}, *whole], whole)]
    [0.4, 1.5]
    """
    ends = [row["epoch"] for row in epochs]
    whole = set(ends)
    fine = [row for row in rows if row["epoch"] not in whole]
    seen = {bisect_left(ends, row["epoch"]) for row in fine}
    middles = [
        {**row, "epoch": (row["epoch"] + (ends[place - 1] if place else 0.0)) / 2}
        for place, row in enumerate(epochs)
        if place not in seen
    ]
    return sorted((*fine, *middles), key=lambda row: row["epoch"])


def domains(shares: Sequence[float]) -> list[list[float]]:
    """Return where each plot begins and ends, as shares of the height, the first on top.

    Examples
    --------
    >>> domains([1.0])
    [[0.0, 1.0]]
    >>> [[round(edge, 3) for edge in domain] for domain in domains([1.0, 1.0])]
    [[0.565, 1.0], [0.0, 0.435]]
    """
    room = (1 - _GAP * (len(shares) - 1)) / sum(shares)
    found, top = [], 1.0
    for share in shares:
        found.append([max(0.0, top - share * room), top])
        top -= share * room + _GAP
    return found


def thinned(rows: Sequence[Row], most: int = _MOST_POINTS) -> list[Row]:
    """Return at most ``most`` rows, evenly spaced, the last among them.

    Examples
    --------
    >>> [row["epoch"] for row in thinned([{"epoch": float(place)} for place in range(7)], 4)]
    [0.0, 2.0, 4.0, 6.0]
    """
    step = -(-len(rows) // most) if rows else 1
    kept = list(rows[::step])
    return kept if not rows or kept[-1] is rows[-1] else [*kept[: most - 1], rows[-1]]


def _axis() -> dict[str, Any]:
    return {"gridcolor": LINE, "zeroline": False, "fixedrange": True, "tickfont": {"color": MUTED}}


def _line(curve: Curve, points: Sequence[Row], number: str) -> Spec:
    drawn = thinned(points)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": curve.name,
        "x": [round(row["epoch"], 4) for row in drawn],
        "y": [round(row[curve.key], 4) for row in drawn],
        "yaxis": f"y{number}",
        "line": {"color": curve.colour, "width": 2.5 if curve.colour == ACCENT else 1.75},
        "hovertemplate": f"{curve.name} %{{y:.2f}}<extra></extra>",
    }


def _head(curve: Curve, row: Row, number: str) -> Spec:
    """Return the name and the newest value of a line, at its end."""
    text = f"{curve.name} {row[curve.key]:.1f}"
    side = "bottom" if curve.colour == ACCENT else "top"  # close ones stand above one another
    font = {"size": 13, "color": curve.colour}
    place = {"x": row["epoch"], "y": row[curve.key], "yref": f"y{number}", "xanchor": "left", "xshift": 6}
    place |= {"yanchor": side, "bgcolor": PANEL, "opacity": 0.9, "borderpad": 0}
    return note(text, **place, font=font)


def _floor_line(floor: float) -> Spec:
    line = {"color": INK, "width": 1.5, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": floor, "y1": floor, "line": line}


def _crossing(floor: float, crossed: float | None) -> list[Spec]:
    if crossed is None:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "crossed",
            "x": [crossed],
            "y": [floor],
            "marker": {"size": 12, "color": GOOD, "line": {"width": 2, "color": PANEL}},
            "hovertemplate": "below the best-fitting linear model from here<extra></extra>",
        }
    ]


def _end(rows: Sequence[Row], n_epochs: int) -> float:
    """Return where the axis of epochs ends: it doubles a few times on its way, rather than to move all the time.

    Examples
    --------
    >>> _end([], 300), _end([{"epoch": 16.0}], 300), _end([{"epoch": 120.0}], 300), _end([{"epoch": 300.0}], 300)
    (300.0, 37.5, 300.0, 300.0)
    """
    done, end = max((row["epoch"] for row in rows), default=float(n_epochs)), float(n_epochs)
    while end / 2 >= max(1.4 * done, 4.0):
        end /= 2
    return end


def _top(rows: Sequence[Row], plot: Plot, floor: float | None) -> float:
    """Return where the error's axis ends: the first wild steps of a training may leave it."""
    values = [row[curve.key] for curve in plot.curves for row in rows if curve.key in row]
    if not values:
        return 1.0 if floor is None else 2.5 * floor
    return 1.08 * min(max(values), 2.5 * max(min(values), floor or 0.0))
