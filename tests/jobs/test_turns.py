"""Whose turn it is, and how many may wait: of one owner, from one address, in all."""

from __future__ import annotations

from pathlib import Path

import pytest

from ae_models.base import OPERATOR, UserError, Visitor
from ae_models.jobs import Engine, Job, JobLimits
from ae_models.jobs.turns import in_turn
from tests.jobs.conftest import PLAN, order


def job(name: str, created: float, recipe: str = "train") -> Job:
    return Job(name, name[0], recipe, name, {}, created=created)


def test_turns_go_round_by_owner_and_each_owners_jobs_keep_their_order() -> None:
    waiting = [job(name, n) for n, name in enumerate(("a1", "a2", "a3", "b1", "b2", "c1"))]
    assert [one.id for one in in_turn(waiting, {})] == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert [one.id for one in in_turn(waiting, {"a": 9.0, "b": 5.0})] == ["c1", "b1", "a1", "b2", "a2", "a3"]


def test_what_takes_a_second_goes_first() -> None:
    assert [one.id for one in in_turn([job("a1", 1), job("b1", 2, "measure")], {})] == ["b1", "a1"]


@pytest.fixture
def idle(home: Path) -> Engine:
    """An engine that was never started: whatever is ordered waits."""
    return Engine(PLAN, JobLimits(waiting=2, waiting_address=3, waiting_all=4))


def test_an_owner_an_address_and_all_have_as_many_waiting_as_is_allowed(idle: Engine) -> None:
    for _ in range(2):
        idle.submit("train", order(), Visitor("ann", address="school"))
    with pytest.raises(UserError, match="at most 2 jobs of one person may wait: 2 of yours do"):
        idle.submit("train", order(), Visitor("ann", address="home"))
    idle.submit("train", order(), Visitor("bob", address="school"))
    with pytest.raises(UserError, match="at most 3 jobs from one address may wait: 3 do"):
        idle.submit("train", order(), Visitor("cat", address="school"))
    idle.submit("train", order(), Visitor("cat", address="home"))
    with pytest.raises(UserError, match="at most 4 jobs may wait on this server: 4 do"):
        idle.submit("train", order(), Visitor("dan", address="elsewhere"))
    idle.submit("measure", order(), Visitor("ann", address="school"))  # counted apart
    assert "school" not in "".join(path.read_text() for path in (Path(idle._queue.log.root)).glob("*.json"))


def test_one_that_left_the_queue_makes_room_for_its_owner_and_its_address(idle: Engine) -> None:
    first, _ = (idle.submit("train", order(), Visitor("ann", address="school")) for _ in range(2))
    idle.stop(first.id, Visitor("ann"))
    idle.submit("train", order(), Visitor("ann", address="school"))
    idle.submit("train", order(), Visitor("bob", address="school"))


def test_places_are_those_of_the_turns(idle: Engine) -> None:
    ids = [idle.submit("train", order(), Visitor(owner)).id for owner in ("ann", "ann", "bob")]
    assert [idle.get(one).place for one in ids] == [1, 3, 2]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("by", "may"), [(Visitor("ann"), True), (Visitor("bob"), False), (OPERATOR, True), (Visitor(), False)]
)
@pytest.mark.parametrize("verb", ["stop", "forget", "go_on"])
def test_only_the_maker_and_the_servers_owner_change_a_job(idle: Engine, verb: str, by: Visitor, may: bool) -> None:
    made = idle.submit("train", order(), Visitor("ann"))
    if verb != "stop":
        idle.stop(made.id, OPERATOR)
    if may:
        getattr(idle, verb)(made.id, by)
        return
    with pytest.raises(UserError, match="is another person's: only its maker and the server's owner may change it"):
        getattr(idle, verb)(made.id, by)


def test_where_others_reach_the_server_a_job_has_thirty_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AE_MODELS_MAX_MINUTES", raising=False)
    assert JobLimits.of_environment(shared=True).minutes == 30
    assert JobLimits.of_environment().minutes is None
    monkeypatch.setenv("AE_MODELS_MAX_MINUTES", "90")
    assert JobLimits.of_environment(shared=True).minutes == 90
    monkeypatch.setenv("AE_MODELS_MAX_WAITING", "2.5")
    with pytest.raises(UserError, match="AE_MODELS_MAX_WAITING must be a whole number"):
        JobLimits.of_environment()
