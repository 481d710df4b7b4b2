"""The message to the canvas: what a browser is promised, what is refused, and the types that are written from it."""

from __future__ import annotations

import json
import math
import re
from dataclasses import fields, replace
from typing import Any

import pytest

from ae_models.canvas import generate
from ae_models.canvas.message import canvas_message, draw_message, walk_message
from ae_models.canvas.types import Axis, CanvasPayload, CodeSpace, ImageSheet, MapPanel
from ae_models.canvas.walk_types import Block, Drawer, DrawPayload, SmallMap, WalkPayload
from ae_models.kinds import kind_of

IMAGE, ROW = (1, 2, 2), (1, 1, 4)


def space(support: tuple[int, float, float] = (3, 1.0, 2.0)) -> CodeSpace:
    axis = Axis("z1", 0.0, 1.0, -1.0, 2.0, 0.1)
    return CodeSpace("pca", "PCA", "d", "c", IMAGE, (axis,), (0,), support, "e", "far")


def canvas(**changes: Any) -> CanvasPayload:
    usual = CanvasPayload(
        panels=(),
        spaces=(),
        images=(),
        dim=2,
        n=0,
        ids_url="",
        labels_url="",
        class_names=(),
        noun="",
        pinned=None,
        drive="pca",
        point=None,
        near="codes",
        decode="browser",
        view="",
        heard=0,
    )
    return replace(usual, **changes)


def walk(**changes: Any) -> WalkPayload:
    usual = WalkPayload(
        decode="server",
        layout="grid",
        spaces=(Drawer("pca", "PCA", "d", 1, ROW),),
        blocks=(),
        stage=(),
        maps=(),
        n=0,
        ids_url="",
        labels_url="",
        class_names=(),
        file="",
        heard=0,
    )
    return replace(usual, **changes)


def sent(payload: CanvasPayload) -> dict[str, Any]:
    found: dict[str, Any] = canvas_message(payload, runtime="runtime")
    assert json.loads(json.dumps(found, allow_nan=False)) == found  # JSON values, as they are read again
    return found


def test_a_message_holds_what_the_payload_says_and_what_every_page_needs() -> None:
    message = sent(canvas(spaces=(space((3, 0.5, math.inf)),), images=(ImageSheet("Original", "url", ROW, 255),)))
    assert list(message) == [field.name for field in fields(CanvasPayload)]
    assert message["runtime"] == "runtime"
    assert message["spaces"][0]["support"] == [3, 0.5, None]  # JSON has no word for infinity
    assert message["spaces"][0]["axes"][0]["name"] == "z1"
    assert message["nouns"] == kind_of(ROW).nouns
    assert sent(canvas(images=(ImageSheet("Original", "url", (1, 9, 9), 255),)))["nouns"] == kind_of(IMAGE).nouns


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dim": 4}, "dim must be 2 or 3; got 4"),
        ({"looks": ((1.0, 0.0, 0.0, 1.0),)}, "looks must be zooms, as dim is 2"),
        ({"dim": 3, "looks": ((0.0, 1.0, 0.0, 1.0),)}, "looks must be cameras, as dim is 3"),
        ({"panels": (MapPanel("A", "", None, "", (), "", "", space="ica"),)}, "space must be one of none; got 'ica'"),
        ({"spaces": (space(),), "point": (1.0, 2.0)}, "point must have 1 numbers, as 'pca' has; got 2"),
    ],
)
def test_a_slip_is_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        sent(canvas(**changes))


def test_captions_must_be_as_many_as_pictures() -> None:
    block = Block("a", "A", "", 2, 2, IMAGE, captions=("one",))
    with pytest.raises(ValueError, match="captions of 'a' must be 2"):
        walk_message(walk(blocks=(block,)), runtime="runtime")
    message = walk_message(walk(blocks=(replace(block, captions=("one", "two")),)), runtime="runtime")
    assert list(message) == [field.name for field in fields(WalkPayload)]
    assert message["blocks"][0]["captions"] == ["one", "two"]


def test_draw_is_told_what_its_payload_says() -> None:
    payload = DrawPayload(
        decode="browser",
        view="",
        readers=(),
        third=SmallMap("third", "UMAP", "", "points"),
        places=False,
        placed=None,
        shape=IMAGE,
        box=2,
        n=0,
        ids_url="",
        labels_url="",
        class_names=(),
        sheet=ImageSheet("", "url", IMAGE, 255),
        given=(0, 255, 0, 1),
        given_name="",
        heard=0,
    )
    message = draw_message(payload, runtime="runtime")
    assert list(message) == [field.name for field in fields(DrawPayload)]
    assert message["error_tip"]
    assert (message["given"], message["third"]["title"], message["sheet"]["levels"]) == ([0, 255, 0, 1], "UMAP", 255)


def test_the_types_of_the_browser_are_those_that_are_sent() -> None:
    written = generate.PATH.read_text(encoding="utf-8")
    assert written == generate.text(), "stale: run 'python -m ae_models.canvas.generate'"
