"""Saving onto a small disk until it is full, or onto one that turns read-only or vanishes.

    python -m tests.torture.starved ACTION FOLDER full|readonly|vanished

Runs where FOLDER is a file system of its own. Prints each refusal, and "whole" once all that was
safe has been found to be there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from genstudio.base.errors import GenStudioError
from tests.torture.child import ACTIONS
from tests.torture.test_kills import CHECKS

MOST = 2000
SOME = 3


def main() -> None:
    action, folder, trouble = sys.argv[1], Path(sys.argv[2]) / "inside", sys.argv[3]
    safe = {int(word) for word in sys.argv[4:]}
    if trouble == "check":
        CHECKS[action](folder, safe)
        print(f"whole after {len(safe)}", flush=True)
    elif trouble == "locked":
        # A disk turns read-only only while nothing on it is open for writing.
        remount("ro", folder)
        refused(lambda: ACTIONS[action](folder)(SOME))
        remount("rw", folder)
        go_on("check", safe)
    else:
        folder.mkdir()
        safe = work(action, folder, trouble)
        if trouble == "full":
            # Somebody makes room, and the next start goes on.
            (folder.parent / "ballast").unlink()
        go_on("locked" if trouble == "readonly" else "check", safe)


def go_on(trouble: str, safe: set[int]) -> NoReturn:
    """End the program and begin the next one: what that one finds is looked at."""
    numbers = [str(number) for number in sorted(safe)]
    words = ["-m", "tests.torture.starved", *sys.argv[1:3], trouble, *numbers]
    os.execv(sys.executable, [sys.executable, *words])


def remount(how: str, folder: Path) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder.parent)], check=True)


def refused(task: Callable[[], object]) -> bool:
    """Whether it was refused; the sentence is printed."""
    try:
        task()
    except GenStudioError as error:
        print(f"refused: {error}", flush=True)
        return True
    return False


def work(action: str, folder: Path, trouble: str) -> set[int]:
    """Save until it is refused, or for a while; returns what is safe."""
    one, safe = ACTIONS[action](folder), set[int]()
    for number in range(MOST if trouble == "full" else 2 * SOME if trouble == "vanished" else SOME):
        if number == SOME and trouble == "vanished":
            shutil.rmtree(folder)
            safe = set()
        if refused(lambda number=number: one(number)):
            break
        safe.add(number)
    return safe


if __name__ == "__main__":
    main()
