"""One click starts a job with every default, a training or PCA, and goes to where it can be watched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ae_models import jobs
from ae_models.base import UserError
from ae_models.recipes import ProjectionRequest
from ae_models.recipes.run_folder import title
from ae_models.recipes.train_request import first_order
from ae_models.ui.visitor import visitor

Requested = tuple[dict[str, Any], str]
"""A request as plain values, and what to call the job."""
NO_ENGINE = "Training needs the server: python -m streamlit run dashboard.py"


def pca_button(dataset: str, dim: int) -> None:
    """Draw the button that starts a job for PCA, and goes to where it can be watched."""

    def request() -> Requested:
        return ProjectionRequest.of("pca", dataset, dim).to_dict(), f"PCA of {dataset}, {dim}-D"

    _job_button(
        "Fit PCA",
        "project",
        request,
        key="fit-pca",
        icon=":material/scatter_plot:",
        primary=True,
        tells=f"Exact PCA with {dim} components, on this server.",
    )


def button(dataset: str, code: int = 2, *, key: str = "train-defaults", primary: bool = False) -> None:
    """Draw the button; a mistake stands under it in one line."""

    def request() -> Requested:
        found = first_order(dataset, code, jobs.limits().epochs)
        return found.to_dict(), title(found.design)

    _job_button(
        "Train with defaults",
        "train",
        request,
        key=key,
        icon=":material/play_arrow:",
        primary=primary,
        tells=f"A dense autoencoder with a code of {code} numbers, on this server.",
    )


def _job_button(
    label: str, recipe: str, request: Callable[[], Requested], *, key: str, icon: str, primary: bool, tells: str
) -> None:
    """Draw a button that orders a job and goes to where it is watched; ``request`` is called when it is pressed."""
    engine = jobs.current()
    pressed = st.button(
        label,
        key=key,
        icon=icon,
        type="primary" if primary else "secondary",
        disabled=engine is None,
        help=NO_ENGINE if engine is None else tells,
    )
    if not pressed or engine is None:
        return
    try:
        values, name = request()
        job = engine.submit(recipe, values, visitor(), name)
    except UserError as mistake:
        st.error(str(mistake), icon=":material/error:")
        return
    st.switch_page("train/page.py", query_params={"job": job.id})
