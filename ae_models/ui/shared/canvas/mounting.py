"""How a module of ``browser/`` becomes a Streamlit component."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from ae_models.ui.shared.canvas.assets import canvas_url, stylesheet

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
    name: str, data: dict[str, object], *, key: str, under: tuple[str, ...] = (), **callbacks: Callable[[], None]
) -> Any:
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
    **callbacks : callable
        ``on_{event}_change``, called before the script runs again.

    Returns
    -------
    ComponentResult
        Streamlit's result: an attribute for each event that has a callback.
    """
    # In a list: Streamlit would look for data frames among a dict's values, and import pandas for it at the first page.
    return _renderer(name, under)(key=key, data=[{"module": canvas_url(f"{name}.js"), **data}], **callbacks)
