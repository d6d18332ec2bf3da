"""The packs there are: GenStudio's own and the person's; taking one in, taking one away."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from genstudio.base.errors import GenStudioError, PackError
from genstudio.base.files import storage_error, sync_folder
from genstudio.base.paths import bundled_packs_folder, user_packs_folder
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress, part_of
from genstudio.packs import archive
from genstudio.packs.check import check_pack
from genstudio.packs.manifest import FILE_NAME, Pack, open_pack
from genstudio.recipe.values import ModelRef

_HIDDEN = ".genstudio-"
_REPLACED = f"{_HIDDEN}replaced-"
_ABANDONED_SECONDS = 3600.0


class PackStore:
    """Packs by id. The person's own pack stands in for a bundled one of the same id."""

    def __init__(self, bundled: Path | None = None, user: Path | None = None) -> None:
        """Take the two folders of packs; the usual places without them."""
        self._bundled = bundled or bundled_packs_folder()
        self._user = user or user_packs_folder()

    def list(self) -> Sequence[Pack]:
        """All packs whose manifest can be read, by name. Graphs are neither hashed nor loaded."""
        return sorted(self._read()[0].values(), key=lambda pack: pack.manifest.name.lower())

    def problems(self) -> Sequence[str]:
        """What is wrong with the folders that hold no readable pack, a sentence each."""
        return self._read()[1]

    def get(self, pack_id: str) -> Pack:
        """The pack of an id.

        Raises:
            PackError: there is none; the sentence lists those there are.
        """
        for folder in (self._user / pack_id, self._bundled / pack_id):
            if _plain(pack_id) and (folder / FILE_NAME).is_file():
                return open_pack(folder)
        packs = self._read()[0]
        if pack_id in packs:
            return packs[pack_id]
        there = ", ".join(sorted(packs)) or "none yet"
        raise PackError(
            f"There is no model {pack_id}. Models there are: {there}. Add one with genstudio models "
            "add PATH."
        )

    def resolve(self, ref: ModelRef) -> Pack:
        """The pack that a recipe means, maybe in another version. Raises as `get`."""
        return self.get(ref.id)

    def add(self, source: Path, progress: Progress = no_progress, cancel: Cancel = NEVER) -> Pack:
        """Check a folder or `.gspack` and take it in; it is there whole or not at all.

        A pack of the same id that was added before is replaced; the same one again is left alone.

        Raises:
            PackError: it does not pass the check, or hides a bundled model.
            StorageError: it cannot be read or written.
            Cancelled: `cancel` was set.
        """
        if not source.exists():
            raise PackError(f"There is no pack {source}; check the path.")
        try:
            self._user.mkdir(parents=True, exist_ok=True)
            self._clear_abandoned()
            taken = Path(tempfile.mkdtemp(prefix=f"{_HIDDEN}add-", dir=self._user))
        except OSError as error:
            raise storage_error("add a pack in", self._user, error) from error
        try:
            progress(0.0, "copying")
            archive.take_in(source, taken, cancel)
            pack = check_pack(taken, progress=part_of(progress, 0.3, 1.0), cancel=cancel)
            return self._place(pack, source)
        finally:
            shutil.rmtree(taken, ignore_errors=True)

    def remove(self, pack_id: str) -> None:
        """Delete a pack that the person added.

        Raises:
            PackError: there is none, or it came with GenStudio.
            StorageError: it cannot be deleted.
        """
        folder = self._user / pack_id
        if not (_plain(pack_id) and folder.is_dir()):
            pack = self.get(pack_id)
            raise PackError(
                f"The model {pack.id} came with GenStudio and stays; nothing was removed."
            )
        gone = self._user / f"{_HIDDEN}gone-{pack_id}-{os.getpid()}-{time.monotonic_ns()}"
        try:
            # One rename takes it away whole; only then are its files deleted.
            folder.rename(gone)
        except OSError as error:
            raise storage_error("remove the pack", folder, error) from error
        archive.remove_folder(gone)

    def _read(self) -> tuple[dict[str, Pack], Sequence[str]]:
        self._restore_replaced()
        packs: dict[str, Pack] = {}
        problems = []
        for root in (self._bundled, self._user):
            for folder in _folders(root):
                try:
                    pack = open_pack(folder)
                except GenStudioError as error:
                    problems.append(str(error))
                else:
                    packs[pack.id] = pack
        return packs, problems

    def _place(self, pack: Pack, source: Path) -> Pack:
        """Give a checked folder its name."""
        if (self._bundled / pack.id / FILE_NAME).is_file():
            bundled = open_pack(self._bundled / pack.id)
            if bundled.ref == pack.ref:
                return bundled
            raise PackError(
                f"{source} has the id of the bundled model {pack.id}; give it an id of its own in "
                "its pack.json."
            )
        target = self._user / pack.id
        try:
            _sync_files(pack.folder)
            if target.exists():
                if (target / FILE_NAME).is_file() and open_pack(target).ref == pack.ref:
                    return open_pack(target)
                old = self._user / f"{_REPLACED}{pack.id}"
                target.rename(old)
                pack.folder.rename(target)
                shutil.rmtree(old, ignore_errors=True)
            else:
                pack.folder.rename(target)
            target.chmod(0o755)
            sync_folder(self._user)
        except OSError as error:
            raise storage_error("add the pack as", target, error) from error
        return open_pack(target)

    def _clear_abandoned(self) -> None:
        """Delete what a killed add or remove left behind.

        Fresh ones may belong to another program that is adding at this moment.
        """
        self._restore_replaced()
        for folder in self._user.glob(f"{_HIDDEN}*"):
            with contextlib.suppress(OSError):
                if time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)

    def _restore_replaced(self) -> None:
        """Bring back a pack whose replacing was killed between its two renames."""
        for old in self._user.glob(f"{_REPLACED}*"):
            target = self._user / old.name.removeprefix(_REPLACED)
            if target.exists():
                shutil.rmtree(old, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    old.rename(target)


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(
            path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")
        )
    except OSError:
        return []


def _plain(pack_id: str) -> bool:
    return pack_id == Path(pack_id).name and not pack_id.startswith(".")


def _sync_files(folder: Path) -> None:
    """Bring the files to the disk before their folder gets its name."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(folder)
