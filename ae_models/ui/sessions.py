"""Sessions of visitors who left: kept for a while, for a browser that comes back, and then shut down.

Streamlit's own storage lets go of a session without shutting it down. That waits for a full garbage collection, which a
server that froze its objects (``ui.server``) hardly ever makes: each visit left an event loop, three open files, and
what its pages held in memory.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import RLock
from typing import Any

from streamlit import config
from streamlit.runtime.session_manager import SessionInfo, SessionStorage

_MOST = 128  # as many as Streamlit keeps
_LOOK = 5.0  # seconds between two looks for those whose time is up
_log = logging.getLogger(__name__)


class DepartedSessions(SessionStorage):  # type: ignore[misc]  # Streamlit is not read by the type checker
    """Sessions without a browser, for at most ``seconds``; at most ``most`` of them, the latest."""

    def __init__(self, seconds: float, most: int = _MOST) -> None:
        self._seconds, self._most = seconds, most
        self._kept: dict[str, tuple[float, SessionInfo]] = {}
        self._lock = RLock()  # pages of metrics list them from other threads

    def get(self, session_id: str) -> SessionInfo | None:
        """Return a session for a browser that came back, with an event loop as its scripts expect it."""
        with self._lock:
            when, info = self._kept.get(session_id, (0.0, None))
        if info is None or time.monotonic() - when > self._seconds:
            return None
        if info.session._script_event_loop.is_closed():
            info.session._script_event_loop = asyncio.new_event_loop()
        return info

    def save(self, session_info: SessionInfo) -> None:
        """Keep a session whose browser is gone."""
        with self._lock:
            self._kept[session_info.session.id] = (time.monotonic(), session_info)
        self.tidy()

    def delete(self, session_id: str) -> None:
        """Take a session out, not shutting it down: its browser is back, or Streamlit shuts it down."""
        with self._lock:
            del self._kept[session_id]

    def list(self) -> list[SessionInfo]:
        """Return all of them."""
        with self._lock:
            return [info for _, info in self._kept.values()]

    def tidy(self) -> int:
        """Shut down what was kept for long enough, close the event loops of the others; return how many went.

        Call it in the server's own event loop, as Streamlit calls ``save``.
        """
        end = time.monotonic() - self._seconds
        with self._lock:
            latest = sorted(self._kept, key=lambda key: -self._kept[key][0])[: self._most]
            gone = [key for key in self._kept if key not in latest or self._kept[key][0] < end]
            over = [self._kept.pop(key)[1] for key in gone]
            left = [info.session for _, info in self._kept.values()]
        for info in over:
            info.session.shutdown()
        for session in left:
            if session._scriptrunner is None:  # else its script is about to end, and a later look finds it so
                session._script_event_loop.close()
        return len(over)


@asynccontextmanager
async def departed_sessions(app: Any) -> AsyncIterator[None]:
    """Give a server this storage in place of Streamlit's own, and look after it; for its lifespan.

    ``st.App`` makes its ``Runtime`` with a storage of its own and takes no other, hence the two private names.
    """
    storage = DepartedSessions(float(config.get_option("server.disconnectedSessionTTL")))
    app._runtime._session_mgr._session_storage = storage
    task = asyncio.create_task(_look_after(storage))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _look_after(storage: DepartedSessions) -> None:
    while True:
        await asyncio.sleep(_LOOK)
        try:
            storage.tidy()
        except Exception:  # noqa: BLE001 - the next look must come
            _log.exception("sessions that are over could not all be shut down")
