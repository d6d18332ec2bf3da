"""How hard things are tried: a little in each run of the tests, long in `make torture`."""

from __future__ import annotations

import os

KILLS = int(os.environ.get("GENSTUDIO_TORTURE_KILLS", "3"))
"""Kills of each kind."""
FILES = int(os.environ.get("GENSTUDIO_TORTURE_FILES", "150"))
"""Hostile files of each kind."""
