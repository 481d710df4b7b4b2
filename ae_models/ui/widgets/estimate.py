"""How long a training will take here: from a short measurement on a worker, shared by all who ask for the same."""

from __future__ import annotations

import streamlit as st

from ae_models import jobs
from ae_models.recipes import TrainOrder

_LABEL = "Time on this server"
_HELP = "Measured on a worker with a few steps of this very network; other trainings beside it make it longer."


def draw(engine: jobs.Engine | None, order: TrainOrder) -> None:
    """Draw the estimate, or that it is being measured."""
    st.metric(_LABEL, "–", help=_HELP)


def duration(seconds: float) -> str:
    """Return a time in words that claim no more than is known.

    Examples
    --------
    >>> [duration(value) for value in (0.4, 7.2, 41, 89, 130, 3_700, 90_000)]
    ['1 s', '7 s', '41 s', '89 s', '2 min', '1 h 2 min', '25 h']
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 3_600:
        return f"{round(seconds / 60)} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{hours} h"
