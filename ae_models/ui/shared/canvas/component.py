"""The latent canvas: linked maps of the same images, and decoders that draw whatever is touched."""

from __future__ import annotations

from collections.abc import Callable

from ae_models.canvas.message import canvas_message
from ae_models.canvas.types import CanvasPayload
from ae_models.ui.shared.canvas.assets import plotly_url, runtime_url
from ae_models.ui.shared.canvas.events import EVENT, CanvasState
from ae_models.ui.shared.canvas.mounting import mount


def latent_canvas(payload: CanvasPayload, *, key: str, on_change: Callable[[], None] | None = None) -> CanvasState:
    """Draw maps of the same images side by side, decode what is touched, and say what a visitor settled on.

    Nothing is said while the pointer moves. A message is a *trigger*: inside ``on_change`` it is
    ``CanvasState.of(st.session_state[key].said)``.

    Parameters
    ----------
    payload : CanvasPayload
    key : str
        Streamlit's key.
    on_change : callable or None
        Called before the script runs again because of a message.

    Returns
    -------
    CanvasState

    Raises
    ------
    ValueError
        See ``canvas_message``.
    """
    message = canvas_message(payload, plotly=plotly_url(), runtime=runtime_url())
    result = mount("explore/canvas", message, key=key, on_said_change=on_change or _nothing)
    return CanvasState.of(getattr(result, EVENT, None))


def _nothing() -> None:
    """Stand in for a callback: with one, the result always has its attribute."""
