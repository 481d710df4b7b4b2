"""What a browser may send in a component's name: whatever it is, the page is drawn and the visit goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.server.conftest import Visited

pytestmark = pytest.mark.slow

_VALUES: list[Any] = [
    2**31,
    -1,
    2**64,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    "7",
    True,
    None,
    {},
    [],
    [[]],
    [2**31],
    [-1, 0],
    [10**400, 0],
    [1.0, 2.0, 3.0],
    [float("nan"), 0],
    [1e300, 0],
    list(range(5000)),
    [None] * 20,
    [[0, 1, 0, float("inf")], None, None],
    "x" * 5000,
    "../../etc/passwd",
]
_LOOK = ["dims", "chosen", "zoom", "camera", "view", "cannot"]
_NAMES = {
    "": ["n", "pin", "space", "point", "home", "near", "colour", "clusters", "selection", *_LOOK],
    "walk": ["n", "pin", "cannot"],
    "draw": ["n", "image", "drawing", "use", "cannot"],
}


_LISTEN = ("latent-lab-canvas", "latent-lab-walk", "latent-lab-draw")


def _listening(session: Any) -> Any:
    """Return the component of a page that the page listens to."""
    return next(
        widget
        for widget in session.widgets.values()
        if widget.kind == "bidi_component" and widget.proto.component_name in _LISTEN
    )


def _alone(names: list[str]) -> Iterator[dict[str, Any]]:
    """Every name with every value, one a message."""
    for name in names:
        for value in _VALUES:
            yield {name: value}


def _together(names: list[str]) -> Iterator[dict[str, Any]]:
    """Every name with every value, all names in each message, each with a value of its own."""
    for first in range(len(_VALUES)):
        yield {name: _VALUES[(first + place) % len(_VALUES)] for place, name in enumerate(names)}


# Where the server decodes, a page does all that it does where the browser decodes, and more.
@pytest.mark.parametrize(
    ("page", "messages"),
    [
        ("?data=digits&decode=server", _alone),
        ("?data=digits", _together),
        ("walk?data=digits", _alone),
        ("draw?decode=server", _alone),
        ("draw?data=digits", _together),
    ],
)
def test_no_message_of_a_component_stops_a_page(
    visited: Visited, page: str, messages: Callable[[list[str]], Iterator[dict[str, Any]]]
) -> None:
    async def send() -> None:
        async with visited.visitor(page) as session:
            await session.rerun()
            component = _listening(session)
            for said in messages(_NAMES[page.partition("?")[0]]):
                await session.tell(component, {"n": 1, **said})
            await session.rerun()

    asyncio.run(send())


def test_a_point_of_another_model_is_said_and_the_page_goes_on(visited: Visited) -> None:
    async def send() -> None:
        async with visited.visitor("?data=digits&decode=server") as session:
            await session.rerun()
            canvas = _listening(session)
            await session.tell(canvas, {"n": 2, "point": [0.1] * 8})
            assert "The point that was asked for has 8 numbers where this code has 2" in " ".join(session.alerts)
            await session.tell(canvas, {"n": 3, "point": [0.1, 0.2]})
            assert not session.alerts

    asyncio.run(send())
