"""The types that the browser's modules declare in JSDoc hold: read by TypeScript's own checker, nothing is built."""

import os
import shutil
import subprocess

import pytest

from ae_models.base.paths import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "ae_models" / "canvas").rglob("jsconfig.json"))


def checker() -> list[str]:
    """The command that checks, without its arguments; skips where there is none."""
    script = os.environ.get("LATENT_LAB_TSC")
    if script is None:
        found = shutil.which("tsc")
        if found is None:
            pytest.skip("no TypeScript: 'npm install --global typescript@5.9.3', or set LATENT_LAB_TSC to its bin/tsc")
        return [found]
    from playwright._impl._driver import compute_driver_executable

    return [str(compute_driver_executable()[0]), script]  # Playwright brings a Node.js of its own


def checked(folder):
    command = [*checker(), "-p", str(folder / "jsconfig.json")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_folder_of_modules_is_checked():
    modules = list((ROOT / "ae_models" / "canvas").rglob("*.js"))
    assert modules
    assert [path for path in modules if not set(path.parents) & set(FOLDERS)] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_declared_types_hold(folder):
    done = subprocess.run(
        [*checker(), "-p", str(folder / "jsconfig.json")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_wrong_type_is_found(tmp_path):
    (tmp_path / "wrong.js").write_text(
        "/** @param {number} n */\nexport function twice(n) { return 2 * n }\ntwice('2')\n"
    )
    (tmp_path / "jsconfig.json").write_text((FOLDERS[0] / "jsconfig.json").read_text())
    done = subprocess.run(
        [*checker(), "-p", str(tmp_path / "jsconfig.json")], capture_output=True, text=True, check=False
    )
    assert "TS2345" in done.stdout
