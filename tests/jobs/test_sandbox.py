"""Files opened in real child processes: bombs, endless graphs, deaths and nonsense are a line; others do not wait."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from onnx import TensorProto, helper, numpy_helper

from ae_models.base import UserError, paths
from ae_models.datasets.readers import UPLOADS, of_bytes
from ae_models.jobs import sandbox, sandboxed
from ae_models.jobs.opening import Sent
from ae_models.jobs.sandbox import Sandbox
from ae_models.jobs.sandbox_child import command
from ae_models.recipes import import_data
from tests.importing.conftest import picture
from tests.importing.graphs import encoder

pytestmark = pytest.mark.slow

SOON = 120.0  # a generous limit of anything that is waited for
SMALL = b"a,b,c,name\n" + b"".join(b"%d,%d,%d,%s\n" % (i, i % 7, i % 5, b"xy"[i % 2 : i % 2 + 1]) for i in range(40))
CONSTANTS = {
    "one": np.array([-1, 1, 1, 1], np.int64),
    "large": np.array([1, 1, 1_600, 1_600], np.int64),
    "matrix": np.ones((3, 64), np.float32),
}
LIMITED = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="this system has no limit of address space")


@pytest.fixture(scope="module")
def pool() -> Iterator[Sandbox]:
    made = Sandbox(most=3)
    yield made
    made.close()


def look(pool: Sandbox, name: str, content: bytes, limits: Any = UPLOADS, **more: Any) -> Any:
    return pool.call("look", [Sent(name, content)], {}, False, limits, what=name, **more)


def endless_decoder() -> bytes:
    """A small graph from 3 numbers to 64 pixels with one step that takes minutes an image: a pool of 800 x 800."""
    side, pooled = 1_600, 801
    nodes = [
        helper.make_node("ReduceMean", ["code"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Reshape", ["mean", "one"], ["dot"]),
        helper.make_node("Expand", ["dot", "large"], ["wide"]),
        helper.make_node("MaxPool", ["wide"], ["pooled"], kernel_shape=[side - pooled + 1] * 2, strides=[1, 1]),
        helper.make_node("ReduceMean", ["pooled"], ["spent"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["code", "matrix"], ["drawn"]),
        helper.make_node("Add", ["drawn", "spent"], ["image"]),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("code", TensorProto.FLOAT, ["n", 3])],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 64])],
        [numpy_helper.from_array(value, name) for name, value in CONSTANTS.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    content: bytes = made.SerializeToString()
    return content


@cache
def long_read() -> bytes:
    """A zip of less than a megabyte with a table in it that takes minutes: two rows, and 400 million empty lines."""
    buffer, part = io.BytesIO(), b"\n" * 1_000_000
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("a.libsvm", "w") as stream:
        stream.write(b"1 1:0.5 2:0.25\n2 1:0.75 2:1\n")
        for _ in range(400):
            stream.write(part)
    return buffer.getvalue()


def until(fits: Any, what: str) -> None:
    end = time.monotonic() + SOON
    while not fits():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_child_reads_what_this_process_reads(pool: Sandbox):
    found = look(pool, "a.csv", SMALL)
    here = import_data.look([of_bytes("a.csv", SMALL)], limits=UPLOADS)
    assert found.preview() == here.preview()
    assert found.rows.train.digest == here.rows.train.digest
    again = pool.call("take", found.raw, {"labels": "none"}, UPLOADS, what="a.csv")
    assert not again.rows.train.class_names or again.rows.train.digest != found.rows.train.digest
    assert list((paths.home() / "cache" / "imports").iterdir()) == []


def test_a_mistake_is_said_as_it_is_said_here(pool: Sandbox):
    with pytest.raises(UserError, match=r"a\.csv: is empty"):
        look(pool, "a.csv", b"")
    with pytest.raises(UserError, match=r"“p\.png”"):
        pool.call("picture", Sent("p.png", b"no picture"), (1, 8, 8), 6, what="p.png")
    image = pool.call("picture", Sent("p.png", picture(np.eye(16, dtype=np.uint8) * 200)), (1, 8, 8), 6, what="p.png")
    assert image.shape == (1, 8, 8)


def test_who_takes_too_long_is_killed_and_the_seconds_are_said(pool: Sandbox):
    with pytest.raises(UserError, match=r"^b\.zip: took more than 1\.5 seconds and was given up$"):
        look(pool, "b.zip", long_read(), replace(UPLOADS, seconds=1e6), seconds=1.5)
    assert len(look(pool, "a.csv", SMALL).raw) == 40


def test_an_endless_graph_is_refused_or_given_up(pool: Sandbox):
    halves = [Sent("encoder.onnx", encoder()), Sent("decoder.onnx", endless_decoder())]
    with pytest.raises(UserError, match=r"^decoder\.onnx.* (too slow to be served|took more than)"):
        pool.call("try_model", halves, "digits", None, what="decoder.onnx", seconds=5)
    assert len(look(pool, "a.csv", SMALL).raw) == 40


class Leaves(BaseException):
    """As Streamlit ends a run of a page."""


def test_others_are_answered_while_two_visitors_bombs_are_read(pool: Sandbox):
    look(pool, "a.csv", SMALL)
    answered, ended = threading.Event(), []

    def leave(_elapsed: float) -> None:
        if answered.is_set():
            raise Leaves

    def bomb(visitor: str) -> None:
        limits = replace(UPLOADS, seconds=1e6)
        try:
            look(pool, "b.zip", long_read(), limits, visitor=visitor, seconds=10 * SOON, waiting=leave)
        except (Leaves, UserError) as end:
            ended.append(type(end))

    threads = [threading.Thread(target=bomb, args=(visitor,)) for visitor in ("one", "two")]
    for thread in threads:
        thread.start()
    until(lambda: len(pool._busy) == 2 and any(child.ready for child in pool._free), "no child is ready beside them")
    start = time.monotonic()
    found = look(pool, "a.csv", SMALL, visitor="another")
    took = time.monotonic() - start
    answered.set()
    for thread in threads:
        thread.join()
    assert len(found.raw) == 40
    assert ended == [Leaves, Leaves], "a bomb was over before the small file was answered"
    assert took < 20  # a warm child answers in hundredths of a second; a machine may be busy


def test_a_second_file_of_a_visitor_waits_for_the_first():
    pool = Sandbox(most=2)
    order: list[str] = []

    def first() -> None:
        with pytest.raises(UserError):
            pool.call(
                "look", [Sent("b.zip", long_read())], {}, False, UPLOADS, what="b", visitor="a", seconds=3, waiting=hear
            )
        order.append("first")

    begun = threading.Event()

    def hear(elapsed: float) -> None:
        if elapsed:
            begun.set()

    thread = threading.Thread(target=first)
    try:
        thread.start()
        assert begun.wait(SOON)
        turns: list[float] = []
        look(pool, "a.csv", SMALL, visitor="a", waiting=turns.append)
        order.append("second")
        thread.join()
        assert order == ["first", "second"]
        assert turns[0] == 0.0  # told that it waits
    finally:
        pool.close()


def test_who_gives_up_waiting_frees_the_place():
    pool = Sandbox(most=1)

    def leave(elapsed: float) -> None:
        if elapsed:
            raise Leaves

    try:
        with pytest.raises(Leaves):
            look(pool, "b.zip", long_read(), visitor="a", waiting=leave)
        assert len(look(pool, "a.csv", SMALL, visitor="a").raw) == 40
    finally:
        pool.close()


@LIMITED
def test_more_memory_than_allowed_is_said_with_the_limit():
    pool = Sandbox(most=1, memory=200 << 20)
    everything = replace(UPLOADS, unpacked_bytes=1 << 40, file_bytes=1 << 40)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (500_000, 100)})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("x.npy", "w") as stream:
        stream.write(header.getvalue())
        for _ in range(400):
            stream.write(b"\x00" * 1_000_000)
    try:
        with pytest.raises(UserError, match=r"hog\.npz: takes more than 200 MiB of memory"):
            look(pool, "hog.npz", buffer.getvalue(), everything)
        assert len(look(pool, "a.csv", SMALL).raw) == 40
    finally:
        pool.close()


def test_where_the_system_has_no_limit_memory_is_watched_from_here():
    hog = "import sys; print('ready', flush=True); sys.stdin.readline(); print('begun', flush=True); a = []\n"
    hog += (
        "while True: a.append(bytearray(1 << 20))\n"
        if sys.platform == "win32"
        else ("import time\nwhile True: a.append(b'x' * (1 << 20)); time.sleep(0.001)\n")
    )
    pool = Sandbox(most=1, memory=100 << 20, arguments=[sys.executable, "-c", hog], watched=True)
    try:
        with pytest.raises(UserError, match=r"a\.csv: takes more than 100 MiB of memory"):
            look(pool, "a.csv", SMALL)
    finally:
        pool.close()


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_child_that_dies_is_said_and_replaced(pool: Sandbox):
    def kill(elapsed: float) -> None:
        if elapsed:
            for child in pool._busy:
                os.kill(child.process.pid, signal.SIGKILL)

    with pytest.raises(UserError, match=r"^b\.zip: its reader ended: it may have asked for more than the 1\.5 GiB .*$"):
        look(pool, "b.zip", long_read(), waiting=kill)
    assert len(look(pool, "a.csv", SMALL).raw) == 40


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_child_that_died_while_idle_is_not_noticed(pool: Sandbox):
    look(pool, "a.csv", SMALL)
    for child in pool._free:
        os.kill(child.process.pid, signal.SIGKILL)
    assert len(look(pool, "a.csv", SMALL).raw) == 40


LIAR = """
import json, pathlib, sys
print("ready", flush=True)
for line in sys.stdin:
    folder = pathlib.Path(json.loads(line)["folder"])
    print("begun", flush=True)
    {answer}
    print("done", flush=True)
