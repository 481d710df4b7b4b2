"""Whoever asks for scores does not keep the server from answering others: another process computes them."""

from __future__ import annotations

import asyncio
import threading

import pytest
from _stream import set_state

from tests.server.conftest import Visited

pytestmark = pytest.mark.slow


def test_scores_are_computed_beside_the_server(visited: Visited) -> None:
    async def look() -> None:
        async with visited.visitor("compare") as session:
            await session.rerun()
            widgets = {
                widget.proto.label: widget for widget in session.widgets.values() if hasattr(widget.proto, "label")
            }
            digits = next(
                title for title in widgets["Data"].proto.options if "digits" in title and "MNIST" not in title
            )
            set_state(widgets["Data"].state, "string_value", digits)  # no scores of these ship
            set_state(widgets["What to compare"].state, "string_array_value", ["Scores"])
            await session.rerun()

    visitor = threading.Thread(target=lambda: asyncio.run(look()))
    visitor.start()
    seen = False
    while visitor.is_alive():
        seen = seen or any("ae_models.jobs.scoring" in child.cmdline() for child in visited.process.children())
        visitor.join(0.05)
    assert seen
    assert list((visited.server.home / "cache" / "scores").glob("*.json"))
