"""The family from the command line: what can be chosen, one epoch of several kinds, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import squared_errors
from ae_models.base.config import Config, TrainConfig
from ae_models.recipes import find_run, seen_and_wanted
from ae_models.runs import Graphs, RunRecord

pytestmark = pytest.mark.slow

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module", autouse=True)
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One home for all trainings of this file: PCA is fitted once. Only bundled data."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("family-home")
        patch.setenv("AE_MODELS_HOME", str(folder))
        patch.delenv("AE_MODELS_DATA", raising=False)
        yield folder


def trained(cli: Cli, model: str, dataset: str, *choices: str, settings: tuple[str, ...] = ()) -> RunRecord:
    """Train one epoch from the command line and read the run that it wrote."""
    arguments = ["train", "--model", model, "--dataset", dataset, "--epochs", "1", *choices, "--json"]
    code, out, err = cli(*arguments, "--set", "threads=1", *settings)
    assert code == 0, err
    assert out.count("\n") == 1
    answer = json.loads(out)
    record = find_run(answer["run"])[1]
    assert answer["test"] == {"sse": record.test.sse, "mse": record.test.mse}
    assert np.isfinite(record.test.sse)
    return record


def figure(record: RunRecord) -> float:
    """The held-out SSE once more, from the stored graphs and images."""
    store = find_run(record.id)[0]
    images = datasets.heldout(record.dataset.name)
    inputs, wanted = seen_and_wanted(record.corruption, images, slice(None))
    assert inputs.shape[1:] == tuple(record.input_shape)
    drawn = Graphs(store, record).reconstruct(inputs)
    assert drawn.shape[1:] == tuple(record.output_shape)
    return squared_errors.sse(wanted, drawn)


KINDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "linear": ("linear", ("--corruption", "gaussian-noise", "--penalty", "l2"), ("strength=0.05,0.3",)),
    "tied": ("linear", ("--penalty", "contractive", "--corruption", "masking"), ("tied=true",)),
    "dense": ("dense", ("--penalty", "l1", "--corruption", "occlusion"), ("widths=24", "size=3", "strength=0.01")),
    "published": ("published", ("--corruption", "salt-pepper", "--penalty", "activity"), ("batch_size=512",)),
    "bent-encoder": ("bent-encoder", ("--penalty", "k-sparse", "--latent-dim", "12"), ("widths=24", "k=4")),
    "bent-decoder": ("bent-decoder", ("--penalty", "contractive"), ("widths=24", "shift=1")),
    "conv": ("conv", ("--penalty", "contractive"), ("channels=4,6", "dense=16", "loss=bce")),
    "variational": ("variational", ("--penalty", "l2"), ("widths=24", "beta=2", "strength=0.001")),
}


@pytest.mark.parametrize(("model", "choices", "settings"), KINDS.values(), ids=KINDS.keys())
def test_one_epoch(cli: Cli, model: str, choices: tuple[str, ...], settings: tuple[str, ...]) -> None:
    record = trained(cli, model, "digits", *choices, settings=settings)
    named = dict(zip(choices[::2], choices[1::2], strict=True))
    assert record.model.name == model
    assert record.corruption.name == named.get("--corruption", "none")
    assert record.penalty.name == named.get("--penalty", "none")
    assert record.test.input == ("corrupted" if "--corruption" in named else "clean")
    for setting in settings:
        key, _, value = setting.partition("=")
        parts = (record.model.config, record.corruption.config, record.penalty.config, record.training)
        found = next(part[key] for part in parts if key in part)
        assert str(found).strip("[]").replace(" ", "").lower() in (value, f"{value}.0")
    assert (tuple(record.input_shape), tuple(record.output_shape)) == ((1, 8, 8), (1, 8, 8))
    assert record.test.sse == pytest.approx(figure(record), abs=1e-4)
    assert record.test.mse == pytest.approx(record.test.sse / 64, abs=1e-6)


SMALL_CONV = ("channels=4,6", "dense=16", "learning_rate=0.01", "snapshots=false", "n_images=500")


def test_super_resolution_goes_from_14_to_28_pixels(cli: Cli) -> None:
    record = trained(cli, "conv", "mnist", "--corruption", "downsample", settings=SMALL_CONV)
    assert tuple(record.input_shape) == (1, 14, 14)
    assert tuple(record.output_shape) == (1, 28, 28)
    assert record.test.sse == pytest.approx(figure(record), abs=1e-3)
    assert record.test.mse == pytest.approx(record.test.sse / 784, abs=1e-6)


def test_colouring_goes_from_one_channel_to_three(cli: Cli) -> None:
    record = trained(cli, "conv", "mnist-tinted", "--corruption", "grey-scale", settings=SMALL_CONV)
    assert tuple(record.input_shape) == (1, 28, 28)
    assert tuple(record.output_shape) == (3, 28, 28)
    assert record.test.sse == pytest.approx(figure(record), abs=1e-3)
    assert record.test.mse == pytest.approx(record.test.sse / (3 * 784), abs=1e-6)


def test_it_trains_on_the_first_so_many_images(cli: Cli, home: Path) -> None:
    record = trained(cli, "linear", "digits", settings=("n_images=100",))
    first = datasets.load("digits").train.take(np.arange(100))
    assert (record.dataset.fitted_on.n, record.dataset.fitted_on.digest) == (100, first.digest)
    assert record.test.n == 360
    code, out, err = cli("train", "--model", "linear", "--dataset", "digits", "--set", "n_images=1438")
    assert (code, out) == (2, "")
    assert "n_images must be at most 1,437, the training images here: got 1,438" in err


def test_a_variational_run_says_its_loss_and_both_of_its_parts(cli: Cli, one_home: Path) -> None:
    record = trained(cli, "variational", "digits", settings=("widths=24",))
    assert record.training["loss"] == "bce"
    (row,) = json.loads((one_home / "runs" / record.id / "history.json").read_text())
    assert row["heldout_regulariser"] > 0
    assert row["heldout_reconstruction"] > row["heldout_sse"]
    assert row["heldout_sse"] == pytest.approx(record.test.sse, rel=1e-4)


def test_the_device_and_the_threads_are_told(cli: Cli) -> None:
    record = trained(cli, "linear", "digits")
    assert record.device in ("cpu", "cuda", "mps")
    assert record.threads == 1
    assert record.images_per_second is not None
    assert record.images_per_second > 0


NAMES = {
    "models": {"linear", "dense", "published", "bent-encoder", "bent-decoder", "conv", "variational"},
    "corruptions": {"none", "gaussian-noise", "salt-pepper", "masking", "occlusion", "downsample", "grey-scale"},
    "penalties": {"none", "l2", "l1", "k-sparse", "activity", "contractive"},
}


def test_models_lists_what_can_be_combined_and_every_setting(cli: Cli) -> None:
    from ae_models.autoencoders import ARCHITECTURES, PENALTIES
    from ae_models.corruptions import CORRUPTIONS

    code, out, err = cli("models", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    for kind, registry in (("models", ARCHITECTURES), ("corruptions", CORRUPTIONS), ("penalties", PENALTIES)):
        rows = {row["name"]: row for row in found[kind]}
        assert set(rows) == set(registry) >= NAMES[kind]
        for name, row in rows.items():
            assert row["title"]
            assert row["summary"]
            _is_listed(row["settings"], registry.entry(name).config)
    _is_listed(found["training"], TrainConfig)
    assert found["training"]["epochs"]["default"] == 20


def _is_listed(settings: dict[str, Any], config: type[Config]) -> None:
    assert set(settings) == set(config.model_fields)
    defaults = config().model_dump(mode="json")
    for key, setting in settings.items():
        assert setting["default"] == defaults[key]
        assert setting["description"].endswith("."), key


def test_models_in_words_names_them_all(cli: Cli) -> None:
    code, out, _ = cli("models")
    assert code == 0
    for names in NAMES.values():
        assert all(name in out for name in names)


BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "contractive and variational": (("variational", "digits", "--penalty", "contractive"), "choose none or l2"),
    "super-resolution of 8 x 8": (("dense", "digits", "--corruption", "downsample"), "super-resolution needs"),
    "k above the code": (("dense", "digits", "--penalty", "k-sparse"), "k must be at most latent_dim (2): got 10"),
    "strengths for other units": (("dense", "digits", "--penalty", "l2", "--set", "strength=1,2,3"), "the 2 units"),
    "tied and smaller": (("linear", "mnist", "--corruption", "downsample", "--set", "tied=true"), "tied weights"),
    "cross-entropy of a linear output": (("linear", "digits", "--set", "loss=bce"), "(0, 1)"),
    "cross-entropy of a linear decoder": (("bent-encoder", "digits", "--set", "loss=bce"), "(0, 1)"),
    "a code too large": (("dense", "digits", "--latent-dim", "1025"), "latent_dim"),
    "no colour to lose": (("dense", "mnist", "--corruption", "grey-scale"), "needs images of 3 channels"),
    "a share of two": (("dense", "digits", "--corruption", "masking", "--set", "share=2"), "share"),
    "a square too large": (("dense", "digits", "--corruption", "occlusion"), "size must be at most 8"),
    "a setting of another part": (("dense", "digits", "--set", "sigma=1"), "unknown setting 'sigma'"),
    "an unknown loss": (("dense", "digits", "--set", "loss=mse"), "loss"),
    "a shift too far": (("dense", "digits", "--set", "shift=5"), "shift"),
    "no number": (("dense", "digits", "--penalty", "l1", "--set", "strength=nan"), "strength"),
    "an unknown penalty": (("dense", "digits", "--penalty", "l3"), "choose from"),
}


@pytest.mark.parametrize(("choices", "why"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_trained_is_one_line_and_exit_2(
    cli: Cli, home: Path, choices: tuple[str, ...], why: str
) -> None:
    code, out, err = cli("train", "--model", choices[0], "--dataset", *choices[1:], "--json")
    assert (code, out) == (2, "")
    assert why in err
    assert err.endswith("\n")
    assert len(err.replace("\r", "\n").splitlines()) == 1, err
    assert not home.exists()
