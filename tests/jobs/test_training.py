"""Trainings on real workers: watched, stopped, gone on with, side by side, and the same as without workers."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models.base import OPERATOR, UserError, Visitor
from ae_models.jobs import Engine
from ae_models.jobs.log import JobLog
from ae_models.recipes import TrainRequest, train
from ae_models.runs import InMemory, own_runs, unfinished_runs
from tests.jobs.conftest import LONG, is_over, lasting, order, process_of, ready, until

pytestmark = pytest.mark.slow


def weights(run_id: str) -> dict[str, Any]:
    from safetensors.numpy import load

    store = own_runs()
    return dict(load(store.file(store.read(run_id), "weights.safetensors")))


def test_a_training_is_watched_to_its_end_and_is_what_the_plain_recipe_gives(engine: Engine, store: Path) -> None:
    asked = order(epochs=4, seed=3)
    job = engine.submit("train", asked, Visitor("ann"), "Mine")
    assert (job.state, job.owner, job.title) in {("queued", "ann", "Mine"), ("starting", "ann", "Mine")}
    seen = set()
    done = until(engine, job, lambda now: seen.add(now.state) or now.is_over)
    assert (done.state, done.error, done.share, done.kept) == ("done", "", 1.0, 0)
    assert seen <= {"queued", "starting", "running", "done"}
    assert done.run == job.id

    live = engine.live(job.id)
    assert [row["epoch"] for row in live.epochs] == [1, 2, 3, 4]
    assert live.floor is not None
    assert live.steps[-1]["step"] == 4 * 6  # 1,437 images in batches of 256
    assert live.wanted.shape == live.seen.shape == live.frames[-1].shape == (8, 1, 8, 8)
    assert live.points.shape == (len(live.ids), 2) == (360, 2)
    end = time.monotonic() + 300
    while JobLog.here().watched(job.id).epochs != live.epochs:  # it is written beside the work
        assert time.monotonic() < end
        time.sleep(0.05)

    record = own_runs().read(done.run)
    graphs = InMemory(*(own_runs().file(record, name) for name in ("encoder.onnx", "decoder.onnx")))
    assert graphs.decode(np.zeros((1, 2), np.float32)).shape == (1, 1, 8, 8)

    plain = train(TrainRequest.from_dict(asked))
    assert plain.id != record.id
    assert record.test.sse == pytest.approx(plain.test.sse, abs=1e-6)
    here, there = weights(plain.id), weights(record.id)
    assert here.keys() == there.keys()
    for name, values in here.items():
        assert np.abs(values - there[name]).max() <= 1e-6
    other = weights(train(TrainRequest.from_dict(order(epochs=4, seed=4))).id)
    assert any(np.abs(here[name] - other[name]).max() > 1e-3 for name in here)


def test_a_stop_keeps_what_was_learned_and_it_can_be_gone_on_with(engine: Engine) -> None:
    job = engine.submit("train", lasting(), Visitor("ann"))  # how soon it stops is measured by benchmarks/jobs.py
    until(engine, job, lambda now: now.kept >= 2)
    engine.stop(job.id, Visitor("ann"))
    stopped = until(engine, job, is_over)
    assert stopped.state == "stopped"
    record = own_runs().read(stopped.run)
    assert record.stopped is not None
    assert 2 <= stopped.kept <= record.stopped.epoch < LONG
    assert record.stopped.checkpoint == job.id
    history = engine.live(job.id).epochs
    assert len(history) == stopped.kept

    again = engine.go_on(job.id, Visitor("ann"))
    assert again.id == job.id
    going = until(engine, again, lambda now: now.kept > stopped.kept + 2)
    assert going.share > 0
    rows = engine.live(job.id).epochs
    assert [row["epoch"] for row in rows] == list(range(1, len(rows) + 1))  # its whole history, none of it twice
    assert rows[: len(history)] == history
    engine.stop(job.id, Visitor("ann"))
    until(engine, job, is_over)


def test_one_running_job_for_each_owner_the_rest_queue_with_their_place(engine: Engine) -> None:
    first, second, third = (engine.submit("train", lasting(), Visitor("bob"), "Same name") for _ in range(3))
    other = engine.submit("train", lasting(), Visitor("cat"), "Same name")
    until(engine, first, lambda job: job.state == "running")
    running = until(engine, other, lambda job: job.state == "running")
    assert running.worker != engine.get(first.id).worker  # type: ignore[union-attr]
    assert [engine.get(job.id).state for job in (second, third)] == ["queued", "queued"]  # type: ignore[union-attr]
    places = [engine.get(job.id).place for job in (second, third)]  # type: ignore[union-attr]
    assert places == [1, 2]
    assert len({job.id for job in engine.jobs()}) == len(engine.jobs())  # equal names, ids of their own

    with pytest.raises(UserError, match="another person's"):
        engine.stop(first.id, Visitor("cat"))
    with pytest.raises(UserError, match="stop it first"):
        engine.forget(first.id, Visitor("bob"))
    with pytest.raises(UserError, match="keeps no cookies"):
        engine.submit("train", order(), Visitor(""))

    assert engine.stop(second.id, Visitor("bob")).state == "stopped"
    assert engine.get(third.id).place == 1  # type: ignore[union-attr]
    engine.stop(first.id, Visitor("bob"))
    until(engine, first, is_over)
    until(engine, third, lambda job: job.state == "running")
    for job in (third, other):
        engine.stop(job.id, OPERATOR)
        until(engine, job, is_over)
    engine.forget(first.id, Visitor("bob"))
    assert engine.get(first.id) is None
    assert first.id not in unfinished_runs().ids()


def test_trained_on_is_a_new_run_that_begins_with_the_old_weights(engine: Engine) -> None:
    first = until(engine, engine.submit("train", order(epochs=3), Visitor("dan")), is_over)
    job = engine.go_on(first.id, Visitor("dan"), epochs=2)
    assert job.id != first.id
    second = until(engine, job, is_over)
    assert second.state == "done", second.error
    record = own_runs().read(second.run)
    assert record.parent is not None
    assert (record.parent.run, record.parent.epochs) == (first.run, 3)
    assert record.test.sse < own_runs().read(first.run).test.sse


def test_a_measurement_goes_beside_a_running_job(engine: Engine) -> None:
    job = engine.submit("train", lasting(), Visitor("eve"))
    until(engine, job, lambda now: now.state == "running")
    measured = until(engine, engine.submit("measure", order(), Visitor("eve")), is_over)
    assert measured.state == "done", measured.error
    assert measured.result["n_parameters"] == (64 * 16 + 16) + (16 * 2 + 2) + (2 * 16 + 16) + (16 * 64 + 64)
    assert measured.result["seconds"] > 0
    assert engine.get(job.id).state == "running"  # type: ignore[union-attr]
    engine.stop(job.id, OPERATOR)
    until(engine, job, is_over)


def test_a_map_is_fitted_and_cancelled_as_a_job(engine: Engine) -> None:
    from ae_models.projections import store as maps
    from ae_models.recipes import ProjectionRequest

    order_of = ProjectionRequest.of("tsne", "mnist", 2, settings={"seed": 77})  # 750 rounds of 8,000 images
    job = engine.submit("project", order_of.to_dict(), Visitor("fay"))
    until(engine, job, lambda now: now.state == "running" and now.share > 0)
    engine.stop(job.id, Visitor("fay"))
    assert until(engine, job, is_over).state == "stopped"

    done = until(
        engine, engine.submit("project", ProjectionRequest.of("pca", "digits", 2).to_dict(), Visitor("fay")), is_over
    )
    assert done.state == "done", done.error
    found = maps.load(maps.own_embeddings(), done.embedding)
    assert found.points.shape == (360, 2)


def test_the_worker_that_fitted_a_map_places_pictures_on_it(engine: Engine) -> None:
    from ae_models import datasets, recipes
    from ae_models.projections import store as maps
    from ae_models.recipes import ProjectionRequest

    order_of = ProjectionRequest.of("random", "digits", 2, settings={"seed": 7})
    done = until(engine, engine.submit("project", order_of.to_dict(), Visitor("fay")), is_over)
    assert done.state == "done", done.error
    found = maps.load(maps.own_embeddings(), done.embedding)
    assert recipes.name_of_map(found) == done.embedding
    heldout = datasets.load("digits").heldout
    rows = heldout.images(slice(0, 3)).reshape(3, -1)
    assert engine.has_map(done.embedding)
    placed = engine.place(done.embedding, rows, wait=300)
    assert placed == pytest.approx(found.points[:3], abs=1e-5)
    assert engine.place("another-map", rows) is None

    os.kill(process_of(done), signal.SIGKILL)  # the map went with it
    end = time.monotonic() + 300
    while engine.has_map(done.embedding):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert engine.place(done.embedding, rows) is None
    ready(engine, 2)
