"""How much memory the program takes."""

from __future__ import annotations

import numpy as np

from genstudio.studio.memory import used_mebibytes


def test_what_is_taken_and_given_back_shows() -> None:
    before = used_mebibytes()
    taken = np.ones(64 << 20, np.uint8)
    during = used_mebibytes()
    assert during - before > 0.9 * taken.nbytes / (1 << 20)
    del taken
    assert used_mebibytes() < during - 32
