"""The one-cycle schedule: from 1/25 of the peak up to it, then down to 1/10,000, along half cosines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from ae_models.autoencoders import build, penalty
from ae_models.base.config import TrainConfig
from ae_models.training.fit import TrainingModule, one_cycle
from ae_models.training.scoring import Objective

CYCLES = [(100, 10), (100, 1), (1000, 900), (7, 3), (2, 1)]


@pytest.mark.parametrize(("n_steps", "peak"), CYCLES)
def test_start_peak_and_end(n_steps: int, peak: int) -> None:
    assert one_cycle(0, n_steps, peak) == pytest.approx(1 / 25)
    assert one_cycle(peak, n_steps, peak) == pytest.approx(1)
    assert one_cycle(n_steps, n_steps, peak) == pytest.approx(1e-4)
    assert max(one_cycle(step, n_steps, peak) for step in range(n_steps + 1)) == pytest.approx(1)


@pytest.mark.parametrize(("n_steps", "peak"), CYCLES)
def test_up_to_the_peak_and_down_from_it(n_steps: int, peak: int) -> None:
    shares = np.array([one_cycle(step, n_steps, peak) for step in range(n_steps + 1)])
    assert (np.diff(shares[: peak + 1]) > 0).all()
    assert (np.diff(shares[peak:]) < 0).all()
    assert (shares > 0).all()


def test_it_makes_no_jump() -> None:
    n_steps, peak = 100_000, 20_000
    shares = np.array([one_cycle(step, n_steps, peak) for step in range(n_steps + 1)])
    assert np.abs(np.diff(shares)).max() < np.pi / 2 / peak  # the steepest slope of a half cosine


def test_halfway_along_a_cosine() -> None:
    assert one_cycle(10, 100, 20) == pytest.approx((1 / 25 + 1) / 2)
    assert one_cycle(60, 100, 20) == pytest.approx((1e-4 + 1) / 2)
    assert one_cycle(5, 100, 20) == pytest.approx(1 / 25 + 0.96 * (1 - np.cos(np.pi / 4)) / 2)


def test_one_step_in_all_and_steps_past_the_end() -> None:
    assert one_cycle(0, 1, 1) == pytest.approx(1 / 25)
    assert one_cycle(1_000, 100, 10) == pytest.approx(1e-4)


def _rates(design_of: Any, config: TrainConfig, n_steps: int, done: int) -> list[float]:
    design = design_of("linear")
    plan = TrainingModule(Objective(build(design, (1, 8, 8), (1, 8, 8)), penalty(design), "sse"), config, n_steps, done)
    optimizer = plan.configure_optimizers()
    assert isinstance(optimizer, torch.optim.AdamW)
    assert optimizer.defaults["fused"]
    assert optimizer.defaults["weight_decay"] == config.weight_decay
    rates = []
    image = torch.rand(2, 1, 8, 8)
    for index in range(n_steps - done):
        plan.training_step((image, image), index)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def test_the_optimiser_follows_it_from_the_share_of_steps_called_warm_up(design_of: Any) -> None:
    config = TrainConfig(learning_rate=0.01, warm_up=0.25)
    rates = _rates(design_of, config, n_steps=40, done=0)
    assert rates == pytest.approx([0.01 * one_cycle(step, 40, 10) for step in range(40)])
    assert int(np.argmax(rates)) == 10


def test_taken_up_again_it_goes_on_where_it_was(design_of: Any) -> None:
    config = TrainConfig(learning_rate=0.01, warm_up=0.25)
    whole = _rates(design_of, config, n_steps=40, done=0)
    assert _rates(design_of, config, n_steps=40, done=16) == pytest.approx(whole[16:])
