"""A bad file gets one line that names it and says why, and nothing of it stays; the bounds hold."""

from __future__ import annotations

import re
import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import UserError
from ae_models.datasets import readers
from ae_models.datasets.readers.limits import LIMITS

from .conftest import csv_of, idx, npy, picture, written, zipped
from .corpus import CORPUS, FLAT, GOOD, X, Y, bomb, odd_zip, without

Cli = Callable[..., tuple[int, str, str]]
Look = Callable[..., Any]


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("name", CORPUS)
def test_one_line_that_names_the_file_and_nothing_stays(cli: Cli, home: Path, tmp_path: Path, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name twice in a zip is what is tested
        make, pattern = CORPUS[name]
        folder = written(tmp_path / "in", make())
    files = [str(path) for path in folder.iterdir()] if len(list(folder.iterdir())) == 1 else [str(folder)]
    code, out, err = cli("import", "data", *files, "--name", "bad")
    told = [line for line in re.split(r"[\r\n]+", err) if line.strip() and "%|" not in line]
    assert (code, out) == (2, ""), err
    assert len(told) == 1, err
    assert re.search(pattern, told[0]), told[0]
    assert len(told[0]) < 400
    assert "bad" not in datasets.DATASETS
    assert not home.exists() or not list(home.rglob("*.*"))


def test_good_pictures_are_kept_on_request_and_the_others_listed(looked: Look) -> None:
    bad = without(**{"0__t_png": b"text", "1__t_png": GOOD["0/0.png"][:100], "2__t_png": picture(X[0][:20])})
    with pytest.raises(UserError, match="--keep-good"):
        looked(bad)
    incoming = looked(bad, keep_good=True)
    assert len(incoming.rows.train) + len(incoming.rows.heldout) == len(GOOD)
    assert sorted(name for name, _ in incoming.raw.left_out) == ["0/t.png", "1/t.png", "2/t.png"]
    assert all(why for _, why in incoming.raw.left_out)
    pixels = np.concatenate([incoming.rows.train.pixels, incoming.rows.heldout.pixels])[:, 0]
    assert sorted(map(bytes, pixels)) == sorted(map(bytes, X))


def test_good_rows_are_kept_on_request(looked: Look) -> None:
    rows = csv_of(FLAT, Y).splitlines()
    rows[3], rows[6] = b"1,2", b"1,nan," + rows[6].split(b",", 2)[2]
    incoming = looked({"a.csv": b"\n".join(rows)}, keep_good=True)
    assert len(incoming.rows.train) + len(incoming.rows.heldout) == 18
    assert [why.split(" ")[1] for _, why in incoming.raw.left_out] == ["4", "7:"]


@pytest.mark.parametrize("bad", ["../odd.png", "/etc/odd.png", "a\\..\\..\\odd.png"])
def test_bad_members_of_a_zip_are_left_out_on_request_and_never_written(looked: Look, tmp_path: Path, bad: str) -> None:
    incoming = looked({"x.zip": odd_zip(name=bad)}, keep_good=True)
    assert len(incoming.raw) == len(GOOD)
    assert len(incoming.raw.left_out) == 1
    assert not list(tmp_path.rglob("odd.png"))


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    folder = written(tmp_path / "in", GOOD)
    (tmp_path / "secret.png").write_bytes(GOOD["0/0.png"])
    try:
        (folder / "0" / "link.png").symlink_to(tmp_path / "secret.png")
    except OSError:
        pytest.skip("this system makes no links")
    with pytest.raises(UserError, match=r"0/link\.png: is a link"):
        readers.of_paths([folder], LIMITS, readers.items.Problems())


ODD_NAMES = {
    "markup": "<script>alert(1)</script>",
    "a new line": "two\nlines",
    "5,000 letters": "x" * 200,
    "right-to-left marks": "abc\u202egnp.exe\u2066",
    "control characters": "a\x1b[31mb\x07",
    "nothing visible": "\u200b\u2060",
}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_of_classes_are_made_plain_text(looked: Look, name: str) -> None:
    odd = ODD_NAMES[name]
    files = {f"{odd if label else 'usual'}/{place}.png": picture(X[place]) for place, label in enumerate(Y > 1)}
    incoming = looked({"x.zip": zipped(files)})
    names = incoming.rows.train.class_names
    assert len(names) == len(set(names)) == 2
    for shown in names:
        assert 1 <= len(shown) <= LIMITS.name_letters
        assert not re.search("[\n\r\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b]", shown)
    if odd not in names:
        assert any("is shown as" in note for note in incoming.rows.notes)


def test_a_label_of_5000_letters_and_two_that_become_one(looked: Look) -> None:
    words = ["y" * 5000, "y" * 5001] * 10
    lines = ["a,b,label", *(f"{place},{place % 7},{word}" for place, word in enumerate(words))]
    names = looked({"x.csv": "\n".join(lines).encode()}).rows.train.class_names
    assert len(set(names)) == 2
    assert max(map(len, names)) <= LIMITS.name_letters


def test_an_odd_file_name_is_shown_in_one_line(looked: Look) -> None:
    name = "0/" + "z" * 200 + "\n<b>\u202e.png"
    with pytest.raises(UserError) as caught:
        looked({"x.zip": zipped({**GOOD, name: b"text"})})
    assert len(str(caught.value)) < 250
    assert not re.search("[\n\u202e]", str(caught.value))


def test_a_zip_bomb_costs_no_memory(looked: Look, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(bomb())
    tracemalloc.start()
    with pytest.raises(UserError, match="GiB"):
        readers.read(readers.of_paths([path], LIMITS, readers.items.Problems()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


SMALL: dict[str, tuple[dict[str, Any], Callable[[], dict[str, bytes]], str]] = {
    "file_bytes": ({"file_bytes": 1000}, lambda: {"x.npy": npy(X)}, r"x\.npy: .*at most 1,000 bytes are read"),
    "unpacked_bytes": ({"unpacked_bytes": 5000}, lambda: {"x.npy": npy(X)}, r"unpacks to more than 5,000 bytes"),
    "unpacked_bytes of a zip": ({"unpacked_bytes": 5000}, lambda: {"x.zip": zipped(GOOD)}, r"at most 5,000 bytes"),
    "entries": ({"entries": 5}, lambda: {"x.zip": zipped(GOOD)}, r"holds 20 files, where at most 5"),
    "entries of a folder": ({"entries": 5}, lambda: GOOD, r"more than 5 files"),
    "depth": ({"depth": 1}, lambda: {"x.zip": zipped({f"a/b/{n}": c for n, c in GOOD.items()})}, r"folders deep"),
    "picture_bytes": ({"picture_bytes": 100}, lambda: GOOD, r"\.png: .* where at most 100 bytes are read"),
    "picture_side": ({"picture_side": 20}, lambda: GOOD, r"where sides of at most 20"),
    "picture_pixels": ({"picture_pixels": 100}, lambda: GOOD, r"and 100 pixels are read"),
    "images": ({"images": 15}, lambda: {"x.npy": npy(X)}, r"20 rows, where at most 15"),
    "min_images": ({"min_images": 21}, lambda: {"x.npy": npy(X)}, r"20 rows are too few: at least 21"),
    "columns": ({"columns": 100}, lambda: {"x.csv": csv_of(FLAT, Y)}, r"785 columns, where at most 100"),
    "line_bytes": ({"line_bytes": 1000}, lambda: {"x.csv": csv_of(FLAT, Y)}, r"more than 1,000 letters"),
    "classes": ({"classes": 3}, lambda: {"x.csv": csv_of(FLAT, Y)}, r"4 different labels, where 3 are shown"),
    "label": ({"label": 2}, lambda: {"x.csv": csv_of(FLAT, Y)}, r"class numbers are at most 2"),
    "seconds": ({"seconds": 0.0}, lambda: {"x.idx": idx(X)}, r"x\.idx: reading took more than 0 seconds"),
    "seconds for pictures": ({"seconds": 0.0}, lambda: GOOD, r"reading took more than 0 seconds"),
}


@pytest.mark.parametrize("bound", SMALL)
def test_every_bound_is_kept(looked: Look, bound: str) -> None:
    smaller, make, pattern = SMALL[bound]
    looked(make())
    with pytest.raises(UserError, match=pattern):
        looked(make(), limits=replace(LIMITS, **smaller))


def test_no_bound_is_forgotten() -> None:
    tested = {name.split(" ")[0] for name in SMALL} | {"name_letters"}
    elsewhere = {"graph_bytes", "graph_seconds", "weights_bytes"}  # tests of graphs
    assert {field.name for field in fields(LIMITS)} == tested | elsewhere


@pytest.mark.parametrize("name", ["mnist", "", "../x", "digits", "train", "–"])
def test_names_that_cannot_be_taken(cli: Cli, home: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(npy(X))
    code, out, err = cli("import", "data", str(path), "--name", name)
    if name == "../x":  # a title like any other: its name is x, inside of the folder
        assert code == 0
        assert sorted(entry.name for entry in (home / "data").iterdir()) == ["x"]
    else:
        assert (code, out) == (2, "")
        assert len(err.splitlines()) == 1
