"""Resident memory of a process and its descendants, without a library for it: Linux only."""

from __future__ import annotations

import os
from pathlib import Path

from _common import MEGABYTE


class Memory:
    """Resident memory of a process and its descendants, read from ``/proc``; the most seen is kept."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.tree_mb: float | None = None
        self.server_mb: float | None = None
        self.processes = 0

    def sample(self) -> None:
        """Read once; does nothing on a system without ``/proc``."""
        if not Path("/proc/self/statm").exists():
            return
        sizes = [self._resident_mb(pid) for pid in self._tree()]
        self.server_mb = max(self.server_mb or 0.0, sizes[0])
        self.tree_mb = max(self.tree_mb or 0.0, sum(sizes))
        self.processes = max(self.processes, len(sizes))

    def _tree(self) -> list[int]:
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    after_name = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
                except OSError:
                    continue  # it ended meanwhile
                children.setdefault(int(after_name.split()[1]), []).append(int(entry.name))
        tree = [self._pid]
        for pid in tree:  # grows while it is walked
            tree.extend(children.get(pid, []))
        return tree

    @staticmethod
    def _resident_mb(pid: int) -> float:
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        except OSError:
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
