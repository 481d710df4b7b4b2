"""Scores in a process of their own: thousands of images take a minute, and pages answer meanwhile.

The process keeps what it computes where comparisons look for it, so there is nothing to bring back. It ends with the
visit that asked for it, and with the server.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import IO

from ae_models.base import Progress, UserError, paths

_ONE_AT_A_TIME = threading.Lock()  # each takes a core
_OFTEN = 0.5  # seconds between two looks whether the visit that asked is still there


@dataclass(frozen=True)
class ScoreRequest:
    """What is to be scored; see ``recipes.compare``."""

    dataset: str
    runs: Sequence[str]
    projections: Sequence[str]
    dim: int
    metrics: Sequence[str] | None
    k: int


def score(request: ScoreRequest, progress: Progress) -> None:
    """Compute and keep scores in another process. What ``progress`` raises ends it.

    Nothing is done where nothing can be kept, and nothing is said where the process ends early: whoever asked computes
    what is missing.
    """
    try:
        paths.writable(paths.home() / "cache" / "scores")
    except UserError:
        return
    while not _ONE_AT_A_TIME.acquire(timeout=_OFTEN):
        progress(0.0, "waiting: others are being scored")
    try:
        command = [sys.executable, "-m", "ae_models.jobs.scoring"]
        with subprocess.Popen(
            command, cwd=paths.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as process:
            try:
                _follow(process, json.dumps(asdict(request)), progress)
            finally:
                process.kill()
    finally:
        _ONE_AT_A_TIME.release()


def _follow(process: subprocess.Popen[str], request: str, progress: Progress) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    process.stdin.write(request + "\n")
    process.stdin.flush()  # it stays open: its end tells the process that the server is gone
    share, words = 0.0, "getting ready"
    while True:
        progress(share, words)
        try:
            line = lines.get(timeout=_OFTEN)
        except queue.Empty:
            continue
        if not line:
            return
        said = json.loads(line)
        if "mistake" in said:
            raise UserError(said["mistake"])
        share, words = said["share"], said["line"]


def _read(stream: IO[str], lines: queue.SimpleQueue[str]) -> None:
    """Pass lines on; an empty one at the end."""
    try:
        for line in stream:
            lines.put(line)
    except (OSError, ValueError):
        pass  # closed: the process was ended
    lines.put("")


def main() -> None:
    """Score what a line on standard input asks for; tell how far it is on standard output."""
    from threadpoolctl import threadpool_limits

    from ae_models import recipes
    from ae_models.jobs.prewarm import dask_setup

    dask_setup(None)
    request = ScoreRequest(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_the_server, daemon=True).start()

    def say(**values: object) -> None:
        sys.stdout.write(json.dumps(values) + "\n")
        sys.stdout.flush()

    scoring = recipes.Scoring(dim=request.dim, metrics=request.metrics, k=request.k)
    asked = request.dataset, request.runs, request.projections
    try:
        with threadpool_limits(1):
            recipes.compare(*asked, scoring, progress=lambda share, line: say(share=share, line=line))
    except UserError as mistake:
        say(mistake=str(mistake))


def _end_with_the_server() -> None:
    import os

    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
