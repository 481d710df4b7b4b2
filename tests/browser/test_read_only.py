"""A real server over a store that cannot be made: it starts, shows what ships, and says why nothing is kept."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from ae_models.base.paths import ROOT
from tests.browser.page import APP, Visit
from tests.serving import serving
from tests.stores.test_read_only import STORE, permit

pytestmark = pytest.mark.browser
REFUSED = "cannot write in"


@pytest.fixture(params=["no store", "a read-only store"])
def server(request, tmp_path):
    (tmp_path / "file").write_text("in the way")
    if request.param == "no store":  # binds everybody, everywhere
        with serving(tmp_path, AE_MODELS_HOME=str(tmp_path / "file" / "home"), AE_MODELS_HOSTS="") as made:
            yield made
        return
    home = tmp_path / "home"
    shutil.copytree(STORE, home, copy_function=shutil.copyfile)
    permit(home, 0o555)
    through = ["-m", "tests.stores.bound", str(home)]
    if sys.platform == "win32" or subprocess.run([sys.executable, *through, "-c", ""], cwd=ROOT).returncode == 77:
        pytest.skip("permissions do not bind this process, and it cannot give that up")
    with serving(tmp_path, through=through, AE_MODELS_HOSTS="") as made:
        yield made
    permit(home, 0o755)


def test_a_server_that_cannot_write_shows_every_page_and_says_so_once_asked(chromium, server):
    visit = Visit(chromium.new_context(viewport={"width": 1440, "height": 900}).new_page(), server.address)
    visit.open(f"{server.address}/?data=digits")
    for page in ("draw", "walk", "compare", "lessons", "models"):
        visit.page.goto(f"{server.address}/{page}")
        visit.page.wait_for_selector(APP)
        assert visit.page.get_by_role("heading").count()
    visit.page.goto(f"{server.address}/bring")
    visit.page.wait_for_selector("input[type=file]", state="attached")
    visit.idle()
    table = "\n".join(["a,b,c", *(f"{n},{n % 7},{n * n % 11}" for n in range(80))]).encode()
    visit.page.set_input_files("input[type=file]", {"name": "t.csv", "mimeType": "text/csv", "buffer": table})
    visit.page.get_by_text(REFUSED).wait_for()
    visit.page.goto(f"{server.address}/train?data=digits")
    visit.page.get_by_role("button", name="Start training").click()
    visit.page.get_by_text(REFUSED).wait_for()
    visit.page.context.close()
    assert [error for error in visit.errors if "404" not in error] == []
    said = server.log.read_text()
    assert "Traceback" not in said, said
