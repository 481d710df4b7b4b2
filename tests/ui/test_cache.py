"""The one cache: keys come from content, several askers wait for one maker, and all of it stays within the budget."""

from __future__ import annotations

import platform
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from ae_models.base import ImageDataset, UserError
from ae_models.runs import Graphs, shipped_runs
from ae_models.runs.graphs import SESSION_WEIGHT
from ae_models.ui import cache
from ae_models.ui.cache import Cache, budget, cached, key_of
from ae_models.ui.routes import blob_later
from ae_models.ui.weighing import weigh


def _images(value: int) -> ImageDataset:
    return ImageDataset("some", np.full((4, 1, 2, 2), value, np.uint8), None, np.arange(4, dtype=np.int32), ())


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "CACHE", Cache(1_000_000))


def test_what_was_made_of_the_same_is_made_once() -> None:
    made = []

    @cached()
    def total(images: ImageDataset, scale: int = 1) -> int:
        made.append(scale)
        return int(images.pixels.sum()) * scale

    assert total(_images(1)) == total(_images(1)) == total(_images(1), 1) == total(_images(1), scale=1) == 16
    assert total(_images(2)) == 32
    assert total(_images(1), 2) == 32
    assert made == [1, 1, 2]


def test_an_argument_with_an_underscore_is_no_part_of_the_key() -> None:
    @cached()
    def named(_array: np.ndarray, name: str) -> int:
        return int(_array.sum())

    assert named(np.ones(3), "a") == 3
    assert named(np.ones(5), "a") == 3
    assert named(np.ones(5), "b") == 5


def test_an_array_is_no_key() -> None:
    with pytest.raises(TypeError, match="ndarray"):
        key_of(np.zeros(3))


def test_an_exception_keeps_nothing_and_the_next_asker_tries_again() -> None:
    tries = []

    @cached()
    def once(name: str) -> str:
        tries.append(name)
        if len(tries) == 1:
            raise UserError("not yet")
        return name

    with pytest.raises(UserError):
        once("x")
    assert once("x") == "x"
    assert once("x") == "x"
    assert len(tries) == 2