"""
LIES = {
    "nothing": "pass",
    "no JSON": "(folder / 'answer.bin').write_bytes(b''); (folder / 'answer.json').write_text('[')",
    "another type": (
        "(folder / 'answer.bin').write_bytes(b'');(folder / 'answer.json').write_text('{\"dict\": [[\"answer\", 3]]}')"
    ),
    "no words": (
        "(folder / 'answer.bin').write_bytes(b'');(folder / 'answer.json').write_text('{\"dict\": [[\"mistake\", 3]]}')"
    ),
    "a word of its own": "print('hello', flush=True)",
    "a word without end": "print('x' * 10_000_000, flush=True)",
    "an early end": "sys.exit()",
}


@pytest.mark.parametrize("lie", LIES)
def test_what_a_child_answers_is_not_trusted(lie: str):
    script = LIAR.replace("{answer}", LIES[lie])
    pool = Sandbox(most=1, arguments=[sys.executable, "-c", script])
    try:
        with pytest.raises(UserError, match=r"^a\.csv: (could not be read: its reader gave no sound|its reader ended)"):
            look(pool, "a.csv", SMALL)
    finally:
        pool.close()


def test_an_error_of_ours_is_one_line_and_logged(pool: Sandbox, caplog: pytest.LogCaptureFixture):
    with pytest.raises(UserError, match=r"a\.csv: could not be read, by an error that is ours \(AttributeError\)"):
        pool.call("look", [3], {}, False, UPLOADS, what="a.csv")
    assert "AttributeError" in caplog.text


def test_a_child_steps_back_and_has_no_secret(pool: Sandbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AE_MODELS_ADMIN_TOKEN", "secret")
    fresh = Sandbox(most=1)
    try:
        look(fresh, "a.csv", SMALL)
        process = psutil.Process(fresh._free[0].process.pid)
        environment = process.environ()
        assert "AE_MODELS_ADMIN_TOKEN" not in environment
        assert (environment["ORT_DISABLE_TELEMETRY"], environment["OMP_NUM_THREADS"]) == ("1", "1")
        if os.name != "nt":
            assert process.nice() == min(19, os.nice(0) + 10)
        if hasattr(process, "rlimit"):
            assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
            assert process.rlimit(psutil.RLIMIT_AS)[0] < sandbox.MEMORY + (700 << 20)
    finally:
        fresh.close()


@LIMITED
def test_what_is_loaded_before_the_first_file_takes_little_address_space():
    code = "from ae_models.jobs import sandboxed; sandboxed.load_readers(); print(sandboxed.address_space())"
    child = {**os.environ, "MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=child, capture_output=True, text=True, check=True, cwd=paths.ROOT
    )
    assert 50 << 20 < int(done.stdout) < 700 << 20


def test_a_child_that_nobody_asks_ends():
    process = subprocess.Popen(
        command(0, 0.1), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=paths.ROOT,
        env={**os.environ, "PYTHONPATH": str(paths.ROOT)},
    )  # fmt: skip
    try:
        assert process.wait(SOON) == 0
    finally:
        process.communicate()


PARENT = """
    import sys, threading, time
    from ae_models.datasets.readers import UPLOADS
    from ae_models.jobs.opening import Sent
    from ae_models.jobs.sandbox import Sandbox

    pool = Sandbox(most=2)
    content = sys.stdin.buffer.read()
    told = threading.Event()

    def hear(elapsed):
        if elapsed and not told.is_set() and any(child.ready for child in pool._free):
            told.set()
            print(*[child.process.pid for child in [*pool._busy, *pool._free]], flush=True)

    pool.call("look", [Sent("b.zip", content)], {}, False, UPLOADS, what="b", waiting=hear)
