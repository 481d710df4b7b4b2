"""The command line: one JSON object on stdout, one line for a mistake, and the numbers it says it writes."""

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

from ae_models.__main__ import main
from ae_models.places import ROOT

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command in this process: exit code, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main(list(arguments))
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        done = capsys.readouterr()
        return code, done.out, done.err

    return run


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


def test_train_writes_a_run_that_is_listed_with_its_figure(answer: Any, bundled_only: Path) -> None:
    found = answer("train", "--model", "dense", "--dataset", "mnist", "--epochs", "1", "--set", "threads=1")
    assert {"run", "test", "seconds", "images_per_second"} <= set(found)
    assert found["test"]["sse"] < 50
    row = next(row for row in answer("runs")["runs"] if row["id"] == found["run"])
    assert row["test"] == found["test"]
    assert row["origin"] == "local"
    assert row["fitted_on"]["n"] == 8_000


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


@pytest.mark.parametrize("at", [("0.5", "-0.25"), ("-1e-3", "0"), ("-.5", "-5."), ("1e1", "-2E+0"), ("-0", "0")], ids=str)
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
DECODE = ("decode", "mnist-dense-2d", "--at")
BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "no command": ((), "COMMAND"),
    "an unknown command": (("trian",), "trian"),
    "an unknown option": ((*TRAIN, "--epoch", "3"), "--epoch"),
    "an unknown model": (("train", "--model", "dens", "--dataset", "digits"), "did you mean 'dense'"),
    "an unknown data set": (("train", "--model", "dense", "--dataset", "mnits"), "choose from"),
    "an unknown corruption": ((*TRAIN, "--corruption", "fog"), "choose from"),
    "an unknown penalty": ((*TRAIN, "--penalty", "l3"), "choose from"),
    "no model": (("train", "--dataset", "digits"), "--model"),
    "no data set": (("train", "--model", "dense"), "--dataset"),
    "no such variant": ((*TRAIN, "--variant", "full"), "no full variant"),
    "no numbers in the code": ((*TRAIN, "--latent-dim", "0"), "latent_dim"),
    "fewer than none": ((*TRAIN, "--latent-dim", "-1"), "latent_dim"),
    "too many": ((*TRAIN, "--latent-dim", "10000"), "latent_dim"),
    "half a number": ((*TRAIN, "--latent-dim", "2.5"), "latent_dim"),
    "no number at all": ((*TRAIN, "--latent-dim", "abc"), "latent_dim"),
    "no epochs": ((*TRAIN, "--epochs", "0"), "epochs"),
    "a bad seed": ((*TRAIN, "--seed", "-1"), "seed"),
    "a setting without a value": ((*TRAIN, "--set", "widths"), "KEY=VALUE"),
    "a setting without a name": ((*TRAIN, "--set", "=3"), "KEY=VALUE"),
    "an unknown setting": ((*TRAIN, "--set", "width=3"), "unknown setting 'width'"),
    "a bad width": ((*TRAIN, "--set", "widths=0"), "widths"),
    "an endless rate": ((*TRAIN, "--set", "learning_rate=inf"), "learning_rate"),
    "a name too long": ((*TRAIN, "--name", "x" * 121), "120 characters"),
    "nothing to resume": (("train", "--resume", "nothing"), "no interrupted run"),
    "an unknown run": (("decode", "nothing", "--at", "0", "0"), "unknown run 'nothing'"),
    "a run outside": (("decode", "../mnist-dense-2d", "--at", "0", "0"), "unknown run"),
    "too few numbers": ((*DECODE, "0"), "2 numbers"),
    "too many numbers": ((*DECODE, "0", "0", "0"), "2 numbers"),
    "no finite numbers": ((*DECODE, "-inf", "nan"), "finite"),
    "more than float32 holds": ((*DECODE, "1e300", "0"), "finite"),
    "no number": ((*DECODE, "a", "b"), "--at"),
    "no place": (("decode", "mnist-dense-2d"), "--at"),
    "a missing folder": ((*DECODE, "0", "0", "--out", "no/such/folder/image.png"), "does not exist"),
    "a folder for a file": ((*DECODE, "0", "0", "--out", "."), "is a folder"),
    "codes to nowhere": (("encode", "mnist-dense-2d", "--dataset", "mnist", "--out", "no/such/x.npz"), "does not exist"),
    "images of another shape": (("encode", "mnist-dense-2d", "--dataset", "digits", "--out", "x"), "1 x 28 x 28"),
    "an unknown split": (("encode", "mnist-dense-2d", "--dataset", "mnist", "--split", "all", "--out", "x"), "split"),
    "an unknown projection": (("project", "ump", "--dataset", "digits"), "did you mean 'umap'"),
    "a map of an unknown set": (("project", "pca", "--dataset", "nothing"), "choose from"),
    "a map of no dimensions": (("project", "pca", "--dataset", "digits", "--dim", "0"), "n_components"),
    "more dimensions than pixels": (("project", "pca", "--dataset", "digits", "--dim", "65"), "at most 64"),
    "an unknown map setting": (("project", "umap", "--dataset", "digits", "--set", "k=3"), "unknown setting 'k'"),
    "show nothing": (("runs", "show"), "id of a run"),
    "show an unknown run": (("runs", "show", "nothing"), "unknown run"),
    "an unknown zoo entry": (("zoo", "build", "nothing"), "choose from"),
    "download an unknown set": (("datasets", "--download", "nothing"), "choose from"),
    "download what is bundled": (("datasets", "--download", "digits"), "nothing to download"),
}


