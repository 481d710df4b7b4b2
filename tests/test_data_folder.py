"""What ``data/README.md`` says is what lies there."""

import re
from hashlib import sha256

from ae_models import datasets, zoo
from ae_models.base import paths
from ae_models.canvas import webfiles

NOTICES = (paths.SHIPPED / "NOTICES.md").read_text()
README = (paths.SHIPPED / "README.md").read_text()


def test_every_bundled_file_is_listed_with_its_checksum_and_licence():
    rows = dict(re.findall(r"^\| `(images/[^`]+)` \| `([0-9a-f]{64})` \| [^|]+ \| [^|]+ \|$", README, re.MULTILINE))
    files = sorted(path for path in (paths.SHIPPED / "images").rglob("*") if path.is_file())
    assert sorted(rows) == [path.relative_to(paths.SHIPPED).as_posix() for path in files]
    for path in files:
        assert sha256(path.read_bytes()).hexdigest() == rows[path.relative_to(paths.SHIPPED).as_posix()]


def test_the_zoo_is_all_there_and_there_is_nothing_else():
    assert [entry.id for entry in zoo.ZOO if not zoo.is_built(entry)] == []
    known = {entry.id for entry in zoo.ZOO}
    assert {path.name for path in (paths.SHIPPED / "runs").iterdir()} <= known
    assert {path.stem for path in (paths.SHIPPED / "embeddings").iterdir()} <= known


def test_it_holds_no_code_and_stays_small():
    files = [path for path in paths.SHIPPED.rglob("*") if path.is_file() and "local" not in path.parts]
    assert not [path for path in files if path.suffix in {".py", ".js", ".pkl", ".pt", ".ckpt"}]
    assert sum(path.stat().st_size for path in files) < 80e6


def test_whatever_is_bundled_has_its_notice():
    for folder in sorted(path.name for path in (paths.SHIPPED / "images").iterdir()):
        assert f"`images/{folder}/`" in NOTICES
    assert "Copyright © 2017 Zalando SE" in NOTICES
    assert "The above copyright notice and this permission notice shall be included in all copies" in NOTICES
    for name, licence in (("mnist", "Attribution-Share Alike 3.0"), ("fashion-mnist", "MIT"), ("digits", "CC BY 4.0")):
        assert licence in NOTICES
        assert datasets.source(name).licence.split("(")[0].strip() in (licence, "CC BY-SA 3.0")
    runtime = webfiles.RUNTIME.relative_to(paths.ROOT).as_posix()
    assert f"`{runtime}/`" in NOTICES
    assert f"version {webfiles.RUNTIME_VERSION}" in NOTICES
    assert "MIT License" in (webfiles.RUNTIME / "LICENSE").read_text()
    assert "Licensed under the MIT license" in webfiles.plotly_path().read_bytes()[:400].decode()
    tracked = [
        path for path in paths.ROOT.joinpath("ae_models").rglob("*") if path.suffix in {".woff", ".woff2", ".ttf"}
    ]
    assert tracked == []  # "No font lies in this repository."
