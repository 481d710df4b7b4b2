"""Labels in a table beside the pictures: Kaggle's way, and everybody's who labels by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ae_models.base import UserError

from .conftest import picture, zipped

Look = Callable[..., Any]


def pictures(digits: Any, ending: str = ".png") -> dict[str, bytes]:
    return {f"img/{place:02d}{ending}": picture(image) for place, image in enumerate(digits[0])}


def table(labels: Any, head: str = "filename,label", name: str = "{:02d}.png", between: str = ",") -> bytes:
    lines = [between.join((name.format(place), str(label))) for place, label in enumerate(labels)]
    return "\n".join([head, *lines]).encode()


def labels_of(incoming: Any) -> list[str]:
    rows = incoming.rows
    names = np.array(rows.train.class_names)
    order = np.argsort(np.concatenate([rows.train.ids, rows.heldout.ids]))
    found: list[str] = names[np.concatenate([rows.train.labels, rows.heldout.labels])[order]].tolist()
    return found


TABLES: dict[str, Callable[[Any], bytes]] = {
    "names with endings": table,
    "names without endings, semicolons": lambda y: table(y, "id;label", "{:02d}", ";"),
    "paths of another computer, a column of its own name": lambda y: table(y, "path,digit", "C:\\scans\\{:02d}.PNG"),
    "a column that nobody could know": lambda y: table(y, "file,what it shows"),
    "in another order, with lines too many": lambda y: (
        b"filename,label\n" + b"\n".join(reversed(table(y).split(b"\n")[1:])) + b"\nother.png,3"
    ),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("packed", [False, True])
def test_a_table_beside_pictures_labels_them(looked: Look, digits: Any, name: str, packed: bool) -> None:
    files = {**pictures(digits), "labels.csv": TABLES[name](digits[1])}
    incoming = looked({"x.zip": zipped(files)} if packed else files)
    assert labels_of(incoming) == [str(label) for label in digits[1]]
    assert any(guess.key == "labels" and "names the pictures" in guess.why for guess in incoming.plan.guesses)
    assert not any("was not read" in note for note in incoming.rows.notes)


def test_folders_of_classes_count_more_and_none_takes_none(looked: Look, digits: Any) -> None:
    x, y = digits
    folders = {f"{label}/{place}.png": picture(image) for place, (image, label) in enumerate(zip(x, y, strict=True))}
    incoming = looked({**folders, "labels.csv": table(y[::-1], name="{}.png")})
    assert labels_of(incoming) == sorted(map(str, y))
    assert "labels.csv lies beside pictures and was not read" in incoming.rows.notes
    bare = looked({**pictures(digits), "labels.csv": table(y)}, labels="none")
    assert bare.rows.train.labels is None


def test_a_picture_without_a_line_is_told_or_left_out(looked: Look, digits: Any) -> None:
    files = {**pictures(digits), "labels.csv": table(digits[1][:-2])}
    with pytest.raises(UserError, match=r"38\.png: has no line with a label in labels\.csv"):
        looked(files)
    incoming = looked(files, keep_good=True)
    assert len(labels_of(incoming)) == 38
    assert [name for name, _ in incoming.raw.left_out] == ["img/38.png", "img/39.png"]


def test_a_table_that_names_no_pictures_says_nothing_of_them(looked: Look, digits: Any) -> None:
    for content in (table(digits[1], name="other{}.png"), b"\xff\xfe", b"a,b\n", table(range(40))):
        incoming = looked({**pictures(digits), "labels.csv": content}, keep_good=True)
        assert incoming.rows.train.labels is None
