"""The places on pages where files are taken, and what guards the route that they are sent to.

A file is taken only while its visitor's page has such a place; a visit holds a bounded number of bytes, and the oldest
files make room. The limit that a place states is the one that holds.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from starlette.responses import PlainTextResponse
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ae_models.datasets.readers import UPLOADS
from ae_models.datasets.readers.limits import MIB, size
from ae_models.datasets.readers.names import shown
from ae_models.ui.shared.markdown import escape_markdown

MOST_HELD = 256 * MIB  # of one visit's files
MOST_FILES = UPLOADS.entries  # of one visit
_AT_ONCE = 4  # files of one visit that are taken at the same time; the others wait
_ROUTE = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+")
_GONE = "uploads-gone"


@dataclass
class _Visit:
    """What the route must know of one visit."""

    now: bool = False  # the run that draws the page, or drew it last, has a place for files
    before: bool = False  # the run before had one, and none has ended since
    gone: list[str] = field(default_factory=list)  # names of files that were let go and not told yet
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))


_visits: dict[str, _Visit] = {}


def begin() -> None:
    """Note that a run of a page begins."""
    session = _session()
    if session not in _visits:
        for other in [each for each in _visits if not _is_active(each)]:
            _visits.pop(other, None)
    visit = _visits.setdefault(session, _Visit())
    visit.before, visit.now = visit.before or visit.now, False


def end() -> None:
    """Note that a run came to its end: what it did not draw is not on the page."""
    if visit := _visits.get(_session()):
        visit.before = False


def most_bytes(wanted: int) -> int:
    """Return the bytes that a file may have: as many as wanted, and no more than the server takes."""
    return min(wanted, int(st.get_option("server.maxUploadSize")) * MIB)


def place(
    label: str,
    *,
    key: str,
    most: int,
    type: str | Sequence[str] | None = None,
    accept_multiple_files: Any = False,
    into: Any = None,
) -> Any:
    """Draw a place for files and return what lies there: ``st.file_uploader`` with the limit that holds.

    Parameters
    ----------
    most : int
        Bytes that one file may have, where the server takes as many.
    into : container, optional
        Where it is drawn.
    """
    visit = _visits.setdefault(_session(), _Visit())
    visit.now = True
    room = into if into is not None else st
    found = room.file_uploader(
        label,
        type=type,
        accept_multiple_files=accept_multiple_files,
        key=key,
        max_upload_size=most_bytes(most) // MIB,
    )
    fresh, visit.gone = visit.gone, []
    if fresh:  # told in this place until the next one takes its place
        told = st.session_state.get(_GONE, {})
        st.session_state[_GONE] = {key: [*told.get(key, []), *fresh]}
    if names := st.session_state.get(_GONE, {}).get(key):
        room.caption(f":material/info: {_dropped_line(names)}")
    return found


def _dropped_line(names: list[str]) -> str:
    several = ", ".join(f"“{escape_markdown(shown(name))}”" for name in names[:3]) + (" ..." if len(names) > 3 else "")
    were = "was" if len(names) == 1 else "were"
    return (
        f"{several} {were} let go: the files of one visit may have {size(MOST_HELD)} together, and the oldest make "
        "room. Send again what you need."
    )


def _session() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def _is_active(session: str) -> bool:
    return bool(runtime.exists() and runtime.get_instance().is_active_session(session))


class GuardedUploads:
    """ASGI middleware before Streamlit's route for files."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Refuse a file that no page waits for; after one was taken, let the oldest go where there are too many."""
        found = _ROUTE.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        session = found[1]
        visit = _visits.get(session)
        if visit is None or not (visit.now or visit.before):
            await PlainTextResponse("There is no place for files on this page.", 403)(scope, receive, send)
            return
        async with visit.turns:
            await self.app(_without_length(scope), receive, send)
            visit.gone += make_room(runtime.get_instance().uploaded_file_mgr, session)


def _without_length(scope: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return a request without its length, unless that is plainly too much.

    Streamlit holds the length against the limit of a file, though it counts what surrounds the file too: one of just
    the size that the page allows would be refused. Without a length it counts what comes.
    """
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    most = most_bytes(UPLOADS.file_bytes) + MIB
    return {**scope, "headers": headers} if length.isdigit() and int(length[:20]) <= most else scope


def make_room(manager: Any, session: str, most_bytes: int = MOST_HELD, most_files: int = MOST_FILES) -> list[str]:
    """Let the oldest files of a visit go until the rest is within its bounds; return their names."""
    files = list(manager.file_storage.get(session, {}).values())
    total, names = sum(len(file.data) for file in files), []
    while len(files) > 1 and (total > most_bytes or len(files) > most_files):
        oldest = files.pop(0)
        total -= len(oldest.data)
        manager.remove_file(session, oldest.file_id)
        names.append(str(oldest.name))
    return names
