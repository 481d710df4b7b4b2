"""What visitors leave behind: nothing."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.server.conftest import FILES, KEPT_SECONDS, Visited

VISITS = 20

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="counts descriptors")]


def settled(visited: Visited) -> int:
    """Return how many files are open once all that opens once is open: the workers' connections, what pages read."""
    end, seen = time.monotonic() + 120, [0]
    while len(set(seen[-4:])) > 1 or len(seen) < 5 or not visited.process.children():
        assert time.monotonic() < end, seen
        visited.visit("", "compare", "train", "models")
        time.sleep(KEPT_SECONDS / 4)
        seen.append(visited.descriptors())
    return seen[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_server_may_open_few_files(visited: Visited) -> None:
    said = Path(f"/proc/{visited.process.pid}/limits").read_text()
    assert int(said.partition("Max open files")[2].split()[0]) == FILES


def test_visits_leave_no_open_files(visited: Visited) -> None:
    before, most = settled(visited), 0
    for _ in range(VISITS):
        visited.visit("models")
        most = max(most, visited.descriptors())
    assert most < before + VISITS, "a session that is kept for a browser that comes back holds no event loop"
    end = time.monotonic() + 300
    while visited.descriptors() > before + 2:  # a visit left three
        assert time.monotonic() < end, f"{visited.descriptors()} open files; {before} before {VISITS} visits"
        time.sleep(0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_visit_has_files_watched(visited: Visited) -> None:
    visited.visit("models")
    opened = []
    for path in Path(f"/proc/{visited.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            opened.append(os.readlink(path))
    assert opened
    assert not [name for name in opened if "inotify" in name]


def test_visits_leave_no_memory(visited: Visited) -> None:
    pages = ["", "?data=digits&decode=server", "walk", "draw", "train", "models"]
    visited.visit(*pages, *pages)  # what the caches hold from now on
    before = visited.process.memory_info().rss
    for _ in range(2):
        visited.together(*pages * 5)
    end = time.monotonic() + 300
    while (now := visited.process.memory_info().rss) > 1.15 * before:
        assert time.monotonic() < end, (
            f"{now / 1e6:.0f} MB; {before / 1e6:.0f} before {10 * len(pages)} visits, thirty at once"
        )
        time.sleep(0.2)


def test_a_browser_that_comes_back_finds_its_visit(visited: Visited) -> None:
    async def visit(again: str = "") -> str:
        async with visited.visitor("models", again) as session:
            await session.rerun()
        return session.id

    async def leave_and_come_back() -> str:
        """Come back in time, however long a busy machine takes to let one in again."""
        end = time.monotonic() + 300
        while time.monotonic() < end:
            name, left = await visit(), time.monotonic()
            if await visit(name) == name:
                return name
            assert time.monotonic() - left > KEPT_SECONDS, "it was let go before its time"
        pytest.fail(f"no visit came back within {KEPT_SECONDS} s")

    async def leave_for_good() -> None:
        name, end = await leave_and_come_back(), time.monotonic() + 300
        await asyncio.sleep(KEPT_SECONDS + 1)
        while await visit(name) == name:  # the server noticed late that the browser had gone
            assert time.monotonic() < end
            await asyncio.sleep(KEPT_SECONDS + 1)

    asyncio.run(leave_for_good())
    assert "event loop" not in visited.log()
