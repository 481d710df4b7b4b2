"""The maps: one Plotly figure of up to a few maps of the same images, in two or three dimensions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from ae_models.ui.canvas.assets import plotly_url
from ae_models.ui.canvas.mounting import mount

_DIMS = (2, 3)


@dataclass(frozen=True)
class MapPanel:
    """One map: what it is called, where its points are, what it says about itself.

    Parameters
    ----------
    title, note : str
        The heading, and beside it what the map was fitted on.
    points_url : str or None
        Address of little-endian float32 values, row-major ``(n, dim)``; None shows the empty state.
    empty : str
        What the empty state says. A part between backticks, or a command after ": python", is set as code.
    axes : tuple of str
        What the axes are called, without arrows; ``()`` for a map whose axes mean nothing.
    foot : str
        The caption at the bottom left where there are no axes.
    corner : str
        The caption at the bottom right. Which sample is pinned is added to it.
    cross : tuple of float, or None
        Where the sliders stand on this map: ``dim`` numbers.
    preserve_aspect : bool
        One unit is as long on every axis.
    """

    title: str
    note: str
    points_url: str | None
    empty: str
    axes: tuple[str, ...]
    foot: str
    corner: str
    cross: tuple[float, ...] | None
    preserve_aspect: bool = False


@dataclass(frozen=True)
class CanvasState:
    """What a visitor did on the maps since the last run.

    Parameters
    ----------
    pin : int or None
        The id of the image that was clicked; None in every run that no click caused.
    """

    pin: int | None


def latent_maps(
    panels: Sequence[MapPanel],
    *,
    dim: int,
    n: int,
    ids_url: str,
    labels_url: str,
    class_names: Sequence[str],
    pinned: int | None,
    view: str,
    key: str,
    on_pin: Callable[[], None] | None = None,
) -> CanvasState:
    """Draw maps of the same images side by side, and say which image was clicked.

    A click is a *trigger*: clicking the same dot twice counts twice, and nothing is reported at the start. Inside
    ``on_pin`` the id is ``st.session_state[key].pin``.

    Parameters
    ----------
    panels : sequence of MapPanel
        One map each; all have the same rows in the same order.
    dim : {2, 3}
        Numbers a point has.
    n : int
        Rows.
    ids_url : str
        Address of little-endian int32 ``(n,)``: the image each row shows.
    labels_url : str
        Address of uint8 ``(n,)``: an index into ``class_names``; anything beyond it (255, say) has no class.
    class_names : sequence of str
        One a class; more than ten share the ten colours.
    pinned : int or None
        The image that wears the ring.
    view : str
        Names what is shown. Zoom and camera are kept while it stays the same.
    key : str
        Streamlit's key.
    on_pin : callable or None
        Called before the script runs again because of a click.

    Returns
    -------
    CanvasState

    Raises
    ------
    ValueError
        If ``dim`` is not 2 or 3, or a panel's ``cross`` has another number of coordinates.
    """
    if dim not in _DIMS:
        raise ValueError(f"dim must be 2 or 3; got {dim}")
    for panel in panels:
        if panel.cross is not None and len(panel.cross) != dim:
            raise ValueError(f"cross must have {dim} numbers, as dim says; got {len(panel.cross)} on {panel.title!r}")
    result = mount(
        "maps",
        {
            "plotly": plotly_url(),
            "panels": [{**asdict(panel), "cross": _finite(panel.cross)} for panel in panels],
            "dim": dim,
            "n": int(n),
            "ids_url": ids_url,
            "labels_url": labels_url,
            "class_names": [str(name) for name in class_names],
            "pinned": None if pinned is None else int(pinned),
            "view": view,
        },
        key=key,
        on_pin_change=on_pin or _nothing,
    )
    return CanvasState(_whole(getattr(result, "pin", None)))


def _finite(cross: tuple[float, ...] | None) -> list[float] | None:
    """Return a place as plain numbers; None where one is not finite: JSON has no word for it."""
    if cross is None or not all(math.isfinite(value) for value in cross):
        return None
    return [float(value) for value in cross]


def _whole(value: object) -> int | None:
    """Return a whole number that came from a browser, or None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _nothing() -> None:
    """Stand in for a callback: with one, the result always has its attribute."""
