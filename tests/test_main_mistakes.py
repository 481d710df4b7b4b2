"""The command line's answer to a mistake: one line on stderr, nothing on stdout, exit code 2, and no torch."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ae_models.base.paths import ROOT

Cli = Callable[..., tuple[int, str, str]]
TRAIN = ("train", "--model", "dense", "--dataset", "digits")
ENCODE = ("encode", "mnist-dense-2d", "--dataset")
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
    "codes to nowhere": ((*ENCODE, "mnist", "--out", "no/such/folder/x.npz"), "does not exist"),
    "images of another shape": ((*ENCODE, "digits", "--out", "x"), "1 x 28 x 28"),
    "an unknown split": ((*ENCODE, "mnist", "--split", "all", "--out", "x"), "split"),
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


@pytest.mark.slow
def test_a_loss_that_runs_away(cli: Cli, home: Path) -> None:
    widths = "widths=" + ",".join(["1024"] * 8)
    wild = ("--latent-dim", "64", "--set", widths, "learning_rate=1", "warm_up=0", "batch_size=128", "threads=1")
    code, out, err = cli("train", "--model", "bent-encoder", "--dataset", "digits", "--epochs", "2", *wild)
    assert (code, out) == (2, "")
    assert "not finite" in err.splitlines()[-1]
    assert not (home / "runs").exists() or list((home / "runs").iterdir()) == []


@pytest.mark.parametrize("bad", [("--epochs", "0"), ("--latent-dim", "abc"), ("--model", "nothing")], ids=str)
def test_a_mistake_in_a_training_is_told_without_importing_torch(bad: tuple[str, str]) -> None:
    code = (
        f"import sys; from ae_models.__main__ import main; code = main({[*TRAIN, *bad]!r}); "
        "print(code, [name for name in ('torch', 'pytorch_lightning', 'sklearn', 'umap') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "2 []", done.stderr
