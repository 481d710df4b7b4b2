"""A store that cannot be written: every page opens, shows what is there, and says in a line what cannot be kept."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ae_models.base.paths import ROOT
from ae_models.ui.lessons import EXHIBITS
from tests.stores import visiting_all

pytestmark = pytest.mark.slow

STORE = Path(__file__).parent / "f59326a"


def permit(folder: Path, mode: int) -> None:
    """Say who may write in a folder and all below it."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(mode if path.is_dir() else mode & 0o666)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    home = tmp_path / "home"
    shutil.copytree(STORE, home, copy_function=shutil.copyfile)
    permit(home, 0o555)
    monkeypatch.setenv("AE_MODELS_HOME", str(home))
    monkeypatch.delenv("AE_MODELS_DATA", raising=False)
    yield home
    permit(home, 0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such permissions")
def test_everything_opens_and_what_would_be_written_is_a_line(store: Path) -> None:
    files = {path: path.stat().st_mtime for path in store.rglob("*")}
    command = [sys.executable, "-m", "tests.stores.bound", str(store), "-m", "tests.stores.visiting_all"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 77:
        pytest.skip("this process may write everywhere, and cannot give that up")
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert len(found) > 8 + len(EXHIBITS)
    for page, said in found.items():
        assert not [line for line in said if line.startswith("raised ") or "cannot be shown" in line], page
    for page, holds in {"models": "My flowers", "your_data A map": "**My shapes**", "compare Scores": "shapes"}.items():
        assert any(holds in line for line in found[page]), page
    refused = f"cannot write in {store}"
    for page, said in found.items():
        asked = page in ("delete a model", "delete data", "send a table")
        assert [line.count("\n") for line in said if refused in line] == [0] * asked, page
    assert {path: path.stat().st_mtime for path in store.rglob("*")} == files


@pytest.mark.parametrize("page", ["explore", "draw", "walk", "compare", "lessons", "train", "your_data", "models"])
def test_every_page_opens_where_the_store_cannot_even_be_made(page, tmp_path, monkeypatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.delenv("AE_MODELS_DATA", raising=False)
    said = visiting_all.said(visiting_all.opened(page, "digits"))
    assert said
    assert not [line for line in said if line.startswith("raised ") or "cannot be shown" in line]
