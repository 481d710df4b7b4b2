"""ONNX Runtime is told to send nothing before it is imported, whichever way in."""

import os
import re
import subprocess
import sys

import pytest

from ae_models.base.paths import ROOT

ENTRIES = ("ae_models", "ae_models.__main__", "ae_models.runs.graphs", "ae_models.ui.server")


@pytest.mark.parametrize("entry", ENTRIES)
def test_whatever_the_environment_says(entry):
    code = (
        "import os, sys; sys.addaudithook(lambda event, given: event == 'import' and given[0] == 'onnxruntime' and "
        "print('import', os.environ.get('ORT_DISABLE_TELEMETRY')))\n"
        f"import {entry}\nimport onnxruntime"
    )
    environment = {**os.environ, "ORT_DISABLE_TELEMETRY": "0"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split("\n")) == {"import 1", ""}


def test_measurements_import_the_package_before_it():
    for path in (ROOT / "benchmarks").glob("*.py"):
        assert not re.search(r"^\s*(import|from) onnxruntime", path.read_text(), re.MULTILINE), path.name
