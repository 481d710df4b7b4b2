"""Public sets fetched in a process of their own: progress, the end, a stop, no network."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from ae_models.base import OPERATOR, UserError, Visitor
from ae_models.jobs.fetches import Fetch, Fetches

pytestmark = pytest.mark.slow

ANN, BOB = Visitor("ann"), Visitor("bob")

BARS = r"""
import sys, time
for share in (10, 55):
    sys.stderr.write(f"\rusps {share:3d}% |####      |, usps.bz2: 1.5 MB")
    sys.stderr.flush()
if sys.argv[1] == "usps": time.sleep(3600)
if sys.argv[1] == "qmnist": sys.stderr.write("\none line that says why\n"); sys.exit(2)
if sys.argv[1] == "breastmnist": raise SystemExit(9)
"""


@pytest.fixture
def fetches(tmp_path: Path):
    script = tmp_path / "fetch.py"
    script.write_text(BARS)
    made = Fetches((sys.executable, str(script)))
    yield made
    made.close()


def ended(fetch: Fetch, *, state: str = "") -> Fetch:
    last = time.monotonic() + 300
    while time.monotonic() < last:
        if fetch.state != "running" or (state and fetch.line == state):
            return fetch
        time.sleep(0.02)
    raise AssertionError(fetch)


def test_it_tells_how_far_it_is_and_stops(fetches: Fetches):
    fetch = fetches.start("usps", ANN)
    ended(fetch, state="usps.bz2: 1.5 MB")
    while fetch.share < 0.55:
        time.sleep(0.02)
    assert fetches.start("usps", ANN) is fetch  # one that runs goes on
    fetches.stop("usps", ANN)
    assert fetch.state == "stopped"
    assert fetch.process.wait(300) != 0
    fetches.forget("usps", ANN)
    assert fetches.all() == []


def test_a_download_is_its_fetchers_and_the_server_owners(fetches: Fetches):
    fetch = fetches.start("usps", ANN)
    assert fetch.process.args[-3:] == ["usps", "--owner", "ann"]
    assert fetches.start("usps", BOB).owner == "ann"
    for act in (fetches.stop, fetches.forget):
        for by in (BOB, Visitor()):
            with pytest.raises(UserError, match="the download of 'usps' is another person's"):
                act("usps", by)
        if act == fetches.stop:
            assert fetch.state == "running"
            act("usps", ANN)
            assert fetch.state == "stopped"
    assert fetches.all() == [fetch]
    assert fetches.start("usps", BOB).owner == "bob"  # whoever asks again has it
    fetches.stop("usps", OPERATOR)
    fetches.forget("usps", OPERATOR)
    assert fetches.all() == []
    with pytest.raises(UserError, match="keeps no cookies"):
        fetches.start("usps", Visitor())


def test_how_it_ends_is_told(fetches: Fetches):
    done, refused = (fetches.start("pathmnist", ANN), fetches.start("qmnist", ANN))
    assert (ended(done).state, done.share) == ("done", 1.0)
    assert (ended(refused).state, refused.line) == ("failed", "one line that says why")
    broken = ended(fetches.start("breastmnist", ANN))
    assert broken.state == "failed"
    assert "code 9" in broken.line


def test_two_at_a_time_and_no_unknown_names(fetches: Fetches):
    with pytest.raises(UserError, match=r"unknown dataset '\.\./etc'"):
        fetches.start("../etc", ANN)
    fetches.start("usps", ANN)
    fetches._known["other"] = Fetch("other")
    with pytest.raises(UserError, match="2 sets are being fetched"):
        fetches.start("kmnist", ANN)
    del fetches._known["other"]


def test_without_a_network_one_clear_line(home: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    fetches = Fetches()
    fetch = ended(fetches.start("usps", ANN))
    assert fetch.state == "failed"
    assert fetch.line.startswith("could not download https://")
    assert "is there a network?" in fetch.line
