"""Coordinates from elsewhere lie on the map beside ours, matched to their images."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.projections import store as maps

from .conftest import npy, npz

Cli = Callable[..., tuple[int, str, str]]
N = 360  # held-out digits
POINTS = np.random.default_rng(0).normal(size=(N, 2)).astype("f")


def csv_of(points: np.ndarray, ids: np.ndarray | None, names: str) -> bytes:
    rows = points.tolist() if ids is None else [[int(i), *row] for i, row in zip(ids, points.tolist(), strict=True)]
    return "\n".join([names, *(",".join(map(repr, row)) for row in rows)]).encode()


def kept(cli: Cli, tmp_path: Path, content: bytes, name: str = "points") -> Any:
    path = tmp_path / "file"
    path.write_bytes(content)
    code, out, err = cli("import", "map", str(path), "--dataset", "digits", "--name", "From elsewhere", "--json")
    assert code == 0, err
    assert json.loads(out)["n"] == N
    ids = datasets.heldout("digits").ids
    return maps.find("from-elsewhere", "digits", json.loads(out)["dim"], ids)


@pytest.mark.parametrize("form", ["npy", "npz", "csv", "csv with ids, shuffled", "npz with ids", "all rows"])
def test_points_lie_where_they_came(cli: Cli, home: Path, tmp_path: Path, form: str) -> None:
    splits = datasets.load("digits")
    ids, order = splits.heldout.ids, np.random.default_rng(1).permutation(N)
    everything = np.zeros((len(splits.train) + N, 2), "f")
    everything[ids] = POINTS
    content = {
        "npy": lambda: npy(POINTS),
        "npz": lambda: npz(points=POINTS),
        "csv": lambda: csv_of(POINTS, None, "x,y"),
        "csv with ids, shuffled": lambda: csv_of(POINTS[order], ids[order], "id,x,y"),
        "npz with ids": lambda: npz(codes=POINTS[order], ids=ids[order]),
        "all rows": lambda: npy(everything),
    }[form]()
    found = kept(cli, tmp_path, content)
    assert np.allclose(found.points, POINTS)
    assert found.fitted_on["split"] == "not known"
    assert found.scored_on["digest"] == splits.heldout.digest


def test_codes_of_more_numbers(cli: Cli, home: Path, tmp_path: Path) -> None:
    assert kept(cli, tmp_path, npy(np.tile(POINTS, 16))).points.shape == (N, 32)


BAD: dict[str, tuple[bytes, str]] = {
    "another number of rows": (npy(POINTS[:100]), "100 rows, where 360 held-out images are mapped, or all 1,797"),
    "ids that are missing": (csv_of(POINTS, np.arange(N), "id,x,y"), "held-out images have no row with their id"),
    "ids twice": (csv_of(POINTS, np.zeros(N), "id,x,y"), "none stands in it twice"),
    "NaN": (npy(np.where(np.arange(N)[:, None] == 5, np.nan, POINTS)), "row 5 .* no finite number"),
    "objects": (npy(np.array([{}, None], object)), "Python objects"),
    "images": (npy(np.zeros((N, 4, 4))), "holds 3 sizes"),
    "too many numbers": (npy(np.zeros((N, 2000))), "2,000 numbers a row"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "is picture, where coordinates come as"),
    "text": (b"hello", "is text, but no table"),
}


@pytest.mark.parametrize("why", BAD)
def test_what_is_no_map_is_refused_in_a_line(cli: Cli, home: Path, tmp_path: Path, why: str) -> None:
    content, pattern = BAD[why]
    path = tmp_path / "file"
    path.write_bytes(content)
    code, out, err = cli("import", "map", str(path), "--dataset", "digits", "--name", "mine")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert re.search(pattern, err), err
    assert not list(home.rglob("*.npz"))


def test_it_cannot_be_called_like_a_method_of_ours(cli: Cli, home: Path, tmp_path: Path) -> None:
    (tmp_path / "x.npy").write_bytes(npy(POINTS))
    code, _, err = cli("import", "map", str(tmp_path / "x.npy"), "--dataset", "digits", "--name", "UMAP")
    assert code == 2
    assert "cannot be called 'UMAP'" in err
