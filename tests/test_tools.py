"""What checks a commit, here and on a server, is what the README and tests/requirements.txt say."""

from __future__ import annotations

import os
import subprocess
import sys
from configparser import ConfigParser
from typing import Any

import pytest
import yaml

from ae_models.base.paths import ROOT


def _yaml(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_hooks_run_the_pinned_tools() -> None:
    hooks = [hook for repo in _yaml(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    assert [hook["entry"] for hook in hooks] == [
        "python -m ruff format",
        "python -m ruff check --fix",
        "python -m mypy",
    ]
    assert {hook["language"] for hook in hooks} == {"system"}
    for hook in hooks:
        python, *rest = hook["entry"].split()
        assert python == "python"
        done = subprocess.run([sys.executable, *rest, "--help"], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_every_supported_python_and_system_is_checked() -> None:
    workflow = _yaml(".github/workflows/check.yml")
    whole, quick = workflow["jobs"]["whole"], workflow["jobs"]["quick"]
    versions = ["3.11", "3.12", "3.13", "3.14"]
    assert whole["strategy"]["matrix"]["python"] == quick["strategy"]["matrix"]["python"] == versions
    assert whole["runs-on"].startswith("ubuntu")
    assert {system.split("-")[0] for system in quick["strategy"]["matrix"]["system"]} == {"macos", "windows"}
    assert whole["steps"][-1]["run"] == ".ci/run"
    assert quick["steps"][-1]["run"] == "python -m pytest"
    assert workflow["permissions"] == {"contents": "read"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such mode")
def test_the_whole_check_can_be_started() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_editors_and_ruff_agree() -> None:
    import tomllib

    editor = ConfigParser()
    editor.read_string("[top]\n" + (ROOT / ".editorconfig").read_text(encoding="utf-8"))
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    assert int(editor["*.py"]["max_line_length"]) == ruff["line-length"]
    assert editor["*.py"]["indent_size"] == "4"
