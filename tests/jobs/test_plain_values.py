"""What travels to a child process and back: the same values; nothing but plain ones; nothing that was not expected."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models.base import FloatArray
from ae_models.jobs import plain_values
from ae_models.jobs.plain_values import NotPlain, fits


@dataclass(frozen=True, eq=False)
class Thing:
    name: str
    rows: FloatArray
    labels: np.ndarray | None
    more: dict[int, tuple[str, ...]]


TABLE = {"Thing": Thing}
MOST = 50_000_000


def there_and_back(value: Any, folder: Path, expected: Any = Any) -> Any:
    plain_values.write(value, folder, "value", TABLE)
    return plain_values.read(folder, "value", expected, TABLE, MOST)


def test_plain_values_come_back_as_they_were(tmp_path: Path):
    value = {"a": [1, -2.5, None, True, "ä\n"], 3: (b"\x00\xff", ()), "big": 10**30, "odd": [float("inf")]}
    found = there_and_back(value, tmp_path)
    assert found == value
    assert [type(part) for part in found[3]] == [bytes, tuple]
    assert np.isnan(there_and_back(float("nan"), tmp_path))


@pytest.mark.parametrize("kind", ["?", "u1", "<i2", ">i4", "<f2", "<f4", ">f8", "<U7"])
@pytest.mark.parametrize("shape", [(), (0, 3), (5,), (2, 3, 4), (700, 1000)])
def test_arrays_of_every_kind_and_size_come_back(tmp_path: Path, kind: str, shape: tuple[int, ...]):
    array = (np.arange(np.prod(shape, dtype=int)) % 100).reshape(shape).astype(kind)
    found = there_and_back([array, array.T], tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()  # what is mapped stays readable where the system allows it
    np.testing.assert_array_equal(found[0], array)
    np.testing.assert_array_equal(found[1], array.T)
    assert found[0].dtype == array.dtype.newbyteorder("<")
    assert not found[0].flags.writeable


def test_only_what_is_in_the_table_travels(tmp_path: Path):
    thing = Thing("a", np.zeros((2, 2), np.float32), None, {1: ("x",)})
    found = there_and_back(thing, tmp_path, Thing)
    assert (found.name, found.labels, found.more) == ("a", None, {1: ("x",)})
    with pytest.raises(NotPlain, match="not in the table"):
        plain_values.write(Path("x"), tmp_path, "value", TABLE)
    with pytest.raises(NotPlain, match="cannot travel"):
        plain_values.write(np.array([object()]), tmp_path, "value", TABLE)


@pytest.mark.parametrize(
    "wrong",
    [
        Thing(3, np.zeros((2, 2), np.float32), None, {}),  # type: ignore[arg-type]
        Thing("a", np.zeros((2, 2), np.float64), None, {}),  # type: ignore[arg-type]
        Thing("a", np.zeros(2, np.float32), [1], {}),  # type: ignore[arg-type]
        Thing("a", np.zeros(2, np.float32), None, {"1": ()}),  # type: ignore[dict-item]
        {"name": "a"},
        None,
    ],
)
def test_a_value_of_another_type_than_expected_is_refused(tmp_path: Path, wrong: Any):
    with pytest.raises(NotPlain, match="another form"):
        there_and_back(wrong, tmp_path, Thing)


GARBAGE: dict[str, Any] = {
    "no JSON": b"{",
    "a pickle": pickle.dumps([1]),
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "no number": b"[NaN]",
    "two keys": b'{"a": 1, "b": 2}',
    "unknown entry": b'{"code": "x"}',
    "beyond the end": {"array": ["<f4", [1000], 0]},
    "before the start": {"array": ["<f4", [1], -4]},
    "huge": {"array": ["<f8", [2**62, 2**62], 0]},
    "negative": {"array": ["<f8", [-1], 0]},
    "objects": {"array": ["|O", [1], 0]},
    "a date": {"array": ["<M8[s]", [1], 0]},
    "many sizes": {"array": ["|u1", [1] * 40, 0]},
    "true as a size": {"array": ["|u1", [True], 0]},
    "bytes beyond": {"bytes": [0, 10**9]},
    "half a pair": {"dict": [[1]]},
    "a list as a key": {"dict": [[[1], 2]]},
    "not in the table": {"object": ["Path", {}]},
    "other fields": {"object": ["Thing", {"name": "a"}]},
    "a name that is none": {"object": [["Thing"], {}]},
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_is_told_from_a_value(tmp_path: Path, what: str):
    given = GARBAGE[what]
    (tmp_path / "value.json").write_bytes(given if isinstance(given, bytes) else json.dumps(given).encode())
    (tmp_path / "value.bin").write_bytes(b"\x00" * 8)
    with pytest.raises(NotPlain):
        plain_values.read(tmp_path, "value", Any, TABLE, MOST)


def test_too_much_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plain_values.write([np.zeros(1000)], tmp_path, "value", TABLE)
    with pytest.raises(NotPlain, match="at most 100 may come"):
        plain_values.read(tmp_path, "value", Any, TABLE, 100)
    monkeypatch.setattr(plain_values, "MOST_TEXT", 10)
    with pytest.raises(NotPlain, match="more than 10 bytes"):
        plain_values.read(tmp_path, "value", Any, TABLE, MOST)
    with pytest.raises(NotPlain):
        plain_values.read(tmp_path, "nothing", Any, TABLE, MOST)


def test_a_link_is_not_followed(tmp_path: Path):
    plain_values.write([b"abc"], tmp_path, "value", TABLE)
    (tmp_path / "value.bin").rename(tmp_path / "elsewhere")
    (tmp_path / "value.bin").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotPlain, match="no file"):
        plain_values.read(tmp_path, "value", Any, TABLE, MOST)


def test_true_is_no_number_and_a_number_no_text():
    assert fits(3, float)
    assert not fits(True, float)
    assert not fits(3, str)
    assert fits(None, str | None)
    assert not fits([1], tuple[int, ...])
    assert fits(np.zeros(2, np.uint16), np.ndarray[Any, np.dtype[np.uint8 | np.uint16]])
