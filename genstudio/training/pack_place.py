"""The place of a trained pack: it appears there whole and checked, or what was there stays."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genstudio.base import files
from genstudio.base.errors import StorageError
from genstudio.base.progress import NEVER, Cancel
from genstudio.packs import manifest
from genstudio.packs.check import check_pack
from genstudio.training import run
from genstudio.training.config import SIZE_LIMIT

_SETTINGS = "train.toml"


@contextmanager
def new_pack(request: run.Request, cancel: Cancel = NEVER) -> Iterator[Path]:
    """A folder to write a pack into; afterwards it is checked and put at `request.out`, at once.

    The training file is put into it, so that the pack can be trained again.

    Raises:
        PackError: the pack does not pass the check that every pack must pass.
        StorageError: the place cannot be written, or holds something that is no pack.
        Cancelled: `cancel` was set during the check.
    """
    refuse_other_folders(request.out)
    settings = files.read_bytes(request.config, SIZE_LIMIT, "training file")
    try:
        request.out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=request.out.parent, prefix=".pack-") as place:
            folder = Path(place) / "pack"
            folder.mkdir()
            yield folder
            (folder / _SETTINGS).write_bytes(settings)
            check_pack(folder, cancel=cancel)
            # It may have been filled while the model was exported.
            refuse_other_folders(request.out)
            _put_in_place(folder, request.out)
    except OSError as error:
        raise files.storage_error("write the pack", request.out, error) from error


def refuse_other_folders(out: Path) -> None:
    """Nothing is replaced but a pack, or a folder with nothing in it but a training file.

    Raises:
        StorageError: something else is there.
    """
    if out.is_dir():
        names = {path.name for path in out.iterdir()}
        if manifest.FILE_NAME in names or names <= {_SETTINGS}:
            return
    elif not out.exists():
        return
    raise StorageError(
        f"{out} holds something that is not a model pack; give another place as --out."
    )


def _put_in_place(folder: Path, out: Path) -> None:
    """Put `folder` where `out` is; what was there comes back if that fails."""
    if not out.exists():
        folder.rename(out)
        return
    old = folder.parent / "old"
    out.rename(old)
    try:
        folder.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old)
