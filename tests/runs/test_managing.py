"""Rename, note, delete, take back: each whole or not at all, and nothing that ships is ever touched."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from ae_models.base import OPERATOR, UserError
from ae_models.base.trash import KEPT_DAYS
from ae_models.runs import RunStore, amend, delete, deleted, own_runs, restore, shipped_runs
from ae_models.runs.managing import trash


@pytest.fixture
def mine(small: Any, home: Path) -> Any:
    """Small runs in the own store of an empty home."""
    small.store = own_runs()
    return small


def test_title_and_note_are_changed_and_nothing_else(mine: Any) -> None:
    before = mine.write("one")
    after = amend(mine.store, "one", OPERATOR, title="  A better\n name ", note=" seen in class \n twice ")
    assert (after.title, after.note) == ("A better name", "seen in class \n twice")
    assert mine.store.read("one") == after
    assert after.model_copy(update={"title": before.title, "note": ""}) == before
    assert after.model_dump()["a_later_version_says_more"] is True
    assert amend(mine.store, "one", OPERATOR, note="").title == "A better name"
    assert sorted(path.name for path in (mine.store.root / "one").iterdir()) == sorted([*mine.files, "run.json"])


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"title": " \n "}, "1 to 120"), ({"title": "x" * 121}, "1 to 120"), ({"note": "x" * 2001}, "at most 2,000")],
)
def test_a_change_that_is_refused_leaves_all_as_it_was(mine: Any, changes: Any, why: str) -> None:
    before = mine.write("one")
    with pytest.raises(UserError, match=why):
        amend(mine.store, "one", OPERATOR, **changes)
    assert mine.store.read("one") == before


def test_a_disk_that_is_full_leaves_the_record_as_it_was(mine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = mine.write("one")

    def full(path: Path, *_: Any, **__: Any) -> None:
        path.touch()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(UserError, match=r"'one' could not be changed .*No space left"):
            amend(mine.store, "one", OPERATOR, title="Another")
    assert mine.store.read("one") == before
    assert sorted(path.name for path in (mine.store.root / "one").iterdir()) == sorted([*mine.files, "run.json"])


def test_a_deleted_run_can_be_taken_back_whole(mine: Any) -> None:
    before = mine.write("one")
    mine.write("two")
    start = time.time()
    delete("one", OPERATOR)
    assert mine.store.ids() == ["two"]
    assert [(run.id, run.title) for run in deleted()] == [("one", before.title)]
    assert start - 2 <= deleted()[0].when <= time.time() + 2  # file systems keep whole seconds, or two
    restore("one", OPERATOR)
    assert mine.store.read("one") == before
    assert mine.store.list()[1] == []
    assert deleted() == []


def test_the_newest_stands_first_and_the_oldest_are_forgotten(mine: Any) -> None:
    for run_id in ("old", "older", "new"):
        mine.write(run_id)
    delete("older", OPERATOR)
    delete("old", OPERATOR)
    then = time.time() - KEPT_DAYS * 86_400
    for gone, when in ((deleted()[1], then - 100), (deleted()[0], then + 3_600)):
        about = trash().root / f"{gone.entry}.json"
        about.write_text(json.dumps({**json.loads(about.read_text()), "when": when}))
    delete("new", OPERATOR)
    assert [run.id for run in deleted()] == ["new", "old"]
    assert {path.name.split(".")[0] for path in trash().root.iterdir()} == {"new", "old"}


def test_two_runs_of_one_id_are_both_kept_in_the_trash(mine: Any) -> None:
    first = mine.write("one")
    delete("one", OPERATOR)
    second = mine.store.write({**mine.record("one"), "title": "The second"}, mine.files)
    with pytest.raises(UserError, match="there is another one of this name"):
        restore("one", OPERATOR)
    assert mine.store.read("one") == second
    delete("one", OPERATOR)
    assert [run.title for run in deleted()] == ["The second", first.title]
    restore("one", OPERATOR)
    assert mine.store.read("one") == second


def test_a_damaged_run_can_be_deleted_and_taken_back(mine: Any) -> None:
    mine.write("one")
    (mine.store.root / "one" / "run.json").write_text("{")
    delete("one", OPERATOR)
    assert [(run.id, run.title) for run in deleted()] == [("one", "one")]
    restore("one", OPERATOR)
    assert mine.store.ids() == ["one"]


def test_what_is_not_there_is_said(mine: Any) -> None:
    mine.write("one")
    delete("one", OPERATOR)
    for act in (lambda: delete("one", OPERATOR), lambda: delete("two", OPERATOR), lambda: restore("two", OPERATOR)):
        with pytest.raises(UserError, match=r"no run '(one|two)'"):
            act()
    assert [run.id for run in deleted()] == ["one"]


@pytest.mark.parametrize("odd", ["", "..", "a/b", "../runs/one", "A", "x" * 65, "one\n"])
def test_a_name_that_is_no_id_reaches_no_file(mine: Any, odd: str) -> None:
    mine.write("one")
    for act in (
        lambda: delete(odd, OPERATOR),
        lambda: restore(odd, OPERATOR),
        lambda: amend(mine.store, odd, OPERATOR, title="x"),
    ):
        with pytest.raises(UserError):
            act()
    assert mine.store.ids() == ["one"]


def test_what_ships_stays_as_it_is(home: Path) -> None:
    shipped = shipped_runs()
    before = shipped.read("mnist-dense-2d")
    for act in (
        lambda: amend(shipped, "mnist-dense-2d", OPERATOR, title="Mine"),
        lambda: amend(RunStore(shipped.root / "." / ""), "mnist-dense-2d", OPERATOR, note="Mine"),
        lambda: delete("mnist-dense-2d", OPERATOR, shipped),
    ):
        with pytest.raises(UserError, match="'mnist-dense-2d' ships with Latent Lab"):
            act()
    assert shipped.read("mnist-dense-2d") == before
    assert deleted() == []
