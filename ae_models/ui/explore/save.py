"""The window "Save": what is on the screen, and what stands behind it, as files."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ae_models.base import UserError
from ae_models.export import TABLES, notebook, size_of, zipped
from ae_models.export.script import script
from ae_models.kinds import kind_of
from ae_models.recipes import exports
from ae_models.recipes.exports import page_size, projector_size
from ae_models.recipes.onefile import MOST_BYTES, Opening, page_of
from ae_models.runs import RunRecord, RunStore
from ae_models.ui import state
from ae_models.ui.cache import cached
from ae_models.ui.shared.bar import SAVING
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.run_data import embeddings_signature
from ae_models.ui.shared.scene import Scene
from ae_models.ui.view import View

_TYPES = {
    "html": "text/html",
    "csv": "text/csv",
    "py": "text/x-python",
    "ipynb": "application/x-ipynb+json",
    "zip": "application/zip",
}
_TABLES = {"parquet": "Parquet", "csv": "CSV", "npz": "NPZ"}


def window(view: View, scene: Scene) -> None:
    """Open the window where somebody asked for it."""
    if state.get(SAVING):
        state.put(SAVING, False)
        _window(view, scene)


@st.dialog("Save", width="medium")
def _window(view: View, scene: Scene) -> None:
    try:
        _page(view, scene)
        _row("The maps as pictures", "**PNG** and **SVG**: the buttons under the maps save them as they lie there.")
        _tables(scene)
        _model(scene)
        _row("Python for this view", "Computes and draws again what is on the screen, with this package.")
        row, name = _buttons("python"), scene.autoencoder.record.id
        text = script_of(view, scene)
        _made(row, "Script", f"{name}.py", text.encode())
        _made(row, "Notebook", f"{name}.ipynb", notebook(text))
    except UserError as mistake:
        st.error(escape_markdown(str(mistake)), icon=":material/error:")


def _page(view: View, scene: Scene) -> None:
    space, record = scene.autoencoder, scene.autoencoder.record
    n, samples = record.dataset.scored_on.n, kind_of(record.input_shape).samples
    _row(
        "This page as one file",
        "Opens from disk in any browser, without a server and without a network, and still draws. Fewer than "
        f"{n:,} {samples} where all would take more than {MOST_BYTES // 1_000_000} MB.",
    )
    row = _buttons("page")
    _file(
        row,
        f"HTML · about {size_of(about(space.store, record, 'html'))}",
        f"{record.id}.html",
        lambda: page(space.store, record, opening_of(view, scene)),
    )
    row.markdown(":gray[made when you press: takes some seconds]")


def _tables(scene: Scene) -> None:
    space, record = scene.autoencoder, scene.autoencoder.record
    n, samples = record.dataset.scored_on.n, kind_of(record.input_shape).samples
    _row(
        "Codes and maps",
        f"A line for each of {n:,} {samples}: its number, its class, its code, its place on every map.",
    )
    row = _buttons("tables")
    for form, title in _TABLES.items():
        _made(row, title, f"{record.id}.{form}", file_of(space.store, record, form))
    title = f"Embedding Projector · about {size_of(about(space.store, record, 'projector'))}"
    _file(row, title, f"{record.id}-projector.zip", lambda: file_of(space.store, record, "projector"))


def _model(scene: Scene) -> None:
    space, record = scene.autoencoder, scene.autoencoder.record
    forms = {"onnx": "ONNX pair", "safetensors": "Weights"}
    weights = " the weights alone," if "weights.safetensors" in record.files else ""
    if not weights:
        del forms["safetensors"]
    _row("The model", f"Encoder and decoder as ONNX,{weights} or the whole run, which another Latent Lab can load.")
    row = _buttons("model")
    for form, title in forms.items():
        _made(row, title, f"{record.id}-{form}.zip", file_of(space.store, record, form))
    _made(row, "Whole run", f"{record.id}.zip", file_of(space.store, record, "zip"))


def opening_of(view: View, scene: Scene) -> Opening:
    """Return what a file should show when it is opened: what is on the screen."""
    shown = view.viewports
    looks = shown if scene.pca is not None else (*shown[:1], *shown[2:])  # an empty place is left out
    return Opening(
        dim=view.dim,
        third=scene.third.method,
        dims=view.dims,
        pin=view.pin,
        drive=view.drive,
        point=view.point,
        near=view.near,
        colour=view.colour,
        clusters=view.clusters,
        looks=looks,
    )


def script_of(view: View, scene: Scene) -> str:
    """Return the script that computes and draws what is on the screen."""
    space = scene.autoencoder
    if scene.split != "heldout":
        return exports.script_of(space.store, space.record)  # a script knows the images that the run never saw
    row = int((scene.images.ids == view.pin).argmax())
    own = view.point is not None and view.drive == "autoencoder"
    point = view.point if own and view.point is not None else tuple(space.codes.values[row].tolist())
    maps = [("pca", view.dim), (scene.third.method, view.dim)]
    return script(space.record.id, space.record.title, point, maps, pin=int(scene.images.ids[row]), dims=scene.dims)


def _row(title: str, words: str) -> None:
    st.markdown(f"**{title}**  \n:gray[{words}]")


def _buttons(name: str) -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"save-{name}")


def _made(row: st.delta_generator.DeltaGenerator, title: str, name: str, content: bytes) -> None:
    _file(row, f"{title} · {size_of(len(content))}", name, content)


def _file(row: st.delta_generator.DeltaGenerator, title: str, name: str, content: bytes | Callable[[], bytes]) -> None:
    row.download_button(
        title,
        content,
        name,
        _TYPES.get(name.rpartition(".")[2], "application/octet-stream"),
        key=f"save-{name}",
        icon=":material/download:",
        on_click="ignore",
    )


def _title_and_maps(store: RunStore, record: RunRecord, *_: object) -> object:
    """Return what a file holds besides the run itself: its title, and the maps that are kept."""
    return record.title, embeddings_signature()


@cached(seen=_title_and_maps)
def file_of(store: RunStore, record: RunRecord, form: str) -> bytes:
    """Return one file of a run: a table of codes and maps (csv, npz, parquet), or a zip of what an export writes."""
    if form in TABLES:
        return exports.joined(store, record, form)
    files = exports.export_of(store, record, form)
    return next(iter(files.values())) if form == "zip" else zipped(files)


@cached(seen=_title_and_maps)
def about(store: RunStore, record: RunRecord, form: str) -> int:
    """Return about how many bytes the page or the projector's zip will have, before it is made."""
    return {"html": page_size, "projector": projector_size}[form](store, record)


@cached(seen=_title_and_maps)
def page(store: RunStore, record: RunRecord, opening: Opening) -> bytes:
    """Return the canvas in one file, as it is on the screen."""
    return page_of(store, record, opening)
