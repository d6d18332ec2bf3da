"""How much memory the program takes."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import numpy as np
from genstudio.studio.memory import used_mebibytes

before = used_mebibytes()
taken = np.ones(64 << 20, np.uint8)
during = used_mebibytes()
del taken
print(before, during, used_mebibytes())
"""


def test_what_is_taken_and_given_back_shows() -> None:
    # In a process of its own: what other tests left behind may be given back at any moment.
    told = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    before, during, after = map(float, told.stdout.split())
    assert during - before > 0.9 * 64
    assert after < during - 32
