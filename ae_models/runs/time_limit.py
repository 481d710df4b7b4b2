"""A hard limit of time for what ONNX Runtime computes: one thread watches every call of the process."""

from __future__ import annotations

import threading
import time
from typing import Any

from ae_models.base import UserError

SERVING_SECONDS = 60.0
"""The most that one call of a serving session may take."""

_EVERY, _IDLE = 0.1, 50  # seconds between two looks; looks at nothing, after which the thread ends

_running: dict[int, tuple[float, Any]] = {}  # end of each call that is under way, and its options
_lock = threading.Lock()
_thread: threading.Thread | None = None


def run_within(
    session: Any, outputs: list[str], feeds: dict[str, Any], what: str, seconds: float = SERVING_SECONDS
) -> list[Any]:
    """Return what ``session.run`` returns, or end it.

    A graph of many steps ends before its next step. One step that is under way cannot be interrupted: the call is
    given up when that step is over. How much work one step may be is checked where a graph comes in
    (``check_graph``).

    Parameters
    ----------
    what : str
        What a message calls the graph.
    seconds : float
        How long it may take.

    Raises
    ------
    UserError
        When the time is over.
    """
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.log_severity_level = 4
    key = id(options)
    _running[key] = (time.monotonic() + seconds, options)
    if _thread is None or not _thread.is_alive():
        _begin()
    try:
        found: list[Any] = session.run(outputs, feeds, options)
    except Exception:
        if options.terminate:
            raise UserError(f"{what} takes more than {seconds:g} seconds and was stopped") from None
        raise
    finally:
        del _running[key]
    return found


def _begin() -> None:
    global _thread
    with _lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_watch, name="time-limit", daemon=True)
            _thread.start()


def _watch() -> None:
    """End the calls whose time is over; end by itself when nothing has run for some seconds."""
    global _thread
    idle = 0
    while True:
        time.sleep(_EVERY)
        now = time.monotonic()
        calls = list(_running.values())
        for end, options in calls:
            if end < now:
                options.terminate = True
        idle = 0 if calls else idle + 1
        if idle > _IDLE:
            with _lock:
                if not _running:
                    _thread = None
                    return
