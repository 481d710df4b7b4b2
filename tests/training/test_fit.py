"""Training: it follows its seed and nothing else, it learns, and it can be stopped and taken up again."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from ae_models.autoencoders import build
from ae_models.base import Splits, UserError, squared_errors
from ae_models.corruptions import CORRUPTIONS
from ae_models.datasets.tinted import tinted
from ae_models.training.checkpoint import Checkpoint
from ae_models.training.fit import Stopped

pytestmark = pytest.mark.slow

SMALL: dict[str, Any] = {"widths": "32", "epochs": 3}


def weights(fitted: Any) -> torch.Tensor:
    """All weights of a trained network in one row."""
    return torch.cat([value.detach().ravel() for value in fitted.model.state_dict().values()])


def test_the_same_seed_gives_the_same_weights_to_the_bit(digits: Any, trained: Any) -> None:
    once, again = trained(digits, **SMALL, seed=3), trained(digits, **SMALL, seed=3)
    assert torch.equal(weights(once), weights(again))
    for left, right in zip(once.history, again.history, strict=True):
        assert {**left, "seconds": 0} == {**right, "seconds": 0}


def test_another_seed_gives_other_weights(digits: Any, trained: Any) -> None:
    assert not torch.allclose(weights(trained(digits, **SMALL, seed=3)), weights(trained(digits, **SMALL, seed=4)))


@pytest.mark.parametrize("more", [{"shift": 1}, {"corruption": "gaussian-noise"}, {"model": "variational"}], ids=str)
def test_noise_follows_the_seed_too(digits: Any, trained: Any, more: dict[str, Any]) -> None:
    assert torch.equal(weights(trained(digits, **SMALL, **more)), weights(trained(digits, **SMALL, **more)))


def test_the_callers_random_state_and_threads_stay_as_they_were(digits: Any, trained: Any) -> None:
    torch.manual_seed(123)
    state, threads = torch.random.get_rng_state(), torch.get_num_threads()
    trained(digits, "variational", **SMALL)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.get_num_threads() == threads


def test_the_callers_random_state_does_not_matter(digits: Any, trained: Any) -> None:
    torch.manual_seed(1)
    once = trained(digits, "variational", **SMALL)
    torch.manual_seed(2)
    assert torch.equal(weights(once), weights(trained(digits, "variational", **SMALL)))


def test_it_learns(digits: Any, trained: Any) -> None:
    fitted = trained(digits, widths="64,32", epochs=15)
    first, last = fitted.history[0], fitted.history[-1]
    assert last["train_reconstruction"] < 0.75 * first["train_reconstruction"]
    assert last["heldout_sse"] < 0.9 * first["heldout_sse"]
    blank = squared_errors.sse(digits.heldout.images(), digits.heldout.images() * 0 + digits.train.images().mean(0))
    assert last["heldout_sse"] < 0.8 * blank


def test_history_has_a_finite_row_an_epoch(digits: Any, trained: Any) -> None:
    told: list[dict[str, float]] = []
    fitted = trained(digits, **SMALL, fit_with={"on_epoch": lambda row, _checkpoint: told.append(row)})
    assert told == fitted.history
    assert [row["epoch"] for row in told] == [1, 2, 3]
    keys = {"epoch", "train_reconstruction", "train_regulariser", "seconds"}
    keys |= {"heldout_reconstruction", "heldout_regulariser", "heldout_sse"}
    for row in told:
        assert set(row) == keys
        assert all(math.isfinite(value) for value in row.values())
        assert row["heldout_reconstruction"] == pytest.approx(row["heldout_sse"])
        assert row["train_regulariser"] == row["heldout_regulariser"] == 0
    assert sorted(row["seconds"] for row in told) == [row["seconds"] for row in told]


def test_the_last_row_is_the_error_of_the_network_that_comes_back(digits: Any, trained: Any) -> None:
    fitted = trained(digits, **SMALL)
    images = digits.heldout.images()
    with torch.no_grad():
        found = squared_errors.sse(images, fitted.model(torch.from_numpy(images)).numpy())
    assert fitted.history[-1]["heldout_sse"] == pytest.approx(found, rel=1e-5)
    assert not fitted.model.training


@pytest.mark.parametrize("loss", ["sse", "bce"])
def test_cross_entropy_and_squared_error_are_told_apart(digits: Any, trained: Any, loss: str) -> None:
    last = trained(digits, **SMALL, loss=loss).history[-1]
    assert (last["heldout_reconstruction"] == pytest.approx(last["heldout_sse"])) == (loss == "sse")


def test_a_penalty_shows_in_the_history(digits: Any, trained: Any) -> None:
    last = trained(digits, "variational", **SMALL).history[-1]
    assert last["train_regulariser"] > 0
    assert last["heldout_regulariser"] > 0


def test_a_loss_that_runs_away_is_a_mistake_with_a_way_out(digits: Any, trained: Any) -> None:
    wild = {"widths": ",".join(["1024"] * 8), "latent_dim": 64, "batch_size": 128, "learning_rate": 1.0, "warm_up": 0.0}
    threads = torch.get_num_threads()
    with pytest.raises(UserError, match=r"not finite .* try a smaller learning_rate") as caught:
        trained(digits, "bent-encoder", **wild)
    assert "\n" not in str(caught.value)
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_every_corruption_can_be_trained_on(some_mnist: Any, trained: Any, name: str) -> None:
    rows = some_mnist
    if name == "grey-scale":
        rows = Splits(tinted(rows.train, "mnist-tinted"), tinted(rows.heldout, "mnist-tinted"), rows.variant)
    fitted = trained(rows, widths="32", corruption=name, epochs=2)
    assert len(fitted.history) == 2
    shapes = {"downsample": ((1, 14, 14), (1, 28, 28)), "grey-scale": ((1, 28, 28), (3, 28, 28))}
    expected = shapes.get(name, ((1, 28, 28), (1, 28, 28)))
    assert (tuple(fitted.model.input_shape), tuple(fitted.model.output_shape)) == expected


@pytest.mark.parametrize("batch_size", [1437, 8192, 1000])
def test_batches_of_all_images_and_more(digits: Any, trained: Any, batch_size: int) -> None:
    assert len(trained(digits, widths="32", epochs=2, batch_size=batch_size).history) == 2


@pytest.mark.parametrize("more", [{}, {"model": "variational"}, {"penalty": "l1"}, {"shift": 1}], ids=str)
def test_stopped_and_taken_up_again_is_as_if_it_had_never_stopped(
    digits: Any, trained: Any, more: dict[str, Any]
) -> None:
    settings = {"widths": "32", "epochs": 4, **more}
    unbroken = trained(digits, **settings)
    kept: list[bytes] = []

    def keep(_row: Any, checkpoint: Checkpoint) -> None:
        kept.append(checkpoint.to_bytes())

    with pytest.raises(Stopped):
        trained(digits, **settings, fit_with={"on_epoch": keep, "should_stop": lambda: len(kept) == 2})
    assert len(kept) == 2
    again = trained(digits, **settings, fit_with={"resume": Checkpoint.from_bytes(kept[-1])})
    assert torch.equal(weights(again), weights(unbroken))
    for left, right in zip(again.history, unbroken.history, strict=True):
        assert {**left, "seconds": 0} == {**right, "seconds": 0}


def test_a_checkpoint_that_is_damaged_or_of_another_design(digits: Any, trained: Any) -> None:
    kept: list[Checkpoint] = []
    trained(digits, **SMALL, fit_with={"on_epoch": lambda _row, checkpoint: kept.append(checkpoint)})
    content = kept[0].to_bytes()
    for bad in (b"", content[:-1], content[:40], b"rubbish" * 9):
        with pytest.raises(UserError, match="checkpoint is damaged"):
            Checkpoint.from_bytes(bad)
    with pytest.raises(UserError, match="another design"):
        trained(digits, widths="16", epochs=3, fit_with={"resume": kept[0]})


def test_weights_train_on(digits: Any, trained: Any, design_of: Any) -> None:
    from safetensors.torch import load, save

    from ae_models.autoencoders.autoencoder import reconstruction_loss

    fitted = trained(digits, **SMALL)
    content = save(fitted.model.state_dict())
    fresh = build(design_of("dense", dataset="digits", widths="32"), (1, 8, 8), (1, 8, 8))
    images = torch.from_numpy(digits.train.images())
    with torch.no_grad():
        assert not torch.allclose(fresh(images), fitted.model(images))
        fresh.load_state_dict(load(content))
        assert torch.equal(fresh(images), fitted.model(images))
    optimizer = torch.optim.SGD(fresh.parameters(), lr=1e-4)
    before = reconstruction_loss(fresh(images), images)
    before.backward()
    optimizer.step()
    with torch.no_grad():
        assert reconstruction_loss(fresh(images), images) < before
