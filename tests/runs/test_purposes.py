"""What the zoo says each shipped model is for is true of the graphs that ship."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models import datasets, recipes, zoo
from ae_models.runs import Graphs

PURPOSES = {entry.id: entry.purpose for entry in zoo.ZOO}


@pytest.fixture(scope="module")
def digits() -> Any:
    return datasets.heldout("mnist", "full").images(slice(0, 500))


@pytest.fixture(scope="module")
def clothes() -> Any:
    return datasets.heldout("fashion-mnist", "full").images(slice(0, 500))


def graphs(run_id: str) -> Graphs:
    return Graphs(*recipes.find_run(run_id))


def sse(wanted: Any, drawn: Any) -> float:
    return float(np.square(wanted - drawn).sum(axis=(1, 2, 3)).mean())


def test_the_collapsed_one_draws_the_mean_whatever_it_sees(digits: Any) -> None:
    assert "the code says nothing, every picture is the mean" in PURPOSES["mnist-variational-collapsed-2d"]
    served = graphs("mnist-variational-collapsed-2d")
    drawn = served.reconstruct(digits)
    assert drawn.std(axis=0).max() < 1e-3
    mean = datasets.heldout("mnist", "full").images().mean(axis=0)
    assert sse(mean[None], drawn[:1]) < 0.01 * sse(digits, drawn)


@pytest.mark.parametrize("run_id", ["mnist-copier-800d", "mnist-relu-800d"])
def test_a_copier_copies_what_it_was_never_trained_on(run_id: str, digits: Any, clothes: Any) -> None:
    assert "copie" in PURPOSES["mnist-copier-800d"]
    assert "copying" in PURPOSES["mnist-relu-800d"]
    served = graphs(run_id)
    assert sse(digits, served.reconstruct(digits)) < 0.01
    plain = sse(clothes, np.broadcast_to(clothes.mean(axis=0), clothes.shape))
    assert sse(clothes, served.reconstruct(clothes)) < 0.05 * plain


def test_the_sparse_one_uses_25_units_at_a_time_and_copies_no_clothes(digits: Any, clothes: Any) -> None:
    assert "800 units, 25 at a time" in PURPOSES["mnist-sparse-800d"]
    served = graphs("mnist-sparse-800d")
    assert (served.encode(digits) != 0).sum(axis=1).max() <= 25
    assert sse(clothes, served.reconstruct(clothes)) > 10 * sse(digits, served.reconstruct(digits))


def test_bends_before_the_code_do_not_help_and_bends_behind_it_do() -> None:
    assert "before the code do not help" in PURPOSES["mnist-bent-encoder-2d"]
    assert "behind the code do" in PURPOSES["mnist-bent-decoder-2d"]
    straight = recipes.find_run("mnist-pca-2d")[1].test.sse
    assert recipes.find_run("mnist-linear-2d")[1].test.sse == pytest.approx(straight, rel=0.005)
    assert recipes.find_run("mnist-bent-encoder-2d")[1].test.sse > 0.995 * straight
    assert recipes.find_run("mnist-bent-decoder-2d")[1].test.sse < 0.95 * straight
