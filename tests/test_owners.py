"""What is somebody's: each verb for each who may ask, the trash, and four processes that change one run at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ae_models.base import OPERATOR, UserError, Visitor
from ae_models.base.paths import ROOT
from ae_models.runs import (
    amend,
    delete,
    deleted,
    new_recovery_secret,
    own_runs,
    pack,
    restore,
    shipped_runs,
    take_over,
    unpack,
)

ANN, BOB = Visitor("ann"), Visitor("bob")
ASKING = [(ANN, True), (BOB, False), (OPERATOR, True), (Visitor(), False)]


def content() -> bytes:
    return pack(shipped_runs(), shipped_runs().read("digits-dense-2d"))


@pytest.fixture
def run_id(home: Path) -> str:
    return unpack(content(), owner="ann").id


@pytest.mark.parametrize(("by", "may"), ASKING)
@pytest.mark.parametrize("verb", ["amend", "delete", "restore", "secret"])
def test_only_the_maker_and_the_servers_owner_change_a_run(run_id: str, verb: str, by: Visitor, may: bool) -> None:
    acts: dict[str, Any] = {
        "amend": lambda: amend(own_runs(), run_id, by, title="Another"),
        "delete": lambda: delete(run_id, by),
        "restore": lambda: restore(run_id, by),
        "secret": lambda: new_recovery_secret(own_runs(), run_id, by),
    }
    if verb == "restore":
        delete(run_id, ANN)
    if may:
        acts[verb]()
    else:
        with pytest.raises(UserError, match="another person's: only its maker and the server's owner may change it"):
            acts[verb]()


def test_what_is_nobodys_is_the_server_owners(home: Path) -> None:
    run_id = unpack(content()).id
    with pytest.raises(UserError, match="is the server's"):
        delete(run_id, ANN)
    delete(run_id, OPERATOR)


def test_a_secret_makes_another_browser_the_owner_once(run_id: str) -> None:
    void = new_recovery_secret(own_runs(), run_id, ANN)
    secret = new_recovery_secret(own_runs(), run_id, ANN)
    for wrong in (void, "", secret + "x", own_runs().read(run_id).recovery):
        with pytest.raises(UserError, match="does not open"):
            take_over(own_runs(), run_id, wrong, BOB)
    assert secret not in (own_runs().root / run_id / "run.json").read_text()
    assert take_over(own_runs(), run_id, secret, BOB).owner == "bob"
    with pytest.raises(UserError, match="does not open"):
        take_over(own_runs(), run_id, secret, ANN)


def test_a_copy_has_neither_owner_nor_secret_and_an_import_is_the_importers(run_id: str) -> None:
    new_recovery_secret(own_runs(), run_id, ANN)
    packed = pack(own_runs(), own_runs().read(run_id))
    copy = unpack(packed, owner="bob")
    assert (copy.owner, copy.recovery) == ("bob", "")
    assert b'"owner"' not in packed


def test_two_peoples_runs_of_one_id_are_both_in_the_trash(run_id: str) -> None:
    same = pack(own_runs(), own_runs().read(run_id))
    delete(run_id, ANN)
    again = unpack(same, owner="bob")
    assert again.id == run_id
    delete(run_id, BOB)
    restore(run_id, ANN)
    assert own_runs().read(run_id).owner == "ann"
    assert [gone.owner for gone in deleted()] == ["bob"]


def test_a_digest_names_the_files_and_not_the_title(run_id: str) -> None:
    record = own_runs().read(run_id)
    renamed = amend(own_runs(), run_id, ANN, title="Another")
    assert renamed.digest == record.digest
    entry = record.files["decoder.onnx"].model_copy(update={"sha256": "0" * 64})
    assert record.model_copy(update={"files": {**record.files, "decoder.onnx": entry}}).digest != record.digest


ACTS = """
import sys
from ae_models.base import UserError, OPERATOR
from ae_models.runs import amend, delete, own_runs, restore
run_id, me = sys.argv[1:]
for n in range(12):
    for act in (lambda: amend(own_runs(), run_id, OPERATOR, title=f"{me} {n}"), lambda: delete(run_id, OPERATOR),
                lambda: restore(run_id, OPERATOR)):
        try:
            act()
        except UserError as mistake:
            assert "\\n" not in str(mistake)
"""


def test_four_processes_rename_delete_and_restore_one_run_and_nothing_is_lost(run_id: str) -> None:
    command = [sys.executable, "-c", ACTS, run_id]
    four = [subprocess.Popen([*command, str(n)], cwd=ROOT, stderr=subprocess.PIPE, text=True) for n in range(4)]
    for process in four:
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said
    if deleted():
        restore(run_id, OPERATOR)
    assert deleted() == []
    assert own_runs().ids() == [run_id]
    assert own_runs().list()[1] == []  # every file is there, and is the one that was written
    assert own_runs().read(run_id).owner == "ann"
