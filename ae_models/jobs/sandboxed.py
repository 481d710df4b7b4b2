"""The child process in which visitors' files are opened: ``python -m ae_models.jobs.sandboxed MEMORY IDLE``.

It reads one request a line on its standard input, and ends with it: when the server goes, however it goes, so does
this. Memory, processor time, and the size of what it writes have limits of the system where the system has them.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from ae_models.base import UserError
from ae_models.datasets.readers.limits import size
from ae_models.jobs import opening, plain_values
from ae_models.jobs.prewarm import step_back

_READERS = ("onnx.inliner", "onnx.shape_inference", "onnxruntime", "pyarrow.csv", "pyarrow.parquet", "scipy.io")
_GROWN = 256 << 20  # bytes of address space: a child that kept more of an import is not used again
_OUT_OF_MEMORY = re.compile(r"std::bad_alloc|bad allocation|\(MemoryError\)|Failed to allocate memory")


def main() -> None:
    """Serve until the standard input ends, or nothing is asked for a while."""
    memory, idle = int(sys.argv[1]), float(sys.argv[2])
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever a library prints is no answer

    def say(what: str) -> None:
        answers.write(f"{what}\n")
        answers.flush()

    requests: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(requests.put,), daemon=True).start()
    step_back()
    load_readers()
    start = address_space()
    set_limits(memory)
    say("ready")
    with suppress(Empty):
        while True:
            request = json.loads(requests.get(timeout=idle))
            say("begun")
            healthy = answer(request, memory)
            say("done")
            if not healthy or address_space() > start + _GROWN:
                break
    os._exit(0)  # the thread that listens is in the midst of reading


def _listen(put: Callable[[bytes], None]) -> None:
    for line in sys.stdin.buffer:
        put(line)
    os._exit(0)


def load_readers() -> None:
    """Import what opens files, so that the first of them does not wait for it."""
    import PIL.Image

    for name in _READERS:
        import_module(name)
    PIL.Image.init()


def address_space() -> int:
    """Return the bytes of address space this process takes now; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0


def set_limits(memory: int) -> None:
    """Allow this process ``memory`` bytes of address space above what it takes now, and files no larger than that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in (("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", memory)):
        with suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, what), (most, most))
    taken = address_space()
    if taken and memory:
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))


def _limit_processor_time(seconds: float) -> None:
    """End this process when it computes for so long: where the server, too, is gone or held up."""
    try:
        import resource
    except ImportError:  # Windows
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    with suppress(OSError, ValueError):
        most = int(used.ru_utime + used.ru_stime + seconds) + 5
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def answer(request: dict[str, Any], memory: int) -> bool:
    """Do what a request asks for and write the answer into its folder; return whether this process can go on."""
    folder = Path(request["folder"])
    os.environ.update(request["environment"])
    os.chdir(folder)
    _limit_processor_time(float(request["seconds"]))
    healthy = True
    try:
        arguments = plain_values.read(folder, "request", Any, opening.TABLE, sys.maxsize)
        found = {"answer": opening.CALLS[request["call"]](*arguments)}
        plain_values.write(found, folder, "answer", opening.TABLE)
    except Exception as error:  # noqa: BLE001 - whatever it is, the server is told
        healthy = isinstance(error, UserError) and not is_out_of_memory(error)
        plain_values.write(_why(error, memory), folder, "answer", {})
    finally:
        os.chdir(Path(__file__).anchor)
    return healthy


def _why(error: Exception, memory: int) -> dict[str, str]:
    if is_out_of_memory(error):
        return {"mistake": f"takes more than {size(memory)} of memory, the most that one import may use"}
    if isinstance(error, UserError):
        return {"mistake": str(error), "whole": "yes"}
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return {"mistake": "the server's disk is full: nothing can be read now", "whole": "yes"}
    text = "".join(traceback.format_exception(error, limit=12))
    return {"fault": type(error).__name__, "trace": text[-8_000:]}


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether memory that was not to be had stands behind an error, whatever was made of it on the way."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, OSError) and behind.errno == errno.EFBIG:
            return True
        if isinstance(behind, MemoryError) or _OUT_OF_MEMORY.search(str(behind)[:2_000]):
            return True
        behind = behind.__cause__ or behind.__context__
    return False


if __name__ == "__main__":
    main()
