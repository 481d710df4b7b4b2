"""How long a training will take here: from a short measurement on a worker, shared by all who ask for the same."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from dataclasses import replace
from threading import Lock

import streamlit as st

from ae_models import jobs
from ae_models.base import UserError
from ae_models.recipes import TrainRequest
from ae_models.ui import state
from ae_models.ui.visitor import visitor

_LABEL = "Time on this server"
_HELP = "Measured on a worker, with a few steps of this very network. Other trainings beside it make it longer."
_EVERY = 0.6  # seconds; a request that stays for so long is measured
_MOST = 500
_SEEN, _JOB = "estimate-seen", "estimate-job"


class Known:
    """Seconds an epoch by what is to be trained; epochs, seed and name do not matter. May be used from any thread."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def get(self, request: TrainRequest) -> float | None:
        """Return the seconds an epoch takes, or None."""
        with self._lock:
            return self._found.get(key_of(request))

    def put(self, request: TrainRequest, seconds: float) -> None:
        """Keep what was measured."""
        with self._lock:
            self._found[key_of(request)] = seconds
            while len(self._found) > _MOST:
                self._found.popitem(last=False)


KNOWN = Known()


def key_of(request: TrainRequest) -> str:
    """Return what an epoch's time depends on."""
    training = request.training.model_copy(update={"epochs": 1, "seed": 0})
    return json.dumps(replace(request, training=training, name="", start="").to_dict(), sort_keys=True)


def render(engine: jobs.Engine | None, request: TrainRequest) -> None:
    """Draw the estimate; until it is known, this part alone runs again."""
    known = engine is None or KNOWN.get(request) is not None
    st.fragment(_metric, run_every=None if known else _EVERY)(engine, request, known)


def _metric(engine: jobs.Engine | None, request: TrainRequest, was_known: bool) -> None:
    if engine is None:
        _say("–", "needs the server")
        return
    seconds = KNOWN.get(request)
    if seconds is None:
        said = _measure(engine, request)
        seconds = KNOWN.get(request)
    if seconds is None:
        _say("–", said)
        return
    _say(f"about {duration(seconds * request.training.epochs)}", f"{seconds:.2g} s an epoch")
    if not was_known:
        st.rerun()  # known now: nothing needs to run again and again


def _say(value: str, below: str) -> None:
    st.metric(_LABEL, value, below, delta_color="off", delta_arrow="off", help=_HELP)


def _measure(engine: jobs.Engine, request: TrainRequest) -> str:
    """Have a request measured once it stays the same for a moment; return what is being done."""
    key = key_of(request)
    seen = state.get(_SEEN)
    if not isinstance(seen, tuple) or seen[0] != key:
        _stop_measuring(engine)
        state.put(_SEEN, (key, time.monotonic()))
        return "measuring …"
    if engine.condition().state != "ready":
        return "the workers are starting …"
    job_id = str(state.get(_JOB) or "")
    if not job_id:
        if time.monotonic() - seen[1] > _EVERY / 2:
            try:
                state.put(_JOB, engine.submit("measure", request.to_dict(), visitor()).id)
            except UserError:
                return "cannot be measured here"
        return "measuring …"
    job = engine.get(job_id)
    if job is None or (job.is_over and job.state != "done"):
        return "cannot be measured here"
    if job.state == "done":
        KNOWN.put(request, float(job.result["seconds_per_epoch"]))
        state.put(_JOB, "")
    return "measured when a worker is free …" if job.state == "queued" else "measuring …"


def _stop_measuring(engine: jobs.Engine) -> None:
    """Stop a measurement that nobody waits for any more."""
    job = engine.get(str(state.get(_JOB) or ""))
    state.put(_JOB, "")
    if job is not None and not job.is_over:
        try:
            engine.stop(job.id, visitor())
        except UserError:
            return


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
