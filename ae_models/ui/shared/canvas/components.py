"""The modules of ``browser/`` as Streamlit components: maps, walls of pictures, the sheet to draw on, small ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from ae_models.canvas.message import canvas_message, draw_message, walk_message
from ae_models.canvas.types import CanvasPayload
from ae_models.canvas.walk_types import DrawPayload, WalkPayload
from ae_models.ui import state
from ae_models.ui.shared.canvas.assets import canvas_url, plotly_url, runtime_url, stylesheet
from ae_models.ui.shared.canvas.events import EVENT, CanvasState, DrawState
from ae_models.ui.static import plot_script

# Streamlit runs this text from a blob: address, where a relative import finds nothing; the module it brings in has a
# real address, and from there on relative imports work. The line breaks matter: without one, it is taken for a path.
_STUB = """
export default async function (component) {
  const [data] = component.data
  const { mount } = await import(new URL(data.module, document.baseURI).href)
  return mount({ ...component, data })
}
"""


@cache
def _renderer(name: str, under: tuple[str, ...]) -> Callable[..., Any]:
    # Plotly puts its style sheet into the document, so no shadow root; every class here begins with "ll-".
    short = name.rpartition("/")[2]
    component: Callable[..., Any] = st.components.v2.component(
        f"latent-lab-{short}",
        html=f'<div class="ll-hold ll-hold-{short}" aria-hidden="true"></div>',
        css="".join(stylesheet(sheet) for sheet in ("decode/frame.css", *under, f"{name}.css")),
        js=_STUB,
        isolate_styles=False,
    )
    return component


def mount(
    name: str,
    data: dict[str, Any],
    *,
    key: str,
    under: tuple[str, ...] = (),
    on_event: Callable[[object], None] | None = None,
) -> None:
    """Mount the component whose browser side is ``browser/{name}.js`` and ``browser/{name}.css``.

    Parameters
    ----------
    name : str
        Folder and name of the module: ``walk/draw``.
    data : dict
        What ``mount`` in that module reads: JSON values only.
    key : str
        Streamlit's key: one instance lives under it through all reruns.
    under : tuple of str
        More style sheets, laid under the component's own.
    on_event : callable or None
        Called with what the browser said, before the script runs again because of it.
    """

    def changed() -> None:
        if on_event is not None:
            on_event(getattr(state.get(key), EVENT, None))

    callbacks = {} if on_event is None else {f"on_{EVENT}_change": changed}
    # In a list: Streamlit would look for data frames among a dict's values, and import pandas for it at the first page.
    _renderer(name, under)(key=key, data=[{"module": canvas_url(f"{name}.js"), **data}], **callbacks)


def latent_canvas(payload: CanvasPayload, *, key: str, on_change: Callable[[CanvasState], None]) -> None:
    """Draw maps of the same images side by side, decode what is touched, and say what a visitor settled on.

    Nothing is said while the pointer moves.
    """
    message = canvas_message(payload, runtime=runtime_url())
    mount("explore/canvas", message, key=key, on_event=lambda said: on_change(CanvasState.of(said)))


def picture_walls(payload: WalkPayload, *, key: str, on_change: Callable[[CanvasState], None]) -> None:
    """Draw walls of pictures with a cursor that is the same in all that have as many, and small maps.

    Of what comes back, ``pin`` is the id of the dot that was clicked, ``cannot`` why this browser cannot decode.
    """
    message = walk_message(payload, runtime=runtime_url())
    mount(
        "walk/walk", message, key=key, under=("walk/parts.css",), on_event=lambda said: on_change(CanvasState.of(said))
    )


def drawing_sheet(payload: DrawPayload, *, key: str, on_change: Callable[[DrawState], None]) -> None:
    """Draw a sheet whose drawing is centred as the data's images are, encoded, and shown on small maps."""
    message = draw_message(payload, runtime=runtime_url())

    def changed(said: object) -> None:
        on_change(DrawState.of(said, payload.shape))

    mount("walk/draw", message, key=key, under=("walk/parts.css",), on_event=changed)


def chart(figure: dict[str, Any], *, key: str, height: int, label: str) -> None:
    """Draw a figure with Plotly, which is fetched for it, in the theme's colours; again only when it changes.

    Parameters
    ----------
    figure : dict
        A Plotly figure as plain values, ``{"data", "layout"}``; colours may be names ("@accent").
    height : int
        In CSS pixels.
    label : str
        What a screen reader says instead of it.
    """
    mount("shared/chart", {"plotly": plotly_url(), "figure": figure, "height": int(height), "label": label}, key=key)


def clicker(lesson: str) -> None:
    """Let PageDown and the right arrow go on in a lesson, PageUp and the left arrow back, while this is on the page.

    On means: reveal, then panel by panel to the end, then the next exhibit, whose name ``lesson`` then is.
    """
    mount("shared/clicker", {"lesson": lesson}, key="lesson-clicker")


def fetch_plots() -> None:
    """Let the browser fetch Streamlit's script for Plotly figures: a second before the first figure is asked for."""
    if script := plot_script():
        mount("shared/early", {"script": f"./static/js/{script}"}, key="lesson-early")
