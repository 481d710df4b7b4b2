"""Files of images or numbers: uploaded, looked at, given a name, kept."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ae_models.base import UserError
from ae_models.base.config import ImportConfig
from ae_models.datasets.readers import UPLOADS
from ae_models.datasets.readers.limits import size
from ae_models.datasets.readers.recognise import KINDS
from ae_models.recipes import import_data
from ae_models.recipes.import_data import Incoming
from ae_models.ui import state, uploads
from ae_models.ui.shared import opened_files as kept
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.visitor import visitor
from ae_models.ui.your_data import guesses, sheet
from ae_models.ui.your_data.cards import say

_TURN, _SAID, _GOOD, _WHAT = "bring-turn", "bring-said", "bring-good", "bring-folder"
_ENDINGS = (".gz", ".bz2", ".xz", ".zip", ".csv", ".tsv", ".txt", ".npz", ".npy", ".mat", ".parquet", ".png", ".jpg")
_WAYS = {False: "Files", True: "A folder"}


def render() -> None:
    """Draw the place for files and, once they are there, what they are taken for."""
    turn = int(str(state.get(_TURN) or 0))
    with st.container(border=True, key="panel-bring-files"):
        left, right = st.columns([3, 2], gap="large")
        with left:
            sent = _upload(turn)
        if not sent:
            with right:
                _bounds()
            return
    try:
        config = guesses.config(turn)
    except UserError as mistake:
        st.error(escape_markdown(str(mistake)), icon=":material/error:")
        return
    good = bool(state.get(f"{_GOOD}-{turn}"))
    found = kept.look(sent, config, good)
    if isinstance(found, str):
        _refused(found, sent, config, turn)
    else:
        _preview(found, sent, turn)


def _upload(turn: int) -> list[Any]:
    state.start(_WHAT, False)
    folder = st.segmented_control(
        "What to upload", list(_WAYS), format_func=_WAYS.get, key=_WHAT, required=True, label_visibility="collapsed"
    )
    files: list[Any] = uploads.place(
        "A folder with your files, or with a folder for each class"
        if folder
        else "Your files: one, or several that belong together",
        accept_multiple_files="directory" if folder else True,
        key=f"bring-upload-{turn}-{bool(folder)}",
        most=UPLOADS.file_bytes,
    )
    return files


def _bounds() -> None:
    st.markdown(
        f"**What is read**  \n:gray[{escape_markdown(KINDS[0].upper() + KINDS[1:])}.]\n\n"
        f":gray[Grey or colour, 8 to 64 pixels a side (larger is made smaller, and said); rows of 2 to "
        f"{UPLOADS.columns:,} numbers too. At most {size(uploads.most_bytes(UPLOADS.file_bytes))} a file, "
        f"{size(UPLOADS.unpacked_bytes)} unpacked, {UPLOADS.seconds:.0f} seconds; more on the command line:]"
    )
    st.code("python -m ae_models import data FILES --name NAME", language="bash", wrap_lines=True)


def _refused(why: str, sent: list[Any], config: ImportConfig, turn: int) -> None:
    st.error(escape_markdown(why), icon=":material/error:")
    others = None if state.get(f"{_GOOD}-{turn}") else kept.look(sent, config, True)
    if isinstance(others, Incoming) and others.raw.left_out:
        n, bad = len(others.raw), len(others.raw.left_out)
        row = st.container(horizontal=True, vertical_alignment="center")
        row.button(
            f"Keep the good ones ({n:,})",
            icon=":material/filter_alt:",
            on_click=state.put,
            args=(f"{_GOOD}-{turn}", True),
        )
        files = "file" if bad == 1 else "files"
        row.markdown(f":gray[{bad:,} {files} would be left out; you see which before anything is kept.]")
    guesses.reading(turn)
    st.caption("Nothing was kept.")


def _preview(found: Incoming, sent: list[Any], turn: int) -> None:
    about = found.preview()
    with st.container(border=True, key="panel-bring-preview"):
        _keep(found, sent, turn)
        left, right = st.columns([7, 5], gap="large")
        with left:
            sheet.render(found, about)
        with right:
            guesses.render(found, turn)


def _keep(found: Incoming, sent: list[Any], turn: int) -> None:
    name, note = f"bring-name-{turn}", f"bring-licence-{turn}"
    state.start(name, title_of([file.name for file in sent]))
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="bring-keep")
    title = row.text_input("Name", key=name, max_chars=120, width=300)
    row.text_input(
        "Where it is from, and what may be done with it",
        key=note,
        max_chars=400,
        placeholder="my own scans, 2024; CC BY 4.0",
        width=420,
    )
    try:
        import_data.name_of(title)
        wrong = ""
    except UserError as mistake:
        wrong = str(mistake)
    row.button(
        "Keep it",
        type="primary",
        icon=":material/check:",
        disabled=bool(wrong),
        on_click=_kept,
        args=(found, name, note, turn),
    )
    row.button("Forget it", type="tertiary", on_click=_next, args=(turn,))
    said = wrong or str(state.get(_SAID) or "")
    if said:
        st.markdown(f":red[{escape_markdown(said)}]")


def _kept(found: Incoming, name: str, note: str, turn: int) -> None:
    state.put(_SAID, "")
    try:
        card = import_data.keep(found, str(state.get(name)), str(state.get(note) or ""), owner=visitor().id)
    except UserError as mistake:
        state.put(_SAID, str(mistake))
        return
    say(
        f"“{card.title}” is here now: {card.n_train:,} rows to train on, {card.n_heldout:,} held out.",
        ("explore/page.py", "See its maps", {"data": card.name}),
    )
    _next(turn)


def _next(turn: int) -> None:
    """Offer a fresh place for files; what was uploaded is gone."""
    state.put(_TURN, turn + 1)
    guesses.forget(turn)


def title_of(names: list[str]) -> str:
    """Return what files are called together, for a start.

    Examples
    --------
    >>> title_of(["t10k-images-idx3-ubyte.gz"]), title_of(["scans/7/a.png", "scans/8/b.png"]), title_of(["my.csv"])
    ('t10k-images-idx3-ubyte', 'scans', 'my')
    """
    first = names[0].replace("\\", "/")
    if "/" in first:
        return first.split("/")[0][:120]
    while first.lower().endswith(_ENDINGS):
        first = first.rsplit(".", 1)[0]
    return first[:120]
