"""Four processes rename, delete and take back the same run at once: each is told in a line, and the run is not lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ae_models.base import Visitor
from ae_models.base.paths import ROOT
from ae_models.runs import own_runs, pack, restore, shipped_runs, unpack

pytestmark = pytest.mark.slow
PROCESSES, ROUNDS = 4, 40

WORKER = """
import json, random, sys
from ae_models.base import UserError, Visitor
from ae_models.runs import amend, delete, own_runs, restore

run_id, seed, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance, by, told = random.Random(seed), Visitor("ann"), []
for number in range(rounds):
    act = chance.choice((
        lambda: amend(own_runs(), run_id, by, title=f"{seed} {number}"),
        lambda: delete(run_id, by),
        lambda: restore(run_id, by),
    ))
    try:
        act()
        told.append("")
    except UserError as mistake:
        told.append(str(mistake))
print(json.dumps(told))
"""


def test_nothing_is_lost_and_nothing_but_a_line_is_said(home: Path) -> None:
    shipped = shipped_runs()
    ann = Visitor("ann")
    run_id = unpack(pack(shipped, shipped.read("digits-dense-2d")), owner=ann.id).id
    commands = [[sys.executable, "-c", WORKER, run_id, str(seed), str(ROUNDS)] for seed in range(PROCESSES)]
    started = [subprocess.Popen(one, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for one in commands]
    for process in started:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err.decode()
        told = json.loads(out)
        assert "" in told
        assert all(len(line.splitlines()) <= 1 for line in told)
    if run_id not in own_runs():
        restore(run_id, ann)
    record = own_runs().read(run_id)
    assert all(own_runs().file(record, name) for name in record.files)
    assert [path.name for path in own_runs().root.rglob(".*@*")] == []
