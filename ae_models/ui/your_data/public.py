"""Public sets: what there is, what it may be used for, fetching with progress."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ae_models import datasets
from ae_models.base import UserError
from ae_models.datasets.readers.public import PUBLIC
from ae_models.jobs.fetches import FETCHES, LISTED, Fetch
from ae_models.ui import state
from ae_models.ui.shared import broken, ownership
from ae_models.ui.shared.actions import attempt, icon_button, reason
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.visitor import visitor

_SAID = "bring-fetch-said"


def render() -> None:
    """Draw the choice of a set and how far the downloads are."""
    with st.container(border=True, key="panel-bring-public"):
        offered = sorted([*LISTED, *PUBLIC], key=_is_here)  # what is not here yet comes first
        name = str(st.selectbox("Set", offered, format_func=_title, key="bring-public", width=420))
        for line in _about(name):
            st.markdown(line)
        here = _is_here(name)
        st.button(
            "It is here already" if here else "Fetch it",
            type="primary",
            icon=":material/download:",
            disabled=here or any(each.name == name and each.state == "running" for each in FETCHES.all()),
            on_click=attempt,
            args=(_SAID, partial(FETCHES.start, name, visitor())),
        )
        _progress()


def _title(name: str) -> str:
    return PUBLIC[name].title if name in PUBLIC else f"{datasets.DATASETS.entry(name).title}, the full files"


def _about(name: str) -> list[str]:
    if name not in PUBLIC:
        source = datasets.source(name)
        return [f"70,000 images of 28 x 28, grey. Licence: {escape_markdown(source.licence)}."]
    chosen = PUBLIC[name]
    channels, height, width = chosen.shape
    hosts = dict.fromkeys(address.split("/")[2] for _, address, _ in chosen.files)
    classes = f"{len(chosen.class_names)} classes" if chosen.class_names else "no classes"
    return [
        f"{chosen.sizes[0]:,} images to train on and {chosen.sizes[1]:,} held out, {height} x {width}, "
        f"{'in colour' if channels == 3 else 'grey'}, {classes}. Licence: {escape_markdown(chosen.licence)}.",
        f":gray[From {escape_markdown(', '.join(hosts))}; every file is taken only with its published checksum.]",
    ]


def _is_here(name: str) -> bool:
    if name in PUBLIC:
        return name in datasets.DATASETS
    try:
        return datasets.source(name).resolve("full") == "full"
    except UserError:
        return False


def _progress() -> None:
    running = any(each.state == "running" for each in FETCHES.all())
    st.fragment(_bars, run_every=1.0 if running else None)()


def _bars() -> None:
    if said := reason(_SAID):
        st.error(escape_markdown(said), icon=":material/error:")
    found = FETCHES.all()
    for each in found:
        with broken.alone(each.name):
            _bar(each)
    if state.get("bring-fetching") and not any(each.state == "running" for each in found):
        state.put("bring-fetching", False)
        st.rerun()  # the cards below show what has come
    state.put("bring-fetching", any(each.state == "running" for each in found))


def _bar(fetch: Fetch) -> None:
    title, mine = escape_markdown(_title(fetch.name)), ownership.is_mine(fetch.owner)
    row = st.container(horizontal=True, vertical_alignment="center")
    if fetch.state == "running":
        row.progress(fetch.share, f"{title}: {escape_markdown(fetch.line)}", width="stretch")
        if mine:
            stop = partial(FETCHES.stop, fetch.name, visitor())
            row.button("Stop", key=f"bring-stop-{fetch.name}", on_click=attempt, args=(_SAID, stop))
        return
    if fetch.state == "done":
        row.success(f"{title} is here.", icon=":material/check:")
    else:
        show = row.error if fetch.state == "failed" else row.info
        show(f"{title}: {escape_markdown(fetch.line)}", icon=":material/info:")
    if mine:
        forget = partial(attempt, _SAID, partial(FETCHES.forget, fetch.name, visitor()))
        icon_button(row, "close", f"bring-forget-{fetch.name}", "Take this line away", forget)
