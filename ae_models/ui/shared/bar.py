"""The bar: which data, which model, two dimensions or three, Share, More; and what to say when something is amiss."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import streamlit as st

from ae_models import datasets, recipes
from ae_models.base import UserError
from ae_models.kinds.glossary import tip
from ae_models.recipes.mapping import is_quick
from ae_models.runs import RunRecord, RunStore
from ae_models.ui import state
from ae_models.ui.cache import cached
from ae_models.ui.shared import defaults, sharing
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.run_data import RunList
from ae_models.ui.view import View

Run = tuple[RunStore, RunRecord]
SAVING = "save-asked"  # the window "Save" is to be opened by the next run
_DRIVES = {"autoencoder": "the autoencoder’s code", "pca": "PCA’s components"}
_SPLITS = {"heldout": "never seen in training", "train": "trained on"}


def available_datasets() -> list[str]:
    """Return the data sets that can be shown without a download."""
    return [name for name in datasets.DATASETS if datasets.source(name).available()]


def offered(view: View, runs: RunList) -> list[Run]:
    """Return the autoencoders of the chosen data, those with a code of just ``dim`` numbers first."""
    fitting = [
        (store, record)
        for store, record in runs.runs
        if record.dataset.name == view.dataset
        and record.model.name != "pca"
        and (view.dim == 2 or record.latent_dim >= view.dim)
    ]
    return sorted(fitting, key=lambda run: (run[1].latent_dim != view.dim, run[1].origin != "shipped", run[1].created))


def choose_run(view: View, runs: RunList) -> Run | None:
    """Return the run to show: the one asked for if it is there, else the best that is."""
    choices = offered(view, runs)
    for run in choices:
        if run[1].id == view.run:
            return run
    if view.run is not None:
        asked = next((record for _, record in runs.runs if record.id == view.run), None)
        damaged = any(bad.id == view.run for bad in runs.damaged)
        if asked is None and not damaged:
            view.problems.append(f"There is no model “{view.run[:64]}” here; another one is shown.")
        elif asked is not None and asked.dataset.name != view.dataset:
            view.problems.append(f"The model “{asked.title}” belongs to other data; another one is shown.")
        elif asked is not None and asked.latent_dim < view.dim:
            view.problems.append(f"The model “{asked.title}” has too few numbers for a 3-D map; another one is shown.")
    view.run = choices[0][1].id if choices else None
    return choices[0] if choices else None


def choose_pca(view: View, runs: RunList) -> Run | None:
    """Return PCA of data that have no autoencoder at all; None where it is not there and takes long to fit."""
    if any(record.dataset.name == view.dataset and record.model.name != "pca" for _, record in runs.runs):
        return None
    try:
        return first_pca(view.dataset, view.dim)
    except UserError as mistake:
        view.problems.append(str(mistake))
        return None


@cached(spinner="Fitting PCA ...")
def first_pca(dataset: str, dim: int) -> tuple[RunStore, RunRecord] | None:
    """Return PCA of ``dim`` components of a data set's training rows, fitted now where that is quick; else None."""
    recipes.first_maps(dataset)
    return recipes.find_pca(dataset, datasets.load(dataset).train.digest, dim)


def title_of(record: RunRecord) -> str:
    """Return what a model is called: what it is, and for own ones when it was made."""
    if record.origin == "shipped":
        return record.title
    made = datetime.fromisoformat(record.created).astimezone()
    return f"{record.title} (yours, {made:%d %b %H:%M})"


