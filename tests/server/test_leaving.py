"""What visitors leave behind: nothing."""

from __future__ import annotations

import asyncio
import sys
import time

import pytest

from tests.server.conftest import KEPT_SECONDS, Visited

VISITS = 40

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="counts descriptors")]


def test_visits_leave_no_open_files(visited: Visited) -> None:
    visited.visit("", "compare", "train", "models")  # what the first visit opens for all
    before, most = visited.descriptors(), 0
    for _ in range(VISITS):
        visited.visit("models")
        most = max(most, visited.descriptors())
    assert most <= before + 9, "sessions that are kept for a browser that comes back hold no event loop"
    end = time.monotonic() + 300
    while visited.descriptors() > before + 2:  # whatever else the server opens once; a visit left three
        assert time.monotonic() < end, f"{visited.descriptors()} open files; {before} before {VISITS} visits"
        time.sleep(0.2)


def test_a_browser_that_comes_back_finds_its_visit(visited: Visited) -> None:
    async def leave_and_come_back() -> None:
        async with visited.visitor("models") as session:
            await session.rerun()
        async with visited.visitor("models", session.id) as again:
            await again.rerun()
        assert again.id == session.id
        await asyncio.sleep(KEPT_SECONDS + 1)
        async with visited.visitor("models", session.id) as late:
            await late.rerun()
        assert late.id != session.id

    asyncio.run(leave_and_come_back())
    assert "event loop" not in visited.log()
