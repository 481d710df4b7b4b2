"""What ``data/README.md`` says is what lies there."""

import re
from hashlib import sha256

from ae_models import places, zoo

README = (places.SHIPPED / "README.md").read_text()


def test_every_bundled_file_is_listed_with_its_checksum_and_licence():
    rows = dict(re.findall(r"^\| `(images/[^`]+)` \| `([0-9a-f]{64})` \| [^|]+ \| [^|]+ \|$", README, re.MULTILINE))
    files = sorted(path for path in (places.SHIPPED / "images").rglob("*") if path.is_file())
    assert sorted(rows) == [path.relative_to(places.SHIPPED).as_posix() for path in files]
    for path in files:
        assert sha256(path.read_bytes()).hexdigest() == rows[path.relative_to(places.SHIPPED).as_posix()]


def test_the_zoo_is_all_there_and_there_is_nothing_else():
    assert [entry.id for entry in zoo.ZOO if not zoo.is_built(entry)] == []
    known = {entry.id for entry in zoo.ZOO}
    assert {path.name for path in (places.SHIPPED / "runs").iterdir()} <= known
    assert {path.stem for path in (places.SHIPPED / "embeddings").iterdir()} <= known


def test_it_holds_no_code_and_stays_small():
    files = [path for path in places.SHIPPED.rglob("*") if path.is_file() and "local" not in path.parts]
    assert not [path for path in files if path.suffix in {".py", ".js", ".pkl", ".pt", ".ckpt"}]
    assert sum(path.stat().st_size for path in files) < 80e6