def render(view: View, runs: RunList, run: Run | None) -> None:
    """Draw the four controls, and the rest behind More."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="bar")
    pickers(row, view, runs)
    state.put("bar-dim", view.dim)
    row.segmented_control(
        "Map", [2, 3], format_func="{}-D".format, key="bar-dim", required=True, on_change=_dim, args=(view, runs)
    )
    with row.container(width="content"):
        sharing.share("explore", view.address, sharing.EXPLORE, view.shared, _files)
    row.space("stretch")
    with row.popover("More", width=100, key="bar-more"):
        _more(view, run)


def pickers(row: Any, view: View, runs: RunList) -> None:
    """Draw the choice of data and of model in a row."""
    names = available_datasets()
    titles = {name: datasets.source(name).title for name in names}
    models = {record.id: title_of(record) for _, record in offered(view, runs)}
    state.put("bar-data", view.dataset)
    row.selectbox(
        "Data", names, format_func=titles.__getitem__, key="bar-data", width=220, on_change=_data, args=(view,)
    )
    if models:
        state.put("bar-model", view.run)
        row.selectbox(
            "Model",
            list(models),
            format_func=lambda run_id: models.get(run_id, run_id),
            key="bar-model",
            width=330,
            on_change=_model,
            args=(view,),
        )


def _files() -> None:
    st.markdown("Or take it with you: one page that works offline, tables, the model, Python.")
    if st.button("Save files", key="bar-save", icon=":material/download:", on_click=_save):
        st.rerun()  # all of the page: a window does not open from inside a popover


def _save() -> None:
    state.put("bar-share", False)  # it would lie over the window
    state.put(SAVING, True)


def _more(view: View, run: Run | None) -> None:
    kind = datasets.kind_of(view.dataset)
    state.put("bar-drive", view.drive)
    st.segmented_control(
        "The sliders move",
        ["autoencoder", "pca"],
        format_func=_DRIVES.get,
        key="bar-drive",
        required=True,
        on_change=_drive,
        args=(view,),
        help="Whose numbers the sliders are. Both can draw.",
    )
    bundled = run is not None and run[1].dataset.variant == "bundled"
    state.put("bar-split", view.split if bundled else "heldout")
    st.segmented_control(
        kind.say("{Samples} on the maps"),
        ["heldout", "train"],
        format_func=_SPLITS.get,
        key="bar-split",
        required=True,
        on_change=_split,
        args=(view,),
        disabled=not bundled,
        help=f"{tip('held out', kind=kind)} The training {kind.samples} of the models that ship with Latent Lab are "
        f"not on this computer, so only {kind.samples} they never saw can be shown.",
    )


def problems(view: View, runs: RunList) -> None:
    """Say what was wrong with the address and which runs are damaged; the page goes on below."""
    lines(dict.fromkeys(view.problems))
    if runs.damaged:
        first = runs.damaged[0].why if len(runs.damaged) == 1 else f"{len(runs.damaged)} models here are damaged."
        row = st.container(horizontal=True, vertical_alignment="center", key="bar-damaged")
        row.warning(escape_markdown(first), icon=":material/info:")
        row.page_link("models/page.py", label="Look at them", icon=":material/broken_image:")


def lines(said: Iterable[str]) -> None:
    """Say each of these."""
    for line in said:
        st.warning(escape_markdown(line), icon=":material/info:")


def no_run(view: View) -> None:
    """Say what to do when there is no model to show."""
    n_rows = datasets.source(view.dataset).sizes()[0]
    shape = datasets.source(view.dataset).shape
    if not is_quick(n_rows, math.prod(shape)):
        samples = datasets.kind_of(view.dataset).samples
        row = st.container(border=True, horizontal=True, vertical_alignment="center", key="slow-pca")
        row.markdown(
            f"**No PCA yet.** Of {n_rows:,} {samples} of {math.prod(shape):,} values each it takes longer than a "
            "click: it is fitted in the background, and Explore shows it when it is done.",
            width="stretch",
        )
        with row:
            defaults.pca_button(view.dataset, view.dim)
    st.info(f"There is no model with {view.dim} numbers or more for this data yet. Train one, here or with:")
    defaults.button(view.dataset, view.dim)
    address = {"data": view.dataset, "code": str(view.dim)}
    st.page_link("train/page.py", label="Train one", icon=":material/model_training:", query_params=address)
    command = f"python -m ae_models train --model dense --dataset {view.dataset} --latent-dim {view.dim}"
    st.code(command, language="bash")


def only_pca(view: View) -> None:
    """Say that PCA stands alone, and offer to train what it is to be compared with."""
    row = st.container(border=True, horizontal=True, vertical_alignment="center", key="only-pca")
    row.markdown("**Only PCA so far.** Train an autoencoder and see whether it beats it.", width="stretch")
    with row:
        defaults.button(view.dataset, view.dim, primary=True)
    address = {"data": view.dataset, "code": str(view.dim)}
    row.page_link("train/page.py", label="Choose what to train", icon=":material/tune:", query_params=address)


def _data(view: View) -> None:
    view.dataset = str(state.get("bar-data"))
    view.run, view.pin = None, None
    view.colour, view.clusters = None, None
    _fresh(view)


def _model(view: View) -> None:
    view.run = str(state.get("bar-model"))
    _fresh(view)


def _dim(view: View, runs: RunList) -> None:
    view.dim = int(str(state.get("bar-dim")))
    here = next((record for _, record in runs.runs if record.id == view.run), None)
    same = [
        record.id
        for _, record in offered(view, runs)
        if record.latent_dim == view.dim and here is not None and record.model.name == here.model.name
    ]
    if same and not (here is not None and here.latent_dim > 3):
        view.run = same[0]
    elif here is not None and here.latent_dim < view.dim:
        view.run = None
    _fresh(view)


def _drive(view: View) -> None:
    view.drive = str(state.get("bar-drive"))
    view.move_to(None)


def _split(view: View) -> None:
    view.split = str(state.get("bar-split"))
    view.pin = None
    _fresh(view)


def _fresh(view: View) -> None:
    view.move_to(None)
    view.reset_viewports()
    view.dims = ()
    view.problems.clear()
