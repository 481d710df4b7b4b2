"""The linear autoencoder trained from the covariance alone: torch's own steps, and the published angles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles

from ae_models import datasets
from ae_models.autoencoders import build, penalty
from ae_models.autoencoders.autoencoder import reconstruction_loss
from ae_models.latent.linear_path import LinearPath, Schedule, covariance, linear_paths, reconstruction_losses


@pytest.fixture(autouse=True)
def _one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def digits() -> Any:
    """Small digits as flat rows, centred: ``(1437, 64)``."""
    rows = datasets.load("digits").train.images().reshape(-1, 64).astype(np.float64)
    return rows - rows.mean(axis=0)


@pytest.fixture(scope="module")
def mnist() -> Any:
    """The covariance of the 10,000 test images, and its eigenvectors as columns, largest eigenvalue first."""
    matrix = covariance(datasets.heldout("mnist", "full").images().reshape(-1, 784))
    return matrix, np.linalg.eigh(matrix)[1][:, ::-1]


def angle(path: LinearPath, best: Any) -> float:
    k = path.decoders.shape[2]
    return float(np.degrees(subspace_angles(path.decoders[-1].astype(np.float64), best[:, :k])).max())


@pytest.mark.parametrize(
    ("k", "steps", "published"),
    [(2, 200, "1.4"), (2, 500, "0.02"), (8, 200, "23"), (8, 500, "0.49"), (8, 1000, "0.01")],
)
def test_the_published_angles(mnist: Any, k: int, steps: int, published: str) -> None:
    matrix, best = mnist
    (path,) = linear_paths(matrix, k, schedule=Schedule(steps, settle=False))
    decimals = len(published.partition(".")[2])
    assert f"{angle(path, best):.{decimals}f}" == published


@pytest.mark.parametrize(("kind", "strength"), [("none", (0.0,)), ("l2", (0.1,)), ("l2", (0.05, 0.1, 0.3))])
def test_its_steps_are_those_of_torch_on_all_images(
    design_of: Any, digits: Any, kind: str, strength: tuple[float, ...]
) -> None:
    settings = {} if kind == "none" else {"strength": ",".join(map(str, strength))}
    design = design_of("linear", dataset="digits", penalty=kind, latent_dim=3, **settings)
    with torch.random.fork_rng(devices=[]):
        network = build(design, (1, 8, 8), (1, 8, 8)).double()
    (path,) = linear_paths(
        covariance(digits), 3, penalties=[strength], schedule=Schedule(40, settle=False, moments=40), dtype=np.float64
    )
    with torch.no_grad():
        network.encoder.weight.copy_(torch.from_numpy(path.encoders[0].copy()))
        network.decoder.weight.copy_(torch.from_numpy(path.decoders[0].copy()))
        network.encoder.bias.zero_()
        network.decoder.bias.zero_()
    term = penalty(design).term
    images = torch.from_numpy(digits).reshape(-1, 1, 8, 8)
    optimizer = torch.optim.Adam([network.encoder.weight, network.decoder.weight], lr=2e-3)
    for _ in range(40):
        optimizer.zero_grad()
        step = network.step(images)
        (reconstruction_loss(step.raw, images) + term(network, images, step.codes)).backward()
        optimizer.step()
    assert network.decoder.bias.grad.abs().max() < 1e-12  # at the mean image they have no gradient
    for kept, weights in ((path.encoders, network.encoder.weight), (path.decoders, network.decoder.weight)):
        assert np.abs(kept[-1] - weights.detach().numpy()).max() < 1e-8
        assert np.abs(kept[-1] - kept[0]).max() > 0.02


def test_the_first_step_moves_every_weight_by_the_learning_rate(digits: Any) -> None:
    """By hand: Adam's first step is the sign of the gradient, wherever that is not tiny."""
    matrix = covariance(digits) + 0.1 * np.eye(64)  # every pixel varies
    (path,) = linear_paths(matrix, 2, schedule=Schedule(1, learning_rate=1e-2, settle=False), dtype=np.float64)
    assert list(path.steps) == [0, 1]
    assert np.allclose(np.abs(path.encoders[1] - path.encoders[0]), 1e-2, atol=1e-5)


def test_its_loss_is_the_error_of_the_images(digits: Any) -> None:
    matrix = covariance(digits)
    (path,) = linear_paths(matrix, 4, schedule=Schedule(300))
    losses = reconstruction_losses(path, matrix)
    for place in (0, 10, -1):
        drawn = digits @ path.encoders[place].T.astype(np.float64) @ path.decoders[place].T.astype(np.float64)
        assert losses[place] == pytest.approx(((digits - drawn) ** 2).sum(axis=1).mean(), rel=1e-9)
    assert losses[-1] < losses[0]
    assert losses.min() >= np.linalg.eigvalsh(matrix)[:-4].sum() - 1e-9  # PCA's error: none is below


def test_networks_trained_together_are_those_trained_alone(digits: Any) -> None:
    matrix = covariance(digits)
    pair = linear_paths(matrix, 2, penalties=[(0.0,), (0.05, 0.3)], seeds=[0, 3], schedule=Schedule(50))
    for path, strength, seed in zip(pair, [(0.0,), (0.05, 0.3)], [0, 3], strict=True):
        (alone,) = linear_paths(matrix, 2, penalties=[strength], seeds=[seed], schedule=Schedule(50))
        assert np.allclose(path.decoders, alone.decoders, atol=1e-6)
    assert not np.allclose(pair[0].decoders[0], pair[1].decoders[0])


def test_settling_brings_it_to_rest(mnist: Any) -> None:
    matrix, best = mnist
    ends = [angle(linear_paths(matrix, 2, schedule=Schedule(2000, settle=settle))[0], best) for settle in (False, True)]
    assert ends[1] < 0.005 < ends[0]


@pytest.mark.parametrize(
    ("k", "penalties", "seeds", "message"),
    [
        (0, [(0.0,)], [0], "k must be between 1 and 64"),
        (65, [(0.0,)], [0], "k must be between 1 and 64"),
        (2, [(0.1, 0.2, 0.3)], [0], "one strength or 2"),
        (2, [(0.1,)], [0, 1], "as many penalties as seeds"),
    ],
)
def test_it_refuses(digits: Any, k: int, penalties: Any, seeds: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        linear_paths(covariance(digits), k, penalties=penalties, seeds=seeds, schedule=Schedule(1))


def test_it_reports_its_progress(digits: Any) -> None:
    said: list[float] = []
    linear_paths(covariance(digits), 1, schedule=Schedule(100), progress=lambda share, line: said.append(share))
    assert said == sorted(said)
    assert said[-1] == 1.0
