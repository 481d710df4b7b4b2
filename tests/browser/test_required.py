"""Without a Chromium these tests are left out and say so; where browser tests are required, they fail."""

import os
import subprocess
import sys

import pytest

from ae_models.base.paths import ROOT

pytestmark = pytest.mark.browser
HOW = "no Chromium: 'apt install chromium'"


@pytest.mark.parametrize(("required", "code", "outcome"), [("required", 1, "1 error in"), ("", 0, "1 skipped in")])
def test_no_chromium(tmp_path, required, code, outcome):
    nowhere = {"PATH": "", "LATENT_LAB_CHROMIUM": "", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "", "tests/browser/test_reruns.py"],
        cwd=ROOT,
        env={**os.environ, **nowhere, "LATENT_LAB_BROWSER": required},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert outcome in done.stdout
    assert HOW in done.stdout
