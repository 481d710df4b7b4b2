"""Ladders and seed families are found by what runs say of themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models.analysis.families import ladders, same_data, seed_families
from ae_models.analysis.pca_gap import Gap, gaps
from ae_models.runs import shipped_runs


@pytest.fixture(scope="module")
def shipped() -> Any:
    store = shipped_runs()
    return [(store, record) for record in store.list()[0]]


def ids(family: Any) -> list[str]:
    return [record.id for _, record in family]


def changed(run: Any, **fields: Any) -> Any:
    store, record = run
    return store, record.model_copy(update=fields)


def test_the_shipped_ladder_is_one(shipped: Any) -> None:
    longest = ladders(run for run in shipped if run[1].dataset.name == "mnist")[0]
    assert [record.latent_dim for _, record in longest] == [1, 2, 3, 8, 16, 32, 64]
    assert len({record.seed for _, record in longest}) == 1


def test_the_shipped_seeds_are_one_family(shipped: Any) -> None:
    family = seed_families(run for run in shipped if run[1].dataset.name == "mnist")[0]
    assert [record.seed for _, record in family] == [0, 1, 2, 3, 4]
    assert len({record.latent_dim for _, record in family}) == 1


def test_pca_is_on_no_ladder(shipped: Any) -> None:
    assert not any(record.model.name == "pca" for family in ladders(shipped) for _, record in family)


@pytest.mark.parametrize("field", ["epochs", "learning_rate", "loss"])
def test_another_training_breaks_a_family(shipped: Any, field: str) -> None:
    ladder = ladders(run for run in shipped if run[1].dataset.name == "mnist")[0]
    other = changed(ladder[-1], training={**ladder[-1][1].training, field: 7})
    assert ids(ladders([*ladder[:-1], other])[0]) == ids(ladder[:-1])


def test_threads_and_snapshots_do_not(shipped: Any) -> None:
    ladder = ladders(run for run in shipped if run[1].dataset.name == "mnist")[0]
    other = changed(ladder[-1], training={**ladder[-1][1].training, "threads": 7, "snapshots": False}, threads=7)
    assert ids(ladders([*ladder[:-1], other])[0]) == ids(ladder)


def test_another_seed_design_or_data_breaks_a_ladder(shipped: Any) -> None:
    ladder = ladders(run for run in shipped if run[1].dataset.name == "mnist")[0]
    last = ladder[-1]
    wide = last[1].model.model_copy(update={"config": {**last[1].model.config, "widths": [9]}})
    rows = last[1].dataset.model_copy(
        update={"fitted_on": last[1].dataset.fitted_on.model_copy(update={"digest": "0" * 64})}
    )
    for other in (changed(last, seed=9), changed(last, model=wide), changed(last, dataset=rows)):
        assert ids(ladders([*ladder[:-1], other])[0]) == ids(ladder[:-1])
    assert not same_data(last[1], changed(last, dataset=rows)[1])


def test_of_two_runs_of_one_size_the_newer_counts(shipped: Any) -> None:
    ladder = ladders(run for run in shipped if run[1].dataset.name == "mnist")[0]
    newer = changed(ladder[0], id="again", created="2100-01-01T00:00:00+00:00")
    assert ids(ladders([*ladder, newer])[0])[0] == "again"
    assert len(ladders([*ladder, newer])) == 1


def test_one_size_is_no_ladder_and_one_seed_no_family(shipped: Any) -> None:
    assert ladders(shipped[:1]) == ()
    assert seed_families(shipped[:1]) == ()
    assert ladders([]) == ()


def test_gaps_by_hand(shipped: Any) -> None:
    ladder = ladders(run for run in shipped if run[1].dataset.name == "mnist")[0]
    record = ladder[1][1].model_copy(
        update={"latent_dim": 2, "test": ladder[1][1].test.model_copy(update={"sse": 3.0})}
    )
    (gap,) = gaps([record], np.array([10, 8, 6, 4, 3, 1], "f"))
    assert (gap.numbers, gap.autoencoder, gap.pca, gap.pca_needs, gap.share) == (2, 3.0, 6.0, 4, 0.5)
    assert gaps([record], np.array([10, 8, 6, 4], "f"))[0].pca_needs is None
    assert gaps([record], np.array([10, 8], "f")) == ()  # PCA of that size is not known
    (worse,) = gaps([record], np.array([10, 8, 2], "f"))
    assert worse.share == -0.5


def test_the_share_that_an_autoencoder_saves_of_nothing_is_none() -> None:
    assert Gap(2, 0.0, 0.0, 1).share == 0.0
