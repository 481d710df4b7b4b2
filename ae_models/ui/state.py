"""Every access to ``st.session_state`` and to the address bar: what a visitor is looking at.

The address is read once, when a visit starts (``view``); it is written after each change.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from ae_models.base import FloatArray
from ae_models.ui.shared.link import NAMES, Shared, parse_shared
from ae_models.ui.view import View, parse_address

_KEY = "latent-lab-view"
_SHARED = "latent-lab-shared-{}"  # of a page
_PAGE, _ARRIVED = "latent-lab-page", "latent-lab-arrived"


def current(known_datasets: Sequence[str]) -> View:
    """Return this visit's view: made from the address at its start or where a link leads here, kept after that."""
    arrived = st.session_state.pop(_ARRIVED, False) and len(st.query_params) > 0  # by a link from another page
    if arrived or _KEY not in st.session_state:
        st.session_state[_KEY] = parse_address(st.query_params.to_dict(), known_datasets)
    view: View = st.session_state[_KEY]
    return view


def write_address(view: View) -> None:
    """Bring the address bar up to date, so that copying it shares the view."""
    wanted = view.address()
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def open_model(dataset: str, run: str) -> View:
    """Let Explore show this model when it is drawn next; return its view, whose address says so too."""
    view = View(dataset=dataset, run=run)
    st.session_state[_KEY] = view
    return view


def write_model(view: View) -> None:
    """Bring data and model into the address bar, and leave all else in it as it is: pages bind the rest themselves."""
    wanted = {"data": view.dataset} | ({"run": view.run} if view.run else {})
    for name, value in wanted.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value


def put(key: str, value: object) -> None:
    """Set a widget's value before it is drawn; an equal value is left alone."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def get(key: str) -> Any:
    """Return a widget's value."""
    return st.session_state.get(key)


def start(key: str, value: object) -> None:
    """Give a widget its first value; one that it has already stays."""
    if key not in st.session_state:
        st.session_state[key] = value


def parameter(name: str) -> str:
    """Return a value from the address, at most 200 letters of it; "" where there is none."""
    return str(st.query_params.get(name, ""))[:200]


def go(**parameters: str) -> None:
    """Make these the only values in the address."""
    if st.query_params.to_dict() != parameters:
        st.query_params.from_dict(parameters)


def take(*names: str) -> dict[str, str]:
    """Return these values from the address and take them out of it: from now on, what is on the page counts."""
    found = {name: parameter(name) for name in names if name in st.query_params}
    for name in found:
        del st.query_params[name]
    return found


def arrive(page: str) -> None:
    """Note which page is shown, and whether the one before was another."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_ARRIVED] = _PAGE in st.session_state
        st.session_state[_PAGE] = page


def shared(page: str, known: Collection[str]) -> Shared:
    """Return what a link added to this page: read from the address where it says anything of it, kept for the visit."""
    asked = {name: st.query_params[name] for name in NAMES if name in st.query_params}
    key = _SHARED.format(page)
    if asked:
        st.session_state[key] = parse_shared(asked, known)
    found: Shared = st.session_state.get(key, Shared())
    return found


def leave_present(page: str) -> None:
    """Take a page out of the presenter's look: out of what is kept for the visit, and out of the address."""
    key = _SHARED.format(page)
    st.session_state[key] = replace(st.session_state.get(key, Shared()), present=False)
    if "present" in st.query_params:
        del st.query_params["present"]


def address() -> dict[str, str]:
    """Return all that the address bar says."""
    return dict(st.query_params.to_dict())


def answers() -> dict[str, str | int]:
    """Return what was answered to the lessons' questions on this visit, by lesson."""
    found: dict[str, str | int] = st.session_state.setdefault("latent-lab-answers", {})
    return found


def drawing() -> FloatArray | None:
    """Return what was drawn on the page "Draw" on this visit, ``(c, h, w)``."""
    view = st.session_state.get(_KEY)
    return view.drawn if isinstance(view, View) else None
