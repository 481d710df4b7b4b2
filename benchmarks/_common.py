"""What every benchmark needs: the machine in one line, a server to measure, and one way to report.

A benchmark prints a table for a reader, or with ``--json`` exactly one object on standard output. Progress always goes
to standard error, so the two never mix. A missed budget is a result (exit status 0); a measurement that could not be
made is a failure (exit status 1).
"""

from __future__ import annotations

import argparse
import http.client
import importlib.metadata
import json
import math
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "dashboard.py"
STOP_SECONDS = 15.0
MEGABYTE = 1e6


class BenchmarkError(Exception):
    """The measurement could not be made, or what was measured did not work."""


@dataclass(frozen=True)
class Row:
    """One figure: what it is, its value and unit, and its budget, an upper bound unless `at_least`.

    Units are ``s``, ``ms``, ``x`` (a ratio), ``B``, ``MB``, or none for a count. ``value`` is None when it was not
    measured; ``note`` then says why.
    """

    what: str
    value: float | None
    unit: str = ""
    budget: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def passed(self) -> bool | None:
        """Whether the budget is kept; None without a budget or a value."""
        if self.budget is None or self.value is None:
            return None
        return self.value >= self.budget if self.at_least else self.value <= self.budget


def machine(packages: Sequence[str]) -> str:
    """Return processor, cores, memory, system, Python and the versions of `packages`, in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [_processor(), f"{cores} cores", _memory(), platform.platform(terse=True)]
    parts.append(f"Python {platform.python_version()}")
    for name in packages:
        try:
            parts.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            parts.append(f"{name} not installed")
    return ", ".join(parts)


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    if sys.platform == "darwin":
        told = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False)
        return told.stdout.strip() or platform.machine()
    return platform.processor() or platform.machine()


def _memory() -> str:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "memory unknown"
    limit = Path("/sys/fs/cgroup/memory.max")  # a container's own limit, "max" when it has none
    if limit.exists() and (told := limit.read_text(encoding="ascii").strip()).isdigit():
        total = min(total, int(told))
    return f"{total / 2**30:.1f} GiB"


def free_port() -> int:
    """Return a TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile: the smallest value that `percent` of `values` do not exceed.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 50), percentile(range(1, 101), 95), percentile([7.0], 95)
    (2.0, 95, 7.0)
    """
    ordered = sorted(values)
    return ordered[max(math.ceil(percent / 100 * len(ordered)) - 1, 0)]


class Server:
    """``streamlit run`` of an app as its own process, stopped with all its children on leaving the ``with`` block.

    Each server gets an empty ``AE_MODELS_HOME``, so that nothing the app keeps between starts helps it. Its output goes
    to a file: a full pipe would stop it.
    """

    def __init__(self, app: Path = APP) -> None:
        if not app.exists():
            raise BenchmarkError(f"no app at {app}; name another with --app")
        self.app = app.resolve()
        self.port = free_port()
        self._folder = tempfile.TemporaryDirectory(prefix="benchmark-", ignore_cleanup_errors=True)
        self._log = Path(self._folder.name) / "server.log"
        self.home = Path(self._folder.name) / "home"

    def __enter__(self) -> Server:
        """Start the process; ``started`` is the moment, on the clock of `time.perf_counter`."""
        command = [sys.executable, "-m", "streamlit", "run", self.app.name]
        command += ["--server.headless", "true", "--server.port", str(self.port)]
        self.home.mkdir()
        with self._log.open("wb") as log:
            self.started = time.perf_counter()
            self.process = subprocess.Popen(
                command,
                cwd=self.app.parent,
                env={**os.environ, "AE_MODELS_HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Stop the server as a user would, then whatever is left of its process group."""
        self._stop()
        if isinstance(error, BenchmarkError):
            error.add_note("last lines of the server:\n" + self.log_tail())
        self._folder.cleanup()

    def _stop(self) -> None:
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(self.process.pid)], capture_output=True, check=False)
            self.process.wait(STOP_SECONDS)
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"the server did not stop within {STOP_SECONDS:.0f} s of being asked to; killed")
        with suppress(ProcessLookupError):  # nothing was left
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_SECONDS)

    def log_tail(self, lines: int = 15) -> str:
        """Return the last lines the server wrote."""
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def wait_until_healthy(self, timeout: float = 120.0) -> float:
        """Return the seconds from the start of the process to the first healthy answer."""
        while time.perf_counter() - self.started < timeout:
            if self.process.poll() is not None:
                raise BenchmarkError(f"the server ended with exit status {self.process.returncode}")
            try:
                if self._health() == http.client.OK:
                    return time.perf_counter() - self.started
            except (OSError, http.client.HTTPException):
                pass  # not listening yet
            time.sleep(0.02)
        raise BenchmarkError(f"the server was not healthy after {timeout:.0f} s")

    def _health(self) -> int:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            return connection.getresponse().status
        finally:
            connection.close()


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options every benchmark of the server has: ``--json`` and ``--app``."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    made.add_argument("--app", type=Path, default=APP, help="the app to measure (default: this project's dashboard.py)")
    return made


def say(text: str) -> None:
    """Report progress, on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def report(title: str, rows: Sequence[Row], notes: Sequence[str], figures: dict[str, Any], as_json: bool) -> None:
    """Print the table, or with `as_json` the object, on standard output."""
    if as_json:
        verdicts = {row.what: row.passed for row in rows if row.budget is not None}
        text = json.dumps({**figures, "budgets_kept": verdicts, "notes": list(notes)}, indent=2, allow_nan=False)
    else:
        text = "\n".join([title, "", _table(rows), "", *notes])
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _table(rows: Sequence[Row]) -> str:
    verdict = {True: "pass", False: "MISS", None: ""}
    cells = [("what", "measured", "budget", "", "")]
    for row in rows:
        sign = "at least " if row.at_least else "at most "
        budget = "" if row.budget is None else sign + _shown(row.budget, row.unit)
        cells.append((row.what, _shown(row.value, row.unit), budget, verdict[row.passed], row.note))
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return "not measured"
    if unit == "B":
        return f"{value / MEGABYTE:.2f} MB" if value >= MEGABYTE else f"{value / 1e3:.1f} kB"
    if unit == "" and value != round(value):
        return f"{value:g}"  # a figure of quality: its own digits
    decimals = {"s": 2, "ms": 1, "x": 2}.get(unit, 0)
    return f"{value:.{decimals}f} {unit}".rstrip()


def run(measure: Callable[[], None]) -> None:
    """Run a benchmark: a failed measurement is one message and exit status 1; being stopped stops its server too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        measure()
    except BenchmarkError as error:
        say("\n".join([f"error: {error}", *getattr(error, "__notes__", [])]))
        sys.exit(1)