"""


@pytest.mark.parametrize("how", ["kill", "terminate"])
def test_children_end_with_their_parent_however_it_ends(how: str):
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=paths.ROOT
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    parent.stdin.write(long_read())
    parent.stdin.close()
    children = [int(word) for word in parent.stdout.readline().split()]
    assert len(children) == 2
    assert not any(gone(child) for child in children)
    getattr(parent, how)()
    parent.wait(SOON)
    parent.stdout.close()
    for child in children:
        until(lambda child=child: gone(child), f"{child} outlived its parent")


def test_what_a_killed_server_left_is_swept(tmp_path: Path):
    from ae_models.jobs.sandbox_child import sweep

    (tmp_path / "import-old").mkdir()
    (tmp_path / "import-old" / "request.bin").write_bytes(b"x")
    (tmp_path / "import-new").mkdir()
    os.utime(tmp_path / "import-old", (1, 1))
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["import-new"]


def test_the_number_of_children_is_a_setting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(sandbox.IMPORTS, raising=False)
    assert 2 <= sandbox.most_of_environment() <= 4
    monkeypatch.setenv(sandbox.IMPORTS, "7")
    assert Sandbox().most == 7
    for wrong in ("0", "-1", "many", "1e9", "65"):
        monkeypatch.setenv(sandbox.IMPORTS, wrong)
        with pytest.raises(UserError, match="AE_MODELS_IMPORTS must be a whole number from 1 to 64"):
            sandbox.most_of_environment()


def test_memory_behind_another_error_is_found():
    def wrapped() -> UserError:
        try:
            try:
                raise MemoryError
            except MemoryError:
                raise UserError("the stream is damaged") from None
        except UserError as mistake:
            return mistake

    assert sandboxed.is_out_of_memory(wrapped())
    assert sandboxed.is_out_of_memory(UserError("d.onnx: does not take these values (std::bad_alloc)"))
    assert not sandboxed.is_out_of_memory(UserError("bad.csv: is empty"))
