"""Run a recipe elsewhere: submit, watch, stop, go on; on this machine or on a Dask cluster. No page, no model.

The server opens the engine in its lifespan; pages take it from ``current()``, which is None where there is no server
(in a test of a page, on the command line): they say so and work.
"""

from __future__ import annotations

from ae_models.jobs.engine import Engine
from ae_models.jobs.limits import JobLimits
from ae_models.jobs.live import Live
from ae_models.jobs.pool import WorkerPlan
from ae_models.jobs.record import Condition, Job
from ae_models.jobs.sandbox import most_of_environment

_engine: Engine | None = None


def current() -> Engine | None:
    """Return the server's engine, or None where there is none."""
    return _engine


def opened(engine: Engine) -> Engine:
    """Start an engine and make it the current one."""
    global _engine
    engine.start()
    _engine = engine
    return engine


def closed() -> None:
    """Close the current engine."""
    global _engine
    engine, _engine = _engine, None
    if engine is not None:
        engine.close()


def check_environment() -> None:
    """Raise ``UserError`` when a variable that the engine reads has a value that cannot be right."""
    JobLimits.of_environment()
    WorkerPlan.of_environment()
    most_of_environment()


def limits() -> JobLimits:
    """Return what one job may take on this server; every field None where its owner set nothing."""
    return JobLimits.of_environment() if _engine is None else _engine.limits


__all__ = [
    "Condition",
    "Engine",
    "Job",
    "JobLimits",
    "Live",
    "check_environment",
    "closed",
    "current",
    "limits",
    "opened",
]
