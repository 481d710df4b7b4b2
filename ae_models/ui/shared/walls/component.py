"""Walk: what decoders draw, side by side. Draw: a sheet whose drawing is encoded while it is drawn."""

from __future__ import annotations

from collections.abc import Callable

from ae_models.canvas.message import draw_message, walk_message
from ae_models.canvas.walk_types import DrawPayload, WalkPayload
from ae_models.ui.shared.canvas.assets import runtime_url
from ae_models.ui.shared.canvas.events import EVENT, CanvasState
from ae_models.ui.shared.canvas.mounting import mount
from ae_models.ui.shared.walls.events import DrawState


def walk(payload: WalkPayload, *, key: str, on_change: Callable[[], None] | None = None) -> CanvasState:
    """Draw walls of pictures with a cursor that is the same in all that have as many, and small maps.

    Parameters
    ----------
    payload : WalkPayload
    key : str
        Streamlit's key.
    on_change : callable or None
        Called before the script runs again because of a message.

    Returns
    -------
    CanvasState
        ``pin``: the id of the dot that was clicked; ``cannot``: why this browser cannot decode.
    """
    message = walk_message(payload, runtime=runtime_url())
    result = mount("walk/walk", message, key=key, under=("walk/parts.css",), on_said_change=on_change or _nothing)
    return CanvasState.of(getattr(result, EVENT, None))


def draw(payload: DrawPayload, *, key: str, on_change: Callable[[], None] | None = None) -> DrawState:
    """Draw a sheet whose drawing is centred as the data's images are, encoded, and shown on small maps.

    Parameters
    ----------
    payload : DrawPayload
    key : str
        Streamlit's key.
    on_change : callable or None
        Called before the script runs again because of a message.

    Returns
    -------
    DrawState
    """
    message = draw_message(payload, runtime=runtime_url())
    result = mount("walk/draw", message, key=key, under=("walk/parts.css",), on_said_change=on_change or _nothing)
    return DrawState.of(getattr(result, EVENT, None), payload.shape)


def _nothing() -> None:
    """Stand in for a callback: with one, the result always has its attribute."""
