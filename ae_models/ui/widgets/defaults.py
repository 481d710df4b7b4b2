"""One click trains a dense autoencoder with every default, and goes to where it can be watched."""

from __future__ import annotations

import streamlit as st

from ae_models import jobs
from ae_models.base import Mistake
from ae_models.recipes import MapOrder
from ae_models.recipes.folder import title
from ae_models.recipes.starting import first_order
from ae_models.ui.owner import owner

NO_ENGINE = "Training needs the server: python -m streamlit run dashboard.py"


def pca_button(dataset: str, dim: int) -> None:
    """Draw the button that starts a job for PCA, and goes to where it can be watched."""
    engine = jobs.current()
    if not st.button(
        "Fit PCA",
        key="fit-pca",
        icon=":material/scatter_plot:",
        type="primary",
        disabled=engine is None,
        help=NO_ENGINE if engine is None else f"Exact PCA with {dim} components, on this server.",
    ):
        return
    try:
        job = engine.submit(
            "project", MapOrder.of("pca", dataset, dim).to_dict(), owner(), f"PCA of {dataset}, {dim}-D"
        )
    except Mistake as mistake:
        st.error(str(mistake), icon=":material/error:")
        return
    st.switch_page("views/train.py", query_params={"job": job.id})


def button(dataset: str, code: int = 2, *, key: str = "train-defaults", primary: bool = False) -> None:
    """Draw the button; a mistake stands under it in one line."""
    engine = jobs.current()
    pressed = st.button(
        "Train with defaults",
        key=key,
        icon=":material/play_arrow:",
        type="primary" if primary else "secondary",
        disabled=engine is None,
        help=NO_ENGINE if engine is None else f"A dense autoencoder with a code of {code} numbers, on this server.",
    )
    if not pressed or engine is None:
        return
    try:
        order = first_order(dataset, code, jobs.limits().epochs)
        job = engine.submit("train", order.to_dict(), owner(), title(order.design))
    except Mistake as mistake:
        st.error(str(mistake), icon=":material/error:")
        return
    st.switch_page("views/train.py", query_params={"job": job.id})
