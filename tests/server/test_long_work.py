"""Long work for one visitor, scores of 10,000 images and a stretch map, keeps nobody else waiting or disconnected."""

from __future__ import annotations

import asyncio
import re
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress

import _stream
import psutil
import pytest
from _stream import Session, set_state

from tests.server.conftest import Visited

pytestmark = pytest.mark.slow

PATIENCE = 600.0  # seconds: a busy machine may take long, and is no failure
STRETCH = re.compile(rb'"stretch_url": "\.(/latent-lab/arrays/[0-9a-f]{32})"')


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_stream, "RUN_TIMEOUT", PATIENCE)


async def ask_for_scores(session: Session) -> None:
    """Ask for the scores of 10,000 images: of the digits in colour, of which none ship."""
    await session.rerun()
    labels = {getattr(widget.proto, "label", ""): widget for widget in session.widgets.values()}
    assert "MNIST in colour" in labels["Data"].proto.options
    set_state(labels["Data"].state, "string_value", "MNIST in colour")
    set_state(labels["What to compare"].state, "string_array_value", ["Scores"])
    await session.rerun()


def stretch_maps(visited: Visited, session: Session) -> list[str]:
    """Return the addresses of the stretch maps that a page offers; each is computed when it is first asked for."""
    content = b"".join(
        widget.proto.SerializeToString() for widget in session.widgets.values() if widget.kind == "bidi_component"
    )
    return [f"http://localhost:{visited.server.port}{found.decode()}" for found in STRETCH.findall(content)]


def fetched(address: str) -> int:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return len(answer.read())


def test_another_visit_goes_on_while_the_server_computes(
    visited: Visited, record_property: Callable[[str, object], None]
) -> None:
    over, probes = threading.Event(), list[float]()

    def probe() -> None:
        while not over.is_set():
            start = time.perf_counter()
            fetched(f"http://localhost:{visited.server.port}/_stcore/health")
            probes.append(time.perf_counter() - start)
            over.wait(0.05)

    def is_scoring() -> bool:
        for child in visited.process.children():
            with suppress(psutil.NoSuchProcess):  # it ended between the two questions
                if "ae_models.jobs.scoring" in child.cmdline():
                    return True
        return False

    async def look() -> int:
        async with visited.visitor("compare") as scored, visited.visitor("") as other:
            await other.rerun()
            name, maps = other.id, stretch_maps(visited, other)
            assert maps
            prober = threading.Thread(target=probe)
            prober.start()
            long = asyncio.create_task(ask_for_scores(scored))
            try:
                while not is_scoring():
                    assert not long.done(), "no scores were computed"
                    await asyncio.sleep(0.05)
                drawn = [asyncio.to_thread(fetched, address) for address in maps]
                answered, sizes = 0, asyncio.gather(*drawn)
                while not sizes.done() or not answered:
                    await other.rerun()  # raises where the session was closed, or is not answered
                    answered += is_scoring()
                assert all(size > 4 for size in await sizes)
                assert other.id == name
            finally:
                long.cancel()  # its visitor leaves, and the scoring ends
                over.set()
                prober.join()
        return answered

    assert asyncio.run(look()) > 0
    assert probes
    record_property("longest_health_probe_ms", round(1000 * max(probes)))
