"""What many tests need: a home of their own, the full data where they are, one tiny trained run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ae_models  # noqa: F401 - before any ONNX Runtime: it switches its telemetry off

FULL_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")


os.environ.setdefault("OMP_NUM_THREADS", "1")  # arrays are small here, and threads on busy cores wait for one another


def pytest_configure(config: pytest.Config) -> None:
    """``python -m pytest`` is the quick part that pyproject.toml says; a file or folder that is named is run whole."""
    named = config.args_source is pytest.Config.ArgsSource.ARGS and not hasattr(config, "workerinput")
    if named and config.option.markexpr in config.getini("addopts"):
        config.option.markexpr = ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the files for ``-n``: those that drive a browser, those of the quick part, the slow ones, the jobs."""

    def place(item: pytest.Item) -> int:
        if item.get_closest_marker("browser"):
            return 0
        if "tests/jobs/" in item.nodeid:
            return 3
        return 2 if item.get_closest_marker("slow") else 1

    if hasattr(config, "workerinput"):
        places: dict[Path, int] = {}
        for item in items:
            places[item.path] = max(place(item), places.get(item.path, 0))
        items.sort(key=lambda item: places[item.path])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With ``-n``: whole files, the first process from the front of that order and all others from its end.

    So there is one browser, which fills more than a core, beside tests that often wait, until the two ends meet.
    """
    from xdist.scheduler import LoadFileScheduling

    class FromBothEnds(LoadFileScheduling):
        def _assign_work_unit(self, node: Any) -> None:
            if node is not self.nodes[0]:
                self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
            super()._assign_work_unit(node)

    config.option.loadscopereorder = False
    return FromBothEnds(config, log)


@pytest.fixture(scope="session", autouse=True)
def _not_the_users_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reads or writes the runs of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("session-home")
        patch.setenv("AE_MODELS_HOME", str(folder))
        yield folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ``AE_MODELS_HOME`` for one test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("AE_MODELS_HOME", str(folder))
    return folder


@pytest.fixture
def bundled_only(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No full data set anywhere: only what ships. Gives the empty home."""
    monkeypatch.delenv("AE_MODELS_DATA", raising=False)
    return home


@pytest.fixture
def full_data() -> Path:
    """The folder of full data sets that ``AE_MODELS_DATA`` names; skips where it holds no MNIST."""
    named = os.environ.get("AE_MODELS_DATA")
    if not named:
        pytest.skip("AE_MODELS_DATA is not set: it should name a folder with mnist/train-images-idx3-ubyte.gz")
    folder = Path(named)
    for stem in FULL_FILES:
        if not any((folder / "mnist" / f"{stem}{ending}").is_file() for ending in (".gz", "")):
            pytest.skip(f"AE_MODELS_DATA holds no mnist/{stem}.gz")
    return folder


@pytest.fixture(scope="session")
def design_of() -> Callable[..., Any]:
    """``design_of("dense", penalty="l1", latent_dim=3)``: a design, read as the command line reads it."""
    from ae_models.recipes import TrainRequest

    def made(
        model: str, *, corruption: str = "none", penalty: str = "none", dataset: str = "mnist", **more: Any
    ) -> Any:
        order = TrainRequest.of(
            model, dataset, corruption=corruption, penalty=penalty, variant="auto", settings={**more}
        )
        return order.design

    return made


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """``(store, record)`` of a dense autoencoder trained on the small digits: 30 epochs, one thread, a second."""
    from ae_models.recipes import TrainRequest, train
    from ae_models.runs import own_runs

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AE_MODELS_HOME", str(tmp_path_factory.mktemp("tiny-run")))
        order = TrainRequest.of(
            "dense",
            "digits",
            settings={"latent_dim": 2, "widths": (64, 32), "epochs": 30, "batch_size": 64, "threads": 1},
        )
        yield own_runs(), train(order)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process: exit code, stdout, stderr."""

    from ae_models.__main__ import main

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main(list(arguments))
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        done = capsys.readouterr()
        return code, done.out, done.err

    return run