@pytest.mark.parametrize("json_too", [False, True], ids=["words", "json"])
@pytest.mark.parametrize(("arguments", "why"), BAD.values(), ids=BAD.keys())
def test_a_mistake_is_one_line_and_exit_2(
    cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: Any, why: str, json_too: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = cli(*arguments, *(["--json"] if json_too and arguments else []))
    assert code == 2
    assert out == ""
    assert why in err
    assert err.endswith("\n")
    assert len(err.replace("\r", "\n").splitlines()) == 1, err
    assert sorted(path.name for path in tmp_path.iterdir() if path != home) == []


def test_a_home_that_cannot_be_written(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path / "file" / "home"))
    code, out, err = cli(*TRAIN)
    assert (code, out) == (2, "")
    assert "AE_MODELS_HOME" in err.splitlines()[-1]
    assert "Traceback" not in err


def test_a_loss_that_runs_away(cli: Cli, home: Path) -> None:
    widths = "widths=" + ",".join(["1024"] * 8)
    wild = ("--latent-dim", "64", "--set", widths, "learning_rate=1", "warm_up=0", "batch_size=128", "threads=1")
    code, out, err = cli("train", "--model", "bent-encoder", "--dataset", "digits", "--epochs", "2", *wild)
    assert (code, out) == (2, "")
    assert "not finite" in err.splitlines()[-1]
    assert not (home / "runs").exists() or list((home / "runs").iterdir()) == []


def test_a_damaged_run_is_told_beside_the_others(cli: Cli, home: Path) -> None:
    (home / "runs" / "broken-000000").mkdir(parents=True)
    code, out, err = cli("runs", "--json")
    assert code == 0
    assert [bad["id"] for bad in json.loads(out)["damaged"]] == ["broken-000000"]
    assert "broken-000000" in err
    assert len(err.splitlines()) == 1


def test_as_a_person_runs_it(tmp_path: Path) -> None:
    done = outside("decode", "mnist-dense-2d", "--at", "-1e-3", "0", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    assert len(json.loads(done.stdout)["pixels"]) == 784
    done = outside("decode", "mnist-dense-2d", "--at", "-inf", "nan")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_progress_goes_to_stderr_and_the_answer_alone_to_stdout(tmp_path: Path) -> None:
    settings = ("--epochs", "2", "--set", "threads=1", "widths=16", "--json")
    done = outside(*TRAIN, *settings, AE_MODELS_HOME=str(tmp_path / "home"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert set(json.loads(done.stdout)) >= {"run", "test", "seconds", "images_per_second"}
    assert "epoch 2 of 2" in done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.parametrize("bad", [("--epochs", "0"), ("--latent-dim", "abc"), ("--model", "nothing")], ids=str)
def test_a_mistake_in_a_training_is_told_without_importing_torch(bad: tuple[str, str]) -> None:
    code = (
        f"import sys; from ae_models.__main__ import main; code = main({[*TRAIN, *bad]!r}); "
        "print(code, [name for name in ('torch', 'pytorch_lightning', 'sklearn', 'umap') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "2 []", done.stderr


def test_a_closed_pipe_is_no_error() -> None:
    command = f'"{sys.executable}" -m ae_models models --json | head -c 1'
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "{"
    assert "Traceback" not in done.stderr
