"""Files sent by hand to a real server: only where a page waits for them, within the limits, the oldest let go."""

from __future__ import annotations

import asyncio
import re
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from ae_models import runs
from ae_models.base.paths import ROOT
from ae_models.datasets.readers import LIMITS, UPLOADS
from ae_models.datasets.readers.limits import MIB
from ae_models.ui.uploads import MOST_HELD, make_room
from tests.server.conftest import Visited

slow = pytest.mark.slow


def send(visited: Visited, session: Any, name: str, content: bytes) -> int:
    """Send a file as a page's script does, with the visit's cookies; return the status, 0 for a closed connection."""
    address = f"http://localhost:{visited.server.port}"
    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=60) as answer:
        token = answer.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="%s"\r\n\r\n' % name.encode()
    request = urllib.request.Request(
        f"{address}/_stcore/upload_file/{session.id}/{name}",
        body + content + b"\r\n--x--\r\n",
        {
            "Content-Type": "multipart/form-data; boundary=x",
            "Cookie": f"{session._headers['Cookie']}; _streamlit_xsrf={token}",
            "X-Xsrftoken": token,
            "Origin": address,
        },
        method="PUT",
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except urllib.error.URLError as error:
        if not isinstance(error.reason, ConnectionError):
            raise
        return 0


def on_page(visited: Visited, page: str, do: Callable[[Any], None]) -> None:
    """Look at a page, and do something while it is looked at."""

    async def look() -> None:
        async with visited.visitor(page) as session:
            await session.rerun()
            await asyncio.to_thread(do, session)

    asyncio.run(look())


@slow
@pytest.mark.parametrize(("page", "status"), [("bring", 204), ("models", 204), ("", 403), ("compare", 403)])
def test_a_file_is_taken_only_where_a_page_has_a_place_for_it(visited: Visited, page: str, status: int):
    def do(session: Any) -> None:
        assert send(visited, session, "a.csv", b"1,2\n") == status

    on_page(visited, page, do)


@slow
def test_a_visit_that_is_none_is_refused(visited: Visited):
    def do(session: Any) -> None:
        session.id = "0" * 32
        assert send(visited, session, "a.csv", b"1,2\n") == 403

    on_page(visited, "bring", do)


@slow
def test_a_file_over_the_limit_is_refused_and_one_below_is_not(visited: Visited):
    def do(session: Any) -> None:
        assert send(visited, session, "large", bytes(UPLOADS.file_bytes + 1)) in (413, 0)
        assert send(visited, session, "fits", bytes(UPLOADS.file_bytes)) == 204

    on_page(visited, "bring", do)


@slow
def test_the_server_holds_no_more_of_a_visit_than_it_may(visited: Visited):
    before = visited.process.memory_info().rss

    def do(session: Any) -> None:
        for number in range(2 * MOST_HELD // UPLOADS.file_bytes):
            assert send(visited, session, f"{number}.bin", b"\x01" * UPLOADS.file_bytes) == 204
        assert visited.process.memory_info().rss < before + MOST_HELD + 2 * UPLOADS.file_bytes + 100 * MIB

    on_page(visited, "bring", do)


class Files:
    """A manager of uploads with files of one visit."""

    def __init__(self, **sizes: int) -> None:
        from streamlit.runtime.uploaded_file_manager import UploadedFileRec

        files = {name: UploadedFileRec(name, f"{name}.csv", "", bytes(size)) for name, size in sizes.items()}
        self.file_storage = {"visit": files}

    def remove_file(self, session: str, file_id: str) -> None:
        del self.file_storage[session][file_id]


def test_the_oldest_files_make_room_and_are_named():
    files = Files(a=40, b=30, c=30, d=20)
    assert make_room(files, "visit", most_bytes=120) == []
    assert make_room(files, "visit", most_bytes=80) == ["a.csv"]
    assert make_room(files, "visit", most_files=2) == ["b.csv"]
    assert make_room(files, "visit", most_bytes=1) == ["c.csv"]  # never the one that just came
    assert list(files.file_storage["visit"]) == ["d"]
    assert make_room(files, "another") == []


def test_one_limit_is_said_and_held_everywhere():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    most = settings["server"]["maxUploadSize"] * MIB
    assert most == UPLOADS.file_bytes == UPLOADS.graph_bytes == runs.MOST_ZIP_BYTES
    assert UPLOADS.file_bytes < LIMITS.file_bytes  # the command line reads more
    for path in (ROOT / "ae_models" / "ui").rglob("*.py"):
        places = re.findall(r"\.file_uploader\(", path.read_text(encoding="utf-8"))
        assert not places or path.name == "uploads.py", f"{path}: a place for files is drawn with uploads.place"
