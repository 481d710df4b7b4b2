"""Python for this view: the lines that the page shows are run as they stand, and give what is on the screen."""

import subprocess
import sys

import numpy as np
import pytest

from ae_models.base.paths import ROOT
from tests.browser import truth

pytestmark = pytest.mark.browser
KEEP = """
np.savez({name!r}, drawn=drawn, original=images.images(slice(row, row + 1))[0], code=codes[row], point=point)
"""


def test_the_lines_shown_give_what_is_shown(mnist, tmp_path):
    views = {}

    def look(name: str) -> None:
        views[name] = (mnist.text(".ll-code-lines"), mnist.picture("Autoencoder draws"), mnist.picture("Original"))

    mnist.pin(1234)
    mnist.tool("Python")
    mnist.until(lambda: "index(1234)" in mnist.text(".ll-code-lines"))
    look("image")
    mnist.touch(0, truth.empty_place("mnist-dense-2d"))
    assert mnist.said()["kind"] == "point"
    point = mnist.looked_at()
    look("point")
    mnist.touch(1, [8.0, 5.0])  # over PCA's map the autoencoder draws the nearest image
    nearest = int(mnist.said()["nearest"])
    look("pca")
    script = "\n".join(text + KEEP.format(name=str(tmp_path / f"{name}.npz")) for name, (text, *_) in views.items())
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name, (_, drawn, original) in views.items():
        with np.load(tmp_path / f"{name}.npz") as found:
            assert np.abs(found["drawn"][0].clip(0, 1) - drawn).max() <= 1.5 / 255, name
            assert np.abs(found["original"][0] - original).max() <= 1.5 / 255, name
            assert found["code"] == pytest.approx(truth.codes("mnist-dense-2d")[1234], abs=1e-6)
            wanted = {"image": found["code"], "point": point, "pca": truth.codes("mnist-dense-2d")[nearest]}[name]
            assert found["point"][0] == pytest.approx(wanted, abs=1e-4)
