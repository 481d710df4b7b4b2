"""Data sets and maps: each verb for each who may ask, a link that hands over, the trash of earlier versions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import OPERATOR, UserError, Visitor
from ae_models.base.paths import ROOT
from ae_models.datasets import kept, readers
from ae_models.recipes import import_data, imported_maps
from ae_models.runs import amend, deleted, new_recovery_secret, own_runs, pack, restore, shipped_runs, unpack

ANN, BOB, DESK = Visitor("ann"), Visitor("bob"), Visitor("dan", may_change_all=True)
ASKING = [(ANN, True), (BOB, False), (OPERATOR, True), (DESK, True), (Visitor(), False)]


@pytest.fixture
def mine(home: Path) -> str:
    lines = ["a,b,c,label", *(f"{n},{n * n % 7},{n % 5},{n % 2}" for n in range(60))]
    looked = import_data.look([readers.of_bytes("table.csv", "\n".join(lines).encode())])
    return import_data.keep(looked, "mine", owner="ann").name


@pytest.mark.parametrize(("by", "may"), ASKING)
@pytest.mark.parametrize("verb", ["delete", "restore", "secret"])
def test_only_the_maker_and_the_servers_owner_change_a_data_set(mine: str, verb: str, by: Visitor, may: bool) -> None:
    acts: dict[str, Any] = {
        "delete": lambda: kept.delete(mine, by),
        "restore": lambda: kept.owned().restore(mine, by),
        "secret": lambda: kept.owned().new_recovery_secret(mine, by),
    }
    if verb == "restore":
        kept.delete(mine, ANN)
    if may:
        acts[verb]()
        assert (mine in kept.names()) is (verb != "delete")
    else:
        with pytest.raises(UserError, match="another person's: only its maker and the server's owner may change it"):
            acts[verb]()
        assert (mine in kept.names()) is (verb != "restore")
    assert len(datasets.load("digits").heldout) > 0


@pytest.mark.parametrize(("by", "may"), ASKING)
@pytest.mark.parametrize("verb", ["take away", "lay again"])
def test_only_the_maker_and_the_servers_owner_change_a_map(mine: str, verb: str, by: Visitor, may: bool) -> None:
    images = datasets.heldout(mine)
    points = np.random.default_rng(0).normal(size=(len(images), 2)).astype(np.float32)
    found = imported_maps.MatchedPoints("points.csv", points, mine, images, "bundled", False)
    method = imported_maps.keep_map(found, "My map", ANN).method

    def act() -> None:
        if verb == "take away":
            imported_maps.delete_map(method, mine, by)
        else:
            imported_maps.keep_map(found, "My map", by)

    if may:
        act()
        assert len(imported_maps.known_maps()) == (verb != "take away")
    else:
        with pytest.raises(UserError, match="another person's"):
            act()
        assert [laid.owner for laid in imported_maps.known_maps()] == ["ann"]


def test_a_secret_makes_another_browser_the_owner_of_a_data_set_once(mine: str) -> None:
    void = kept.owned().new_recovery_secret(mine, ANN)
    secret = kept.owned().new_recovery_secret(mine, ANN)
    for wrong in (void, "", secret + "x", kept.card(mine).recovery):
        with pytest.raises(UserError, match="does not open"):
            kept.owned().take_over(mine, wrong, BOB)
    with pytest.raises(UserError, match="keeps no cookies"):
        kept.owned().take_over(mine, secret, Visitor())
    assert secret not in (kept.folder() / mine / "card.json").read_text()
    before = kept.card(mine)
    assert kept.owned().take_over(mine, secret, BOB).owner == "bob"
    with pytest.raises(UserError, match="does not open"):
        kept.owned().take_over(mine, secret, ANN)
    with pytest.raises(UserError, match="another person's"):
        kept.delete(mine, ANN)
    assert kept.card(mine) == before.model_copy(update={"owner": "bob", "recovery": ""})
    kept.delete(mine, BOB)


def test_what_earlier_versions_put_away_under_its_plain_name_comes_back(mine: str) -> None:
    run_id = unpack(pack(shipped_runs(), shipped_runs().read("digits-dense-2d")), owner="ann").id
    for folder, trash in ((own_runs().root / run_id, "trash"), (kept.folder() / mine, "data/.trash")):
        there = kept.folder().parent / trash / folder.name
        there.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(there)
        os.utime(there)
    every = (*deleted(), *kept.owned().trash.all())
    assert [(gone.entry, gone.owner) for gone in every] == [
        (run_id, "ann"),
        (mine, "ann"),
    ]
    for back, name in ((restore, run_id), (kept.owned().restore, mine)):
        with pytest.raises(UserError, match="another person's"):
            back(name, BOB)
        back(name, ANN)
    assert (own_runs().ids(), kept.names()) == ([run_id], [mine])
    assert own_runs().list()[1] == []
    assert len(datasets.load(mine).train) > 0
    amend(own_runs(), run_id, ANN, title="It is back")
    assert new_recovery_secret(own_runs(), run_id, ANN)


ACTS = """
import sys
from ae_models.base import UserError, OPERATOR
from ae_models.datasets import kept
name = sys.argv[1]
for n in range(12):
    for act in (kept.owned().new_recovery_secret, kept.delete, kept.owned().restore):
        try:
            act(name, OPERATOR)
        except UserError as mistake:
            assert "\\n" not in str(mistake)
"""


@pytest.mark.slow
def test_four_processes_rewrite_delete_and_restore_one_data_set_and_nothing_is_lost(mine: str) -> None:
    digest = kept.card(mine).sha256
    command = [sys.executable, "-c", ACTS, mine]
    four = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for process in four:
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said
    if kept.owned().trash.all():
        kept.owned().restore(mine, OPERATOR)
    assert kept.owned().trash.all() == []
    assert kept.names() == [mine]
    assert (kept.card(mine).owner, kept.card(mine).sha256) == ("ann", digest)
    assert len(datasets.load(mine).heldout) == kept.card(mine).n_heldout
    assert sorted(path.name for path in kept.folder().iterdir() if path.name.startswith(".card")) == []
