"""Runs Python as a process that permissions bind: root gives up the right that passes them by, for good.

``python -m tests.stores.bound FOLDER ARGUMENT ...`` runs ``python ARGUMENT ...``, or says that FOLDER can be written.
"""

import ctypes
import os
import sys
import tempfile

_DROP_FROM_BOUND, _PASSES_PERMISSIONS = 24, 1  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
_AGAIN = "PERMISSIONS_BIND"

if __name__ == "__main__":
    if os.geteuid() == 0 and _AGAIN not in os.environ:
        ctypes.CDLL(None).prctl(_DROP_FROM_BOUND, _PASSES_PERMISSIONS, 0, 0, 0)
        os.environ[_AGAIN] = "1"  # what is dropped is gone with the next program that begins
        os.execv(sys.executable, [sys.executable, "-m", "tests.stores.bound", *sys.argv[1:]])
    try:
        with tempfile.TemporaryFile(dir=sys.argv[1]):
            sys.exit(77)
    except PermissionError:
        os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
