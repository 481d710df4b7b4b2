"""The command line: one JSON object on stdout, and the numbers and files it says it writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ae_models.base.paths import ROOT

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def answer(cli: Cli) -> Callable[..., dict[str, Any]]:
    """Run a command with ``--json`` and return the one object that it prints."""

    def run(*arguments: str) -> dict[str, Any]:
        code, out, err = cli(*arguments, "--json")
        assert code == 0, err
        assert out.endswith("\n")
        assert out.count("\n") == 1
        found = json.loads(out)
        assert isinstance(found, dict)
        return found

    return run


def outside(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person does: in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ae_models", *arguments],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_datasets(answer: Any, bundled_only: Path) -> None:
    rows = {row["name"]: row for row in answer("datasets")["datasets"]}
    assert {"mnist", "fashion-mnist", "digits", "kmnist"} <= set(rows)
    for row in rows.values():
        assert {"name", "n_train", "n_test", "shape", "n_classes", "available", "licence"} <= set(row)
    mnist = rows["mnist"]
    assert (mnist["n_train"], mnist["n_test"], mnist["shape"]) == (8_000, 2_000, [1, 28, 28])
    assert mnist["available"] is True
    assert rows["kmnist"]["available"] is False


def test_full_data_sets_are_listed_as_such(answer: Any, full_data: Path, home: Path) -> None:
    mnist = next(row for row in answer("datasets")["datasets"] if row["name"] == "mnist")
    assert (mnist["n_train"], mnist["n_test"]) == (60_000, 10_000)


@pytest.mark.parametrize("command", ["models", "projections"])
def test_what_can_be_chosen(answer: Any, command: str) -> None:
    found = answer(command)
    names = {row["name"] for row in found[command]}
    assert names >= ({"linear", "dense"} if command == "models" else {"pca", "umap"})
    for row in found[command]:
        assert row["title"]
        for setting in row["settings"].values():
            assert "default" in setting
            assert setting["description"]


def test_runs(answer: Any, home: Path) -> None:
    found = answer("runs")
    assert found["damaged"] == []
    rows = {row["id"]: row for row in found["runs"]}
    row = rows["mnist-dense-2d"]
    assert {"id", "model", "dataset", "latent_dim", "origin", "test"} <= set(row)
    assert (row["model"], row["dataset"], row["latent_dim"], row["origin"]) == ("dense", "mnist", 2, "shipped")
    assert row["test"]["mse"] == pytest.approx(row["test"]["sse"] / 784, abs=1e-6)


def test_one_run(answer: Any) -> None:
    found = answer("runs", "show", "mnist-dense-2d")
    assert found["id"] == "mnist-dense-2d"
    assert "files" in found


@pytest.mark.parametrize("command", [("datasets",), ("models",), ("projections",), ("runs",), ("zoo", "list")], ids=str)
def test_in_words_too(cli: Cli, home: Path, command: tuple[str, ...]) -> None:
    code, out, _ = cli(*command)
    assert code == 0
    assert len(out.splitlines()) > 1
    assert not out.startswith("{")


def test_zoo_list(answer: Any) -> None:
    rows = answer("zoo", "list")["zoo"]
    assert {"mnist-dense-2d", "mnist-umap-2d"} <= {row["id"] for row in rows}


@pytest.mark.slow
def test_train_writes_a_run_that_is_listed_with_its_figure(answer: Any, bundled_only: Path) -> None:
    found = answer("train", "--model", "dense", "--dataset", "mnist", "--epochs", "1", "--set", "threads=1")
    assert {"run", "test", "seconds", "images_per_second"} <= set(found)
    assert found["test"]["sse"] < 50
    row = next(row for row in answer("runs")["runs"] if row["id"] == found["run"])
    assert row["test"] == found["test"]
    assert row["origin"] == "local"
    assert row["fitted_on"]["n"] == 8_000


@pytest.mark.slow
def test_the_same_seed_gives_the_same_figure(answer: Any, home: Path) -> None:
    base = ("train", "--model", "dense", "--dataset", "digits", "--epochs", "2", "--set", "threads=1", "widths=32")
    one, again = answer(*base, "--seed", "7"), answer(*base, "--seed", "7")
    assert one["test"] == again["test"]
    assert one["run"] != again["run"]
    assert answer(*base, "--seed", "8")["test"] != one["test"]


@pytest.mark.parametrize("split", ["test", "train"])
def test_encode(answer: Any, home: Path, tmp_path: Path, split: str) -> None:
    out = tmp_path / "codes"  # no ending: none is added
    found = answer("encode", "digits-dense-2d", "--dataset", "digits", "--split", split, "--out", str(out))
    with np.load(out, allow_pickle=False) as arrays:
        codes, labels, ids = arrays["codes"], arrays["labels"], arrays["ids"]
    n = 360 if split == "test" else 1_437
    assert found["n"] == len(codes) == len(labels) == len(ids) == n
    assert codes.shape == (n, 2)
    assert np.isfinite(codes).all()


PLACES = [("0.5", "-0.25"), ("-1e-3", "0"), ("-.5", "-5."), ("1e1", "-2E+0"), ("-0", "0")]


@pytest.mark.parametrize("at", PLACES, ids=str)
def test_decode(answer: Any, tmp_path: Path, at: tuple[str, ...]) -> None:
    out = tmp_path / "image.png"
    found = answer("decode", "mnist-dense-2d", "--at", *at, "--out", str(out))
    assert found["run"] == "mnist-dense-2d"
    assert found["at"] == [float(value) for value in at]
    assert found["shape"] == [1, 28, 28]
    pixels = np.array(found["pixels"]).reshape(28, 28)
    with Image.open(out) as image:
        assert image.format == "PNG"
        assert np.asarray(image) / 255 == pytest.approx(pixels, abs=0.5 / 255 + 1e-6)


def test_decode_in_the_other_order_of_options(answer: Any, tmp_path: Path) -> None:
    out = str(tmp_path / "image.png")
    one = answer("decode", "mnist-pca-2d", "--at", "-1", "-1e-3", "--out", out)
    other = answer("decode", "--out", out, "mnist-pca-2d", "--at", "-1", "-1e-3")
    assert one == other


def test_project_pca(answer: Any, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "points.npz"
    found = answer("project", "pca", "--dataset", "digits", "--dim", "3", "--out", str(out))
    assert {"method", "n", "dim", "seconds", "out"} <= set(found)
    assert (found["method"], found["n"], found["dim"], found["out"]) == ("pca", 360, 3, str(out))
    with np.load(out, allow_pickle=False) as arrays:
        assert arrays["points"].shape == (360, 3)
        assert len(arrays["labels"]) == len(arrays["ids"]) == 360


TRAIN = ("train", "--model", "dense", "--dataset", "digits")


def test_a_damaged_run_is_told_beside_the_others(cli: Cli, home: Path) -> None:
    (home / "runs" / "broken-000000").mkdir(parents=True)
    code, out, err = cli("runs", "--json")
    assert code == 0
    assert [bad["id"] for bad in json.loads(out)["damaged"]] == ["broken-000000"]
    assert "broken-000000" in err
    assert len(err.splitlines()) == 1


@pytest.mark.slow
def test_as_a_person_runs_it(tmp_path: Path) -> None:
    done = outside("decode", "mnist-dense-2d", "--at", "-1e-3", "0", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    assert len(json.loads(done.stdout)["pixels"]) == 784
    done = outside("decode", "mnist-dense-2d", "--at", "-inf", "nan")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_progress_goes_to_stderr_and_the_answer_alone_to_stdout(tmp_path: Path) -> None:
    settings = ("--epochs", "2", "--set", "threads=1", "widths=16", "--json")
    done = outside(*TRAIN, *settings, AE_MODELS_HOME=str(tmp_path / "home"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert set(json.loads(done.stdout)) >= {"run", "test", "seconds", "images_per_second"}
    assert "epoch 2 of 2" in done.stderr
    assert "Warning" not in done.stderr


def test_a_closed_pipe_is_no_error() -> None:
    command = f'"{sys.executable}" -m ae_models models --json | head -c 1'
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "{"
    assert "Traceback" not in done.stderr
