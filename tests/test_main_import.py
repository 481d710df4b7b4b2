"""``import run``: a zip from elsewhere becomes an own run, or one line says why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ae_models.runs import own_runs, pack, shipped_runs

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """The zip of a shipped run."""
    path = tmp_path / "run.zip"
    path.write_bytes(pack(shipped_runs(), shipped_runs().read("digits-dense-2d")))
    return path


def test_a_run_comes_in_and_draws(cli: Cli, home: Path, packed: Path) -> None:
    code, out, err = cli("import", "run", str(packed), "--json")
    assert code == 0, err
    said = json.loads(out)
    assert (said["dataset"], said["latent_dim"]) == ("digits", 2)
    assert said["test"] == {
        "sse": shipped_runs().read("digits-dense-2d").test.sse,
        "mse": shipped_runs().read("digits-dense-2d").test.mse,
    }
    assert own_runs().ids() == [said["run"]]
    code, out, _ = cli("decode", said["run"], "--at", "0", "0", "--json")
    assert code == 0
    assert out == cli("decode", "digits-dense-2d", "--at", "0", "0", "--json")[1].replace(
        "digits-dense-2d", said["run"]
    )
    assert cli("import", "run", str(packed))[0] == 0
    assert len(own_runs().ids()) == 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("import",), "KIND"),
        (("import", "cake"), "cake"),
        (("import", "run"), "FILE.zip"),
        (("import", "run", "nowhere.zip"), "nowhere.zip cannot be read"),
        (("import", "run", "."), "cannot be read"),
        (("import", "run", __file__), "test_main_import.py: this is no zip"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(cli: Cli, home: Path, arguments: tuple[str, ...], why: str) -> None:
    code, out, err = cli(*arguments)
    assert (code, out) == (2, "")
    assert why in err
    assert err.count("\n") == 1
    assert own_runs().ids() == []
