"""Where bends sit, read from runs; the shipped ones stand where Eckart and Young say."""

from __future__ import annotations

from typing import Any

import pytest

from ae_models.analysis.nonlinear_half import bend_of, bent_runs
from ae_models.recipes import find_run
from ae_models.runs import shipped_runs


@pytest.fixture(scope="module")
def shipped() -> Any:
    store = shipped_runs()
    return [(store, record) for record in store.list()[0]]


@pytest.mark.parametrize(
    ("run", "kind"),
    [
        ("mnist-linear-2d", "none"),
        ("mnist-bent-encoder-2d", "encoder"),
        ("mnist-bent-decoder-2d", "decoder"),
        ("mnist-ladder-2d", "both"),
        ("mnist-conv-30d", "both"),
        ("mnist-pca-2d", None),
    ],
)
def test_which_half_is_bent(run: str, kind: str | None) -> None:
    assert bend_of(find_run(run)[1]) == kind


def test_what_is_not_comparable_with_pca() -> None:
    record = find_run("mnist-linear-2d")[1]
    noisy = record.model_copy(update={"corruption": record.corruption.model_copy(update={"name": "gaussian-noise"})})
    small = record.model_copy(update={"penalty": record.penalty.model_copy(update={"name": "l2"})})
    model = record.model.model_copy(update={"config": {**record.model.config, "output": "sigmoid"}})
    assert bend_of(noisy) is bend_of(small) is bend_of(record.model_copy(update={"model": model})) is None


def test_only_a_bent_decoder_goes_below_the_floor(shipped: Any) -> None:
    found = {bent.kind: bent for bent in bent_runs(shipped, "mnist", 2)}
    assert set(found) == {"none", "encoder", "decoder", "both"}
    floor = find_run("mnist-pca-2d")[1].test.sse
    assert found["none"].record.test.sse == pytest.approx(floor, abs=0.01)
    assert found["encoder"].record.test.sse > floor - 0.01
    assert found["decoder"].record.test.sse < floor - 5
    assert found["both"].record.test.sse < found["decoder"].record.test.sse
    assert found["both"].record.model.config["widths"] == found["decoder"].record.model.config["widths"]
    for bent in found.values():
        assert bent.history[-1] == pytest.approx(bent.record.test.sse, rel=1e-3)
        assert len(bent.history) == bent.record.training["epochs"]


def test_the_first_seed_of_a_kind_on_the_rows_with_most_kinds(shipped: Any) -> None:
    store, record = find_run("mnist-bent-encoder-2d")
    test = record.test.model_copy(update={"sse": 1.0})
    better = record.model_copy(update={"test": test, "id": "better", "files": {}, "seed": 1})
    newer = record.model_copy(update={"test": test, "id": "newer", "files": {}, "created": "2100"})
    found = {bent.kind: bent for bent in bent_runs([*shipped, (store, better)], "mnist", 2)}
    assert found["encoder"].record.id == record.id  # not the one that scores best
    assert found["encoder"].seeds == (record.test.sse, 1.0)
    assert found["encoder"].shown == f"1.00 to {record.test.sse:.2f} over 2 seeds"
    found = {bent.kind: bent for bent in bent_runs([*shipped, (store, newer)], "mnist", 2)}
    assert found["encoder"].record.id == "newer"
    assert len(found["encoder"].history) == 0
    rows = record.dataset.model_copy(
        update={"fitted_on": record.dataset.fitted_on.model_copy(update={"digest": "0" * 64})}
    )
    elsewhere = better.model_copy(update={"dataset": rows})
    found = {bent.kind: bent for bent in bent_runs([*shipped, (store, elsewhere)], "mnist", 2)}
    assert found["encoder"].record.id == "mnist-bent-encoder-2d"
    assert bent_runs(shipped, "mnist", 999) == ()
    assert bent_runs([], "mnist", 2) == ()