def test_several_askers_wait_for_one_maker() -> None:
    made, begun, go = [], threading.Event(), threading.Event()
    kept = Cache(1_000)

    def make() -> int:
        begun.set()
        assert go.wait(60)
        made.append(1)
        return 7

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(kept.get("key", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert begun.wait(60)
    go.set()
    for thread in threads:
        thread.join(60)
    assert found == [7] * 8
    assert made == [1]


def test_the_longest_unused_goes_when_the_budget_is_reached() -> None:
    kept = Cache(36_000)
    for name in "abc":
        kept.get(name, lambda: np.zeros(10_000, np.uint8))
    kept.get("a", lambda: pytest.fail("it is there"))
    kept.get("d", lambda: np.zeros(10_000, np.uint8))
    assert [name in kept for name in "abcd"] == [True, False, True, True]
    assert kept.weight <= 36_000


def test_one_that_is_larger_than_the_budget_stays_alone() -> None:
    kept = Cache(3_000)
    kept.get("small", lambda: np.zeros(1_000, np.uint8))
    kept.get("huge", lambda: np.zeros(9_000, np.uint8))
    assert ["small" in kept, "huge" in kept] == [False, True]


class _Lazy:
    def __init__(self) -> None:
        self._content = b""

    @property
    def weight(self) -> int:
        return len(self._content)


def test_what_grew_since_is_weighed_again() -> None:
    kept, lazy = Cache(6_000), _Lazy()
    kept.get("lazy", lambda: lazy)
    lazy._content = bytes(7_000)
    assert kept.weight >= 7_000
    kept.get("next", lambda: b"x")
    assert ["lazy" in kept, "next" in kept] == [False, True]
    assert kept.weight < 1_000


def test_what_was_just_published_is_not_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(cache.time, "monotonic", lambda: now[0])
    kept = Cache(20_000)
    kept.put("shown", np.zeros(9_000, np.uint8), seconds=60)
    kept.put("other", np.zeros(9_000, np.uint8))
    kept.put("next", np.zeros(9_000, np.uint8))
    assert ["shown" in kept, "other" in kept] == [True, False]
    now[0] = 61.0
    kept.put("last", np.zeros(9_000, np.uint8))
    assert ["shown" in kept, "next" in kept] == [False, True]


def test_a_result_that_asks_for_itself_does_not_hang() -> None:
    kept = Cache(1_000)

    def make(depth: int = 0) -> int:
        return depth if depth == 3 else kept.get("key", lambda: make(depth + 1))

    assert kept.get("key", make) == 3


def test_who_waits_for_a_maker_that_fails_makes_it_alone() -> None:
    kept, begun, go, made = Cache(1_000), threading.Event(), threading.Event(), []
    at_work = threading.Semaphore(1)

    def make() -> int:
        begun.set()
        assert go.wait(60)
        assert at_work.acquire(blocking=False)  # never two at once
        made.append(1)
        at_work.release()
        if len(made) == 1:
            raise UserError("not yet")
        return 7

    found: list[object] = []

    def ask() -> None:
        try:
            found.append(kept.get("key", make))
        except UserError as mistake:
            found.append(mistake)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert begun.wait(60)
    go.set()
    for thread in threads:
        thread.join(60)
    assert len(made) == 2
    assert sorted(each for each in found if isinstance(each, int)) == [7] * 4


def test_arrays_that_several_results_share_count_once_until_the_last_of_them_goes() -> None:
    kept, array = Cache(1_000_000), np.zeros(100_000, np.uint8)
    kept.put("whole", array)
    alone = kept.weight
    kept.put("part", array[:10])
    kept.put("captured", lambda: array.sum())
    assert kept.weight < alone + 1_000
    kept.put("part", 1)
    kept.put("whole", 1)
    assert kept.weight > 100_000
    kept.put("captured", 1)
    assert kept.weight < 1_000


def test_what_a_result_depends_on_besides_its_arguments() -> None:
    folder, made = ["a"], []

    @cached(seen=lambda prefix: tuple(folder))
    def listed(prefix: str) -> list[str]:
        made.append(prefix)
        return [prefix + name for name in folder]

    assert listed("x") == listed("x") == ["xa"]
    folder.append("b")
    assert listed("x") == ["xa", "xb"]
    assert len(made) == 2


def test_a_data_set_that_is_named_counts_with_what_lies_behind_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = ["one"]
    monkeypatch.setattr(cache.datasets, "stamp", lambda name: stamp[0])
    made = []

    @cached()
    def rows(dataset: str) -> int:
        made.append(dataset)
        return len(made)

    assert rows("mine") == rows(dataset="mine") == 1
    stamp[0] = "another"
    assert rows("mine") == 2


def test_weights_count_shared_arrays_once_and_views_in_full() -> None:
    array = np.zeros(10_000, np.float32)
    assert weigh(array).total == pytest.approx(40_000, abs=100)
    assert weigh(array[:10]).total == weigh(array).total
    assert weigh((array, array[5:], {"again": array})).total == pytest.approx(40_000, abs=300)
    assert weigh(_images(1)).total >= 16
    assert weigh([bytes([place % 256]) * 5_000 for place in range(1_000)]).total == pytest.approx(5e6, rel=0.05)
    assert weigh(list(range(1_000_000))).total >= 8_000_000


def test_the_cache_says_what_it_keeps() -> None:
    kept = Cache(100_000)
    kept.get(1, lambda: np.zeros(10_000, np.uint8), name="a")
    kept.get(2, lambda: np.zeros(20_000, np.uint8), name="b")
    kept.get(3, lambda: np.zeros(5_000, np.uint8), name="a")
    assert kept.weights() == {"b": (1, 20_000), "a": (2, 15_000)}
    assert kept.weight == 35_000
    kept.clear()
    assert (kept.weight, kept.weights()) == (0, {})


@pytest.mark.parametrize("said", ["much", "0", "-5", "1.5", "99999999"])
def test_a_budget_that_is_no_number_of_megabytes_is_named(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("AE_MODELS_CACHE", said)
    with pytest.raises(UserError, match="AE_MODELS_CACHE"):
        budget()
    monkeypatch.setenv("AE_MODELS_CACHE", "512")
    assert budget() == 512_000_000


def test_a_server_with_such_a_budget_ends_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from ae_models.ui import server

    kept = Cache(0)
    monkeypatch.setattr(server, "CACHE", kept)
    monkeypatch.setenv("AE_MODELS_CACHE", "lots")
    with pytest.raises(SystemExit, match=r"AE_MODELS_CACHE must be .*: got 'lots'"):
        server.middleware()
    monkeypatch.setenv("AE_MODELS_CACHE", "64")
    server.middleware()
    assert kept.budget == 64_000_000


def test_graphs_weigh_what_is_open() -> None:
    store = shipped_runs()
    record = store.read("mnist-dense-2d")
    graphs = Graphs(store, record)
    assert graphs.weight == 0
    graphs.decode(np.zeros((1, 2), np.float32))
    assert graphs.weight == SESSION_WEIGHT * record.files["decoder.onnx"].size
    assert weigh(graphs).total >= graphs.weight


def test_an_array_made_on_request_is_counted_then() -> None:
    kept, blob = Cache(10_000_000), blob_later("zeros", lambda: np.zeros(1_000_000, np.uint8))
    kept.put("blob", blob)
    before = kept.weight
    assert len(blob.content) == 1_000_000
    assert kept.weight == before + 1_000_000


def test_no_page_keeps_results_anywhere_else() -> None:
    root = Path(cache.__file__).parent
    assert not [path.name for path in root.rglob("*.py") if "st.cache_" in path.read_text(encoding="utf-8")]


def test_freed_memory_goes_back_where_the_system_has_such_settings() -> None:
    asked = "from ae_models.ui.heap import give_memory_back; print(give_memory_back())"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == str(platform.libc_ver()[0] == "glibc")
