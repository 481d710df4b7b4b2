"""Which axes a linear autoencoder finds, without a penalty and with L2; and what a bend in either half can do.

Small digits, full batches, k = 2. The covariance's eigenvalues are 0.71, 0.65, 0.53.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles
from torch import Tensor

from ae_models import datasets
from ae_models.autoencoders import build, penalty
from ae_models.autoencoders.autoencoder import reconstruction_loss
from ae_models.base import FloatArray

SHAPE, K = (1, 8, 8), 2
SEEDS = range(5)


@pytest.fixture(scope="module")
def images() -> Tensor:
    return torch.from_numpy(datasets.load("digits").train.images())


@pytest.fixture(scope="module")
def principal(images: Tensor) -> tuple[FloatArray, FloatArray]:
    """All eigenvalues of the covariance, largest first, and the eigenvectors as columns: PCA by its definition."""
    rows = images.flatten(1).numpy().astype(np.float64)
    values, vectors = np.linalg.eigh(np.cov(rows.T, bias=True))
    return values[::-1], vectors[:, ::-1]


def settled(design: Any, images: Tensor, seed: int, steps: int = 400) -> Any:
    """The network where reconstruction and penalty are least together: L-BFGS on all images at once."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build(design, SHAPE, SHAPE)
    term = penalty(design).term
    optimizer = torch.optim.LBFGS(
        network.parameters(),
        max_iter=steps,
        history_size=30,
        tolerance_grad=1e-9,
        tolerance_change=1e-12,
        line_search_fn="strong_wolfe",
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        step = network.step(images)
        total = reconstruction_loss(network.activate(step.raw), images) + term(network, images, step.codes)
        total.backward()
        return total

    optimizer.step(loss)
    return network


def sse(network: Any, images: Tensor) -> float:
    """The SSE of a network on these images."""
    with torch.no_grad():
        return float(reconstruction_loss(network(images), images))


def columns(network: Any) -> FloatArray:
    """The decoder's matrix ``(64, 2)``."""
    return network.decoder.weight.detach().numpy().astype(np.float64)


def cosines(directions: FloatArray, known: FloatArray) -> FloatArray:
    """|cos| between each direction and each principal direction, ``(2, 2)``."""
    return np.abs((directions / np.linalg.norm(directions, axis=0)).T @ known[:, :K])


@pytest.fixture(scope="module")
def free(design_of: Any, images: Tensor) -> list[Any]:
    """Five linear networks without a penalty."""
    return [settled(design_of("linear", dataset="digits"), images, seed, steps=2_500) for seed in SEEDS]


def test_without_a_penalty_the_subspace_is_that_of_pca(free: list[Any], images: Tensor, principal: Any) -> None:
    best = float(principal[0][K:].sum())
    for network in free:
        assert np.degrees(subspace_angles(columns(network), principal[1][:, :K]).max()) < 1
        assert best - 1e-4 <= sse(network, images) == pytest.approx(best, rel=1e-4)


def test_and_no_more_can_be_said_of_the_axes(free: list[Any], images: Tensor, principal: Any) -> None:
    """The negative control: neither columns nor singular vectors need be the principal directions."""
    assert min(cosines(columns(network), principal[1]).max(axis=1).min() for network in free) < 0.95
    singular = [np.linalg.svd(columns(network), full_matrices=False)[0] for network in free]
    assert min(np.diag(cosines(vectors, principal[1])).min() for vectors in singular) < 0.95
    network = free[0]
    before = sse(network, images)
    mixing = torch.tensor([[2.0, 1.0], [-0.5, 0.3]])  # any invertible change of the code leaves the loss alone
    with torch.no_grad():
        network.encoder.weight.copy_(mixing @ network.encoder.weight)
        network.encoder.bias.copy_(mixing @ network.encoder.bias)
        network.decoder.weight.copy_(network.decoder.weight @ torch.linalg.inv(mixing))
    assert sse(network, images) == pytest.approx(before, rel=1e-4)


@pytest.fixture(scope="module")
def equal(design_of: Any, images: Tensor) -> list[Any]:
    """Five linear networks under one L2 strength of 0.1."""
    design = design_of("linear", dataset="digits", penalty="l2", strength="0.1")
    return [settled(design, images, seed) for seed in SEEDS]


def test_under_equal_l2_the_left_singular_vectors_are_the_principal_directions(
    equal: list[Any], principal: Any
) -> None:
    for network in equal:
        vectors = np.linalg.svd(columns(network), full_matrices=False)[0]
        assert np.diag(cosines(vectors, principal[1])).min() > 0.99
    assert min(cosines(columns(network), principal[1]).max(axis=1).min() for network in equal) < 0.95  # not the columns


def test_under_equal_l2_only_turns_of_the_code_leave_the_loss_alone(
    equal: list[Any], images: Tensor, design_of: Any
) -> None:
    term = penalty(design_of("linear", dataset="digits", penalty="l2", strength="0.1")).term
    network = equal[0]
    encoder, decoder = network.encoder.weight.detach().clone(), network.decoder.weight.detach().clone()
    bias = network.encoder.bias.detach().clone()

    def loss_after(change: Tensor) -> float:
        with torch.no_grad():
            network.encoder.weight.copy_(change @ encoder)
            network.encoder.bias.copy_(change @ bias)
            network.decoder.weight.copy_(decoder @ torch.linalg.inv(change))
            return sse(network, images) + float(term(network, images, network.encode(images)))

    before = loss_after(torch.eye(2))
    turn, mirror = torch.tensor([[0.6, -0.8], [0.8, 0.6]]), torch.tensor([[0.6, 0.8], [0.8, -0.6]])
    assert loss_after(turn) == pytest.approx(before, rel=1e-5)
    assert loss_after(mirror) == pytest.approx(before, rel=1e-5)
    assert loss_after(torch.diag(torch.tensor([1.3, 1.0]))) > before + 1e-3
    loss_after(torch.eye(2))


def test_its_strength_is_in_the_unit_of_the_reconstruction(equal: list[Any], principal: Any) -> None:
    """A direction of eigenvalue v is shrunk to 1 - 0.1 / v, half of it in each matrix (Kunin et al. 2019)."""
    expected = np.sqrt(1 - 0.1 / principal[0][:K])
    for network in equal:
        for matrix in (columns(network), network.encoder.weight.detach().numpy()):
            assert np.linalg.svd(matrix, compute_uv=False) == pytest.approx(expected, rel=1e-2)


def test_a_strength_above_the_eigenvalue_loses_the_direction(design_of: Any, images: Tensor, principal: Any) -> None:
    first, second = principal[0][:K]
    between = design_of("linear", dataset="digits", penalty="l2", strength=str((first + second) / 2))
    singular = np.linalg.svd(columns(settled(between, images, 0)), compute_uv=False)
    assert singular[0] > 0.1
    assert singular[1] < 0.01


def test_under_unequal_l2_the_columns_themselves_are_the_principal_directions(
    design_of: Any, images: Tensor, principal: Any
) -> None:
    for strength, order in (("0.05,0.3", [0, 1]), ("0.3,0.05", [1, 0])):  # the cheaper unit takes the first
        design = design_of("linear", dataset="digits", penalty="l2", strength=strength)
        for seed in SEEDS:
            found = cosines(columns(settled(design, images, seed)), principal[1])
            assert np.array([found[unit, place] for unit, place in enumerate(order)]).min() > 0.99


@pytest.mark.parametrize("seed", [0, 1])
def test_no_bent_encoder_beats_pca_with_a_linear_decoder(
    design_of: Any, images: Tensor, principal: Any, seed: int
) -> None:
    best = float(principal[0][K:].sum())
    network = settled(design_of("bent-encoder", dataset="digits", widths="64,32"), images, seed, steps=300)
    assert best - 1e-4 <= sse(network, images) < 1.1 * best


@pytest.mark.parametrize("seed", [0, 1])
def test_a_bent_decoder_does(design_of: Any, images: Tensor, principal: Any, seed: int) -> None:
    best = float(principal[0][K:].sum())
    network = settled(design_of("bent-decoder", dataset="digits", widths="64,32"), images, seed, steps=300)
    assert sse(network, images) < 0.9 * best
