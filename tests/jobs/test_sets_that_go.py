"""Somebody's own data set under a training: its name may be as long as a name can be, and it may be deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from ae_models import datasets
from ae_models.base import OPERATOR, Visitor
from ae_models.datasets import kept
from ae_models.datasets.readers import of_bytes
from ae_models.jobs import Engine
from ae_models.recipes import find_pca, first_maps, import_data
from ae_models.runs import own_runs
from tests.jobs.conftest import is_over, lasting, until

pytestmark = pytest.mark.slow


def brought(name: str) -> str:
    """Keep a small table as a data set."""
    lines = ["a,b,c,d"] + [f"{row},{row % 7},{row * 3 % 11},{row % 5}" for row in range(200)]
    return import_data.keep(import_data.look([of_bytes("table.csv", "\n".join(lines).encode())]), name).name


@pytest.mark.parametrize("letters", [63, 64])
def test_a_name_of_any_length_has_its_pca(home: Path, letters: int) -> None:
    name = brought("n" * letters)
    assert len(name) == letters
    records = first_maps(name)
    assert [record.latent_dim for record in records] == [2, 3]
    found = find_pca(name, datasets.load(name).train.digest, 2)
    assert found is not None
    assert found[1] == records[0]


def test_a_data_set_that_is_deleted_under_a_training_takes_nothing_with_it(engine: Engine, store: Path) -> None:
    name = brought("short-lived")
    job = engine.submit("train", lasting(dataset=name, widths="4", batch_size=1), Visitor("ann"))
    until(engine, job, lambda now: now.kept >= 2)
    kept.delete(name, OPERATOR)
    engine.stop(job.id, Visitor("ann"))
    stopped = until(engine, job, is_over)
    assert (stopped.state, stopped.error) == ("stopped", "")
    assert own_runs().read(stopped.run).dataset.name == name
    engine.go_on(job.id, Visitor("ann"))
    failed = until(engine, job, is_over)
    assert failed.state == "failed"
    assert "'short-lived'" in failed.error
    kept.owned().restore(name, OPERATOR)  # and nothing was lost
    engine.go_on(job.id, Visitor("ann"))
    until(engine, job, lambda now: now.kept > stopped.kept)
    engine.stop(job.id, Visitor("ann"))
    until(engine, job, is_over)
